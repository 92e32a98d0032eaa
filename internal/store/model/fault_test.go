// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"socialreturn/infra/local/engine"
	"socialreturn/internal/store/model"
)

// once is a fault of the first call of an operation.
func once(operation string, fate model.Fate) model.Faults {
	done := false
	return func(call model.Call) model.Fate {
		if done || call.Operation != operation {
			return model.Fate{}
		}
		done = true
		return fate
	}
}

// raw is the answer to a request as it comes over the line.
func (s side) raw(ctx context.Context, operation, body string) (*http.Response, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	response, err := s.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response, answer, err
}

const putOfAB = `{"TableName":"TABLE","Item":{"PK":{"S":"a"},"SK":{"S":"b"}}}`

func TestEachFaultIsWhatItSays(t *testing.T) {
	t.Parallel()
	reset := func(err error) bool {
		broken, isNetwork := errors.AsType[*net.OpError](err)
		return isNetwork && errors.Is(broken, syscall.ECONNRESET)
	}
	for fault, want := range map[model.Fault]struct {
		status  int
		says    string // within the body
		fails   func(error) bool
		applied bool
	}{
		model.Pass:        {status: 200, says: "{}", applied: true},
		model.Throughput:  {status: 400, says: "dynamodb.v20120810#ProvisionedThroughputExceededException"},
		model.Throttling:  {status: 400, says: "com.amazon.coral.availability#ThrottlingException"},
		model.ServerError: {status: 500, says: "dynamodb.v20120810#InternalServerError"},
		model.BadGateway:  {status: 502, says: "<html>"},
		model.Unavailable: {status: 503, says: "#ServiceUnavailableException"},
		model.Timeout:     {status: 504, says: "upstream request timeout"},
		model.Conflict:    {status: 400, says: "#TransactionConflictException"},
		model.Reset:       {fails: reset},
		model.Lost:        {fails: reset, applied: true},
		model.Truncated:   {status: 200, fails: func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }, applied: true},
		model.InProgress:  {status: 200, says: "{}", applied: true}, // does not suit a put
		model.EmptyPage:   {status: 200, says: "{}", applied: true},
		model.ShortPage:   {status: 200, says: "{}", applied: true},
		model.Partial:     {status: 200, says: "{}", applied: true},
	} {
		t.Run(string(fault), func(t *testing.T) {
			_, s := small(t, model.Options{Faults: once("PutItem", model.Fate{Fault: fault})})
			response, body, err := s.raw(t.Context(), "PutItem", putOfAB)
			if (err != nil) != (want.fails != nil) || err != nil && !want.fails(err) {
				t.Fatalf("error %v", err)
			}
			if err == nil && (response.StatusCode != want.status || !strings.Contains(string(body), want.says)) {
				t.Errorf("%d %s", response.StatusCode, body)
			}
			if err == nil && response.Header.Get("X-Amz-Crc32") != fmt.Sprint(crc32.ChecksumIEEE(body)) {
				t.Errorf("checksum %s of %s", response.Header.Get("X-Amz-Crc32"), body)
			}
			if applied := s.get(t, "a", "b") != nil; applied != want.applied {
				t.Errorf("applied: %v", applied)
			}
		})
	}
}

func TestARequestThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{})
	for _, body := range []string{"", "{", `{"TableName":1}`, putOfAB[:40], "[]", `{"TableName":"TABLE","Item":{"PK":{"S":"a"},"SK":{"B":"*"}}}`} {
		response, answer, err := s.raw(t.Context(), "PutItem", body)
		if err != nil || response.StatusCode != 400 || !strings.Contains(string(answer), "ValidationException") {
			t.Errorf("%q: %s %v", body, answer, err)
		}
	}
}

// spoil replaces a value somewhere in a request, or leaves it out.
func spoil(t *rapid.T, value any) any {
	if rapid.IntRange(0, 3).Draw(t, "deeper") > 0 {
		switch v := value.(type) {
		case fields:
			if len(v) > 0 {
				name := rapid.SampledFrom(slices.Sorted(maps.Keys(v))).Draw(t, "field")
				return with(v, fields{name: spoil(t, v[name])})
			}
		case []any:
			if len(v) > 0 {
				i := rapid.IntRange(0, len(v)-1).Draw(t, "element")
				return append(append(slices.Clone(v[:i]), spoil(t, v[i])), v[i+1:]...)
			}
		}
	}
	return rapid.SampledFrom([]any{
		nil, "", "a", "#PK", "#PK = :pk AND", "(((", "SET", ":pk", -1, 0, 1.5, true, fields{}, []any{}, []any{nil}, fields{"S": nil}, fields{"N": "1"}, keyed("a", "b"),
	}).Draw(t, "instead")
}

