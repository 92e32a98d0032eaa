// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"socialreturn/internal/store/model"
)

// clock is one that a test sets.
type clock struct{ time time.Time }

func (c *clock) now() time.Time { return c.time }

// small is an engine with a table of two indexes, and the line to it.
func small(t testing.TB, options model.Options) (*model.Engine, side) {
	t.Helper()
	if options.Now == nil {
		options.Now = (&clock{time.Unix(1_600_000_000, 0)}).now
	}
	faults := options.Faults
	ready := false
	options.Faults = func(call model.Call) model.Fate {
		if !ready || faults == nil {
			return model.Fate{}
		}
		return faults(call)
	}
	e := model.New(options)
	s := side{"model", "http://model.invalid", "TABLE", &http.Client{Transport: e}}
	s.must(t, "CreateTable", definition("TABLE", "S", "ALL"))
	ready = true
	return e, s
}

func definition(name, kind, projection string) fields {
	attribute := func(name, kind string) fields { return fields{"AttributeName": name, "AttributeType": kind} }
	key := func(hash, sort string) []fields {
		return []fields{{"AttributeName": hash, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}}
	}
	index := func(name string) fields {
		return fields{"IndexName": "by" + name, "KeySchema": key(name+"PK", name+"SK"), "Projection": fields{"ProjectionType": projection}}
	}
	return fields{
		"TableName": name, "BillingMode": "PAY_PER_REQUEST", "KeySchema": key("PK", "SK"),
		"AttributeDefinitions": []fields{
			attribute("PK", "S"), attribute("SK", kind), attribute("OwnerPK", "S"), attribute("OwnerSK", "S"), attribute("DeskPK", "S"), attribute("DeskSK", "S"),
		},
		"GlobalSecondaryIndexes": []fields{index("Owner"), index("Desk")},
	}
}

// must gives the answer to a request that is not refused.
func (s side) must(t testing.TB, operation string, request fields) fields {
	t.Helper()
	answer, err := s.ask(operation, request)
	if err != nil || answer["status"] != http.StatusOK {
		t.Fatalf("%s: %v %v", operation, answer, err)
	}
	return answer
}

// refused holds that a request is, and with which error.
func (s side) refused(t testing.TB, operation string, request fields, want string) {
	t.Helper()
	answer, err := s.ask(operation, request)
	if err != nil {
		t.Fatal(err)
	}
	if kind, _ := answer["__type"].(string); answer["status"] != http.StatusBadRequest || !strings.HasSuffix(kind, "#"+want) {
		t.Errorf("%s is answered %v, want %s", operation, answer, want)
	}
}

func (s side) put(t testing.TB, item fields) {
	t.Helper()
	s.must(t, "PutItem", fields{"TableName": "TABLE", "Item": item})
}

func (s side) get(t testing.TB, pk, sk string) fields {
	t.Helper()
	item, _ := s.must(t, "GetItem", fields{"TableName": "TABLE", "ConsistentRead": true, "Key": keyed(pk, sk)})["Item"].(fields)
	return item
}

// keyed is a key, and an item with it.
func keyed(pk, sk string) fields { return fields{"PK": text(pk), "SK": text(sk)} }

func queryOf(pk string) fields {
	return fields{
		"TableName": "TABLE", "KeyConditionExpression": "#PK = :pk",
		"ExpressionAttributeNames": fields{"#PK": "PK"}, "ExpressionAttributeValues": fields{":pk": text(pk)},
	}
}

func with(request fields, more fields) fields {
	joined := fields{}
	for _, part := range []fields{request, more} {
		for name, value := range part {
			joined[name] = value
		}
	}
	return joined
}

