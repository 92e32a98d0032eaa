// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"strings"
	"testing"

	"socialreturn/infra/bench/growth"
)

// growing are inputs that grow with n, each with what reads it.
var growing = map[string]growth.Input{
	"unknown names":     growth.Of(func(n int) string { return objectOfNames(n, "x") }, read[calculationRequest], 110),
	"one name again":    growth.Of(func(n int) string { return "{" + strings.Repeat(`"peildatum":"2022-01-01",`, n) + `"x":0}` }, read[calculationRequest], 30),
	"free names":        growth.Of(func(n int) string { return `{"bouwblokken":` + objectOfNames(n, "B") + `}` }, read[rulesMoveRequest], 60),
	"elements":          growth.Of(func(n int) string { return `{"inspanningen":` + listOf(effort, n) + `}` }, read[calculationRequest], 110),
	"empty elements":    growth.Of(func(n int) string { return `{"inspanningen":` + listOf("{}", n) + `}` }, read[calculationRequest], 700),
	"lists in lists":    growth.Of(func(n int) string { return `{"x":` + listOf(strings.Repeat("[", 20)+strings.Repeat("]", 20), n) + `}` }, read[calculationRequest], 50),
	"a long text":       growth.Of(func(n int) string { return `{"opdrachtgever":"` + strings.Repeat("é", 20*n) + `"}` }, read[calculationRequest], 20),
	"a text of escapes": growth.Of(func(n int) string { return `{"opdrachtgever":"` + strings.Repeat(`\u00e9`, 20*n) + `"}` }, read[calculationRequest], 20),
	"a long number":     growth.Of(func(n int) string { return `{"opdrachtgever":1` + strings.Repeat("0", 20*n) + `}` }, read[calculationRequest], 20),
	"a query": growth.Of(func(n int) string { return strings.Repeat("perPage=1&", n) }, func(text string) {
		r := request{event: new(ask{query: text}.event())}
		query[paging](&r)
	}, 40),
	"preferences": growth.Of(func(n int) string { return strings.Repeat("text/x;q=0.1,", n) }, func(text string) { accepted(text, asPage) }, 10),
	"a path":      growth.Of(func(n int) string { return strings.Repeat("/%41", n) }, func(text string) { match(statementPattern, text) }, 10),
	"a key id":    growth.Of(func(n int) string { return strings.Repeat("e30A", n) + ".a.b" }, func(text string) { keyID(text) }, 10),
	"a key set": growth.Of(func(n int) string { return `{"keys":[` + strings.Repeat(`{"kty":"RSA","n":"AQAB"},`, n) + `{}]}` }, func(text string) {
		_, _ = parseKeys([]byte(text))
	}, 30),
}

func objectOfNames(n int, name string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `,"%s%d":"A"`, name, i)
	}
	return "{" + text.String()[1:] + "}"
}

func read[T any](text string) {
	var value T
	var found findings
	decodeJSON([]byte(text), &value, &found)
	checkShape(inBody, value, &found)
}

func TestMemoryGrowsWithTheInput(t *testing.T) { growth.Memory(t, growing) }

func BenchmarkGrowth(b *testing.B) { growth.Time(b, growing) }
