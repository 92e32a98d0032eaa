// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"go.yaml.in/yaml/v3"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/bench/figure"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// docTable reads the rows of the table in the package comment whose first
// column has the given heading.
func docTable(t *testing.T, heading string) [][]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	ok(t, err)
	var rows [][]string
	inside := false
	for text := range strings.Lines(file.Doc.Text()) {
		cells := strings.Split(text, "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case len(cells) < 2:
			inside = false
		case cells[0] == heading:
			inside = true
		case inside:
			rows = append(rows, cells)
		}
	}
	if len(rows) == 0 {
		t.Fatalf("doc.go has no table of %s", heading)
	}
	return rows
}

func TestDocListsExactlyTheLayouts(t *testing.T) {
	var documented, have []string
	for _, row := range docTable(t, "Type") {
		documented = append(documented, row[1]+" / "+row[2])
	}
	for _, l := range layouts {
		have = append(have, l.text)
	}
	slices.Sort(documented)
	slices.Sort(have)
	same(t, documented, have)
}

func TestDocListsExactlyTheIndexKeys(t *testing.T) {
	var documented, have []string
	for _, row := range docTable(t, "Index") {
		documented = append(documented, row[0]+" "+row[1]+" / "+row[2])
	}
	for x, list := range map[*index][]*layout{
		byOwner: {tendersOfAuthority, contractsOfAuthority, contractsOfSupplier}, byDesk: {authoritiesOfDesk, contractsOfDesk, statementsOfDesk},
	} {
		for _, l := range list {
			have = append(have, x.name+" "+l.text)
		}
	}
	slices.Sort(documented)
	slices.Sort(have)
	same(t, documented, have)
}

