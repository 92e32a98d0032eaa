// SPDX-License-Identifier: EUPL-1.2

package template_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/template"
)

func parse(t *testing.T) *template.Template {
	t.Helper()
	parsed, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestTable(t *testing.T) {
	parsed := parse(t)
	table := parsed.Table("sroi")
	if *table.TableName != "sroi" || table.BillingMode != "PAY_PER_REQUEST" || len(table.AttributeDefinitions) != 6 {
		t.Errorf("table is %s, %s, %d attributes", *table.TableName, table.BillingMode, len(table.AttributeDefinitions))
	}
	if *table.KeySchema[0].AttributeName != "PK" || table.KeySchema[0].KeyType != "HASH" ||
		*table.KeySchema[1].AttributeName != "SK" || table.KeySchema[1].KeyType != "RANGE" {
		t.Errorf("keys are %v", table.KeySchema)
	}
	for i, want := range []string{"byOwner OwnerPK OwnerSK ALL", "byDesk DeskPK DeskSK ALL"} {
		index := table.GlobalSecondaryIndexes[i]
		got := strings.Join([]string{
			*index.IndexName, *index.KeySchema[0].AttributeName, *index.KeySchema[1].AttributeName, string(index.Projection.ProjectionType),
		}, " ")
		if got != want {
			t.Errorf("index %d is %q, want %q", i, got, want)
		}
	}
	if !*table.StreamSpecification.StreamEnabled || table.StreamSpecification.StreamViewType != "NEW_AND_OLD_IMAGES" {
		t.Errorf("stream is %v", table.StreamSpecification)
	}
	if expiry := parsed.TimeToLive("sroi"); *expiry.TableName != "sroi" || *expiry.TimeToLiveSpecification.AttributeName != "expires" {
		t.Errorf("expiry is %v", expiry)
	}
	if other := parsed.Table("other"); *table.TableName != "sroi" || *other.TableName != "other" {
		t.Error("two tables share a name")
	}
}

func TestRoutes(t *testing.T) {
	routes := make(map[string]string)
	for _, route := range parse(t).Routes {
		routes[route.Key()] = route.Function
	}
	for key, want := range map[string]string{
		"PUT /v1/opdrachtgevers/{id}":                                   "register-tender",
		"GET /v1/contracten/{id}/sr-verplichting":                       "award-contract",
		"POST /v1/contracten/{id}/verantwoordingen/{periode}/indiening": "submit-proof",
		"POST /v1/contracten/{id}/verantwoordingen/{periode}/inzagen":   "verify-proof",
		"PUT /v1/indicatorwaarden/{gebied}/{code}/{periode}":            "record-indicator",
		"GET /v1/sociale-ondernemingen/{register}":                      "keep-register",
		"GET /v1/jaarafsluitingen/{id}/hoofden":                         "close-year",
		"GET /v1/openapi.json":                                          "report",
		template.Default:                                                "report",
	} {
		if routes[key] != want {
			t.Errorf("%s goes to %q, want %q", key, routes[key], want)
		}
	}
}

func TestStreams(t *testing.T) {
	streams := parse(t).Streams
	if len(streams) != 1 {
		t.Fatalf("%d stream mappings, want 1", len(streams))
	}
	got := streams[0]
	filters := []string{`{"eventName":["INSERT"],"dynamodb":{"NewImage":{"type":{"S":["entry"]}}}}`}
	if got.Function != "roll-up" || !slices.Equal(got.Filters, filters) || got.BatchSize != 100 || got.Window != time.Second ||
		!got.Bisect || got.MaximumRetries != 10 || got.MaximumAge != 24*time.Hour || !got.ReportsItemFaults {
		t.Errorf("mapping is %+v", got)
	}
}

func TestFunctions(t *testing.T) {
	refs := map[string]string{
		"Table": "sroi", "OidcIssuer": "http://127.0.0.1/issuer", "OidcAudience": "a", "ClaimRole": "b", "ClaimAuthority": "c",
		"ClaimKvk": "d", "ClaimDesk": "e", "ClaimScope": "f", "CorsOrigins": "", "PersonKeySecretArn": "key", "FailureQueue": "queue",
	}
	functions := parse(t).Functions
	if len(functions) != 9 {
		t.Fatalf("%d functions, want 9", len(functions))
	}
	for _, function := range functions {
		environment, err := function.Environment(refs)
		if err != nil {
			t.Fatal(err)
		}
		if environment["TABLE_NAME"] != "sroi" || environment["SSL_CERT_DIR"] != "/var/task/none" {
			t.Errorf("%s: environment is %v", function.Name, environment)
		}
		_, hasKey := environment["PERSON_KEY_SECRET"]
		if want := function.Name == "submit-proof"; hasKey != want {
			t.Errorf("%s: has the person key: %v, want %v", function.Name, hasKey, want)
		}
		timeout := 29 * time.Second
		if function.Name == "roll-up" {
			timeout = time.Minute
		}
		if function.Timeout != timeout || function.MemoryMB != 512 {
			t.Errorf("%s: %v and %d MB", function.Name, function.Timeout, function.MemoryMB)
		}
	}
}

func TestEnvironmentNamesEveryMissingValue(t *testing.T) {
	_, err := parse(t).Functions[0].Environment(map[string]string{"Table": "sroi"})
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"OIDC_ISSUER", "CLAIM_KVK", "CORS_ORIGINS"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q does not name %s", err, name)
		}
	}
	if strings.Contains(err.Error(), "TABLE_NAME") {
		t.Errorf("%q names TABLE_NAME, which has a value", err)
	}
}

