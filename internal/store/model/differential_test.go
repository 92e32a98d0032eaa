// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"pgregory.net/rapid"

	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/internal/store/model"
)

// fields is a JSON object.
type fields = map[string]any

// side is one of the two engines that are compared, with its table.
type side struct {
	name   string
	url    string
	table  string
	client aws.HTTPClient
}

// ask sends a request of which "TABLE" is the table, and gives what a program
// could read in the answer, in one form.
func (s side) ask(operation string, request fields) (fields, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	body = bytes.ReplaceAll(body, []byte("TABLE"), []byte(s.table))
	sent, err := http.NewRequest(http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	sent.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	sent.Header.Set("Content-Type", "application/x-amz-json-1.0")
	sent.Header.Set("X-Amz-Date", "20220101T000000Z")
	sent.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20220101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=00")
	answer, err := s.client.Do(sent)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	var out fields
	if err := json.Unmarshal(bytes.ReplaceAll(body, []byte(s.table), []byte("TABLE")), &out); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", s.name, err, body)
	}
	out["status"] = answer.StatusCode
	return normal(out), nil
}

// normal leaves out what is for people, and orders what has no order.
func normal(out fields) fields {
	for _, text := range []string{"message", "Message"} {
		delete(out, text)
	}
	if reasons, there := out["CancellationReasons"].([]any); there {
		for _, reason := range reasons {
			delete(reason.(fields), "Message")
		}
	}
	if responses, there := out["Responses"].(fields); there {
		for _, items := range responses {
			slices.SortFunc(items.([]any), func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
	}
	for name, value := range out {
		if nested, there := value.(fields); value == nil || there && len(nested) == 0 {
			delete(out, name)
		}
	}
	return out
}

// pair are the model and a real engine, each with an empty table.
type pair struct{ model, real side }

func bothEngines(t testing.TB) pair {
	t.Helper()
	open := func(name string, config aws.Config) side {
		return side{name, *config.BaseEndpoint, enginetest.CreateTable(t, dynamodb.NewFromConfig(config)), config.HTTPClient}
	}
	memory := engine.Config("http://model.invalid")
	memory.HTTPClient = &http.Client{Transport: model.New(model.Options{Now: time.Now})}
	return pair{open("model", memory), open("engine", enginetest.Config(t))}
}

// same asks both, and fails where a program could tell them apart. It returns
// the answer.
func (p pair) same(t interface{ Fatalf(string, ...any) }, operation string, request fields) fields {
	want, err := p.real.ask(operation, request)
	if err != nil {
		t.Fatalf("%v", err)
	}
	got, err := p.model.ask(operation, request)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if !reflect.DeepEqual(got, want) {
		sent, _ := json.Marshal(request)
		t.Fatalf("%s %s\nthe model: %v\nthe engine: %v", operation, sent, got, want)
	}
	return got
}

func text(s string) fields   { return fields{"S": s} }
func number(n string) fields { return fields{"N": n} }

// drawing draws requests about a few items, so that they meet.
type drawing struct {
	*rapid.T
	run string // keeps the partitions of a run apart from those of others
}

func (d drawing) of(label string, choices ...string) string {
	return rapid.SampledFrom(choices).Draw(d.T, label)
}

func (d drawing) chance(label string, percent int) bool {
	return rapid.IntRange(1, 100).Draw(d.T, label) <= percent
}

func (d drawing) partition() string { return d.run + d.of("partition", "A", "B") }

// sortKey includes two that UTF-16 would put the other way round.
func (d drawing) sortKey() string {
	return d.of("sort key", "a", "a#1", "a#2", "b", "b~", "é", "\uff5e", "\U00010000")
}

func (d drawing) key() fields { return fields{"PK": text(d.partition()), "SK": text(d.sortKey())} }

func (d drawing) number() fields {
	return number(d.of("number", "0", "1", "2", "1.0", "-1", "-0.5", "10", "1e1", "2.50", "9007199254740992", "9007199254740993", "0.1"))
}

func (d drawing) item() fields {
	item := d.key()
	if d.chance("has n", 60) {
		item["n"] = d.number()
	}
	if d.chance("has s", 60) {
		item["s"] = text(d.of("text", "", "x", "xy", "z"))
	}
	if d.chance("has f", 60) {
		item["f"] = fields{"BOOL": d.chance("true", 50)}
	}
	if d.chance("body", 50) {
		item["body"] = text(strings.Repeat("é", rapid.SampledFrom([]int{5, 450, 510, 2000, 2048, 5000}).Draw(d.T, "length")))
	}
	for _, index := range []string{"Owner", "Desk"} {
		if d.chance("in "+index, 50) {
			item[index+"PK"] = text(d.partition())
		}
		if d.chance("sorted in "+index, 70) {
			item[index+"SK"] = text(d.of("index sort", "1", "2", "3"))
		}
	}
	return item
}

// expressions collects placeholders while it draws.
type expressions struct {
	drawing
	names  map[string]string
	values fields
}

func (e expressions) name(name string) string {
	e.names["#"+name] = name
	return "#" + name
}

func (e expressions) value(value fields) string {
	placeholder := fmt.Sprint(":v", len(e.values))
	e.values[placeholder] = value
	return placeholder
}

func (e expressions) put(request fields, field, expression string) {
	request[field] = expression
	if len(e.names) > 0 {
		request["ExpressionAttributeNames"] = e.names
	}
	if len(e.values) > 0 {
		request["ExpressionAttributeValues"] = e.values
	}
}

func (d drawing) expressions() expressions {
	return expressions{d, map[string]string{}, fields{}}
}

// condition draws one over attributes that are no keys.
func (e expressions) condition(depth int) string {
	if depth > 0 && e.chance("nested", 50) {
		switch e.of("nesting", "and", "or", "not", "brackets") {
		case "and":
			return e.condition(depth-1) + " AND " + e.condition(depth-1)
		case "or":
			return e.condition(depth-1) + " or " + e.condition(depth-1)
		case "not":
			return "NOT " + e.condition(depth-1)
		}
		return "(" + e.leaf() + " OR " + e.condition(depth-1) + ")"
	}
	return e.leaf()
}

func (e expressions) leaf() string {
	name := e.name(e.of("attribute", "n", "s", "f", "none"))
	switch e.of("leaf", "exists", "absent", "prefix", "between", "sign", "equal", "attributes") {
	case "exists":
		return "attribute_exists(" + name + ")"
	case "absent":
		return "attribute_not_exists( " + name + " )"
	case "prefix":
		return "begins_with(" + name + ", " + e.value(text(e.of("prefix", "", "x", "xy"))) + ")"
	case "between":
		return name + " BETWEEN " + e.value(number("-0.5")) + " AND " + e.value(number(e.of("upper bound", "-0.5", "0", "1", "10")))
	case "sign":
		value := e.number()
		if e.chance("of text", 40) {
			value = text("x")
		}
		return name + e.of("sign", "<", "<=", ">", ">=") + e.value(value)
	case "attributes":
		other := e.of("other", "OwnerSK", "DeskSK")
		return name + e.of("sign", "=", "<>", "<") + e.name(other)
	}
	return name + " " + e.of("sign", "=", "<>") + " " + e.value(e.anything())
}

func (d drawing) anything() fields {
	switch d.of("kind", "N", "S", "BOOL") {
	case "N":
		return d.number()
	case "S":
		return text(d.of("text", "", "x", "xy", "z"))
	}
	return fields{"BOOL": d.chance("true", 50)}
}

func (d drawing) detail(request fields) fields {
	if detail := d.of("detail", "", "NONE", "TOTAL", "INDEXES"); detail != "" {
		request["ReturnConsumedCapacity"] = detail
	}
	return request
}

// guarded adds a condition to a write, or none.
func (d drawing) guarded(write fields, always bool) fields {
	if always || d.chance("guarded", 60) {
		e := d.expressions()
		e.put(write, "ConditionExpression", e.condition(2))
		if d.chance("tell", 70) {
			write["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
		}
	}
	return write
}

func (d drawing) put() fields {
	return d.detail(d.guarded(fields{"TableName": "TABLE", "Item": d.item()}, false))
}

func (d drawing) get() fields {
	return d.detail(fields{"TableName": "TABLE", "Key": d.key(), "ConsistentRead": d.chance("consistent", 50)})
}

func (d drawing) batchGet() fields {
	keys := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) fields { return drawing{t, d.run}.key() }), 0, 6).Draw(d.T, "keys")
	return d.detail(fields{"RequestItems": fields{"TABLE": fields{"Keys": keys, "ConsistentRead": d.chance("consistent", 50)}}})
}