func TestTemplateHasTheKeysAndIndexes(t *testing.T) {
	type keySchema []struct {
		AttributeName string `yaml:"AttributeName"`
		KeyType       string `yaml:"KeyType"`
	}
	var document struct {
		Resources map[string]struct {
			Type       string `yaml:"Type"`
			Properties struct {
				KeySchema              keySchema `yaml:"KeySchema"`
				GlobalSecondaryIndexes []struct {
					IndexName  string    `yaml:"IndexName"`
					KeySchema  keySchema `yaml:"KeySchema"`
					Projection struct {
						ProjectionType string `yaml:"ProjectionType"`
					} `yaml:"Projection"`
				} `yaml:"GlobalSecondaryIndexes"`
				TimeToLiveSpecification struct {
					AttributeName string `yaml:"AttributeName"`
				} `yaml:"TimeToLiveSpecification"`
			} `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	ok(t, yaml.Unmarshal(cloud.Template, &document))
	var have []string
	for _, resource := range document.Resources {
		if resource.Type != "AWS::DynamoDB::Table" {
			continue
		}
		p := resource.Properties
		have = append(have, fmt.Sprint(p.KeySchema, p.TimeToLiveSpecification.AttributeName))
		for _, x := range p.GlobalSecondaryIndexes {
			have = append(have, fmt.Sprint(x.IndexName, x.KeySchema, x.Projection.ProjectionType))
		}
	}
	var want []string
	for _, x := range []*index{base, byOwner, byDesk} {
		schema := fmt.Sprintf("[{%s HASH} {%s RANGE}]", x.pk, x.sk)
		if x == base {
			want = append(want, schema+"expires")
		} else {
			want = append(want, x.name+schema+"ALL")
		}
	}
	wantText(t, strings.Join(have, "\n"), strings.Join(want, "\n"))
	if !strings.Contains(string(cloud.Template), `"type":{"S":["`+typeEntry+`"]}`) {
		t.Error("the stream's filter does not name the type of entries")
	}
}

// A scenario prepares a store in which a method does what its row says, and
// gives the call of that method.
type scenario func(t *testing.T) (*Table, *wire, func() error)

func onSubmitted(call func(t *testing.T, x *Table, m app.Transition) func() error) scenario {
	return func(t *testing.T) (*Table, *wire, func() error) {
		table, line, m := submitted(t, 2)
		return table, line, call(t, table, m)
	}
}

func third[A, B any](_ A, _ B, err error) error { return err }

var scenarios = map[string]scenario{
	"Authority": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.Authority(t.Context(), apeldoorn)) }
	}),
	"AuthoritiesOf": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return third(x.AuthoritiesOf(t.Context(), oost, app.Page{Limit: 20})) }
	}),
	"AuthoritiesIn": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.AuthoritiesIn(t.Context(), "AM06")) }
	}),
	"Contracts": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		addContract(t, x, "C2")
		return func() error { return second(x.Contracts(t.Context(), []string{"C1", "C2"})) }
	}),
	"StatementsDue": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.StatementsDue(t.Context(), []app.Due{{Contract: "C1", Period: q1}})) }
	}),
	"Tender": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.Tender(t.Context(), "T1")) }
	}),
	"ListTenders": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		addTender(t, x, tender("T2", 1))
		return func() error {
			return third(x.ListTenders(t.Context(), app.TenderQuery{Authority: apeldoorn}, app.Page{Limit: 20}))
		}
	}),
	"TenderEntries": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.TenderEntries(t.Context(), "T1")) }
	}),
	"Account": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.Account(t.Context(), "C1")) }
	}),
	"Prospect": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		head, revision := planned("C1", 1, 10)
		ok(t, x.SavePlan(t.Context(), head, revision))
		return func() error { return second(x.Prospect(t.Context(), "C1")) }
	}),
	"PlanRevision": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		head, revision := planned("C1", 1, 10)
		ok(t, x.SavePlan(t.Context(), head, revision))
		return func() error { return second(x.PlanRevision(t.Context(), "C1", 1)) }
	}),
	"File": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.AddPlacement(t.Context(), placement("C1", 1)))
		return func() error { return second(x.File(t.Context(), "C1")) }
	}),
	"CreateContract": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		n := newContract("C2")
		n.OnePerLot, n.Contract.Lot = true, "2"
		return func() error { return second(x.CreateContract(t.Context(), n)) }
	}),
	"Amendments": onSubmitted(func(t *testing.T, x *Table, m app.Transition) func() error {
		ok(t, x.Amend(t.Context(), amended(contract("C1"), m.Balance)))
		return func() error { return second(x.Amendments(t.Context(), "C1")) }
	}),
	"ListContracts": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		addContract(t, x, "C2")
		return func() error {
			return third(x.ListContracts(t.Context(), app.Owner{Authority: apeldoorn}, app.Page{Limit: 20}))
		}
	}),
	"KnownAs": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.AddPlacement(t.Context(), placement("C1", 1), "1.a", "2.b"))
		return func() error { return second(x.KnownAs(t.Context(), []sroi.Token{"1.a", "2.b"})) }
	}),
	"UpdatePlacement": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		p := placement("C1", 1)
		ok(t, x.AddPlacement(t.Context(), p))
		p.Version = 2
		return func() error { return x.UpdatePlacement(t.Context(), p) }
	}),
	"Statement": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.Statement(t.Context(), "C1", q1)) }
	}),
	"Statements": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.Statements(t.Context(), "C1")) }
	}),
	"Revision": onSubmitted(func(t *testing.T, x *Table, m app.Transition) func() error {
		ok(t, second(x.AddDecision(t.Context(), m.Statement, decision(1, act), nil)))
		return func() error { return third(x.Revision(t.Context(), m.Statement)) }
	}),
	"Queue": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error {
			return third(x.Queue(t.Context(), app.DeskQuery{Desk: oost, State: sroi.Submitted}, app.Page{Limit: 20}))
		}
	}),
	"Sightings": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.AddSighting(t.Context(), "C1", sroi.Sighting{SHA256: payload}))
		return func() error { return second(x.Sightings(t.Context(), "C1")) }
	}),
	"Release": onSubmitted(func(t *testing.T, x *Table, m app.Transition) func() error {
		ok(t, second(x.AddDecision(t.Context(), m.Statement, decision(1, act), hoursTake("C1", "h", 0))))
		return func() error { return x.Release(t.Context(), []app.Take{*hoursTake("C1", "h", 0)}) }
	}),
	"Person": onSubmitted(func(t *testing.T, x *Table, m app.Transition) func() error {
		ok(t, second(x.AddDecision(t.Context(), m.Statement, decision(1, act), hoursTake("C1", "h", 0))))
		return func() error { return second(x.Person(t.Context(), sroi.Token(payload))) }
	}),
	"AddCorrection": onSubmitted(func(t *testing.T, x *Table, m app.Transition) func() error {
		c, after, e := correction("C1", "K1", m.Balance)
		return func() error { return second(x.AddCorrection(t.Context(), c, after, e, hoursTake("C1", "h", 0))) }
	}),
	"Correction": onSubmitted(func(t *testing.T, x *Table, m app.Transition) func() error {
		c, after, e := correction("C1", "K1", m.Balance)
		ok(t, second(x.AddCorrection(t.Context(), c, after, e, nil)))
		return func() error { return second(x.Correction(t.Context(), "C1", "K1")) }
	}),
	"Entries": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.Entries(t.Context(), "C1", 0, 20)) }
	}),
	"LedgersOf": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.LedgersOf(t.Context(), apeldoorn, "", 20)) }
	}),
	"ContractLedger": onSubmitted(func(t *testing.T, x *Table, m app.Transition) func() error {
		ok(t, second(x.AddDecision(t.Context(), m.Statement, decision(1, act), nil)))
		change := amended(contract("C1"), m.Balance)
		ok(t, x.Amend(t.Context(), change))
		c, after, e := correction("C1", "K1", change.Balance)
		ok(t, second(x.AddCorrection(t.Context(), c, after, e, nil)))
		return func() error { return second(x.ContractLedger(t.Context(), "C1")) }
	}),
	"Contributions": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.PutContribution(t.Context(), contribution("CONTRACT#C1", 1)))
		return func() error { return second(x.Contributions(t.Context(), "GM0200", 2022)) }
	}),
	"Sources": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		return func() error { return second(x.Sources(t.Context(), []string{"CONTRACT#C1", "TENDER#T1"})) }
	}),
	"Total": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.SwapTotal(t.Context(), total("GM0200", 2022, 1), nil))
		return func() error { return second(x.Total(t.Context(), "GM0200", 2022)) }
	}),
	"Totals": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.SwapTotal(t.Context(), total("GM0200", 2022, 1), nil))
		ok(t, x.SwapTotal(t.Context(), total("GM0200", 2021, 1), nil))
		for _, closed := range []int{2021, 2022} {
			ok(t, x.AddAreaClose(t.Context(), sroi.AreaClose{Area: "GM0200", Year: closed, On: today}))
		}
		return func() error { return second(x.Totals(t.Context(), "GM0200", 2022, 2021)) }
	}),
	"FiguresOn": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.SwapTotal(t.Context(), total("GM0200", 2022, 1), []sroi.Course{course("GM0200", 2022, "2022-01-10"), course("GM0200", 2022, "2022-03-10")}))
		return func() error { return third(x.FiguresOn(t.Context(), "GM0200", 2022, calendar.MustDate("2022-12-31"))) }
	}),
	"AddIndicatorValue": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.AddIndicatorValue(t.Context(), indicator("GM0200", "banen", "2022", 1, true)))
		return func() error { return x.AddIndicatorValue(t.Context(), indicator("GM0200", "banen", "2022", 2, true)) }
	}),
	"Enterprise": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.PutEnterprise(t.Context(), enterprise("oost", "12345678", 1)))
		return func() error { return second(x.Enterprise(t.Context(), "oost", "12345678", 0)) }
	}),
	"EnterprisesOf": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.PutEnterprise(t.Context(), enterprise("oost", "12345678", 1)))
		return func() error { return second(x.EnterprisesOf(t.Context(), "oost", []string{"12345678"})) }
	}),
	"Enterprises": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.PutEnterprise(t.Context(), enterprise("oost", "12345678", 1)))
		ok(t, x.PutEnterprise(t.Context(), enterprise("oost", "12345679", 1)))
		return func() error { return third(x.Enterprises(t.Context(), "oost", app.Page{Limit: 20})) }
	}),
	"YearClose": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.PutYearClose(t.Context(), yearClose(1)))
		return func() error { return second(x.YearClose(t.Context(), apeldoorn, 2022)) }
	}),
	"YearClosesOf": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.PutYearClose(t.Context(), yearClose(1)))
		return func() error { return second(x.YearClosesOf(t.Context(), apeldoorn)) }
	}),
	"ClosedLedgers": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.AddClosedLedgers(t.Context(), apeldoorn, 2022, 1, closedLedgers(2)))
		ok(t, x.AddClosedLedgers(t.Context(), apeldoorn, 2022, 2, closedLedgers(2)))
		return func() error { return second(x.ClosedLedgers(t.Context(), apeldoorn, 2022)) }
	}),
	"IndicatorRevisions": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.AddIndicatorValue(t.Context(), indicator("GM0200", "banen", "2022", 1, true)))
		return func() error { return second(x.IndicatorRevisions(t.Context(), "GM0200", "banen", "2022")) }
	}),
	"IndicatorValues": onSubmitted(func(t *testing.T, x *Table, _ app.Transition) func() error {
		ok(t, x.AddIndicatorValue(t.Context(), indicator("GM0200", "banen", "2022", 1, true)))
		return func() error { return second(x.IndicatorValues(t.Context(), "GM0200")) }
	}),
}

func scenarioOf(method string) (scenario, bool) {
	if s, found := scenarios[method]; found {
		return s, true
	}
	_, found := commands(app.Transition{})[method]
	return onSubmitted(func(t *testing.T, x *Table, m app.Transition) func() error {
		return func() error { return commands(m)[method](t.Context(), x) }
	}), found
}

func TestDocListsExactlyTheMethods(t *testing.T) {
	var documented, have []string
	for _, row := range docTable(t, "Method") {
		documented = append(documented, row[0])
		if _, found := scenarioOf(row[0]); !found {
			t.Errorf("no scenario of %s", row[0])
		}
	}
	for method := range reflect.TypeFor[app.Store]().Methods() {
		have = append(have, method.Name)
	}
	slices.Sort(documented)
	same(t, documented, have)
}

// TestCallsAndUnits holds each method against its row: the calls that passed
// the wire, the items in them, and the units that these cost, against what the
// engine says that it took. With -v it prints them.
func TestCallsAndUnits(t *testing.T) {
	for _, row := range docTable(t, "Method") {
		t.Run(row[0], func(t *testing.T) {
			prepare, _ := scenarioOf(row[0])
			table, line, call := prepare(t)
			before := stored(t, line.client, table.name)
			line.start(nil)
			ok(t, call())
			same(t, line.calls(), declaredCalls(t, row[1]))
			var observed []toll
			var reported float64
			for _, e := range line.exchanges {
				next := e.toll(t, table.name, before)
				if last := len(observed) - 1; last >= 0 && observed[last].verb == "puts" && next.verb == "puts" {
					observed[last].types = append(observed[last].types, next.types...)
					observed[last].units += next.units
				} else {
					observed = append(observed, next)
				}
				reported += e.reported(t)
			}
			declared := strings.Split(row[2], " + ")
			if len(declared) != len(observed) {
				t.Fatalf("%d terms passed, declared %q", len(observed), row[2])
			}
			var units float64
			for _, text := range declared {
				i := slices.IndexFunc(observed, func(o toll) bool { return o.fits(text) })
				if i < 0 {
					t.Fatalf("nothing passed like %q: %v", text, observed)
				}
				units += observed[i].units
				observed = slices.Delete(observed, i, i+1)
			}
			if units != reported {
				t.Errorf("%v units by sizes, the engine took %v", units, reported)
			}
			figure.Count(t, "units of "+row[0]+" that the engine takes over those of its items", reported/units, figure.AtMost(1), figure.AtMost(1))
		})
	}
}

var declaredCall = regexp.MustCompile(`(\S+) ([A-Z]\w+)`)

func declaredCalls(t *testing.T, text string) map[string]int {
	calls := make(map[string]int)
	for _, match := range declaredCall.FindAllStringSubmatch(text, -1) {
		switch match[1] {
		case "⌈lines/25⌉": // of 30
			calls[match[2]] = 2
		case "3+revisions": // one
			calls[match[2]] = 4
		default:
			n, err := strconv.Atoi(match[1])
			ok(t, err)
			calls[match[2]] = n
		}
	}
	return calls
}

// toll is what one call read or wrote.
type toll struct {
	verb  string
	types []string
	units float64
}

// fits matches a declared term: type… stands for one or more.
func (o toll) fits(declared string) bool {
	words := strings.Fields(declared)
	rest := o.types
	for _, word := range words[1:] {
		kind, many := strings.CutSuffix(word, "…")
		if len(rest) == 0 || rest[0] != kind {
			return false
		}
		rest = rest[1:]
		for many && len(rest) > 0 && rest[0] == kind {
			rest = rest[1:]
		}
	}
	return words[0] == o.verb && len(rest) == 0
}

type wireItem map[string]map[string]any

func (w wireItem) record() record {
	r := make(record)
	for name, value := range w {
		for kind, v := range value {
			switch kind {
			case "S":
				r[name] = &types.AttributeValueMemberS{Value: v.(string)}
			case "N":
				r[name] = &types.AttributeValueMemberN{Value: v.(string)}
			case "BOOL":
				r[name] = &types.AttributeValueMemberBOOL{Value: v.(bool)}
			}
		}
	}
	return r
}

func stored(t *testing.T, client *dynamodb.Client, table string) map[key]record {
	t.Helper()
	out, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
	ok(t, err)
	items := make(map[key]record)
	for _, item := range out.Items {
		items[record(item).key()] = item
	}
	return items
}

func up(size, unit int) float64 { return float64((size + unit - 1) / unit) }

type wireRequest struct {
	ConsistentRead bool
	Item           wireItem
	RequestItems   json.RawMessage
	TransactItems  []map[string]struct{ Item, Key wireItem }
}

func (e exchange) toll(t *testing.T, table string, before map[key]record) toll {
	t.Helper()
	var request wireRequest
	ok(t, json.Unmarshal(e.request, &request))
	switch e.operation {
	case "PutItem":
		r := request.Item.record()
		return toll{"put", []string{r.text("type")}, up(r.size(), 1024) + inIndexes(r, before)}
	case "BatchWriteItem":
		var batch map[string][]struct{ PutRequest struct{ Item wireItem } }
		ok(t, json.Unmarshal(request.RequestItems, &batch))
		all := toll{verb: "puts"}
		for _, put := range batch[table] {
			r := put.PutRequest.Item.record()
			all.types = append(all.types, r.text("type"))
			all.units += up(r.size(), 1024)
		}
		return all
	case "TransactWriteItems":
		all := toll{verb: "tx"}
		for _, member := range request.TransactItems {
			for kind, w := range member {
				r := w.Item.record()
				if kind != "Put" {
					r = before[w.Key.record().key()]
				}
				switch {
				case r == nil && kind == "ConditionCheck": // a place that nothing holds
					r = record{"type": text("", typeReservation).value}
				case r == nil: // a tally that starts
					r = record{"type": text("", typeTally).value}
				}
				all.types = append(all.types, r.text("type"))
				all.units += 2 * max(1, up(r.size(), 1024))
				if kind == "Put" {
					all.units += inIndexes(r, before)
				}
			}
		}
		return all
	}
	return e.readToll(t, table, request)
}

func (e exchange) readToll(t *testing.T, table string, request wireRequest) toll {
	t.Helper()
	var answer struct {
		Item      wireItem
		Items     []wireItem
		Responses map[string][]wireItem
	}
	ok(t, json.Unmarshal(e.back, &answer))
	all := toll{verb: map[string]string{"GetItem": "get", "Query": "query", "BatchGetItem": "gets"}[e.operation]}
	sum := 0
	for _, item := range append(append(answer.Items, answer.Responses[table]...), answer.Item) {
		if item == nil {
			continue
		}
		r := item.record()
		all.types = append(all.types, r.text("type"))
		all.units += up(r.size(), 4096)
		sum += r.size()
	}
	if e.operation == "Query" {
		all.units = up(sum, 4096)
	}
	if e.operation == "BatchGetItem" {
		slices.SortFunc(all.types, func(a, b string) int { return strings.Compare(b, a) }) // in no order: contract before balance
	}
	if !request.ConsistentRead && !strings.Contains(string(request.RequestItems), `"ConsistentRead":true`) {
		all.verb += "½"
		all.units /= 2
	}
	return all
}

// inIndexes is what an item costs in the indexes: more where its place changes.
func inIndexes(r record, before map[key]record) float64 {
	units := 0.0
	for _, x := range []*index{byOwner, byDesk} {
		if r[x.pk] == nil {
			continue
		}
		units += up(r.size(), 1024)
		old := before[r.key()]
		if old != nil && (old.text(x.pk) != r.text(x.pk) || old.text(x.sk) != r.text(x.sk)) {
			units += up(old.size(), 1024)
		}
	}
	return units
}

func (e exchange) reported(t *testing.T) float64 {
	t.Helper()
	var answer struct{ ConsumedCapacity json.RawMessage }
	ok(t, json.Unmarshal(e.back, &answer))
	type consumed struct{ CapacityUnits float64 }
	var one consumed
	if json.Unmarshal(answer.ConsumedCapacity, &one) == nil {
		return one.CapacityUnits
	}
	var several []consumed
	ok(t, json.Unmarshal(answer.ConsumedCapacity, &several))
	sum := 0.0
	for _, c := range several {
		sum += c.CapacityUnits
	}
	return sum
}

// TestMeasuredSizes holds the sizes that doc.go states, of the fixtures: a
// figure with a receipt of four steps, ids of 2 to 32 characters.
func TestMeasuredSizes(t *testing.T) {
	table, line, m := submitted(t, 1)
	ok(t, second(table.AddDecision(t.Context(), m.Statement, decision(1, act), hoursTake("C1", "h", 0))))
	ok(t, table.AddPlacement(t.Context(), placement("C1", 1), sroi.Token(payload)))
	ok(t, table.PutEnterprise(t.Context(), enterprise("oost-nederland", "12345678", 1)))
	ok(t, table.Amend(t.Context(), amended(contract("C1"), m.Balance)))
	head, revision := planned("C1", 1, 10)
	ok(t, table.SavePlan(t.Context(), head, revision))
	ok(t, table.PutYearClose(t.Context(), yearClose(1)))
	ok(t, table.AddClosedLedgers(t.Context(), apeldoorn, 2022, 1, closedLedgers(100)))
	ok(t, table.AddAreaClose(t.Context(), sroi.AreaClose{Area: "GM0200", Year: 2022, On: today}))
	measured := make(map[string]int)
	for _, r := range stored(t, line.client, table.name) {
		measured[r.text("type")] = max(measured[r.text("type")], r.size())
	}
	documented := make(map[string]int)
	for _, row := range docTable(t, "Sized") {
		n, err := strconv.Atoi(row[1])
		ok(t, err)
		documented[row[0]] = n
	}
	maps.DeleteFunc(measured, func(kind string, _ int) bool { return documented[kind] == 0 })
	same(t, measured, documented)
}
