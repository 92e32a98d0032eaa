// SPDX-License-Identifier: EUPL-1.2

package guard_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/infra/local/guard"
	"socialreturn/infra/local/template"
)

// guarded is a guard before a server that only notes what reaches it.
type guarded struct {
	*guard.Guard
	reached []string
}

func newGuard(t *testing.T, policy ...template.Statement) *guarded {
	t.Helper()
	g := &guarded{}
	engine := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		g.reached = append(g.reached, r.Header.Get("X-Amz-Target")+" "+string(body))
	}))
	t.Cleanup(engine.Close)
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	if g.Guard, err = guard.New(engine.URL, layout.Table("t"), []template.Function{{Name: "f", Policy: policy}, {Name: "other"}}); err != nil {
		t.Fatal(err)
	}
	return g
}

const signature = "AWS4-HMAC-SHA256 Credential=f/20220101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"

// ask sends a request; the answer is the code of the error, or nothing.
func (g *guarded) ask(t *testing.T, authorization, operation, body string) (code, message string) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
	request.Header.Set("Authorization", authorization)
	request.Header.Set("X-Amz-Target", operation)
	answer := httptest.NewRecorder()
	before := len(g.reached)
	g.ServeHTTP(answer, request)
	if answer.Code == http.StatusOK {
		if want := operation + " " + body; len(g.reached) != before+1 || g.reached[before] != want {
			t.Errorf("the engine got %q, want %q", g.reached[before:], want)
		}
		return "", ""
	}
	var refusal struct {
		Type    string `json:"__type"`
		Message string
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &refusal); err != nil || answer.Code != http.StatusBadRequest {
		t.Errorf("refused with %d %s", answer.Code, answer.Body)
	}
	if len(g.reached) != before {
		t.Errorf("refused, and still the engine got %q", g.reached[before:])
	}
	return strings.TrimPrefix(refusal.Type, "com.amazon.coral.service#"), refusal.Message
}

const denied = "AccessDeniedException"

func allow(actions string, places ...string) template.Statement {
	if places == nil {
		places = []string{""}
	}
	statement := template.Statement{Places: places}
	for action := range strings.FieldsSeq(actions) {
		statement.Actions = append(statement.Actions, "dynamodb:"+action)
	}
	return statement
}

func under(s template.Statement, patterns ...string) template.Statement {
	s.LeadingKeys = patterns
	return s
}

// Requests of every operation, on partition key A#1 where they name one.
const (
	itemA  = `{"PK":{"S":"A#1"},"SK":{"S":"x"},"body":{"S":"PK"},"n":{"N":"1"},"l":{"L":[{"S":"y"}]}}`
	get    = `{"TableName":"t","Key":` + itemA + `}`
	put    = `{"TableName":"t","Item":` + itemA + `}`
	query  = `{"TableName":"t","KeyConditionExpression":"#PK = :pk AND #SK BETWEEN :a AND :b","ExpressionAttributeNames":{"#PK":"PK","#SK":"SK"},"ExpressionAttributeValues":{":pk":{"S":"A#1"},":a":{"S":"x"},":b":{"S":"y"}}}`
	byDesk = `{"TableName":"t","IndexName":"byDesk","KeyConditionExpression":"DeskSK = :s AND DeskPK=:p","ExpressionAttributeValues":{":p":{"S":"A#1"},":s":{"S":"B"}}}`
	reads  = `{"RequestItems":{"t":{"Keys":[` + itemA + `]}}}`
	writes = `{"RequestItems":{"t":[{"PutRequest":{"Item":` + itemA + `}},{"DeleteRequest":{"Key":` + itemA + `}}]}}`
	tx     = `{"TransactItems":[{"Put":` + put + `},{"Update":` + get + `},{"Delete":` + get + `},{"ConditionCheck":` + get + `}]}`
	txGet  = `{"TransactItems":[{"Get":` + get + `}]}`
)

// every operation with a request, the rights that it takes, and where.
var every = []struct{ operation, body, actions, place string }{
	{"GetItem", get, "GetItem", ""},
	{"PutItem", put, "PutItem", ""},
	{"UpdateItem", get, "UpdateItem", ""},
	{"DeleteItem", get, "DeleteItem", ""},
	{"Query", query, "Query", ""},
	{"Query", byDesk, "Query", "byDesk"},
	{"BatchGetItem", reads, "BatchGetItem", ""},
	{"BatchWriteItem", writes, "BatchWriteItem", ""},
	{"TransactGetItems", txGet, "GetItem", ""},
	{"TransactWriteItems", tx, "PutItem UpdateItem DeleteItem ConditionCheckItem", ""},
	{"Scan", `{"TableName":"t"}`, "Scan", ""},
	{"Scan", `{"TableName":"t","IndexName":"byOwner"}`, "Scan", "byOwner"},
}

