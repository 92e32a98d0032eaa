// SPDX-License-Identifier: EUPL-1.2

package template_test

import (
	"reflect"
	"strings"
	"testing"

	"socialreturn/infra/local/template"
)

func policyOf(t *testing.T, name string) []template.Statement {
	t.Helper()
	for _, function := range parse(t).Functions {
		if function.Name == name {
			return function.Policy
		}
	}
	t.Fatalf("no function %s", name)
	return nil
}

func TestPolicyOfTheTemplate(t *testing.T) {
	want := []template.Statement{
		{Actions: []string{"dynamodb:GetItem", "dynamodb:Query"}, Places: []string{""}, LeadingKeys: []string{"AREA#*", "AUTH#*", "CONTRACT#*", "TENDER#*"}},
		{Actions: []string{"dynamodb:PutItem"}, Places: []string{""}, LeadingKeys: []string{"AREA#*"}},
	}
	if got := policyOf(t, "roll-up"); !reflect.DeepEqual(got, want) {
		t.Errorf("roll-up is allowed %+v, want %+v", got, want)
	}
	for _, function := range parse(t).Functions {
		if len(function.Policy) == 0 {
			t.Errorf("%s is allowed nothing", function.Name)
		}
	}
}

// withRole is a table with an index, a function and its role with one statement.
func withRole(statement string) string {
	return "Resources:" + tableYAML[:len(tableYAML)-1] + `, GlobalSecondaryIndexes: [{IndexName: byOwner, KeySchema: [{AttributeName: O, KeyType: HASH}]}]}
  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f.zip, Role: !GetAtt R.Arn}}
  R: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: p, PolicyDocument: {Statement: ` + statement + `}}]}}`
}

