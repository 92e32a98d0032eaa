// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	cloud "socialreturn/infra/aws"
	"socialreturn/internal/sroi"
)

func TestContractIsValid(t *testing.T) {
	t.Parallel()
	if err := contractDocument().Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
	if got := contractDocument().Info.Version; got != Version {
		t.Errorf("the contract is of version %s, the program of %s", got, Version)
	}
}

// TestNothingInTheContractIsUnused: every component is referred to from elsewhere.
func TestNothingInTheContractIsUnused(t *testing.T) {
	t.Parallel()
	var document struct {
		Components map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(Contract, &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Components["schemas"]) == 0 {
		t.Fatal("the contract has no components")
	}
	for kind, components := range document.Components {
		for name, content := range components {
			reference := fmt.Appendf(nil, `"#/components/%s/%s"`, kind, name)
			if kind == "securitySchemes" { // referred to by name
				reference = fmt.Appendf(nil, `"%s": [`, name)
			}
			if bytes.Count(Contract, reference) == bytes.Count(content, reference) {
				t.Errorf("nothing refers to %s/%s", kind, name)
			}
		}
	}
}

// TestRoutesAreTheSameEverywhere compares the route tables with the contract
// and with the template, function by function.
func TestRoutesAreTheSameEverywhere(t *testing.T) {
	t.Parallel()
	deployed := templateRoutes(t)
	described := map[string]string{}
	for path, item := range contractDocument().Paths.Map() {
		for method, operation := range item.Operations() {
			described[method+" /v1"+path] = operation.OperationID
		}
	}
	for _, f := range functions {
		var own []string
		for _, route := range f.routes {
			key := route.method + " " + route.pattern
			own = append(own, key)
			if described[key] != route.act {
				t.Errorf("%s is %q in the contract, %q in the program", key, described[key], route.act)
			}
			delete(described, key)
		}
		slices.Sort(own)
		if want := deployed[f.name]; !slices.Equal(own, want) {
			t.Errorf("%s serves\n %v\nthe template routes\n %v", f.name, own, want)
		}
	}
	if len(described) > 0 {
		t.Errorf("in the contract only: %v", described)
	}
}

// templateRoutes are the routes of each function in the template, but for $default.
func templateRoutes(t *testing.T) map[string][]string {
	t.Helper()
	var template struct {
		Resources map[string]struct {
			Properties struct {
				CodeURI string `yaml:"CodeUri"`
				Events  map[string]struct {
					Type       string    `yaml:"Type"`
					Properties yaml.Node `yaml:"Properties"`
				} `yaml:"Events"`
			} `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(cloud.Template, &template); err != nil {
		t.Fatal(err)
	}
	routes := map[string][]string{}
	for _, resource := range template.Resources {
		name := strings.TrimSuffix(resource.Properties.CodeURI[strings.LastIndex(resource.Properties.CodeURI, "/")+1:], ".zip")
		for _, event := range resource.Properties.Events {
			var at struct{ Method, Path string }
			if event.Type != "HttpApi" {
				continue
			}
			for i := 0; i < len(event.Properties.Content); i += 2 {
				switch value := event.Properties.Content[i+1].Value; event.Properties.Content[i].Value {
				case "Method":
					at.Method = value
				case "Path":
					at.Path = value
				}
			}
			if at.Path != "" {
				routes[name] = append(routes[name], at.Method+" "+at.Path)
			}
		}
		slices.Sort(routes[name])
	}
	return routes
}

// TestOperationsSayWhatRoutesDo compares parameters, media types, guards and
// refusals of each operation with its route.
func TestOperationsSayWhatRoutesDo(t *testing.T) {
	t.Parallel()
	for _, route := range allRoutes {
		operation := contractDocument().Paths.Value(strings.TrimPrefix(route.pattern, "/v1")).GetOperation(route.method)
		has := func(in, name string) bool { return operation.Parameters.GetByInAndName(in, name) != nil }
		expected := map[string]bool{"400": true, "406": true, "500": true}
		expected["401"], expected["403"], expected["503"] = !route.open, !route.open, !route.open
		expected["413"], expected["415"] = len(route.takes) > 0, len(route.takes) > 0
		expected["422"], expected["412"], expected["428"] = route.keyed, route.matched, route.matched
		for status, want := range expected {
			if got := operation.Responses.Value(status) != nil; got != want {
				t.Errorf("%s: answer %s described: %v, want %v", route.act, status, got, want)
			}
		}
		if has("header", "Idempotency-Key") != route.keyed || has("header", "If-Match") != route.matched {
			t.Errorf("%s: guards differ", route.act)
		}
		for name := range mapOf(route.pattern) {
			if !has("path", name) {
				t.Errorf("%s: path parameter %s is not described", route.act, name)
			}
		}
		var takes []string
		if operation.RequestBody != nil {
			takes = keysOf(operation.RequestBody.Value.Content)
		}
		want := slices.Sorted(slices.Values(route.takes))
		if !slices.Equal(takes, want) {
			t.Errorf("%s takes %v, described as %v", route.act, want, takes)
		}
		gives := keysOf(success(operation).Content)
		if want := slices.Sorted(slices.Values(route.gives())); !slices.Equal(gives, want) {
			t.Errorf("%s gives %v, described as %v", route.act, want, gives)
		}
		if open := len(*operation.Security) == 0; open != route.open || !open && (*operation.Security)[0]["openId"][0] != string(route.scope) {
			t.Errorf("%s: security is described as %v", route.act, *operation.Security)
		}
	}
}

func success(operation *openapi3.Operation) *openapi3.Response {
	for _, status := range []string{"200", "201"} {
		if answer := operation.Responses.Value(status); answer != nil {
			return answer.Value
		}
	}
	return &openapi3.Response{}
}

func mapOf(pattern string) map[string]bool {
	names := map[string]bool{}
	for _, name := range regexp.MustCompile(`\{([a-z]+)\}`).FindAllStringSubmatch(pattern, -1) {
		names[name[1]] = true
	}
	return names
}

func keysOf(content openapi3.Content) []string {
	var keys []string
	for key := range content {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// schemas pairs the types of the wire with their schemas. A closed one is of a request.
var schemas = []struct {
	name   string
	shape  reflect.Type
	closed bool
}{
	{"OpdrachtgeverVastleggen", reflect.TypeFor[authorityRequest](), true},
	{"Opdrachtgever", reflect.TypeFor[authorityAnswer](), false},
	{"AanbestedingRegistreren", reflect.TypeFor[tenderRequest](), true},
	{"AanbestedingWijzigen", reflect.TypeFor[tenderPatch](), true},
	{"Aanbesteding", reflect.TypeFor[tenderAnswer](), false},
	{"GunningRegistreren", reflect.TypeFor[awardRequest](), true},
	{"Gunning", reflect.TypeFor[awardAnswer](), false},
	{"ContractRegistreren", reflect.TypeFor[contractRequest](), true},
	{"Contract", reflect.TypeFor[contractAnswer](), false},
	{"ContractWijzigen", reflect.TypeFor[amendmentRequest](), true},
	{"OmzetOpgeven", reflect.TypeFor[turnoverRequest](), true},
	{"ContractWijziging", reflect.TypeFor[amendmentAnswer](), false},
	{"SrVerplichtingStaat", reflect.TypeFor[obligationStateAnswer](), false},
	{"RekenregelWisselen", reflect.TypeFor[rulesMoveRequest](), true},
	{"RekenregelWissel", reflect.TypeFor[rulesMoveAnswer](), false},
	{"BerekeningAntwoord", reflect.TypeFor[calculationAnswer](), false},
	{"BerekeningVraag", reflect.TypeFor[calculationRequest](), true},
	{"PlanBewaren", reflect.TypeFor[planRequest](), true},
	{"PlanVanAanpak", reflect.TypeFor[planAnswer](), false},
	{"InvoerSrVerplichting", reflect.TypeFor[obligationInput](), false},
	{"InvoerVerschuldigd", reflect.TypeFor[dueInput](), false},
	{"InvoerPlaatsing", reflect.TypeFor[placementInput](), false},
	{"InvoerInkoop", reflect.TypeFor[purchaseInput](), false},
	{"InvoerActiviteit", reflect.TypeFor[activityInput](), false},
	{"InvoerCorrectie", reflect.TypeFor[correctionInput](), false},
	{"InvoerAfkeuring", reflect.TypeFor[rejectionInput](), false},
	{"ContractVraag", reflect.TypeFor[contractAsked](), true},
	{"RekenregelKeuze", reflect.TypeFor[rulesNamed](), true},
	{"PlaatsingToevoegen", reflect.TypeFor[placementRequest](), true},
	{"PlaatsingWijzigen", reflect.TypeFor[placementPatch](), true},
	{"Plaatsing", reflect.TypeFor[placementAnswer](), false},
	{"VerantwoordingBewaren", reflect.TypeFor[statementRequest](), true},
	{"Verantwoording", reflect.TypeFor[statementAnswer](), false},
	{"VerantwoordingMetRegels", reflect.TypeFor[fileAnswer](), false},
	{"PeriodeStand", reflect.TypeFor[periodAnswer](), false},
	{"Beoordelen", reflect.TypeFor[decideRequest](), true},
	{"InzageVastleggen", reflect.TypeFor[sightingRequest](), true},
	{"Inzage", reflect.TypeFor[sightingAnswer](), false},
	{"Corrigeren", reflect.TypeFor[correctionRequest](), true},
	{"Correctie", reflect.TypeFor[correctionAnswer](), false},
	{"Mutatie", reflect.TypeFor[entryAnswer](), false},
	{"UitvoerRecord", reflect.TypeFor[recordAnswer](), false},
	{"UitvoerEinde", reflect.TypeFor[endAnswer](), false},
	{"IndicatorwaardeVastleggen", reflect.TypeFor[figureRequest](), true},
	{"Indicatorwaarde", reflect.TypeFor[figureValueAnswer](), false},
	{"AanbestedingMutatie", reflect.TypeFor[tenderEntryAnswer](), false},
	{"Onderbouwing", reflect.TypeFor[breakdownAnswer](), false},
	{"JaarAfsluiten", reflect.TypeFor[closeRequest](), true},
	{"Jaarafsluiting", reflect.TypeFor[closeAnswer](), false},
	{"Hoofden", reflect.TypeFor[headsAnswer](), false},
	{"Jaarrapport", reflect.TypeFor[reportAnswer](), false},
	{"RekenregelOmschrijving", reflect.TypeFor[ruleSetAnswer](), false},
	{"Probleem", reflect.TypeFor[problem](), false},
}

// TestSchemasAreTheTypes compares names, what is required, lengths and patterns.
func TestSchemasAreTheTypes(t *testing.T) {
	t.Parallel()
	for _, pair := range schemas {
		schema := contractDocument().Components.Schemas[pair.name]
		if schema == nil {
			t.Errorf("the contract has no schema %s", pair.name)
			continue
		}
		compare(t, pair.name, schema.Value, pair.shape, "", pair.closed)
	}
}

func compare(t *testing.T, at string, schema *openapi3.Schema, shape reflect.Type, rules string, closed bool) {
	t.Helper()
	shape = withoutPointers(shape)
	if len(schema.OneOf) == 2 { // what may be removed: the thing, or null
		schema = schema.OneOf[0].Value
	}
	v := reflect.New(shape).Elem()
	switch {
	case shape.Kind() == reflect.Slice && schema.Items != nil:
		compareLimits(t, at, rules, schema)
		_, below, _ := strings.Cut(rules, "dive,")
		compare(t, at+"/0", schema.Items.Value, shape.Elem(), below, closed)
	case shape == reflect.TypeFor[effortRequest]():
		compareEfforts(t, at, schema)
	case shape.Kind() == reflect.Struct && !readsText(v) && schema.Type.Is("object"):
		compareObject(t, at, schema, shape, closed)
	case shape.Kind() == reflect.Struct && !readsText(v) && !schema.Type.Is("string"):
		t.Errorf("%s: an object is described as %v", at, schema.Type)
	default:
		compareLimits(t, at, rules, schema)
		if chooser, ok := v.Addr().Interface().(interface{ choices() []string }); ok {
			compareWords(t, at, schema, chooser.choices())
		}
	}
}

// compareEfforts holds an effort against the schemas of its kinds: each has the
// fields of its kind, and together they have all.
func compareEfforts(t *testing.T, at string, schema *openapi3.Schema) {
	t.Helper()
	fields := fieldsOf(reflect.TypeFor[effortRequest]())
	described := map[string]bool{}
	for _, kind := range schema.OneOf {
		word := fmt.Sprint(kind.Value.Properties["soort"].Value.Const)
		own := effortFields[sroi.LineKind(dictionary[reflect.TypeFor[sroi.LineKind]()].codes[word])]
		allowed := append(append([]string{"soort", "bouwblok"}, own.needed...), own.allowed...)
		for name, property := range kind.Value.Properties {
			described[name] = true
			f := fields.byName[name]
			if f == nil || !slices.Contains(allowed, name) {
				t.Errorf("%s: %s is described of %s", at, name, word)
				continue
			}
			member := reflect.TypeFor[effortRequest]().FieldByIndex(f.index)
			if name != "soort" {
				compare(t, at+"/"+name, property.Value, member.Type, member.Tag.Get("validate"), true)
			}
		}
		if len(kind.Value.Properties) != len(allowed) {
			t.Errorf("%s: %s has %d fields, described are %d", at, word, len(allowed), len(kind.Value.Properties))
		}
	}
	if len(described) != len(fields.list) {
		t.Errorf("%s: %d fields are described of %d", at, len(described), len(fields.list))
	}
}

func compareWords(t *testing.T, at string, schema *openapi3.Schema, words []string) {
	t.Helper()
	var described []string
	for _, value := range schema.Enum {
		described = append(described, fmt.Sprint(value))
	}
	if !slices.Equal(described, words) {
		t.Errorf("%s is one of %v, described as %v", at, words, described)
	}
}

func compareObject(t *testing.T, at string, schema *openapi3.Schema, shape reflect.Type, closed bool) {
	t.Helper()
	fields := fieldsOf(shape)
	var names, required []string
	for _, f := range fields.list {
		names = append(names, f.name)
		if f.required {
			required = append(required, f.name)
		}
		property := schema.Properties[f.name]
		if property == nil {
			t.Errorf("%s/%s is not described", at, f.name)
			continue
		}
		if _, selfMade := reflect.New(shape.FieldByIndex(f.index).Type).Interface().(*any); selfMade {
			continue
		}
		member, _ := shape.FieldByName(f.goName)
		compare(t, at+"/"+f.name, property.Value, member.Type, member.Tag.Get("validate"), closed)
	}
	for name := range schema.Properties {
		if !slices.Contains(names, name) {
			t.Errorf("%s/%s is described only", at, name)
		}
	}
	slices.Sort(required)
	if described := slices.Sorted(slices.Values(schema.Required)); !slices.Equal(described, required) {
		t.Errorf("%s requires %v, described as %v", at, required, described)
	}
	if open := schema.AdditionalProperties.Has == nil || *schema.AdditionalProperties.Has; closed && open {
		t.Errorf("%s may have other fields", at)
	}
}

// compareLimits holds the limits of a field against its schema.
func compareLimits(t *testing.T, at, rules string, schema *openapi3.Schema) {
	t.Helper()
	rules, _, _ = strings.Cut(rules, "dive")
	for rule := range strings.SplitSeq(rules, ",") {
		name, limit, _ := strings.Cut(rule, "=")
		n, _ := strconv.ParseUint(limit, 10, 64)
		form, patterned := shapes[name]
		switch {
		case patterned && schema.Pattern != form.pattern:
			t.Errorf("%s is of the form %s, described as %s", at, form.pattern, schema.Pattern)
		case name == "max" && schema.Type.Is("array") && (schema.MaxItems == nil || *schema.MaxItems != n),
			name == "min" && schema.Type.Is("array") && schema.MinItems != n,
			name == "max" && schema.Type.Is("string") && (schema.MaxLength == nil || *schema.MaxLength != n),
			name == "max" && schema.Type.Is("integer") && (schema.Max == nil || *schema.Max != float64(n)),
			name == "min" && schema.Type.Is("integer") && (schema.Min == nil || *schema.Min != float64(n)):
			t.Errorf("%s: %s is not described", at, rule)
		}
	}
}