func TestNoRequestBringsItDown(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{})
	key, item := keyed("a", "b"), with(keyed("a", "c"), fields{"n": number("1")})
	named := fields{"#PK": "PK", "#n": "n"}
	requests := map[string]fields{
		"CreateTable":    definition("other", "S", "ALL"),
		"DescribeTable":  {"TableName": "TABLE"},
		"GetItem":        {"TableName": "TABLE", "Key": key},
		"BatchGetItem":   {"RequestItems": fields{"TABLE": fields{"Keys": []any{key, keyed("a", "c")}}}},
		"BatchWriteItem": {"RequestItems": fields{"TABLE": []any{fields{"PutRequest": fields{"Item": item}}}}},
		"PutItem":        {"TableName": "TABLE", "Item": item, "ConditionExpression": "attribute_not_exists(#PK) OR #n > :n", "ExpressionAttributeNames": named, "ExpressionAttributeValues": fields{":n": number("1")}},
		"Query":          with(queryOf("a"), fields{"ExclusiveStartKey": key, "Limit": 1, "FilterExpression": "attribute_exists(#n)", "ExpressionAttributeNames": named}),
		"Scan":           {"TableName": "TABLE", "ExclusiveStartKey": key},
		"TransactWriteItems": {"ClientRequestToken": "a", "TransactItems": []any{
			fields{"Put": fields{"TableName": "TABLE", "Item": item}},
			fields{"ConditionCheck": fields{"TableName": "TABLE", "Key": key, "ConditionExpression": "attribute_not_exists(#PK)", "ExpressionAttributeNames": fields{"#PK": "PK"}}},
			fields{"Update": fields{"TableName": "TABLE", "Key": keyed("a", "d"), "UpdateExpression": "ADD #n :n", "ExpressionAttributeNames": fields{"#n": "n"}, "ExpressionAttributeValues": fields{":n": number("1")}}},
		}},
	}
	rapid.Check(t, func(t *rapid.T) {
		operation := rapid.SampledFrom(slices.Sorted(maps.Keys(requests))).Draw(t, "operation")
		var request any = requests[operation]
		for range rapid.IntRange(0, 3).Draw(t, "faults") {
			request = spoil(t, request)
		}
		body, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		response, answer, err := s.raw(context.Background(), operation, string(body))
		if err != nil || response.StatusCode != http.StatusOK && response.StatusCode != http.StatusBadRequest {
			t.Fatalf("%s %s: %v %s", operation, body, err, answer)
		}
	})
}

func TestAConflictNamesItsMember(t *testing.T) {
	t.Parallel()
	request := fields{"TransactItems": wrapped(3, "Put", fields{"TableName": "TABLE"})}
	for member, want := range map[int]int{0: 0, 2: 2, 4: 1, -1: 0} {
		_, s := small(t, model.Options{Faults: once("TransactWriteItems", model.Fate{Fault: model.Conflict, Member: member})})
		answer, err := s.ask("TransactWriteItems", request)
		if err != nil {
			t.Fatal(err)
		}
		reasons := []any{fields{"Code": "None"}, fields{"Code": "None"}, fields{"Code": "None"}}
		reasons[want] = fields{"Code": "TransactionConflict"}
		if !reflect.DeepEqual(answer["CancellationReasons"], reasons) || s.get(t, "many", "000") != nil {
			t.Errorf("member %d: %v", member, answer)
		}
		s.must(t, "TransactWriteItems", request)
	}
}

func TestATransactionInProgress(t *testing.T) {
	t.Parallel()
	request := fields{"TransactItems": wrapped(1, "Put", fields{"TableName": "TABLE"})}
	_, s := small(t, model.Options{Faults: once("TransactWriteItems", model.Fate{Fault: model.InProgress})})
	s.refused(t, "TransactWriteItems", request, "TransactionInProgressException")
	if s.get(t, "many", "000") != nil {
		t.Error("it was carried out")
	}
}

