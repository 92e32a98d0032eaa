// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"testing"
)

// growing are inputs that grow with n, each with what reads it.
var growing = map[string]struct {
	input func(n int) string
	read  func(text string)
	most  float64 // bytes of memory for a byte of input
}{
	"unknown names":     {func(n int) string { return objectOfNames(n, "x") }, read[calculationRequest], 110},
	"one name again":    {func(n int) string { return "{" + strings.Repeat(`"peildatum":"2022-01-01",`, n) + `"x":0}` }, read[calculationRequest], 30},
	"free names":        {func(n int) string { return `{"bouwblokken":` + objectOfNames(n, "B") + `}` }, read[rulesMoveRequest], 60},
	"elements":          {func(n int) string { return `{"inspanningen":` + listOf(effort, n) + `}` }, read[calculationRequest], 110},
	"empty elements":    {func(n int) string { return `{"inspanningen":` + listOf("{}", n) + `}` }, read[calculationRequest], 700},
	"lists in lists":    {func(n int) string { return `{"x":` + listOf(strings.Repeat("[", 20)+strings.Repeat("]", 20), n) + `}` }, read[calculationRequest], 50},
	"a long text":       {func(n int) string { return `{"opdrachtgever":"` + strings.Repeat("é", 20*n) + `"}` }, read[calculationRequest], 20},
	"a text of escapes": {func(n int) string { return `{"opdrachtgever":"` + strings.Repeat(`\u00e9`, 20*n) + `"}` }, read[calculationRequest], 20},
	"a long number":     {func(n int) string { return `{"opdrachtgever":1` + strings.Repeat("0", 20*n) + `}` }, read[calculationRequest], 20},
	"a query": {func(n int) string { return strings.Repeat("perPage=1&", n) }, func(text string) {
		r := request{event: new(ask{query: text}.event())}
		query[paging](&r)
	}, 40},
	"preferences": {func(n int) string { return strings.Repeat("text/x;q=0.1,", n) }, func(text string) { accepted(text, asPage) }, 10},
	"a path":      {func(n int) string { return strings.Repeat("/%41", n) }, func(text string) { match(statementPattern, text) }, 10},
	"a key id":    {func(n int) string { return strings.Repeat("e30A", n) + ".a.b" }, func(text string) { keyID(text) }, 10},
	"a key set": {func(n int) string { return `{"keys":[` + strings.Repeat(`{"kty":"RSA","n":"AQAB"},`, n) + `{}]}` }, func(text string) {
		_, _ = parseKeys([]byte(text))
	}, 30},
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

// TestMemoryGrowsWithTheInput holds that what is read costs no more than so much
// memory for each of its bytes, and four times the input about four times the
// memory: lists that double make it up to seven, a square would be sixteen.
func TestMemoryGrowsWithTheInput(t *testing.T) {
	for name, g := range growing {
		const n = 1000
		once, four := memoryOf(g.input(n), g.read), memoryOf(g.input(4*n), g.read)
		perByte := four / float64(len(g.input(4*n)))
		t.Logf("%s: %.1f bytes for a byte, %.2f times for four times", name, perByte, four/once)
		if perByte > g.most {
			t.Errorf("%s: %.1f bytes of memory for a byte of input, at most %.0f", name, perByte, g.most)
		}
		if once > 1<<14 && four > 7*once {
			t.Errorf("%s: four times the input takes %.1f times the memory", name, four/once)
		}
	}
}

// memoryOf is the number of bytes that reading a text allocates.
func memoryOf(text string, read func(string)) float64 {
	read(text) // what is made once
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read(text)
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}

// BenchmarkGrowth shows what no count of memory shows: the time for a byte must
// be the same at each size.
func BenchmarkGrowth(b *testing.B) {
	for name, g := range growing {
		for _, n := range []int{1000, 2000, 4000, 8000} {
			text := g.input(n)
			b.Run(fmt.Sprintf("%s/%d", url.PathEscape(name), n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					g.read(text)
				}
			})
		}
	}
}