func TestWhatIsNotInTheModelIsRefused(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{})
	put := fields{"TableName": "TABLE", "Item": keyed("a", "b")}
	update := func(expression string) fields {
		return fields{"TransactItems": []fields{{"Update": fields{
			"TableName": "TABLE", "Key": keyed("a", "b"), "UpdateExpression": expression,
			"ExpressionAttributeNames": fields{"#a": "x"}, "ExpressionAttributeValues": fields{":v": number("1")},
		}}}}
	}
	onlyIf := func(expression string) fields {
		return with(put, fields{"ConditionExpression": expression, "ExpressionAttributeNames": fields{"#a": "x"}, "ExpressionAttributeValues": fields{":v": text("1")}})
	}
	value := func(value fields) fields {
		return fields{"TableName": "TABLE", "Item": with(keyed("a", "b"), fields{"x": value})}
	}
	for name, c := range map[string]struct {
		operation string
		request   fields
	}{
		"projection":                {"Query", with(queryOf("a"), fields{"ProjectionExpression": "#PK"})},
		"select":                    {"Query", with(queryOf("a"), fields{"Select": "COUNT"})},
		"legacy condition":          {"PutItem", with(put, fields{"Expected": fields{}})},
		"values returned":           {"PutItem", with(put, fields{"ReturnValues": "ALL_OLD"})},
		"filtered scan":             {"Scan", fields{"TableName": "TABLE", "FilterExpression": "#a = :v"}},
		"deletion in a batch":       {"BatchWriteItem", fields{"RequestItems": fields{"TABLE": []fields{{"DeleteRequest": fields{"Key": keyed("a", "b")}}}}}},
		"deletion in a transaction": {"TransactWriteItems", fields{"TransactItems": []fields{{"Delete": fields{"TableName": "TABLE", "Key": keyed("a", "b")}}}}},
		"map":                       {"PutItem", value(fields{"M": fields{}})},
		"list":                      {"PutItem", value(fields{"L": []fields{}})},
		"set":                       {"PutItem", value(fields{"SS": []string{"a"}})},
		"contains":                  {"PutItem", onlyIf("contains(#a, :v)")},
		"size":                      {"PutItem", onlyIf("size(#a) > :v")},
		"in":                        {"PutItem", onlyIf("#a IN (:v)")},
		"bare name":                 {"PutItem", onlyIf("attribute_exists(x) AND #a = :v")},
		"path":                      {"PutItem", onlyIf("#a.#a = :v")},
		"element":                   {"PutItem", onlyIf("#a[0] = :v")},
		"functions in capitals":     {"PutItem", onlyIf("ATTRIBUTE_EXISTS(#a) AND #a = :v")},
		"arithmetic":                {"TransactWriteItems", update("SET #a = #a + :v")},
		"if_not_exists":             {"TransactWriteItems", update("SET #a = if_not_exists(#a, :v)")},
		"removal":                   {"TransactWriteItems", update("REMOVE #a")},
		"deletion from a set":       {"TransactWriteItems", update("DELETE #a :v")},
		"numeric key":               {"CreateTable", definition("other", "N", "ALL")},
		"index of keys":             {"CreateTable", definition("other", "S", "KEYS_ONLY")},
		"put of a key":              {"PutItem", with(put, fields{"Key": keyed("a", "b")})},
	} {
		t.Run(name, func(t *testing.T) { s.refused(t, c.operation, c.request, "ValidationException") })
	}
	for _, operation := range []string{"DeleteItem", "UpdateItem", "TransactGetItems", "ListTables", ""} {
		s.refused(t, operation, fields{}, "UnknownOperationException")
	}
	if item := s.get(t, "a", "b"); item != nil {
		t.Errorf("a refused request wrote %v", item)
	}
}