const all = "GetItem PutItem UpdateItem DeleteItem Query BatchGetItem BatchWriteItem ConditionCheckItem Scan"

func TestEveryOperationTakesItsOwnRights(t *testing.T) {
	for _, e := range every {
		t.Run(e.operation+" "+e.place, func(t *testing.T) {
			enough := newGuard(t, allow(e.actions, e.place))
			if code, message := enough.ask(t, signature, "DynamoDB_20120810."+e.operation, e.body); code != "" {
				t.Errorf("%s with its own rights: %s %s", e.operation, code, message)
			}
			if unused := enough.Unused(); unused != nil || enough.Refused() != nil {
				t.Errorf("unused %v, refused %v", unused, enough.Refused())
			}
			for action := range strings.FieldsSeq(e.actions) {
				rest := strings.Join(slices.DeleteFunc(strings.Fields(all), func(a string) bool { return a == action }), " ")
				without := newGuard(t, allow(rest, "", "byDesk", "byOwner"))
				code, message := without.ask(t, signature, "DynamoDB_20120810."+e.operation, e.body)
				if code != denied || !strings.Contains(message, "/f/") || !strings.Contains(message, "perform: dynamodb:"+action+" on") {
					t.Errorf("%s without %s: %q %q", e.operation, action, code, message)
				}
				if len(without.Unused()) != 3*(len(strings.Fields(all))-1) {
					t.Errorf("a refused request counts as use: %v", without.Unused())
				}
			}
			elsewhere := newGuard(t, allow(all, map[bool]string{true: "byDesk", false: ""}[e.place == ""]))
			if code, _ := elsewhere.ask(t, signature, "DynamoDB_20120810."+e.operation, e.body); code != denied {
				t.Errorf("%s with the rights of another place: %q", e.operation, code)
			}
		})
	}
}

func TestDenialNamesFunctionActionAndResource(t *testing.T) {
	g := newGuard(t)
	_, message := g.ask(t, signature, "DynamoDB_20120810.Query", byDesk)
	want := "User: arn:aws:sts::000000000000:assumed-role/f/local is not authorized to perform: dynamodb:Query on resource: " +
		"arn:aws:dynamodb:eu-west-1:000000000000:table/t/index/byDesk because no identity-based policy allows the dynamodb:Query action"
	if message != want {
		t.Errorf("got  %s\nwant %s", message, want)
	}
	g.ask(t, signature, "DynamoDB_20120810.Query", byDesk)
	g.ask(t, signature, "DynamoDB_20120810.GetItem", get)
	if got := g.Refused(); !slices.Equal(got, []string{"f: dynamodb:GetItem on the table", "f: dynamodb:Query on index/byDesk"}) {
		t.Errorf("refused %v", got)
	}
}

func TestLeadingKeys(t *testing.T) {
	everywhere := []string{"", "byDesk", "byOwner"}
	for _, e := range every {
		named := strings.Contains(e.body, "A#1")
		for name, test := range map[string]struct {
			patterns []string
			body     string
			allowed  bool
		}{
			"its key":                 {[]string{"A#*"}, e.body, named},
			"one of two patterns":     {[]string{"C#*", "A#?"}, e.body, named},
			"no prefix of a pattern":  {[]string{"A"}, e.body, false},
			"one letter, not none":    {[]string{"A#1?"}, e.body, false},
			"a point is no wildcard":  {[]string{"A.1"}, e.body, false},
			"in the middle of a name": {[]string{"#*"}, e.body, false},
		} {
			g := newGuard(t, under(allow(all, everywhere...), test.patterns...))
			if code, _ := g.ask(t, signature, "DynamoDB_20120810."+e.operation, test.body); (code == "") != test.allowed {
				t.Errorf("%s of %s: %q", e.operation, name, code)
			}
		}
		parts := strings.Split(e.body, "A#1")
		for i := 1; i < len(parts); i++ {
			body := strings.Join(parts[:i], "A#1") + "B#1" + strings.Join(parts[i:], "A#1")
			g := newGuard(t, under(allow(all, everywhere...), "A#*"))
			if code, _ := g.ask(t, signature, "DynamoDB_20120810."+e.operation, body); code != denied {
				t.Errorf("%s with another key in place %d of %d: %q", e.operation, i, len(parts)-1, code)
			}
		}
	}
}