func TestHalfOfABatchIsLeftOver(t *testing.T) {
	t.Parallel()
	always := func(model.Call) model.Fate { return model.Fate{Fault: model.Partial} }
	_, s := small(t, model.Options{Faults: always})
	left, calls := fields{"TABLE": wrapped(25, "PutRequest", fields{})}, 0
	for {
		answer, err := s.ask("BatchWriteItem", fields{"RequestItems": left})
		if err != nil {
			t.Fatal(err)
		}
		calls++
		if answer["status"] != http.StatusOK { // one of one
			if kind := answer["__type"].(string); !strings.HasSuffix(kind, "#ProvisionedThroughputExceededException") {
				t.Errorf("%v", answer)
			}
			break
		}
		left = answer["UnprocessedItems"].(fields)
	}
	if found := s.must(t, "Scan", fields{"TableName": "TABLE"})["Count"]; calls != 6 || found != 24.0 {
		t.Errorf("%d calls, %v items", calls, found)
	}
	answer := s.must(t, "BatchGetItem", fields{"RequestItems": fields{"TABLE": fields{"Keys": slices.Collect(keys(5)), "ConsistentRead": true}}})
	unread := answer["UnprocessedKeys"].(fields)["TABLE"].(fields)
	if len(answer["Responses"].(fields)["TABLE"].([]any)) != 2 || len(unread["Keys"].([]any)) != 3 || unread["ConsistentRead"] != true {
		t.Errorf("%v", answer)
	}
}

func TestAnEmptyPageLeadsToAllItems(t *testing.T) {
	t.Parallel()
	index := with(queryOf("o"), fields{"IndexName": "byOwner", "ExpressionAttributeNames": fields{"#PK": "OwnerPK"}})
	stretch := with(queryOf("a"), fields{
		"KeyConditionExpression":   "#PK = :pk AND #SK BETWEEN :from AND :to",
		"ExpressionAttributeNames": fields{"#PK": "PK", "#SK": "SK"}, "ExpressionAttributeValues": fields{":pk": text("a"), ":from": text("1"), ":to": text("3")},
	})
	for name, query := range map[string]fields{"table": queryOf("a"), "index": index, "stretch": stretch} {
		for _, forward := range []bool{true, false} {
			// Every other page is empty: the first one, too.
			asked := 0
			_, s := small(t, model.Options{Faults: func(call model.Call) model.Fate {
				if call.Operation == "Query" {
					asked++
				}
				if call.Operation == "Query" && asked%2 == 1 {
					return model.Fate{Fault: model.EmptyPage}
				}
				return model.Fate{}
			}})
			for i := range 5 {
				s.put(t, with(keyed("a", fmt.Sprint(i)), fields{"OwnerPK": text("o"), "OwnerSK": text("same")}))
			}
			request, found, empty := with(query, fields{"Limit": 2, "ScanIndexForward": forward}), []string{}, 0
			for range 10 {
				answer := s.must(t, "Query", request)
				for _, item := range answer["Items"].([]any) {
					found = append(found, item.(fields)["SK"].(fields)["S"].(string))
				}
				if answer["Count"] == 0.0 && answer["LastEvaluatedKey"] != nil {
					empty++
				}
				if request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]; request["ExclusiveStartKey"] == nil {
					break
				}
			}
			want := map[string]string{"table": "01234", "index": "01234", "stretch": "123"}[name]
			if !forward {
				slices.Reverse(found)
			}
			if strings.Join(found, "") != want || empty < 2 {
				t.Errorf("%s, forward %v: %v with %d empty pages", name, forward, found, empty)
			}
		}
	}
}

func TestAShortPageEndsHalfWay(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{Faults: func(model.Call) model.Fate { return model.Fate{Fault: model.ShortPage} }})
	for i := range 5 {
		s.put(t, keyed("a", fmt.Sprint(i)))
	}
	request, counts := queryOf("a"), []any{}
	for range 10 {
		answer := s.must(t, "Query", request)
		counts = append(counts, answer["Count"])
		if request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]; request["ExclusiveStartKey"] == nil {
			break
		}
	}
	if fmt.Sprint(counts) != "[2 1 1 1 0]" {
		t.Errorf("pages of %v", counts)
	}
}

