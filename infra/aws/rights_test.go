// SPDX-License-Identifier: EUPL-1.2

package aws_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// customerKey is the customer's own key, where there is one.
var customerKey = map[string]any{"!If": []any{"HasCustomerKey", "!Ref CustomerKeyArn", "!Ref AWS::NoValue"}}

// statements are all those of policies anywhere below a value.
func statements(value any) []map[string]any {
	var found []map[string]any
	switch value := value.(type) {
	case map[string]any:
		if value["Effect"] != nil {
			return []map[string]any{value}
		}
		for _, below := range value {
			found = append(found, statements(below)...)
		}
	case []any:
		for _, below := range value {
			found = append(found, statements(below)...)
		}
	}
	return found
}

// actions are those of a statement.
func actions(statement map[string]any) []string {
	var names []string
	for _, action := range list(statement["Action"]) {
		name, _ := action.(string)
		names = append(names, name)
	}
	return names
}

// known are all actions that may stand in the template, for a function to use or
// to be denied to everyone. No reading or emptying of whole tables, no change of
// tables, no deletion of items, and no action that another would imply.
var known = []string{
	"dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:PutItem",
	"dynamodb:Query", "dynamodb:UpdateItem",
	"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
	"kms:Decrypt", "kms:GenerateDataKey", "logs:CreateLogStream", "logs:PutLogEvents", "secretsmanager:GetSecretValue",
	"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:ReceiveMessage", "sqs:SendMessage", "sts:AssumeRole",
}

func TestNoStatementGoesBeyondWhatIsKnown(t *testing.T) {
	found := statements(load(t))
	if len(found) < 4*len(functions) { // who may take on a role, its log, its reads, its writes
		t.Fatalf("%d statements seen", len(found))
	}
	for _, s := range found {
		for _, key := range []string{"NotAction", "NotResource", "NotPrincipal"} {
			if s[key] != nil {
				t.Errorf("%v: %s grants what nobody listed", s["Sid"], key)
			}
		}
		for _, action := range actions(s) {
			if !slices.Contains(known, action) {
				t.Errorf("%v: %q", s["Sid"], action)
			}
		}
		for _, resource := range list(s["Resource"]) {
			if text, isText := resource.(string); strings.Contains(text, "*") || resource != nil && !isText {
				t.Errorf("%v: on %v", s["Sid"], resource)
			}
		}
	}
}

// Rights that come from elsewhere would be seen by none of these tests.
func TestRolesHoldAllRights(t *testing.T) {
	for id, resource := range at(t, load(t), "Resources").(map[string]any) {
		properties, _ := resource.(map[string]any)["Properties"].(map[string]any)
		switch kind := at(t, resource, "Type"); kind {
		case "AWS::IAM::Role":
			for key := range properties {
				if key != "AssumeRolePolicyDocument" && key != "Policies" {
					t.Errorf("%s has %s", id, key)
				}
			}
		case "AWS::Serverless::Function":
			if properties["Policies"] != nil {
				t.Errorf("%s has Policies", id)
			}
		default:
			if strings.HasPrefix(kind.(string), "AWS::IAM::") || kind == "AWS::Lambda::Permission" {
				t.Errorf("%s is of type %v", id, kind)
			}
		}
	}
}

// The table, its indexes and the secret answer a function over TLS only. Its log,
// the stream and the queue are served by Lambda itself.
func TestRightsHoldOverTLSOnly(t *testing.T) {
	secured := 0
	for id := range functions {
		for _, s := range statements(at(t, load(t), "Resources/"+id+"Role/Properties/Policies")) {
			resource, _ := list(s["Resource"])[0].(string)
			if !strings.Contains(resource, "Table.Arn") && resource != "!Ref PersonKeySecretArn" {
				continue
			}
			secured++
			condition, _ := s["Condition"].(map[string]any)
			if want := map[string]any{"aws:SecureTransport": "true"}; !reflect.DeepEqual(condition["Bool"], want) {
				t.Errorf("%s: %v holds where %v, want Bool %v", id, s["Sid"], condition, want)
			}
		}
	}
	if secured < 2*len(functions) {
		t.Errorf("%d rights seen", secured)
	}
}

func TestFailureQueue(t *testing.T) {
	root := load(t)
	expect(t, at(t, root, "Resources/FailureQueue"), map[string]any{
		"Type":                              "AWS::SQS::Queue",
		"DeletionPolicy":                    "Retain",
		"UpdateReplacePolicy":               "Retain",
		"Properties/MessageRetentionPeriod": "1209600",
		"Properties/KmsMasterKeyId":         customerKey,
		"Properties/SqsManagedSseEnabled":   map[string]any{"!If": []any{"HasCustomerKey", "false", "true"}},
	})
	expect(t, at(t, root, "Resources/FailureQueuePolicy"), map[string]any{
		"Type":              "AWS::SQS::QueuePolicy",
		"Properties/Queues": []any{"!Ref FailureQueue"},
	})
	denied := statements(at(t, root, "Resources/FailureQueuePolicy"))
	if len(denied) != 1 {
		t.Fatalf("%d statements, want 1", len(denied))
	}
	expect(t, denied[0], map[string]any{
		"Effect":                             "Deny",
		"Principal":                          "*",
		"Resource":                           "!GetAtt FailureQueue.Arn",
		"Condition/Bool/aws:SecureTransport": "false",
	})
	for _, action := range []string{"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:ChangeMessageVisibility"} {
		if !slices.Contains(actions(denied[0]), action) {
			t.Errorf("%s is not denied", action)
		}
	}
}