func TestRequestsThatNameNoKeyAreNotUnderLeadingKeys(t *testing.T) {
	g := newGuard(t, under(allow(all, "", "byDesk"), "*"))
	for operation, body := range map[string]string{
		"Query":              `{"TableName":"t","KeyConditionExpression":"SK = :s","ExpressionAttributeValues":{":s":{"S":"A#1"}}}`,
		"GetItem":            `{"TableName":"t","Key":{"PK":{"N":"1"}}}`,
		"PutItem":            `{"TableName":"t","Item":{"SK":{"S":"A#1"}}}`,
		"BatchGetItem":       `{"RequestItems":{"t":{"Keys":[{}]}}}`,
		"BatchWriteItem":     `{"RequestItems":{"t":[{}]}}`,
		"TransactWriteItems": `{"TransactItems":[{"Put":` + put + `},{"Put":{"TableName":"t","Item":{}}}]}`,
	} {
		if code, _ := g.ask(t, signature, "DynamoDB_20120810."+operation, body); code != denied {
			t.Errorf("%s: %q", operation, code)
		}
	}
	if code, _ := g.ask(t, signature, "DynamoDB_20120810.Query", strings.Replace(byDesk, `"IndexName":"byDesk",`, "", 1)); code != denied {
		t.Error("the key of an index passes for the table's")
	}
}

func TestOnlyTheTableOfTheTemplate(t *testing.T) {
	g := newGuard(t, allow(all))
	for _, e := range every[:4] {
		if code, message := g.ask(t, signature, "DynamoDB_20120810."+e.operation, strings.Replace(e.body, `"t"`, `"u"`, 1)); code != denied || !strings.Contains(message, "table/u because") {
			t.Errorf("%s: %q %q", e.operation, code, message)
		}
	}
	for operation, body := range map[string]string{
		"BatchGetItem":       strings.Replace(reads, `}}}`, `},"u":{"Keys":[]}}}`, 1),
		"BatchWriteItem":     `{"RequestItems":{"t":[],"u":[]}}`,
		"TransactWriteItems": strings.Replace(tx, `"t"`, `"u"`, 1),
		"GetItem":            `{"Key":{}}`,
	} {
		if code, _ := g.ask(t, signature, "DynamoDB_20120810."+operation, body); code != denied {
			t.Errorf("%s: %q", operation, code)
		}
	}
}

func TestWhatIsNoRequestOfAFunctionIsRefused(t *testing.T) {
	const getItem = "DynamoDB_20120810.GetItem"
	otherFunction := strings.Replace(signature, "=f/", "=other/", 1)
	tests := map[string]struct{ authorization, operation, body, want string }{
		"no signature":             {"", getItem, get, "MissingAuthenticationTokenException"},
		"a bearer token":           {"Bearer f", getItem, get, "MissingAuthenticationTokenException"},
		"another service":          {strings.Replace(signature, "dynamodb", "s3", 1), getItem, get, "MissingAuthenticationTokenException"},
		"nobody we know":           {strings.Replace(signature, "=f/", "=g/", 1), getItem, get, "UnrecognizedClientException"},
		"a function with no right": {otherFunction, getItem, get, denied},
		"no operation":             {signature, "", get, "UnknownOperationException"},
		"the stream":               {signature, "DynamoDBStreams_20120810.GetRecords", "{}", "UnknownOperationException"},
		"the house's business":     {signature, "DynamoDB_20120810.DeleteTable", `{"TableName":"t"}`, denied},
		"another language":         {signature, "DynamoDB_20120810.ExecuteStatement", `{"Statement":"SELECT * FROM t"}`, denied},
		"no body":                  {signature, getItem, "", "SerializationException"},
		"half a body":              {signature, getItem, get[:len(get)-1], "SerializationException"},
		"a list":                   {signature, getItem, "[]", "SerializationException"},
		"a key that is none":       {signature, getItem, `{"TableName":"t","Key":{"PK":"A#1"}}`, "SerializationException"},
		"reads that are none":      {signature, "DynamoDB_20120810.BatchGetItem", `{"RequestItems":{"t":[1]}}`, "SerializationException"},
		"writes that are none":     {signature, "DynamoDB_20120810.BatchWriteItem", `{"RequestItems":{"t":{"PutRequest":1}}}`, "SerializationException"},
		"an unknown member":        {signature, "DynamoDB_20120810.TransactWriteItems", `{"TransactItems":[{"Drop":{"TableName":"t"}}]}`, denied},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := newGuard(t, allow(all, "", "byDesk", "byOwner"))
			if code, message := g.ask(t, test.authorization, test.operation, test.body); code != test.want || message == "" {
				t.Errorf("%q %q, want %q", code, message, test.want)
			}
		})
	}
}