// A read that may be behind sees the table as it was, an index too; others do not.
func TestAReadIsBehind(t *testing.T) {
	t.Parallel()
	behind := 0
	_, s := small(t, model.Options{Faults: func(model.Call) model.Fate { return model.Fate{Behind: behind} }})
	version := func(n int, owner string) fields {
		return with(keyed("a", "b"), fields{"n": number(fmt.Sprint(n)), "OwnerPK": text(owner), "OwnerSK": text("1")})
	}
	s.put(t, version(1, "first"))
	s.put(t, keyed("a", "a"))
	s.put(t, version(2, "second"))
	get := func(consistent bool) string {
		answer := s.must(t, "GetItem", fields{"TableName": "TABLE", "Key": keyed("a", "b"), "ConsistentRead": consistent})
		item, there := answer["Item"].(fields)
		if !there {
			return "absent"
		}
		return item["n"].(fields)["N"].(string)
	}
	count := func(request fields) any { return s.must(t, "Query", request)["Count"] }
	owned := func(owner string) fields {
		return with(queryOf(owner), fields{"IndexName": "byOwner", "ExpressionAttributeNames": fields{"#PK": "OwnerPK"}})
	}
	for n, want := range map[int][]any{
		0: {"2", "2", 2.0, 0.0, 1.0}, 1: {"1", "2", 2.0, 1.0, 0.0}, 2: {"1", "2", 1.0, 1.0, 0.0}, 3: {"absent", "2", 0.0, 0.0, 0.0}, 9: {"absent", "2", 0.0, 0.0, 0.0},
	} {
		behind = n
		if got := []any{get(false), get(true), count(queryOf("a")), count(owned("first")), count(owned("second"))}; !reflect.DeepEqual(got, want) {
			t.Errorf("%d behind: %v, want %v", n, got, want)
		}
		batch := s.must(t, "BatchGetItem", fields{"RequestItems": fields{"TABLE": fields{"Keys": []fields{keyed("a", "a")}}}})
		if found := len(batch["Responses"].(fields)["TABLE"].([]any)); found != map[bool]int{true: 1, false: 0}[n < 2] {
			t.Errorf("%d behind: %d in a batch", n, found)
		}
	}
	behind = 2
	page := with(queryOf("a"), fields{"Limit": 1})
	if cursor := s.must(t, "Query", page)["LastEvaluatedKey"]; !reflect.DeepEqual(cursor, keyed("a", "b")) {
		t.Errorf("a page that is behind ends at %v", cursor)
	}
	if all := count(with(queryOf("a"), fields{"ConsistentRead": true})); all != 2.0 {
		t.Errorf("a consistent query finds %v", all)
	}
}

// A caller that gives up before the call is carried out finds nothing done;
// after it, all. No time passes but that of the bubble.
func TestDelayAndLag(t *testing.T) {
	t.Parallel()
	const patience, long = time.Second, time.Hour
	for name, c := range map[string]struct {
		fate    model.Fate
		applied bool
		took    time.Duration
		fails   bool
	}{
		"delay":          {model.Fate{Delay: patience / 2}, true, patience / 2, false},
		"lag":            {model.Fate{Lag: patience / 2}, true, patience / 2, false},
		"too long delay": {model.Fate{Delay: long}, false, patience, true},
		"too long lag":   {model.Fate{Lag: long}, true, patience, true},
		"late":           {model.Fate{Fault: model.Late, Delay: patience}, false, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, s := small(t, model.Options{Now: time.Now, Faults: once("PutItem", c.fate)})
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				start := time.Now()
				_, _, err := s.raw(ctx, "PutItem", putOfAB)
				if (err != nil) != c.fails || time.Since(start) != c.took {
					t.Errorf("%v after %s", err, time.Since(start))
				}
				if applied := s.get(t, "a", "b") != nil; applied != c.applied {
					t.Errorf("applied: %v", applied)
				}
			})
		})
	}
}

// What comes late is carried out after what came meanwhile, also when nobody
// calls any more.
func TestALateCallIsCarriedOutAfterAll(t *testing.T) {
	t.Parallel()
	c := &clock{time.Unix(1_600_000_000, 0)}
	e, s := small(t, model.Options{Now: c.now, Faults: func(call model.Call) model.Fate {
		switch {
		case strings.Contains(string(call.Body), "slowest"):
			return model.Fate{Fault: model.Late, Delay: 2 * time.Minute}
		case strings.Contains(string(call.Body), "slow"):
			return model.Fate{Fault: model.Late, Delay: time.Minute}
		}
		return model.Fate{}
	}})
	put := func(value string) string {
		return `{"TableName":"TABLE","Item":{"PK":{"S":"a"},"SK":{"S":"b"},"x":{"S":"` + value + `"}}}`
	}
	for _, value := range []string{"slowest", "slow"} {
		if _, _, err := s.raw(t.Context(), "PutItem", put(value)); !errors.Is(err, syscall.ECONNRESET) {
			t.Fatal(err)
		}
	}
	s.put(t, with(keyed("a", "b"), fields{"x": text("quick")}))
	c.time = c.time.Add(time.Hour)
	var order []string
	for _, change := range e.Changes("TABLE", 0) {
		order = append(order, *change.New["x"].S)
	}
	if want := []string{"quick", "slow", "slowest"}; !slices.Equal(order, want) {
		t.Errorf("%v", order)
	}
}

