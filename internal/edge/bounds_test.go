// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// bound is an input at its bound and one over it.
type bound struct {
	at, over ask
	fault    string // that over adds to the answer; the code of the refusal where there is no list
}

const (
	plain  = `{"opdrachtgever":"12345678"}`
	effort = `{"soort":"plaatsing","bouwblok":"A"}`
)

func calculation(body string) ask { return ask{method: "POST", path: "/v1/berekeningen", body: body} }

func rulesTried(body string) ask {
	return ask{method: "POST", path: "/v1/contracten/" + strings.Repeat("a", 24) + "/rekenregelwissels/proef", body: body}
}

func listing(query string) ask {
	return ask{method: "GET", path: "/v1/contracten", query: query}
}

func headed(name, value string) ask {
	a := listing("fase=nooit") // which is refused, but only after the headers were read
	a.headers = map[string]string{name: value}
	return a
}

func nested(depth int) string {
	return `{"x":` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + `}`
}

func listOf(element string, n int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
}

// elements is a body of so many of them, in lists that fit each by itself.
func elements(n int) string {
	var efforts []string
	for n > 0 {
		inner := min(n-1, maxList)
		efforts = append(efforts, `{"soort":"plaatsing","bouwblok":"A","bonussen":`+listOf(`"B"`, inner)+`}`)
		n -= 1 + inner
	}
	return `{"inspanningen":[` + strings.Join(efforts, ",") + `]}`
}

func names(n int) string {
	var list strings.Builder
	for i := range n {
		fmt.Fprintf(&list, `,"B%d":"A"`, i)
	}
	return `{"bouwblokken":{` + strings.TrimPrefix(list.String(), ",") + `}}`
}

func padded(body string, length int) string { return strings.Repeat(" ", length-len(body)) + body }

func (w *world) keyed(key string) ask {
	return ask{method: "POST", path: "/v1/contracten", token: w.officer(), body: "{}", key: key}
}

func (w *world) matched(tag string) ask {
	return ask{method: "PATCH", path: "/v1/aanbestedingen/" + strings.Repeat("a", 24), token: w.officer(), body: "[]", match: tag}
}

func (w *world) subsidised(n int) ask {
	return ask{
		method: "PATCH", path: "/v1/contracten/" + strings.Repeat("a", 24) + "/plaatsingen/1", token: w.supplier(),
		body: `{"loonkostensubsidie":` + listOf(`{"van":"2022-01-01"}`, n) + `}`,
	}
}

// sized is a token of so many bytes. Base64 gives it only some lengths, so that
// the one at its bound may be up to two shorter.
func (w *world) sized(length int) ask {
	padded := func(n int) string {
		return w.token("a", "adviseur", claims{"bureau": ourDesk, "x": strings.Repeat("x", n)})
	}
	more := (length - len(padded(0))) * 3 / 4
	token := padded(more)
	for ; len(token) > length; more-- {
		token = padded(more)
	}
	a := listing("fase=nooit")
	a.token = token
	return a
}

func (w *world) claiming(n int) ask {
	a := listing("fase=nooit")
	a.token = w.token("a", "adviseur", claims{"bureau": ourDesk, "scope": "socialreturn:lezen " + strings.Repeat("x ", n-1)})
	return a
}