// writes change items, or hold a transaction that does.
var writes = []string{"dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}

// BatchWriteItem may delete as well, and IAM has no condition that tells the two
// apart (LeadingKeys, Attributes, Select, ReturnValues, EnclosingOperation and
// FullTableScan are all there are): so it is submit-proof's alone, and stays with
// the items of contracts.
func TestWritesStayUnderTheirLeadingKeys(t *testing.T) {
	root := load(t)
	for id, want := range map[string]map[string][]any{
		"RegisterTender":  {"Write": {"AUTH#*", "MEMBERS#*", "TENDER#*", "UNIQUE#*"}},
		"AwardContract":   {"Write": {"AUTH#*", "CONTRACT#*", "TENDER#*", "UNIQUE#*"}},
		"SubmitProof":     {"Write": {"CONTRACT#*", "PERSON#*"}, "WriteLines": {"CONTRACT#*"}, "GiveBack": {"PERSON#*"}},
		"VerifyProof":     {"Write": {"CONTRACT#*", "PERSON#*"}},
		"CloseYear":       {"Write": {"AREA#*", "AUTH#*", "CONTRACT#*", "MEMBERS#*", "TENDER#*"}},
		"RollUp":          {"Write": {"AREA#*"}},
		"RecordIndicator": {"Write": {"INDICATOR#*"}},
		"KeepRegister":    {"Write": {"REGISTER#*"}},
		"Report":          {},
	} {
		writing := map[string]map[string]any{}
		for _, s := range statements(at(t, root, "Resources/"+id+"Role/Properties/Policies")) {
			if slices.ContainsFunc(actions(s), func(action string) bool { return slices.Contains(writes, action) }) {
				writing[fmt.Sprint(s["Sid"])] = s
			}
		}
		if len(writing) != len(want) {
			t.Errorf("%s: statements that write: %v", id, writing)
		}
		for sid, keys := range want {
			s := writing[sid]
			expect(t, at(t, s, "Condition"), map[string]any{
				"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": keys},
				"Null":                    map[string]any{"dynamodb:LeadingKeys": "false"},
			})
			if slices.Contains(actions(s), "dynamodb:BatchWriteItem") != (sid == "WriteLines") {
				t.Errorf("%s: %v", id, actions(s))
			}
		}
	}
}

// Who decides or places reads what is taken of people; nobody else comes near them.
func TestOnlyProofIsReadWithPeople(t *testing.T) {
	root := load(t)
	for id := range functions {
		for _, s := range statements(at(t, root, "Resources/"+id+"Role/Properties/Policies")) {
			reads := slices.ContainsFunc(actions(s), func(action string) bool {
				return slices.Contains([]string{"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}, action)
			})
			if !reads || s["Resource"] != "!GetAtt Table.Arn" || id == "SubmitProof" || id == "VerifyProof" {
				continue
			}
			condition := at(t, s, "Condition").(map[string]any)
			keys, _ := at(t, condition, "ForAllValues:StringLike/dynamodb:LeadingKeys").([]any)
			if len(keys) == 0 || slices.ContainsFunc(keys, func(key any) bool { return key == "*" || strings.HasPrefix(fmt.Sprint(key), "PERSON") }) {
				t.Errorf("%s reads %v", id, keys)
			}
			expect(t, condition, map[string]any{"Null/dynamodb:LeadingKeys": "false"})
		}
	}
}

// A request ends before the gateway gives up, and nothing is traced: the rights
// of X-Ray know no resource but *.
func TestFunctionsAreBounded(t *testing.T) {
	root := load(t)
	for id := range functions {
		effective := map[string]any{}
		for _, layer := range []any{at(t, root, "Globals/Function"), at(t, root, "Resources/"+id+"/Properties")} {
			for key, value := range layer.(map[string]any) {
				effective[key] = value
			}
		}
		most := 29
		if id == "RollUp" {
			most = 60
		}
		if seconds := number(t, effective["Timeout"]); seconds < 1 || seconds > most {
			t.Errorf("%s may take %d seconds, want at most %d", id, seconds, most)
		}
		if memory := number(t, effective["MemorySize"]); memory < 256 || memory > 1024 {
			t.Errorf("%s has %d MB", id, memory)
		}
		if effective["Tracing"] != nil || effective["FunctionUrlConfig"] != nil {
			t.Errorf("%s is traced, or has a door of its own", id)
		}
	}
	expect(t, at(t, root, "Resources/Api/Properties/DefaultRouteSettings"), map[string]any{
		"ThrottlingBurstLimit": "200",
		"ThrottlingRateLimit":  "100",
	})
}

// The gateway's own address answers over TLS 1.2 and up only. A domain of one's
// own would have to say so.
func TestTheAPIHasNoOtherDoor(t *testing.T) {
	root := load(t)
	api := at(t, root, "Resources/Api/Properties").(map[string]any)
	if api["Domain"] != nil {
		t.Errorf("the API has a domain: %v", api["Domain"])
	}
	for id, resource := range at(t, root, "Resources").(map[string]any) {
		if kind := at(t, resource, "Type").(string); strings.Contains(kind, "ApiGateway") || strings.Contains(kind, "::Lambda::Url") {
			t.Errorf("%s is of type %s", id, kind)
		}
	}
}

func number(t *testing.T, value any) int {
	t.Helper()
	text, _ := value.(string)
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
