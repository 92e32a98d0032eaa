// SPDX-License-Identifier: EUPL-1.2

package aws_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"socialreturn/infra/aws"
)

// functions are the logical ids of the functions with their folder names.
var functions = map[string]string{
	"RegisterTender":  "register-tender",
	"AwardContract":   "award-contract",
	"SubmitProof":     "submit-proof",
	"VerifyProof":     "verify-proof",
	"RollUp":          "roll-up",
	"RecordIndicator": "record-indicator",
	"KeepRegister":    "keep-register",
	"CloseYear":       "close-year",
	"Report":          "report",
}

// plain turns nodes into maps, lists and strings in which a tag such as !Ref
// stays in front of its value.
func plain(t *testing.T, node *yaml.Node) any {
	t.Helper()
	switch node.Kind {
	case yaml.DocumentNode:
		return plain(t, node.Content[0])
	case yaml.MappingNode:
		values := make(map[string]any, len(node.Content)/2)
		for i := 0; i < len(node.Content); i += 2 {
			values[node.Content[i].Value] = plain(t, node.Content[i+1])
		}
		return values
	case yaml.SequenceNode:
		values := make([]any, len(node.Content))
		for i, item := range node.Content {
			values[i] = plain(t, item)
		}
		if strings.HasPrefix(node.Tag, "!!") {
			return values
		}
		return map[string]any{node.Tag: values}
	case yaml.ScalarNode:
		if strings.HasPrefix(node.Tag, "!!") {
			return node.Value
		}
		return node.Tag + " " + node.Value
	default:
		t.Fatalf("line %d: node of kind %d", node.Line, node.Kind)
		return nil
	}
}

func load(t *testing.T) map[string]any {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal(aws.Template, &root); err != nil {
		t.Fatal(err)
	}
	return plain(t, &root).(map[string]any)
}

// at walks along keys separated by slashes.
func at(t *testing.T, root any, path string) any {
	t.Helper()
	value := root
	for key := range strings.SplitSeq(path, "/") {
		fields, isMap := value.(map[string]any)
		if !isMap || fields[key] == nil {
			t.Fatalf("%s: nothing at %q", path, key)
		}
		value = fields[key]
	}
	return value
}

