// SPDX-License-Identifier: EUPL-1.2

package template

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Statement allows a function to do something with the table or its indexes.
type Statement struct {
	Actions []string // as IAM names them: "dynamodb:GetItem"
	Places  []string // names of indexes, and "" for the table itself
	// LeadingKeys are patterns, with * and ?, of which each partition key that a
	// request touches must match one; a request that touches none is not allowed
	// either. Without patterns anything goes.
	LeadingKeys []string
}

// The actions that a policy may allow on the table, on an index, and on the
// stream. The last are for the event source, which polls in the function's name.
var (
	onTable = []string{
		"dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
		"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem",
	}
	onIndex  = []string{"dynamodb:Query", "dynamodb:Scan"}
	onStream = []string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"}
)

// roles reads what roles allow on the table. What it does not understand it
// refuses: a policy read by halves would allow other things here than there.
type roles struct {
	table      string // logical id
	indexes    []string
	properties map[string]*yaml.Node // by logical id
}

// allow gives every function the policy of its role. One without a role of the
// template's own is allowed nothing.
func (t *Template) allow(r roles) error {
	if t.table == nil {
		return nil // a fault by itself
	}
	for _, index := range t.table.GlobalSecondaryIndexes {
		r.indexes = append(r.indexes, *index.IndexName)
	}
	var faults []error
	for i := range t.Functions {
		f := &t.Functions[i]
		id, named := strings.CutSuffix(f.role.Value, ".Arn")
		properties := r.properties[id]
		switch {
		case f.role.IsZero():
		case f.role.Tag != "!GetAtt" || !named || properties == nil:
			faults = append(faults, fmt.Errorf("template: %s: Role %s is geen rol van dit sjabloon", f.Name, f.role.Value))
		default:
			var err error
			if f.Policy, err = r.role(properties); err != nil {
				faults = append(faults, fmt.Errorf("template: %s: %w", id, err))
			}
		}
	}
	return errors.Join(faults...)
}

func (r roles) role(node *yaml.Node) ([]Statement, error) {
	role, err := fields(node, "AssumeRolePolicyDocument", "Policies")
	faults := []error{err}
	var statements []Statement
	for _, node := range items(role["Policies"]) {
		policy, err := fields(node, "PolicyName", "PolicyDocument")
		document, fault := fields(policy["PolicyDocument"], "Version", "Statement")
		faults = append(faults, err, fault)
		for _, node := range items(document["Statement"]) {
			statement, ours, err := r.statement(unconditional(node))
			if err != nil {
				faults = append(faults, fmt.Errorf("regel %d: %w", node.Line, err))
			} else if ours {
				statements = append(statements, statement)
			}
		}
	}
	return statements, errors.Join(faults...)
}

// unconditional is what a choice between something and nothing gives at most.
func unconditional(node *yaml.Node) *yaml.Node {
	if node.Tag == "!If" && len(node.Content) == 3 && node.Content[2].Value == "AWS::NoValue" {
		return node.Content[1]
	}
	return node
}

// statement tells also whether it is about the table: what a function may do
// with its log, its queue or its secret is not decided here.
func (r roles) statement(node *yaml.Node) (s Statement, ours bool, err error) {
	parts, err := fields(node, "Sid", "Effect", "Action", "Resource", "Condition")
	if err != nil {
		return s, false, err
	}
	if effect := parts["Effect"]; effect == nil || effect.Value != "Allow" {
		return s, false, errors.New("Effect is niet Allow")
	}
	for _, node := range items(parts["Action"]) {
		s.Actions = append(s.Actions, node.Value)
	}
	if len(s.Actions) > 0 && !slices.ContainsFunc(s.Actions, mayBeOurs) {
		return s, false, nil
	}
	if s.LeadingKeys, err = leadingKeys(parts["Condition"]); err != nil {
		return s, false, err
	}
	s.Places, ours, err = r.places(s.Actions, parts["Resource"])
	return s, ours, err
}

