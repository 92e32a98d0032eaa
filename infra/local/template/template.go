// SPDX-License-Identifier: EUPL-1.2

// Package template reads from the cloud template (SAM) what one machine needs
// to run the same functions: the table, the routes, the functions with their
// environment and their rights on the table, and how its stream reaches a function.
package template

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"go.yaml.in/yaml/v3"
)

// Default is the route of every request that no other route takes.
const Default = "$default"

// Template is the part of a cloud template that one machine can run.
type Template struct {
	table     *dynamodb.CreateTableInput
	ttl       string
	Functions []Function      // in the order of the file
	Routes    []Route         // in the order of the file
	Streams   []StreamMapping // in the order of the file
}

// Function is one function, named after its zip.
type Function struct {
	Name        string
	Timeout     time.Duration
	MemoryMB    int
	Policy      []Statement // what it may do with the table, and nothing else
	role        yaml.Node
	environment map[string]yaml.Node
}

// Route sends the requests of one method and path to a function.
type Route struct {
	Method   string // empty in the default route
	Path     string // with parameters as in {id}; empty in the default route
	Function string
}

// Key is the route as API Gateway writes it: "GET /v1/contracten", "$default".
func (r Route) Key() string {
	if r.Path == "" {
		return Default
	}
	return r.Method + " " + r.Path
}

// StreamMapping is how the table's stream reaches a function.
type StreamMapping struct {
	Function          string
	Filters           []string      // patterns in JSON, of which one must match; none lets all through
	BatchSize         int           // most records in one call
	Window            time.Duration // longest wait for a batch to fill
	Bisect            bool          // a failed batch is halved
	MaximumRetries    int           // after the first call; -1 for no bound
	MaximumAge        time.Duration // of a record; 0 for no bound
	ReportsItemFaults bool          // the function's answer names the records that failed
}

// document is the template with its nodes kept, since tags such as !Ref carry
// meaning. Fields that nobody here needs are left out.
type document struct {
	Globals struct {
		Function functionProperties `yaml:"Function"`
	} `yaml:"Globals"`
	Resources yaml.Node `yaml:"Resources"`
}

type resource struct {
	Type       string    `yaml:"Type"`
	Properties yaml.Node `yaml:"Properties"`
}

type functionProperties struct {
	CodeURI     string    `yaml:"CodeUri"`
	Timeout     int       `yaml:"Timeout"`
	MemorySize  int       `yaml:"MemorySize"`
	Role        yaml.Node `yaml:"Role"`
	Policies    yaml.Node `yaml:"Policies"`
	Environment struct {
		Variables map[string]yaml.Node `yaml:"Variables"`
	} `yaml:"Environment"`
	Events yaml.Node `yaml:"Events"`
}

// Parse reads a template. Its error names every fault with its line.
func Parse(data []byte) (*Template, error) {
	var doc document
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	parsed := &Template{}
	found := roles{properties: make(map[string]*yaml.Node)}
	var faults []error
	for name, node := range pairs(&doc.Resources) {
		if err := parsed.add(doc.Globals.Function, &found, name, node); err != nil {
			faults = append(faults, fmt.Errorf("template: %s (regel %d): %w", name, node.Line, err))
		}
	}
	if parsed.table == nil && len(faults) == 0 {
		faults = append(faults, errors.New("template: geen AWS::DynamoDB::Table gevonden"))
	}
	if err := errors.Join(append(faults, parsed.allow(found))...); err != nil {
		return nil, err
	}
	return parsed, nil
}

func (t *Template) add(globals functionProperties, r *roles, name string, node *yaml.Node) error {
	var found resource
	if err := node.Decode(&found); err != nil {
		return err
	}
	switch found.Type {
	case "AWS::DynamoDB::Table":
		if t.table != nil {
			return errors.New("er is al een tabel")
		}
		r.table = name
		return t.addTable(&found.Properties)
	case "AWS::IAM::Role":
		r.properties[name] = &found.Properties
	case "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy":
		return fmt.Errorf("%s wordt hier niet gelezen: zet het beleid in de rol zelf", found.Type)
	case "AWS::Serverless::Function":
		return t.addFunction(globals, &found.Properties)
	}
	return nil
}

