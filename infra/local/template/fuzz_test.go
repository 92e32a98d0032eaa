// SPDX-License-Identifier: EUPL-1.2

package template_test

import (
	"testing"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/template"
)

// FuzzParse: a template is refused, or read as a table with a key and functions
// with names, routes and rights that belong to them.
func FuzzParse(f *testing.F) {
	f.Add(cloud.Template)
	f.Add([]byte(withRole(`{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: !GetAtt Table.Arn}`)))
	f.Add([]byte("Resources: {Table: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: []}}}"))
	f.Add([]byte("a: &a [*a, *a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		parsed, err := template.Parse(data)
		if err != nil {
			if parsed != nil {
				t.Fatal("refused and read")
			}
			return
		}
		if table := parsed.Table("t"); len(table.KeySchema) == 0 {
			t.Fatal("a table without a key")
		}
		known := map[string]bool{}
		for _, function := range parsed.Functions {
			known[function.Name] = true
		}
		for _, route := range parsed.Routes {
			if !known[route.Function] || route.Key() == "" {
				t.Fatalf("a route %+v of no function", route)
			}
		}
	})
}