func TestPolicy(t *testing.T) {
	tests := map[string]struct {
		statement string
		want      []template.Statement
	}{
		"one action without a list": {
			`{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Table.Arn}`,
			[]template.Statement{{Actions: []string{"dynamodb:GetItem"}, Places: []string{""}}},
		},
		"table and index": {
			`[{Effect: Allow, Action: ['dynamodb:Query'], Resource: [!GetAtt Table.Arn, !Sub '${Table.Arn}/index/byOwner']}]`,
			[]template.Statement{{Actions: []string{"dynamodb:Query"}, Places: []string{"", "byOwner"}}},
		},
		"leading keys": {
			`{Effect: Allow, Action: 'dynamodb:PutItem', Resource: !GetAtt Table.Arn, Condition: {
			  'ForAllValues:StringLike': {'dynamodb:LeadingKeys': ['A#*', B]}, 'Null': {'dynamodb:LeadingKeys': 'false'}}}`,
			[]template.Statement{{Actions: []string{"dynamodb:PutItem"}, Places: []string{""}, LeadingKeys: []string{"A#*", "B"}}},
		},
		"over TLS": {
			`{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Table.Arn, Condition: {Bool: {'aws:SecureTransport': 'true'}}}`,
			[]template.Statement{{Actions: []string{"dynamodb:GetItem"}, Places: []string{""}}},
		},
		"where something holds": {
			`[!If [Some, {Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Table.Arn}, !Ref AWS::NoValue]]`,
			[]template.Statement{{Actions: []string{"dynamodb:GetItem"}, Places: []string{""}}},
		},
		"other services":   {`{Effect: Allow, Action: ['logs:PutLogEvents', 'sqs:SendMessage'], Resource: '*'}`, nil},
		"the event source": {`{Effect: Allow, Action: 'dynamodb:GetRecords', Resource: !GetAtt Table.StreamArn}`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			parsed, err := template.Parse([]byte(withRole(test.statement)))
			if err != nil {
				t.Fatal(err)
			}
			if got := parsed.Functions[0].Policy; !reflect.DeepEqual(got, test.want) {
				t.Errorf("allowed %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestPolicyThatIsNotUnderstoodIsRefused(t *testing.T) {
	const onTable = ", Resource: !GetAtt Table.Arn"
	tests := map[string]struct {
		statement string
		want      []string
	}{
		"deny":               {`{Effect: Deny, Action: 'dynamodb:GetItem'` + onTable + `}`, []string{"Effect"}},
		"no effect":          {`{Action: 'dynamodb:GetItem'` + onTable + `}`, []string{"Effect"}},
		"all but":            {`{Effect: Allow, NotAction: 'dynamodb:GetItem'` + onTable + `}`, []string{"NotAction"}},
		"any action":         {`{Effect: Allow, Action: '*'` + onTable + `}`, []string{"* op Table.Arn"}},
		"any of the service": {`{Effect: Allow, Action: 'dynamodb:*'` + onTable + `}`, []string{"dynamodb:* op Table.Arn"}},
		"any service":        {`{Effect: Allow, Action: 'dynamo*:GetItem'` + onTable + `}`, []string{"dynamo*:GetItem op Table.Arn"}},
		"other letters":      {`{Effect: Allow, Action: 'DynamoDB:GetItem'` + onTable + `}`, []string{"DynamoDB:GetItem"}},
		"two services":       {`{Effect: Allow, Action: ['logs:PutLogEvents', 'dynamodb:GetItem']` + onTable + `}`, []string{"logs:PutLogEvents op Table.Arn"}},
		"any table":          {`{Effect: Allow, Action: 'dynamodb:GetItem', Resource: '*'}`, []string{"Resource"}},
		"any index":          {`{Effect: Allow, Action: 'dynamodb:Query', Resource: !Sub '${Table.Arn}/index/*'}`, []string{"index/*"}},
		"unknown index":      {`{Effect: Allow, Action: 'dynamodb:Query', Resource: !Sub '${Table.Arn}/index/byDay'}`, []string{"byDay"}},
		"index as a key":     {`{Effect: Allow, Action: 'dynamodb:Query', Resource: '${Table.Arn}/index/byOwner'}`, []string{"byOwner"}},
		"get from an index":  {`{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !Sub '${Table.Arn}/index/byOwner'}`, []string{"dynamodb:GetItem op"}},
		"table and stream":   {`{Effect: Allow, Action: [], Resource: [!GetAtt Table.Arn, !GetAtt Table.StreamArn]}`, []string{"de tabel met indexen, of de stroom"}},
		"no action":          {`{Effect: Allow` + onTable + `}`, []string{"Action"}},
		"no resource":        {`{Effect: Allow, Action: 'dynamodb:GetItem'}`, []string{"Resource"}},
		"no keys condition": {
			`{Effect: Allow, Action: 'dynamodb:GetItem'` + onTable + `, Condition: {'ForAllValues:StringLike': {'dynamodb:LeadingKeys': A}}}`,
			[]string{"Null: false"},
		},
		"null allowed": {
			`{Effect: Allow, Action: 'dynamodb:GetItem'` + onTable + `, Condition: {'ForAllValues:StringLike': {'dynamodb:LeadingKeys': A}, 'Null': {'dynamodb:LeadingKeys': 'true'}}}`,
			[]string{"Null: false"},
		},
		"other conditions": {
			`{Effect: Allow, Action: 'dynamodb:GetItem'` + onTable + `, Condition: {StringEquals: {'dynamodb:Select': COUNT}, NumericEquals: {}}}`,
			[]string{"StringEquals", "NumericEquals"},
		},
		"one or the other": {
			`[!If [Some, {Effect: Allow, Action: 'dynamodb:GetItem'` + onTable + `}, {Effect: Allow, Action: 'dynamodb:Scan'` + onTable + `}]]`,
			[]string{"hier horen Sid"},
		},
		"not over TLS": {
			`{Effect: Allow, Action: 'dynamodb:GetItem'` + onTable + `, Condition: {Bool: {'aws:SecureTransport': 'false'}}}`,
			[]string{"aws:SecureTransport: true"},
		},
		"keys half hidden behind TLS": {
			`{Effect: Allow, Action: 'dynamodb:GetItem'` + onTable + `, Condition: {Bool: {'aws:SecureTransport': 'true'}, 'Null': {'dynamodb:LeadingKeys': 'false'}}}`,
			[]string{"Null: false"},
		},
		"attributes": {
			`{Effect: Allow, Action: 'dynamodb:GetItem'` + onTable + `, Condition: {'ForAllValues:StringLike': {'dynamodb:Attributes': A}, 'Null': {'dynamodb:LeadingKeys': 'false'}}}`,
			[]string{"dynamodb:Attributes"},
		},
		"every fault": {`[{Effect: Deny}, {Effect: Allow, Principal: x}]`, []string{"Effect is niet Allow", "Principal", "R:"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			expectFault(t, withRole(test.statement), test.want)
		})
	}
}

func TestRoleThatIsNotUnderstoodIsRefused(t *testing.T) {
	statement := `{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Table.Arn}`
	tests := map[string]struct {
		old, new string
		want     []string
	}{
		"managed policies": {"{Policies:", "{ManagedPolicyArns: [x], Policies:", []string{"R:", "ManagedPolicyArns"}},
		"unknown role":     {"!GetAtt R.Arn", "!GetAtt Q.Arn", []string{"f:", "Q.Arn"}},
		"role elsewhere":   {"!GetAtt R.Arn", "arn:aws:iam::1:role/R", []string{"f:", "arn:aws:iam::1:role/R"}},
		"policies of SAM":  {"CodeUri: f.zip,", "CodeUri: f.zip, Policies: [AdministratorAccess],", []string{"F", "Policies"}},
		"policy apart": {
			"\n  R:", "\n  P: {Type: AWS::IAM::Policy, Properties: {}}\n  R:", []string{"P (regel", "AWS::IAM::Policy"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			expectFault(t, strings.Replace(withRole(statement), test.old, test.new, 1), test.want)
		})
	}
}

func expectFault(t *testing.T, file string, wanted []string) {
	t.Helper()
	_, err := template.Parse([]byte(file))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range wanted {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}