// Where the embedded engine differs, and what only few requests meet.
func TestWhatDynamoDBRefusesIsRefused(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{})
	s.put(t, keyed("a", "b"))
	write := func(kind string, of fields) fields {
		return fields{"TransactItems": []fields{{kind: with(fields{"TableName": "TABLE"}, of)}}}
	}
	update := func(expression, name string, value fields) fields {
		return write("Update", fields{
			"Key": keyed("a", "b"), "UpdateExpression": expression,
			"ExpressionAttributeNames": fields{"#a": name}, "ExpressionAttributeValues": fields{":v": value},
		})
	}
	start := func(key fields) fields { return with(queryOf("a"), fields{"ExclusiveStartKey": key}) }
	stretch := with(queryOf("a"), fields{
		"KeyConditionExpression":   "#PK = :pk AND #SK > :sk",
		"ExpressionAttributeNames": fields{"#PK": "PK", "#SK": "SK"}, "ExpressionAttributeValues": fields{":pk": text("a"), ":sk": text("b")},
	})
	where := func(expression string) fields {
		return with(stretch, fields{"KeyConditionExpression": expression})
	}
	for name, c := range map[string]struct {
		operation string
		request   fields
		want      string
	}{
		"a key updated":                    {"TransactWriteItems", update("SET #a = :v", "SK", text("c")), "ValidationException"},
		"an attribute updated twice":       {"TransactWriteItems", update("SET #a = :v ADD #a :v", "x", number("1")), "ValidationException"},
		"a section twice":                  {"TransactWriteItems", update("SET #a = :v SET #a = :v", "x", number("1")), "ValidationException"},
		"an update of nothing":             {"TransactWriteItems", update("SET", "x", number("1")), "ValidationException"},
		"text added":                       {"TransactWriteItems", update("ADD #a :v", "x", text("1")), "ValidationException"},
		"two kinds of member":              {"TransactWriteItems", fields{"TransactItems": []fields{{"Put": fields{}, "Update": fields{}}}}, "ValidationException"},
		"a check of nothing":               {"TransactWriteItems", write("ConditionCheck", fields{"Key": keyed("a", "b")}), "ValidationException"},
		"a long token":                     {"TransactWriteItems", with(write("Put", fields{"Item": keyed("a", "c")}), fields{"ClientRequestToken": strings.Repeat("x", 37)}), "ValidationException"},
		"a start in another partition":     {"Query", start(keyed("b", "b")), "ValidationException"},
		"a start without sort key":         {"Query", start(fields{"PK": text("a")}), "ValidationException"},
		"a start with more":                {"Query", start(with(keyed("a", "b"), fields{"x": text("c")})), "ValidationException"},
		"a start before the stretch":       {"Query", with(stretch, fields{"ExclusiveStartKey": keyed("a", "a")}), "ValidationException"},
		"no partition":                     {"Query", where("#SK > :sk AND #SK > :pk AND #PK = :pk"), "ValidationException"},
		"a stretch of partitions":          {"Query", where("#PK > :pk AND #SK > :sk"), "ValidationException"},
		"other than":                       {"Query", where("#PK = :pk AND #SK <> :sk"), "ValidationException"},
		"either":                           {"Query", where("#PK = :pk OR #SK = :sk"), "ValidationException"},
		"a consistent read of an index":    {"Query", with(queryOf("a"), fields{"IndexName": "byOwner", "ConsistentRead": true}), "ValidationException"},
		"an unknown index":                 {"Query", with(queryOf("a"), fields{"IndexName": "byDay"}), "ValidationException"},
		"a limit of none":                  {"Query", with(queryOf("a"), fields{"Limit": 0}), "ValidationException"},
		"bounds the wrong way":             {"Query", where("#PK = :pk AND #SK BETWEEN :sk AND :pk"), "ValidationException"},
		"a filter on the key":              {"Query", with(stretch, fields{"FilterExpression": "#SK = :sk"}), "ValidationException"},
		"no item":                          {"PutItem", fields{"TableName": "TABLE"}, "ValidationException"},
		"an endless key":                   {"PutItem", fields{"TableName": "TABLE", "Item": keyed("a", strings.Repeat("x", 1025))}, "ValidationException"},
		"an endless partition":             {"PutItem", fields{"TableName": "TABLE", "Item": keyed(strings.Repeat("x", 2049), "a")}, "ValidationException"},
		"an endless index key":             {"PutItem", fields{"TableName": "TABLE", "Item": with(keyed("a", "c"), fields{"OwnerSK": text(strings.Repeat("x", 1025))})}, "ValidationException"},
		"an endless expression":            {"PutItem", fields{"TableName": "TABLE", "Item": keyed("a", "c"), "ConditionExpression": strings.Repeat(" ", 5000)}, "ValidationException"},
		"an item of over 400 KB":           {"PutItem", fields{"TableName": "TABLE", "Item": sized("a", "c", 400<<10+1)}, "ValidationException"},
		"a null that is none":              {"PutItem", fields{"TableName": "TABLE", "Item": with(keyed("a", "c"), fields{"x": fields{"NULL": false}})}, "ValidationException"},
		"a key of more":                    {"GetItem", fields{"TableName": "TABLE", "Key": with(keyed("a", "b"), fields{"x": text("c")})}, "ValidationException"},
		"no such table":                    {"GetItem", fields{"TableName": "other", "Key": keyed("a", "b")}, "ResourceNotFoundException"},
		"a description of none":            {"DescribeTable", fields{"TableName": "other"}, "ResourceNotFoundException"},
		"a deletion of none":               {"DeleteTable", fields{"TableName": "other"}, "ResourceNotFoundException"},
		"a table again":                    {"CreateTable", definition("TABLE", "S", "ALL"), "ResourceInUseException"},
		"101 keys":                         {"BatchGetItem", fields{"RequestItems": fields{"TABLE": fields{"Keys": slices.Collect(keys(101))}}}, "ValidationException"},
		"26 puts":                          {"BatchWriteItem", fields{"RequestItems": fields{"TABLE": wrapped(26, "PutRequest", fields{})}}, "ValidationException"},
		"101 members":                      {"TransactWriteItems", fields{"TransactItems": wrapped(101, "Put", fields{"TableName": "TABLE"})}, "ValidationException"},
		"a transaction of over 4 MB":       {"TransactWriteItems", fields{"TransactItems": large(11)}, "ValidationException"},
		"a key twice in a transaction":     {"TransactWriteItems", fields{"TransactItems": append(large(1), large(1)...)}, "ValidationException"},
		"a condition that compares truths": {"PutItem", fields{"TableName": "TABLE", "Item": keyed("a", "c"), "ConditionExpression": "#a < :v", "ExpressionAttributeNames": fields{"#a": "x"}, "ExpressionAttributeValues": fields{":v": fields{"BOOL": true}}}, "ValidationException"},
	} {
		t.Run(name, func(t *testing.T) { s.refused(t, c.operation, c.request, c.want) })
	}
	if answer := s.must(t, "Scan", fields{"TableName": "TABLE"}); answer["Count"] != 1.0 {
		t.Errorf("a refused request wrote something: %v", answer)
	}
}