const tableYAML = `
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: PK, KeyType: HASH}]}`

func TestParseRefuses(t *testing.T) {
	tests := map[string]struct {
		resources string
		want      []string
	}{
		"no table":       {"\n  Queue: {Type: AWS::SQS::Queue}", []string{"AWS::DynamoDB::Table"}},
		"not YAML":       {"\n  Table: [", []string{"yaml"}},
		"no keys":        {"\n  Table: {Type: AWS::DynamoDB::Table, Properties: {}}", []string{"Table", "KeySchema"}},
		"two tables":     {tableYAML + strings.Replace(tableYAML, "Table:", "Other:", 1), []string{"Other", "al een tabel"}},
		"code not a zip": {tableYAML + "\n  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: functions/f}}", []string{"F", "regel 5", "functions/f"}},
		"other event": {
			tableYAML + "\n  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f.zip, Events: {E: {Type: S3}}}}",
			[]string{"E", "S3"},
		},
		"half a route": {
			tableYAML + "\n  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f.zip, Events: {E: {Type: HttpApi, Properties: {Path: /a}}}}}",
			[]string{"E", "Method"},
		},
		"one route twice, and another fault": {
			tableYAML + `
  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f.zip, Events: {
      A: {Type: HttpApi, Properties: {Path: /a, Method: GET}}, B: {Type: HttpApi, Properties: {Path: /a, Method: get}}}}}
  G: {Type: AWS::Serverless::Function, Properties: {CodeUri: g}}`,
			[]string{"GET /a", "G (regel"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := template.Parse([]byte("Resources:" + test.resources))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

func TestSilentStreamMappingTakesTheDefaultsOfAWS(t *testing.T) {
	parsed, err := template.Parse([]byte("Resources:" + tableYAML +
		"\n  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f.zip, Events: {E: {Type: DynamoDB}}}}"))
	if err != nil {
		t.Fatal(err)
	}
	got := parsed.Streams[0]
	if got.BatchSize != 100 || got.MaximumRetries != -1 || got.MaximumAge != 0 || got.Window != 0 || got.Bisect || got.ReportsItemFaults {
		t.Errorf("mapping is %+v", got)
	}
}