// sdk is a client of the SDK that production uses, its retries on.
func sdk(s side, options ...func(*dynamodb.Options)) *dynamodb.Client {
	config := engine.Config(s.url)
	config.HTTPClient = s.client
	return dynamodb.NewFromConfig(config, options...)
}

// The SDK takes each passing fault for one, and comes through by itself; it waits
// on the clock of the bubble only.
func TestTheSDKRetriesPassingFaults(t *testing.T) {
	t.Parallel()
	for _, fault := range model.AllFaults() {
		if !fault.Suits("PutItem") || fault == model.Conflict || fault == model.Truncated { // which the SDK leaves to its caller
			continue
		}
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e, s := small(t, model.Options{Now: time.Now, Faults: once("PutItem", model.Fate{Fault: fault})})
				item := map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: "a"}, "SK": &types.AttributeValueMemberS{Value: "b"}}
				if _, err := sdk(s).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &s.table, Item: item}); err != nil {
					t.Fatal(err)
				}
				if changes := e.Changes("TABLE", 0); len(changes) != 1 {
					t.Errorf("%d changes", len(changes))
				}
			})
		})
	}
}

// What the SDK makes of each fault where it may not retry.
func TestTheSDKReadsTheErrors(t *testing.T) {
	t.Parallel()
	transact := &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Put: &types.Put{
		TableName: aws.String("TABLE"),
		Item:      map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: "a"}, "SK": &types.AttributeValueMemberS{Value: "b"}},
	}}}}
	is := func(_ any, found bool) bool { return found }
	for fault, fits := range map[model.Fault]func(error) bool{
		model.Throughput: func(err error) bool {
			return is(errors.AsType[*types.ProvisionedThroughputExceededException](err))
		},
		model.ServerError: func(err error) bool { return is(errors.AsType[*types.InternalServerError](err)) },
		model.Truncated:   func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) },
		model.InProgress:  func(err error) bool { return is(errors.AsType[*types.TransactionInProgressException](err)) },
		model.Conflict: func(err error) bool {
			cancelled, found := errors.AsType[*types.TransactionCanceledException](err)
			return found && *cancelled.CancellationReasons[0].Code == "TransactionConflict"
		},
	} {
		_, s := small(t, model.Options{Faults: once("TransactWriteItems", model.Fate{Fault: fault})})
		client := sdk(s, func(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} })
		if _, err := client.TransactWriteItems(t.Context(), transact); err == nil || !fits(err) {
			t.Errorf("%s: %v", fault, err)
		}
	}
}

func TestSeededFatesRepeatAndMeetAllFaults(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) []model.Fate {
		decide := model.Seeded(seed, model.Even())
		var fates []model.Fate
		for i := range 20_000 {
			operation := []string{"PutItem", "Query", "TransactWriteItems", "BatchWriteItem"}[i%4]
			fate := decide(model.Call{Number: i + 1, Operation: operation})
			if !fate.Fault.Suits(operation) {
				t.Fatalf("%s of %s", fate.Fault, operation)
			}
			fates = append(fates, fate)
		}
		return fates
	}
	first := draw(1)
	if !slices.Equal(first, draw(1)) {
		t.Error("one seed, two series")
	}
	if slices.Equal(first, draw(2)) {
		t.Error("two seeds, one series")
	}
	counts, slow, stale := map[model.Fault]int{}, 0, 0
	for _, fate := range first {
		counts[fate.Fault]++
		if fate.Delay > 0 {
			slow++
		}
		if fate.Behind > 0 {
			stale++
		}
	}
	for _, fault := range model.AllFaults() {
		if n := counts[fault]; n < 25 || n > 300 { // a hundredth of the calls that it suits
			t.Errorf("%s: %d of %d", fault, n, len(first))
		}
	}
	if slow < 3500 || slow > 4500 || stale < 3500 || stale > 4500 {
		t.Errorf("%d slow and %d stale of %d", slow, stale, len(first))
	}
}