func keys(n int) func(func(fields) bool) {
	return func(yield func(fields) bool) {
		for i := range n {
			if !yield(keyed("many", fmt.Sprintf("%03d", i))) {
				return
			}
		}
	}
}

// wrapped are puts of many items, each in fields of its own.
func wrapped(n int, kind string, more fields) []fields {
	var all []fields
	for key := range keys(n) {
		all = append(all, fields{kind: with(more, fields{"Item": key})})
	}
	return all
}

// sized is an item of so many bytes.
func sized(pk, sk string, size int) fields {
	return with(keyed(pk, sk), fields{"b": text(strings.Repeat("x", size-len("PK"+"SK"+"b"+pk+sk)))})
}

// large are members of a transaction of nearly 400 KB each.
func large(n int) []fields {
	var all []fields
	for i := range n {
		all = append(all, fields{"Put": fields{"TableName": "TABLE", "Item": sized("large", fmt.Sprint(i), 400<<10)}})
	}
	return all
}

func TestTheLargestIsAllowed(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{})
	s.must(t, "TransactWriteItems", fields{"TransactItems": large(10)})
	s.must(t, "TransactWriteItems", fields{"TransactItems": wrapped(100, "Put", fields{"TableName": "TABLE"})})
	s.must(t, "BatchWriteItem", fields{"RequestItems": fields{"TABLE": wrapped(25, "PutRequest", fields{})}})
	answer := s.must(t, "BatchGetItem", fields{"RequestItems": fields{"TABLE": fields{"Keys": slices.Collect(keys(100))}}})
	if found := answer["Responses"].(fields)["TABLE"].([]any); len(found) != 100 {
		t.Errorf("%d of 100 items", len(found))
	}
	s.put(t, sized(strings.Repeat("p", 2048), strings.Repeat("s", 1024), 400<<10))
}

// A batch leaves what is over 16 MB for another call.
func TestBatchOfOver16MB(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{})
	var wanted []fields
	for i := range 45 {
		s.put(t, sized("large", fmt.Sprintf("%02d", i), 400<<10))
		wanted = append(wanted, keyed("large", fmt.Sprintf("%02d", i)))
	}
	request, found := fields{"TABLE": fields{"Keys": wanted, "ConsistentRead": true}}, []int{}
	for request != nil {
		answer := s.must(t, "BatchGetItem", fields{"RequestItems": request})
		found = append(found, len(answer["Responses"].(fields)["TABLE"].([]any)))
		request, _ = answer["UnprocessedKeys"].(fields)
	}
	if !reflect.DeepEqual(found, []int{40, 5}) {
		t.Errorf("items by call: %v", found)
	}
}