func expect(t *testing.T, root any, wanted map[string]any) {
	t.Helper()
	for path, want := range wanted {
		if got := at(t, root, path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
}

func keys(hash, sort string) []any {
	return []any{
		map[string]any{"AttributeName": hash, "KeyType": "HASH"},
		map[string]any{"AttributeName": sort, "KeyType": "RANGE"},
	}
}

func index(name, hash, sort string) map[string]any {
	return map[string]any{
		"IndexName":  name,
		"KeySchema":  keys(hash, sort),
		"Projection": map[string]any{"ProjectionType": "ALL"},
	}
}

func TestTable(t *testing.T) {
	root := load(t)
	expect(t, at(t, root, "Resources/Table"), map[string]any{
		"Type":                                 "AWS::DynamoDB::Table",
		"DeletionPolicy":                       "Retain",
		"UpdateReplacePolicy":                  "Retain",
		"Properties/BillingMode":               "PAY_PER_REQUEST",
		"Properties/DeletionProtectionEnabled": "true",
		"Properties/KeySchema":                 keys("PK", "SK"),
		"Properties/GlobalSecondaryIndexes": []any{
			index("byOwner", "OwnerPK", "OwnerSK"), index("byDesk", "DeskPK", "DeskSK"),
		},
		"Properties/StreamSpecification/StreamViewType":                          "NEW_AND_OLD_IMAGES",
		"Properties/TimeToLiveSpecification/AttributeName":                       "expires",
		"Properties/TimeToLiveSpecification/Enabled":                             "true",
		"Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled": "true",
		"Properties/SSESpecification/SSEEnabled":                                 "true",
		"Properties/SSESpecification/SSEType":                                    "KMS",
		"Properties/SSESpecification/KMSMasterKeyId":                             customerKey,
	})
	for _, attribute := range at(t, root, "Resources/Table/Properties/AttributeDefinitions").([]any) {
		if kind := at(t, attribute, "AttributeType"); kind != "S" {
			t.Errorf("key attribute %v is of type %v, want S", at(t, attribute, "AttributeName"), kind)
		}
	}
}

func TestFunctions(t *testing.T) {
	root := load(t)
	expect(t, at(t, root, "Globals/Function"), map[string]any{
		"Runtime":       "provided.al2023",
		"Architectures": []any{"arm64"},
		"Handler":       "bootstrap",
		"MemorySize":    "512",
		"Timeout":       "29",
		"Environment/Variables": map[string]any{
			"TABLE_NAME":      "!Ref Table",
			"OIDC_ISSUER":     "!Ref OidcIssuer",
			"OIDC_AUDIENCE":   "!Ref OidcAudience",
			"CLAIM_ROLE":      "!Ref ClaimRole",
			"CLAIM_AUTHORITY": "!Ref ClaimAuthority",
			"CLAIM_KVK":       "!Ref ClaimKvk",
			"CLAIM_DESK":      "!Ref ClaimDesk",
			"CLAIM_SCOPE":     "!Ref ClaimScope",
			"CORS_ORIGINS":    "!Ref CorsOrigins",
			"SSL_CERT_FILE":   "/var/task/amazon-roots.pem",
			"SSL_CERT_DIR":    "/var/task/none",
			"GOGC":            "400",
			"GOMEMLIMIT":      "400MiB", // of the 512
		},
	})
	found := make(map[string]string)
	for id, value := range at(t, root, "Resources").(map[string]any) {
		if at(t, value, "Type") == "AWS::Serverless::Function" {
			name := strings.TrimPrefix(at(t, value, "Properties/FunctionName").(string), "!Sub ${AWS::StackName}-")
			found[id] = name
			expect(t, value, map[string]any{
				"Properties/CodeUri":                "../../build/" + name + ".zip",
				"Properties/Role":                   "!GetAtt " + id + "Role.Arn",
				"Properties/LoggingConfig/LogGroup": "!Ref " + id + "Logs",
			})
		}
	}
	if !maps.Equal(found, functions) {
		t.Errorf("functions are %v, want %v", found, functions)
	}
}

func TestOnlySubmitProofReadsThePersonKey(t *testing.T) {
	root := load(t)
	for id := range functions {
		reads := id == "SubmitProof" // decisions see tokens, never people
		properties := at(t, root, "Resources/"+id+"/Properties").(map[string]any)
		want := any(nil)
		switch id {
		case "SubmitProof":
			want = map[string]any{"Variables": map[string]any{"PERSON_KEY_SECRET": "!Ref PersonKeySecretArn"}}
		case "RollUp":
			want = map[string]any{"Variables": map[string]any{"FAILURE_QUEUE_URL": "!Ref FailureQueue"}}
		}
		if got := properties["Environment"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: own environment is %v, want %v", id, got, want)
		}
		if got := slices.Contains(granted(t, root, id), "secretsmanager:GetSecretValue on !Ref PersonKeySecretArn"); got != reads {
			t.Errorf("%s: may read the person key: %v, want %v", id, got, reads)
		}
	}
}

func TestStreamMapping(t *testing.T) {
	mapping := at(t, load(t), "Resources/RollUp/Properties/Events/Entries")
	expect(t, mapping, map[string]any{
		"Type":                        "DynamoDB",
		"Properties/Stream":           "!GetAtt Table.StreamArn",
		"Properties/StartingPosition": "TRIM_HORIZON",
		"Properties/BatchSize":        "100",
		"Properties/MaximumBatchingWindowInSeconds":          "1",
		"Properties/BisectBatchOnFunctionError":              "true",
		"Properties/MaximumRetryAttempts":                    "10",
		"Properties/MaximumRecordAgeInSeconds":               "86400",
		"Properties/ParallelizationFactor":                   "1",
		"Properties/FunctionResponseTypes":                   []any{"ReportBatchItemFailures"},
		"Properties/DestinationConfig/OnFailure/Type":        "SQS",
		"Properties/DestinationConfig/OnFailure/Destination": "!GetAtt FailureQueue.Arn",
	})
	filters := at(t, mapping, "Properties/FilterCriteria/Filters").([]any)
	if len(filters) != 1 {
		t.Fatalf("%d filters, want 1", len(filters))
	}
	var pattern any
	if err := json.Unmarshal([]byte(at(t, filters[0], "Pattern").(string)), &pattern); err != nil {
		t.Fatal(err)
	}
	expect(t, pattern, map[string]any{
		"eventName":                []any{"INSERT"},
		"dynamodb/NewImage/type/S": []any{"entry"},
	})
}

// granted lists what the role of a function allows, as "action on resource".
func granted(t *testing.T, root any, id string) []string {
	t.Helper()
	var grants []string
	for _, statement := range statements(at(t, root, "Resources/"+id+"Role/Properties/Policies")) {
		for _, action := range list(at(t, statement, "Action")) {
			for _, resource := range list(at(t, statement, "Resource")) {
				grants = append(grants, fmt.Sprintf("%v on %v", action, resource))
			}
		}
	}
	slices.Sort(grants)
	return grants
}

func list(value any) []any {
	if values, isList := value.([]any); isList {
		return values
	}
	return []any{value}
}

// onTable and onIndex are grants of actions on the table and of queries on its
// indexes.
func onTable(actions ...string) []string {
	var grants []string
	for _, action := range actions {
		grants = append(grants, "dynamodb:"+action+" on !GetAtt Table.Arn")
	}
	return grants
}

func onIndex(names ...string) []string {
	var grants []string
	for _, name := range names {
		grants = append(grants, "dynamodb:Query on !Sub ${Table.Arn}/index/"+name)
	}
	return grants
}

func TestRolesAllowExactlyThis(t *testing.T) {
	key := []string{"secretsmanager:GetSecretValue on !Ref PersonKeySecretArn"}
	stream := []string{
		"dynamodb:DescribeStream on !GetAtt Table.StreamArn", "dynamodb:GetRecords on !GetAtt Table.StreamArn",
		"dynamodb:GetShardIterator on !GetAtt Table.StreamArn", "dynamodb:ListStreams on !GetAtt Table.StreamArn",
		"sqs:SendMessage on !GetAtt FailureQueue.Arn", "kms:Decrypt on !Ref CustomerKeyArn", "kms:GenerateDataKey on !Ref CustomerKeyArn",
	}
	wanted := map[string][]string{
		"RegisterTender":  slices.Concat(onTable("GetItem", "ConditionCheckItem", "PutItem"), onIndex("byDesk", "byOwner")),
		"AwardContract":   slices.Concat(onTable("BatchGetItem", "GetItem", "Query", "ConditionCheckItem", "PutItem"), onIndex("byDesk", "byOwner")),
		"SubmitProof":     slices.Concat(onTable("BatchGetItem", "GetItem", "Query", "BatchWriteItem", "PutItem", "UpdateItem"), key),
		"VerifyProof":     slices.Concat(onTable("BatchGetItem", "GetItem", "Query", "ConditionCheckItem", "PutItem", "UpdateItem"), onIndex("byDesk")),
		"RollUp":          slices.Concat(onTable("GetItem", "Query", "PutItem"), stream),
		"RecordIndicator": slices.Concat(onTable("GetItem", "Query", "ConditionCheckItem", "PutItem"), onIndex("byDesk")),
		"CloseYear":       onTable("BatchGetItem", "GetItem", "Query", "PutItem"),
		"KeepRegister":    onTable("GetItem", "PutItem", "Query"),
		"Report":          slices.Concat(onTable("BatchGetItem", "GetItem", "Query"), onIndex("byDesk")),
	}
	root := load(t)
	for id := range functions {
		logs := " on !GetAtt " + id + "Logs.Arn"
		want := append(wanted[id], "logs:CreateLogStream"+logs, "logs:PutLogEvents"+logs)
		slices.Sort(want)
		if got := granted(t, root, id); !slices.Equal(got, want) {
			t.Errorf("%s may\n%s\nwant\n%s", id, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// retentions are the days that CloudWatch can keep logs
// (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html),
// as far as they come near half a year.
var retentions = []int{150, 180, 365, 400, 545, 731}

// Half a year, as is asked: the least that there is from 184 days on is 365.
func TestLogsAreKeptHalfAYear(t *testing.T) {
	root := load(t)
	groups := append(slices.Collect(maps.Keys(functions)), "Api")
	least := retentions[slices.IndexFunc(retentions, func(days int) bool { return days >= 184 })]
	for _, id := range groups {
		expect(t, at(t, root, "Resources/"+id+"Logs"), map[string]any{
			"Type":                       "AWS::Logs::LogGroup",
			"DeletionPolicy":             "Retain",
			"UpdateReplacePolicy":        "Retain",
			"Properties/RetentionInDays": strconv.Itoa(least),
			"Properties/KmsKeyId":        customerKey,
		})
	}
	format := at(t, root, "Resources/Api/Properties/AccessLogSettings/Format").(string)
	for _, forbidden := range []string{"query", "authorizer", "userAgent"} {
		if strings.Contains(strings.ToLower(format), strings.ToLower(forbidden)) {
			t.Errorf("the access log holds %q: %s", forbidden, format)
		}
	}
	if !json.Valid([]byte(format)) {
		t.Errorf("the access log is no JSON: %s", format)
	}
}

func TestAlarms(t *testing.T) {
	root := load(t)
	expected := map[string][3]string{
		"RollUpBehind":         {"AWS/Lambda", "IteratorAge", "600000"},
		"FailureQueueNotEmpty": {"AWS/SQS", "ApproximateNumberOfMessagesVisible", "0"},
	}
	for id := range functions {
		expected[id+"Errors"] = [3]string{"AWS/Lambda", "Errors", "0"}
		expect(t, at(t, root, "Resources/"+id+"Errors/Properties"), map[string]any{
			"Dimensions": []any{map[string]any{"Name": "FunctionName", "Value": "!Ref " + id}},
		})
	}
	for id, want := range expected {
		expect(t, at(t, root, "Resources/"+id), map[string]any{
			"Type":                          "AWS::CloudWatch::Alarm",
			"Properties/Namespace":          want[0],
			"Properties/MetricName":         want[1],
			"Properties/Threshold":          want[2],
			"Properties/ComparisonOperator": "GreaterThanThreshold",
			"Properties/TreatMissingData":   "notBreaching",
		})
	}
}

func TestTheFailureQueueKeepsAndRings(t *testing.T) {
	root := load(t)
	expect(t, at(t, root, "Resources"), map[string]any{
		"FailureQueue/Type":                              "AWS::SQS::Queue",
		"FailureQueue/DeletionPolicy":                    "Retain",
		"FailureQueue/Properties/MessageRetentionPeriod": "1209600",
		"FailureQueue/Properties/VisibilityTimeout":      "120",
		"FailureQueueNotEmpty/Properties/Dimensions":     []any{map[string]any{"Name": "QueueName", "Value": "!GetAtt FailureQueue.QueueName"}},
		"FailureQueueNotEmpty/Properties/Statistic":      "Maximum",
		"FailureQueueNotEmpty/Properties/AlarmActions":   map[string]any{"!If": []any{"HasAlarmTopic", []any{"!Ref AlarmTopicArn"}, "!Ref AWS::NoValue"}},
	})
	expect(t, at(t, root, "Outputs"), map[string]any{"FailureQueueUrl/Value": "!Ref FailureQueue"})
}

func TestRoutesHaveOneDefault(t *testing.T) {
	root := load(t)
	var defaults []string
	for id := range functions {
		if id == "RollUp" {
			continue
		}
		for name, event := range at(t, root, "Resources/"+id+"/Properties/Events").(map[string]any) {
			expect(t, event, map[string]any{"Type": "HttpApi", "Properties/ApiId": "!Ref Api"})
			path, hasPath := at(t, event, "Properties").(map[string]any)["Path"].(string)
			if !hasPath {
				defaults = append(defaults, id)
				continue
			}
			if !strings.HasPrefix(path, "/v1/") || strings.HasSuffix(path, "/") {
				t.Errorf("%s/%s: path %q", id, name, path)
			}
		}
	}
	if !slices.Equal(defaults, []string{"Report"}) {
		t.Errorf("default routes go to %v, want Report", defaults)
	}
}