func (d drawing) batchWrite() fields {
	var puts []fields
	for range rapid.IntRange(1, 4).Draw(d.T, "puts") {
		puts = append(puts, fields{"PutRequest": fields{"Item": d.item()}})
	}
	return d.detail(fields{"RequestItems": fields{"TABLE": puts}})
}

func (d drawing) transaction() fields {
	var members []fields
	for range rapid.IntRange(1, 4).Draw(d.T, "members") {
		switch d.of("member", "Put", "ConditionCheck", "Update") {
		case "Put":
			members = append(members, fields{"Put": d.guarded(fields{"TableName": "TABLE", "Item": d.item()}, false)})
		case "ConditionCheck":
			members = append(members, fields{"ConditionCheck": d.guarded(fields{"TableName": "TABLE", "Key": d.key()}, true)})
		default:
			members = append(members, fields{"Update": d.update()})
		}
	}
	request := fields{"TransactItems": members}
	if distinct(members) && d.chance("token", 50) { // which of two faults is told is of no matter
		request["ClientRequestToken"] = d.run + d.of("token", "1", "2")
		return request // what it takes to be asked again the engine counts otherwise
	}
	return d.detail(request)
}

func distinct(members []fields) bool {
	seen := make(map[string]bool)
	for _, member := range members {
		for _, write := range member {
			key := write.(fields)["Key"]
			if item, isPut := write.(fields)["Item"].(fields); isPut {
				key = fields{"PK": item["PK"], "SK": item["SK"]}
			}
			seen[fmt.Sprint(key)] = true
		}
	}
	return len(seen) == len(members)
}