func (w *world) bounds() map[string]bound {
	coded := calculation(plain)
	coded.headers = map[string]string{"content-encoding": "identity"}
	gzip := calculation(plain)
	gzip.headers = map[string]string{"content-encoding": "gzip"}
	large := func(length int) ask {
		return ask{method: "PUT", path: "/v1/contracten/" + strings.Repeat("a", 24) + "/verantwoordingen/2022-Q1", token: w.supplier(), body: padded("[]", length)}
	}
	return map[string]bound{
		"body":               {calculation(padded(plain, maxBody)), calculation(padded(plain, maxBody+1)), "te-groot"},
		"large body":         {large(maxLargeBody), large(maxLargeBody + 1), "te-groot"},
		"coded body":         {coded, gzip, "inhoud-gecodeerd"},
		"depth of a body":    {calculation(nested(maxDepth)), calculation(nested(maxDepth + 1)), "body  te-diep-genest"},
		"list":               {calculation(`{"inspanningen":` + listOf(effort, maxList) + `}`), calculation(`{"inspanningen":` + listOf(effort, maxList+1) + `}`), "body /inspanningen te-veel"},
		"long list":          {calculation(`{"inspanningen":[]}`), calculation(`{"inspanningen":` + listOf(effort, 15*maxList) + `}`), "body /inspanningen te-veel"},
		"removable list":     {w.subsidised(500), w.subsidised(501), "body /loonkostensubsidie te-veel"},
		"names":              {rulesTried(names(200)), rulesTried(names(201)), "body /bouwblokken te-veel"},
		"many names":         {rulesTried(names(1)), rulesTried(names(20 * maxList)), "body /bouwblokken te-veel"},
		"elements of a body": {calculation(elements(maxElements)), calculation(elements(maxElements + 1)), "body  te-veel"},
		"name given twice":   {calculation(plain), calculation(`{"peildatum":"2022-01-01","peildatum":"2022-01-01"}`), "body /peildatum veld-dubbel"},
		"whole number":       {decided("999999999"), decided("9999999999"), "body /regels/0/regel verkeerd-type"},
		"huge number":        {decided("1"), decided("1e1000000"), "body /regels/0/regel verkeerd-type"},
		"long number":        {decided("1"), decided("1" + strings.Repeat("0", maxBody/2)), "body /regels/0/regel verkeerd-type"},
		"amount":             {partly("999999999999.99"), partly("1000000000000"), "body /regels/0/bedrag onjuiste-vorm"},
		"huge amount":        {partly("1"), partly("1e1000000"), "body /regels/0/bedrag onjuiste-vorm"},
		"long amount":        {partly("1"), partly(strings.Repeat("9", maxBody/2)), "body /regels/0/bedrag onjuiste-vorm"},
		"text":               {withText(strings.Repeat("é", 2000)), withText(strings.Repeat("é", 2001)), "body /regels/0/toelichting te-veel"},
		"NUL":                {withText("a"), withText(`a\u0000`), "body /regels/0/toelichting onleesbaar-teken"},
		"half a character":   {withText("a"), withText("a\xff"), "body  geen-utf8"},
		"query":              {listing(strings.Repeat("x", maxQuery)), listing(strings.Repeat("x", maxQuery+1)), "query  te-veel"},
		"parameter":          {listing("perPage=1"), listing("perPage=1&perPage=1"), "query perPage parameter-dubbel"},
		"cursor":             {listing("cursor=" + strings.Repeat("a", 1000)), listing("cursor=" + strings.Repeat("a", 1001)), "query cursor te-veel"},
		"page":               {listing("perPage=100"), listing("perPage=101"), "query perPage te-veel"},
		"Accept":             {headed("accept", "*/*"+strings.Repeat(" ", maxAccept-4)+","), headed("accept", "*/*"+strings.Repeat(" ", maxAccept-3)+","), "header Accept te-veel"},
		"Idempotency-Key":    {w.keyed(strings.Repeat("a", 64)), w.keyed(strings.Repeat("a", 65)), "header Idempotency-Key idempotency-key-ontbreekt"},
		"If-Match":           {w.matched(`"999999999"`), w.matched(`"1000000000"`), "header If-Match if-match-onjuist"},
		"token":              {w.sized(maxToken), w.sized(maxToken + 3), "token-ongeldig"},
		"claims":             {w.claiming(maxClaimed), w.claiming(maxClaimed + 1), "token-ongeldig"},
	}
}

func decision(path, line string) ask {
	return ask{method: "POST", path: "/v1/contracten/" + strings.Repeat("a", 24) + "/verantwoordingen/2022-Q1/" + path, body: `{"regels":[{"oordeel":"goedgekeurd",` + line + `}]}`, key: "k"}
}

func decided(number string) ask { return decision("beoordelingen", `"regel":`+number) }

func partly(amount string) ask { return decision("beoordelingen", `"regel":1,"bedrag":"`+amount+`"`) }