func (t *Template) addFunction(globals functionProperties, node *yaml.Node) error {
	var own functionProperties
	if err := node.Decode(&own); err != nil {
		return err
	}
	name, isZip := strings.CutSuffix(path.Base(own.CodeURI), ".zip")
	if !isZip {
		return fmt.Errorf("CodeUri %q is geen zip", own.CodeURI)
	}
	if !own.Policies.IsZero() || !globals.Policies.IsZero() || !globals.Role.IsZero() {
		return errors.New("een functie heeft hier een eigen Role, geen Policies")
	}
	function := Function{
		Name:        name,
		Timeout:     time.Duration(cmp.Or(own.Timeout, globals.Timeout)) * time.Second,
		MemoryMB:    cmp.Or(own.MemorySize, globals.MemorySize),
		role:        own.Role,
		environment: make(map[string]yaml.Node),
	}
	for _, variables := range []map[string]yaml.Node{globals.Environment.Variables, own.Environment.Variables} {
		for key, value := range variables {
			function.environment[key] = value
		}
	}
	t.Functions = append(t.Functions, function)
	for event, node := range pairs(&own.Events) {
		if err := t.addEvent(name, node); err != nil {
			return fmt.Errorf("%s (regel %d): %w", event, node.Line, err)
		}
	}
	return nil
}

func (t *Template) addEvent(function string, node *yaml.Node) error {
	var found resource
	if err := node.Decode(&found); err != nil {
		return err
	}
	switch found.Type {
	case "HttpApi":
		return t.addRoute(function, &found.Properties)
	case "DynamoDB":
		return t.addStream(function, &found.Properties)
	default:
		return fmt.Errorf("soort gebeurtenis %q kan hier niet draaien", found.Type)
	}
}

func (t *Template) addRoute(function string, node *yaml.Node) error {
	var properties struct {
		Method string `yaml:"Method"`
		Path   string `yaml:"Path"`
	}
	if err := node.Decode(&properties); err != nil {
		return err
	}
	if (properties.Method == "") != (properties.Path == "") {
		return errors.New("een route heeft Method en Path, of geen van beide")
	}
	route := Route{Method: strings.ToUpper(properties.Method), Path: properties.Path, Function: function}
	for _, other := range t.Routes {
		if other.Key() == route.Key() {
			return fmt.Errorf("route %s gaat al naar %s", route.Key(), other.Function)
		}
	}
	t.Routes = append(t.Routes, route)
	return nil
}

func (t *Template) addStream(function string, node *yaml.Node) error {
	properties := struct {
		FilterCriteria struct {
			Filters []struct {
				Pattern string `yaml:"Pattern"`
			} `yaml:"Filters"`
		} `yaml:"FilterCriteria"`
		BatchSize     int      `yaml:"BatchSize"`
		Window        int      `yaml:"MaximumBatchingWindowInSeconds"`
		Bisect        bool     `yaml:"BisectBatchOnFunctionError"`
		Retries       int      `yaml:"MaximumRetryAttempts"`
		Age           int      `yaml:"MaximumRecordAgeInSeconds"`
		ResponseTypes []string `yaml:"FunctionResponseTypes"`
	}{BatchSize: 100, Retries: -1, Age: -1} // what AWS takes where the file is silent
	if err := node.Decode(&properties); err != nil {
		return err
	}
	mapping := StreamMapping{
		Function:       function,
		BatchSize:      properties.BatchSize,
		Window:         time.Duration(properties.Window) * time.Second,
		Bisect:         properties.Bisect,
		MaximumRetries: properties.Retries,
		MaximumAge:     time.Duration(max(properties.Age, 0)) * time.Second,
	}
	for _, filter := range properties.FilterCriteria.Filters {
		mapping.Filters = append(mapping.Filters, filter.Pattern)
	}
	for _, response := range properties.ResponseTypes {
		mapping.ReportsItemFaults = mapping.ReportsItemFaults || response == "ReportBatchItemFailures"
	}
	t.Streams = append(t.Streams, mapping)
	return nil
}

// Environment is the function's environment, in which each !Ref is replaced by
// its value in refs. Its error names every variable that refs cannot fill.
func (f Function) Environment(refs map[string]string) (map[string]string, error) {
	values := make(map[string]string, len(f.environment))
	var faults []error
	for name, node := range f.environment {
		value, known := node.Value, node.Kind == yaml.ScalarNode
		if known && node.Tag == "!Ref" {
			value, known = refs[node.Value]
		}
		if !known {
			faults = append(faults, fmt.Errorf("template: %s: %s (regel %d): geen waarde voor %s %s", f.Name, name, node.Line, node.Tag, node.Value))
			continue
		}
		values[name] = value
	}
	return values, errors.Join(faults...)
}

// pairs yields the keys and values of a mapping in the order of the file.
func pairs(node *yaml.Node) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i].Value, node.Content[i+1]) {
				return
			}
		}
	}
}