func (d drawing) update() fields {
	write := fields{"TableName": "TABLE", "Key": d.key()}
	e := d.expressions()
	if d.chance("guarded", 50) {
		e.put(write, "ConditionExpression", e.condition(1))
	}
	expression := ""
	if d.chance("set", 60) {
		expression = "SET " + e.name("s") + " = " + e.value(text("set")) + ", " + e.name("OwnerSK") + "=" + e.value(text("9")) + " "
	}
	if expression == "" || d.chance("add", 60) {
		expression += "ADD " + e.name(d.of("counter", "n", "m", "f")) + " " + e.value(d.number())
	}
	e.put(write, "UpdateExpression", expression)
	return write
}

func (d drawing) query() fields {
	request := fields{"TableName": "TABLE"}
	e := d.expressions()
	index := d.of("index", "", "", "Owner", "Desk")
	if index == "" {
		request["ConsistentRead"] = d.chance("consistent", 50)
	} else {
		request["IndexName"] = "by" + index
	}
	sort, from, to := e.of("sort", "none", "none", "=", "<", ">=", "BETWEEN", "begins_with"), "a", "b"
	if index != "" {
		from, to = "1", "2"
	}
	where := e.name(index+"PK") + " = " + e.value(text(d.partition()))
	switch sort {
	case "none":
	case "BETWEEN":
		where += " AND " + e.name(index+"SK") + " BETWEEN " + e.value(text(from)) + " AND " + e.value(text(to))
	case "begins_with":
		where += " AND begins_with(" + e.name(index+"SK") + "," + e.value(text(from)) + ")"
	default:
		where += " AND " + e.name(index+"SK") + sort + e.value(text(to))
	}
	if d.chance("filtered", 40) {
		request["FilterExpression"] = e.condition(1)
	}
	if d.chance("limited", 60) {
		request["Limit"] = rapid.IntRange(1, 4).Draw(d.T, "limit")
	}
	if d.chance("directed", 60) {
		request["ScanIndexForward"] = d.chance("forward", 40)
	}
	e.put(request, "KeyConditionExpression", where)
	return d.detail(request)
}