// What is scanned is one item more there; see the package comment.
func TestPagesOfOneMegabyteAsTheEngine(t *testing.T) {
	p := bothEngines(t)
	for i := range 25 {
		item := with(sized("large", fmt.Sprintf("%02d", i), 100_000), fields{"OwnerPK": text("large"), "OwnerSK": text(fmt.Sprint(i % 3))})
		p.same(t, "PutItem", fields{"TableName": "TABLE", "Item": item})
	}
	index := with(queryOf("large"), fields{"IndexName": "byOwner", "ExpressionAttributeNames": fields{"#PK": "OwnerPK"}})
	filtered := with(queryOf("large"), fields{
		"FilterExpression": "attribute_exists(#x)", "ExpressionAttributeNames": fields{"#PK": "PK", "#x": "x"}, "ScanIndexForward": false,
	})
	for name, request := range map[string]fields{"table": queryOf("large"), "index": index, "filtered": filtered, "limited": with(queryOf("large"), fields{"Limit": 7})} {
		for pages := 1; ; pages++ {
			var answers []fields
			for _, s := range []side{p.model, p.real} {
				answer := s.must(t, "Query", request)
				delete(answer, "ScannedCount")
				answers = append(answers, answer)
			}
			if !reflect.DeepEqual(answers[0], answers[1]) {
				t.Fatalf("%s, page %d: %v items to %v, the engine %v to %v", name, pages,
					answers[0]["Count"], answers[0]["LastEvaluatedKey"], answers[1]["Count"], answers[1]["LastEvaluatedKey"])
			}
			if request["ExclusiveStartKey"] = answers[0]["LastEvaluatedKey"]; request["ExclusiveStartKey"] == nil {
				if want := map[bool]int{true: 4, false: 3}[name == "limited"]; pages != want {
					t.Errorf("%s: %d pages", name, pages)
				}
				break
			}
		}
	}
}

func TestBinaryKeysSortByBytesAsInTheEngine(t *testing.T) {
	p := bothEngines(t)
	for _, s := range []*side{&p.model, &p.real} {
		s.must(t, "CreateTable", definition(s.table+"-binary", "B", "ALL"))
		s.table += "-binary"
	}
	key := func(sort string) fields { return fields{"PK": text("a"), "SK": fields{"B": sort}} }
	for _, sort := range []string{"/w==", "AA==", "AQ==", "AAE=", "fw==", "gA=="} {
		p.same(t, "PutItem", fields{"TableName": "TABLE", "Item": key(sort)})
	}
	p.same(t, "PutItem", fields{"TableName": "TABLE", "Item": key("")})
	p.same(t, "Query", queryOf("a"))
	p.same(t, "Query", with(queryOf("a"), fields{"ExclusiveStartKey": key("AQ=="), "ScanIndexForward": false}))
	from := with(queryOf("a"), fields{
		"KeyConditionExpression":   "#PK = :pk AND #SK >= :sk",
		"ExpressionAttributeNames": fields{"#PK": "PK", "#SK": "SK"}, "ExpressionAttributeValues": fields{":pk": text("a"), ":sk": fields{"B": "fw=="}},
	})
	if answer := p.same(t, "Query", from); answer["Count"] != 3.0 {
		t.Errorf("%v", answer)
	}
}

func TestScanReadsAllOnce(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{})
	for i := range 7 {
		s.put(t, keyed(fmt.Sprint("partition ", i%3), fmt.Sprint(i)))
	}
	request, found := fields{"TableName": "TABLE", "Limit": 3, "ReturnConsumedCapacity": "TOTAL"}, map[string]bool{}
	for range 4 {
		answer := s.must(t, "Scan", request)
		for _, item := range answer["Items"].([]any) {
			found[fmt.Sprint(item)] = true
		}
		if request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]; request["ExclusiveStartKey"] == nil {
			break
		}
	}
	if len(found) != 7 || request["ExclusiveStartKey"] != nil {
		t.Errorf("%d of 7 items: %v", len(found), found)
	}
}