// mayBeOurs tells of an action that it is not plainly another service's.
func mayBeOurs(action string) bool {
	service, _, named := strings.Cut(action, ":")
	return !named || strings.EqualFold(service, "dynamodb") || strings.ContainsAny(service, "*?")
}

// places are where the actions are allowed: on the table and indexes, or, which
// is not ours, on the stream.
func (r roles) places(actions []string, resources *yaml.Node) (places []string, ours bool, err error) {
	polled := 0
	for _, node := range items(resources) {
		known := onTable
		index, isIndex := strings.CutPrefix(node.Value, "${"+r.table+".Arn}/index/")
		switch {
		case node.Tag == "!GetAtt" && node.Value == r.table+".Arn":
			places = append(places, "")
		case node.Tag == "!Sub" && isIndex && slices.Contains(r.indexes, index):
			known = onIndex
			places = append(places, index)
		case node.Tag == "!GetAtt" && node.Value == r.table+".StreamArn":
			known = onStream
			polled++
		default:
			return nil, false, fmt.Errorf("Resource %s %s is niet de tabel, een index of de stroom", node.Tag, node.Value)
		}
		for _, action := range actions {
			if !slices.Contains(known, action) {
				return nil, false, fmt.Errorf("%s op %s kan niet", action, node.Value)
			}
		}
	}
	if len(actions) == 0 || polled+len(places) == 0 || polled > 0 && len(places) > 0 {
		return nil, false, errors.New("een uitspraak heeft een Action, en een Resource: de tabel met indexen, of de stroom")
	}
	return places, polled == 0, nil
}

// leadingKeys reads the two conditions that are understood. One is on TLS, which
// nothing has on one machine. The other is on keys: ForAllValues holds also where
// a request touches no key at all, so that it comes with Null.
func leadingKeys(node *yaml.Node) ([]string, error) {
	const key, transport = "dynamodb:LeadingKeys", "aws:SecureTransport"
	condition, err := fields(node, "ForAllValues:StringLike", "Null", "Bool")
	matched, fault := fields(condition["ForAllValues:StringLike"], key)
	null, other := fields(condition["Null"], key)
	secure, another := fields(condition["Bool"], transport)
	if err := errors.Join(err, fault, other, another); err != nil {
		return nil, err
	}
	if condition["Bool"] != nil && (secure[transport] == nil || secure[transport].Value != "true") {
		return nil, fmt.Errorf("de voorwaarde Bool is niet %s: true", transport)
	}
	if len(condition) == 0 || len(condition) == 1 && condition["Bool"] != nil {
		return nil, nil
	}
	var patterns []string
	for _, node := range items(matched[key]) {
		patterns = append(patterns, node.Value)
	}
	if len(patterns) == 0 || null[key] == nil || null[key].Value != "false" {
		return nil, fmt.Errorf("de voorwaarde heeft niet zowel ForAllValues:StringLike als Null: false voor %s", key)
	}
	return patterns, nil
}

// fields are the values of a mapping by key; none where there is no mapping. Its
// error names every other key.
func fields(node *yaml.Node, allowed ...string) (map[string]*yaml.Node, error) {
	if node == nil {
		return nil, nil
	}
	if node.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("hier horen %s", strings.Join(allowed, ", "))
	}
	found := make(map[string]*yaml.Node, len(allowed))
	var faults []error
	for key, value := range pairs(node) {
		if !slices.Contains(allowed, key) {
			faults = append(faults, fmt.Errorf("%s (regel %d) wordt hier niet begrepen", key, value.Line))
		}
		found[key] = value
	}
	return found, errors.Join(faults...)
}

// items are the members of a list, or the one value that stands for it.
func items(node *yaml.Node) []*yaml.Node {
	switch {
	case node == nil:
		return nil
	case node.Kind == yaml.SequenceNode && node.Tag == "!!seq":
		return node.Content
	}
	return []*yaml.Node{node}
}