// spoiled makes a request that is to be refused of one that is not.
func (d drawing) spoiled(request fields) fields {
	spoiled := maps.Clone(request)
	switch d.of("spoiled", "table", "detail", "unused", "undefined", "empty key", "wrong key", "no key", "index key", "empty index key", "syntax", "number", "kind") {
	case "table":
		spoiled["TableName"] = "another"
	case "detail":
		spoiled["ReturnConsumedCapacity"] = "SOME"
	case "unused":
		spoiled["ConditionExpression"] = "attribute_not_exists(#x)"
		spoiled["ExpressionAttributeNames"] = fields{"#x": "x", "#y": "y"}
	case "undefined":
		spoiled["ConditionExpression"] = "#a = :b"
		spoiled["ExpressionAttributeNames"] = fields{"#a": "x"}
		delete(spoiled, "ExpressionAttributeValues")
	case "empty key":
		spoiled["Item"] = fields{"PK": text("a"), "SK": text("")}
	case "wrong key":
		spoiled["Item"] = fields{"PK": text("a"), "SK": number("1")}
	case "no key":
		spoiled["Item"] = fields{"PK": text("a")}
	case "index key":
		spoiled["Item"] = fields{"PK": text("a"), "SK": text("a"), "OwnerSK": number("1")}
	case "empty index key":
		spoiled["Item"] = fields{"PK": text("a"), "SK": text("a"), "OwnerPK": text("")}
	case "syntax":
		spoiled["ConditionExpression"] = d.of("expression", "#a", "#a =", "(#a = #a", "#a = #a)", "#a == #a", "exists(#a)", "attribute_exists #a", "#a AND #a", "NOT", "#a BETWEEN #a")
		spoiled["ExpressionAttributeNames"] = fields{"#a": "x"}
		delete(spoiled, "ExpressionAttributeValues")
	case "number":
		spoiled["Item"] = fields{"PK": text("a"), "SK": text("a"), "x": number(d.of("no number", "", "x", "1,5", "1e999", "123456789012345678901234567890123456789"))}
	case "kind":
		spoiled["Item"] = fields{"PK": text("a"), "SK": text("a"), "x": d.none()}
	}
	return spoiled
}

func (d drawing) none() fields {
	if d.chance("several", 50) {
		return fields{"S": "a", "N": "1"}
	}
	return fields{}
}

// TestTheModelAnswersAsTheEngine asks both the same, at random.
func TestTheModelAnswersAsTheEngine(t *testing.T) {
	p := bothEngines(t)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		d := drawing{t, fmt.Sprintf("%d#", run)}
		var last fields // transaction
		for range rapid.IntRange(10, 40).Draw(t, "requests") {
			switch d.of("operation", "put", "put", "get", "batchGet", "batchWrite", "transaction", "transaction", "again", "query", "query", "spoiled") {
			case "put":
				p.same(t, "PutItem", d.put())
			case "get":
				p.same(t, "GetItem", d.get())
			case "batchGet":
				p.same(t, "BatchGetItem", d.batchGet())
			case "batchWrite":
				p.same(t, "BatchWriteItem", d.batchWrite())
			case "transaction":
				last = d.transaction()
				p.same(t, "TransactWriteItems", last)
			case "again":
				if last != nil {
					p.same(t, "TransactWriteItems", last)
				}
			case "query":
				request := d.query()
				for range 50 { // to the end, and no further
					answer := p.same(t, "Query", request)
					if request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]; answer["LastEvaluatedKey"] == nil {
						break
					}
				}
			default:
				p.same(t, "PutItem", d.spoiled(fields{"TableName": "TABLE", "Item": d.item()}))
			}
		}
	})
}