func TestUnusedRights(t *testing.T) {
	g := newGuard(t, allow("GetItem"), under(allow("PutItem"), "B#*"), allow("Query", "", "byDesk"))
	g.ask(t, signature, "DynamoDB_20120810.GetItem", get)
	g.ask(t, signature, "DynamoDB_20120810.PutItem", put)
	g.ask(t, signature, "DynamoDB_20120810.Query", query)
	want := []string{"f: dynamodb:PutItem on the table", "f: dynamodb:Query on index/byDesk"}
	if got := g.Unused(); !slices.Equal(got, want) {
		t.Errorf("unused %v, want %v", got, want)
	}
}

func TestEngineThatIsGone(t *testing.T) {
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	g, err := guard.New(gone.URL, layout.Table("t"), []template.Function{{Name: "f", Policy: []template.Statement{allow(all)}}})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(get))
	request.Header.Set("Authorization", signature)
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810.GetItem")
	answer := httptest.NewRecorder()
	if g.ServeHTTP(answer, request); answer.Code != http.StatusBadGateway {
		t.Errorf("answered %d", answer.Code)
	}
}

// client is the SDK's client of a function, through a guard before the real engine.
func client(t *testing.T, user string, policy ...template.Statement) (*dynamodb.Client, string, *int) {
	t.Helper()
	config := enginetest.Config(t)
	table := enginetest.CreateTable(t, dynamodb.NewFromConfig(config))
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	g, err := guard.New(*config.BaseEndpoint, layout.Table(table), []template.Function{{Name: "verify-proof", Policy: policy}})
	if err != nil {
		t.Fatal(err)
	}
	var mutex sync.Mutex
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		requests++
		mutex.Unlock()
		g.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return dynamodb.New(dynamodb.Options{
		Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider(user, "secret", ""),
	}), table, &requests
}

func TestTheSDKThroughTheGuard(t *testing.T) {
	c, table, requests := client(t, "verify-proof", allow("GetItem"), under(allow("PutItem"), "A#*"))
	item := map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "A#1"}, "SK": &types.AttributeValueMemberS{Value: "x"}, "n": &types.AttributeValueMemberN{Value: "7"},
	}
	if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
		t.Fatal(err)
	}
	key := map[string]types.AttributeValue{"PK": item["PK"], "SK": item["SK"]}
	got, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table, Key: key, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := got.Item["n"].(*types.AttributeValueMemberN); !ok || n.Value != "7" {
		t.Errorf("read %v", got.Item)
	}
	*requests = 0
	_, err = c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &table, Key: key})
	var refusal smithy.APIError
	if !errors.As(err, &refusal) || refusal.ErrorCode() != denied || !strings.Contains(refusal.ErrorMessage(), "dynamodb:DeleteItem") {
		t.Errorf("deleting: %v", err)
	}
	if *requests != 1 {
		t.Errorf("the SDK asked %d times for what is denied", *requests)
	}
}

func TestTheSDKOfAnUnknownUser(t *testing.T) {
	c, table, _ := client(t, "nobody", allow(all))
	_, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
	var refusal smithy.APIError
	if !errors.As(err, &refusal) || refusal.ErrorCode() != "UnrecognizedClientException" {
		t.Errorf("scanning: %v", err)
	}
}

func BenchmarkGuard(b *testing.B) {
	engine := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer engine.Close()
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		b.Fatal(err)
	}
	g, err := guard.New(engine.URL, layout.Table("t"), []template.Function{{Name: "f", Policy: []template.Statement{allow(all)}}})
	if err != nil {
		b.Fatal(err)
	}
	front := httptest.NewServer(g)
	defer front.Close()
	body := strings.Replace(writes, "y", strings.Repeat("y", 4096), 1)
	for name, address := range map[string]string{"direct": engine.URL, "guarded": front.URL} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, address, strings.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				request.Header.Set("Authorization", signature)
				request.Header.Set("X-Amz-Target", "DynamoDB_20120810.BatchWriteItem")
				response, err := http.DefaultClient.Do(request)
				if err != nil || response.StatusCode != http.StatusOK {
					b.Fatal(response, err)
				}
				_ = response.Body.Close()
			}
		})
	}
}