func withText(text string) ask {
	return decision("beoordelingen", `"regel":1,"toelichting":"`+text+`"`)
}

// TestBounds goes to each bound and one over it: there, and only there, the
// refusal names it, in a sentence.
func TestBounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, b := range w.bounds() {
		for _, side := range []struct {
			ask  ask
			over bool
		}{{b.at, false}, {b.over, true}} {
			if side.ask.token == "" {
				side.ask.token = w.consultant()
			}
			got := w.answers(side.ask)
			code, faults := got.problemIfAny()
			if named := slices.Contains(append(faults, code), b.fault); named != side.over {
				t.Errorf("%s, over %v: %d %s %.300q, want %s", name, side.over, got.status, code, faults, b.fault)
			}
			if got.status >= 500 {
				t.Errorf("%s, over %v: %d %s", name, side.over, got.status, w.logs)
			}
		}
	}
}

// answers is do without holding what is asked against the contract, which takes
// long for what is large.
func (w *world) answers(a ask) answer {
	w.t.Helper()
	a.bad = true
	return w.do(a)
}

// TestEveryBoundIsGoneTo holds the table in bounds.go against the tests.
func TestEveryBoundIsGoneTo(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "bounds.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	tested := newWorldOn(t, nil).bounds()
	rows := 0
	for text := range strings.Lines(file.Comments[1].Text()) {
		cells := strings.Split(text, "|")
		if len(cells) != 3 || strings.TrimSpace(cells[0]) == "Input" {
			continue
		}
		rows++
		name, refused := strings.TrimSpace(cells[0]), strings.Fields(cells[2])
		if name == "faults" { // see TestFaultsAreBounded
			continue
		}
		if b, known := tested[name]; !known || !strings.HasSuffix(b.fault, refused[1]) {
			t.Errorf("no test of %s that is refused with %s", name, refused[1])
		}
	}
	if rows < 20 {
		t.Errorf("only %d rows", rows)
	}
}

func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	for n, more := range map[int]string{maxFound - 1: "", maxFound: "nog 1."} { // and one that there is no rule set
		var body strings.Builder
		for i := range n {
			fmt.Fprintf(&body, `,"x%d":0`, i)
		}
		a := calculation("{" + body.String()[1:] + "}")
		a.bad, a.token = true, w.consultant()
		got := w.do(a)
		_, faults := got.problem()
		if len(faults) != maxFound || strings.Contains(got.text, "er zijn er nog") != (more != "") || !strings.Contains(got.text, more) {
			t.Errorf("%d faults: %d told: %.120s", n, len(faults), got.text)
		}
	}
}

// TestEveryListHasABound: one that has none would be read up to maxList and no
// further, and the rest of it lost.
func TestEveryListHasABound(t *testing.T) {
	t.Parallel()
	for _, shape := range wireTypes() {
		everyList(shape, shape.Name(), map[reflect.Type]bool{}, func(place, tag string) {
			most := 0
			for part := range strings.SplitSeq(tag, ",") {
				if limit, is := strings.CutPrefix(part, "max="); is {
					most, _ = strconv.Atoi(limit)
					break
				}
			}
			if most < 1 || most > maxList {
				t.Errorf("%s has no bound of at most %d: %q", place, maxList, tag)
			}
		})
	}
}

func everyList(shape reflect.Type, place string, seen map[reflect.Type]bool, visit func(place, tag string)) {
	for shape.Kind() == reflect.Pointer {
		shape = shape.Elem()
	}
	shape = withoutPointers(shape)
	if shape.Kind() != reflect.Struct || seen[shape] || readsText(reflect.New(shape).Elem()) {
		return
	}
	seen[shape] = true
	for _, f := range fieldsOf(shape).list {
		field := shape.FieldByIndex(f.index)
		inner := withoutPointers(field.Type)
		if inner.Kind() == reflect.Slice || inner.Kind() == reflect.Map {
			visit(place+"."+f.goName, field.Tag.Get("validate"))
			inner = inner.Elem()
		}
		everyList(inner, place+"."+f.goName, seen, visit)
	}
}