func TestRequestTokens(t *testing.T) {
	t.Parallel()
	c := &clock{time.Unix(1_600_000_000, 0)}
	_, s := small(t, model.Options{Now: c.now})
	request := fields{
		"ClientRequestToken": "token", "ReturnConsumedCapacity": "TOTAL",
		"TransactItems": []fields{
			{"Update": fields{
				"TableName": "TABLE", "Key": keyed("a", "b"), "UpdateExpression": "ADD #n :one",
				"ExpressionAttributeNames": fields{"#n": "n"}, "ExpressionAttributeValues": fields{":one": number("1")},
			}},
			{"Put": fields{"TableName": "TABLE", "Item": sized("a", "c", 5000)}},
		},
	}
	capacity := func() any { return s.must(t, "TransactWriteItems", request)["ConsumedCapacity"].([]any)[0] }
	for _, want := range []fields{
		{"TableName": "TABLE", "CapacityUnits": 12.0, "WriteCapacityUnits": 12.0},
		{"TableName": "TABLE", "CapacityUnits": 6.0, "ReadCapacityUnits": 6.0}, // of 1 and 2 units, twice
	} {
		if got := capacity(); !reflect.DeepEqual(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	counted := func(want string) {
		t.Helper()
		if item := s.get(t, "a", "b"); !reflect.DeepEqual(item["n"], number(want)) {
			t.Errorf("carried out so that n is %v, want %s", item["n"], want)
		}
	}
	counted("1")
	other := with(request, fields{"TransactItems": request["TransactItems"].([]fields)[:1]})
	s.refused(t, "TransactWriteItems", other, "IdempotentParameterMismatchException")
	c.time = c.time.Add(10*time.Minute - time.Nanosecond)
	capacity()
	counted("1")
	c.time = c.time.Add(time.Nanosecond)
	capacity()
	counted("2")
}

// A cancelled transaction leaves its token free.
func TestACancelledTransactionCanBeAskedAgain(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{})
	request := fields{"ClientRequestToken": "token", "TransactItems": []fields{
		{"ConditionCheck": fields{"TableName": "TABLE", "Key": keyed("a", "there"), "ConditionExpression": "attribute_exists(#PK)", "ExpressionAttributeNames": fields{"#PK": "PK"}}},
		{"Put": fields{"TableName": "TABLE", "Item": keyed("a", "b")}},
	}}
	s.refused(t, "TransactWriteItems", request, "TransactionCanceledException")
	if s.get(t, "a", "b") != nil {
		t.Error("a cancelled transaction wrote")
	}
	s.put(t, keyed("a", "there"))
	s.must(t, "TransactWriteItems", request)
	if s.get(t, "a", "b") == nil {
		t.Error("the transaction was not carried out")
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	_, s := small(t, model.Options{})
	s.put(t, keyed("a", "b"))
	table := s.must(t, "DescribeTable", fields{"TableName": "TABLE"})["Table"].(fields)
	if table["TableStatus"] != "ACTIVE" || table["ItemCount"] != 1.0 || len(table["GlobalSecondaryIndexes"].([]any)) != 2 {
		t.Errorf("%v", table)
	}
	status := func() any {
		return s.must(t, "DescribeTimeToLive", fields{"TableName": "TABLE"})["TimeToLiveDescription"]
	}
	if got := status(); !reflect.DeepEqual(got, fields{"TimeToLiveStatus": "DISABLED"}) {
		t.Errorf("%v", got)
	}
	s.must(t, "UpdateTimeToLive", fields{"TableName": "TABLE", "TimeToLiveSpecification": fields{"AttributeName": "expires", "Enabled": true}})
	if got := status(); !reflect.DeepEqual(got, fields{"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}) {
		t.Errorf("%v", got)
	}
	s.must(t, "DeleteTable", fields{"TableName": "TABLE"})
	s.refused(t, "GetItem", fields{"TableName": "TABLE", "Key": keyed("a", "b")}, "ResourceNotFoundException")
	for _, operation := range []string{"UpdateTimeToLive", "DescribeTimeToLive"} {
		s.refused(t, operation, fields{"TableName": "TABLE"}, "ResourceNotFoundException")
	}
}
