// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func readXML(text string) { _, _ = ReadNotice(strings.NewReader(text)) }

func readCSV(text string) { _, _ = ReadLines(strings.NewReader(text)) }

// growing are files that grow with n, each with what reads it.
var growing = map[string]struct {
	file func(n int) string
	read func(text string)
	most float64 // bytes of memory for a byte of the file
}{
	"elements":           {func(n int) string { return small(strings.Repeat("<a/>", n)) }, readXML, 120},
	"attributes":         {func(n int) string { return small(strings.Repeat("<a"+attributes(50)+"/>", n/10)) }, readXML, 40},
	"namespaces":         {func(n int) string { return small(strings.Repeat(`<a xmlns:b="c" b:d=""/>`, n)) }, readXML, 40},
	"texts in pieces":    {func(n int) string { return small("<a>" + strings.Repeat("x<!---->", n) + "</a>") }, readXML, 40},
	"characters by name": {func(n int) string { return small("<a>" + strings.Repeat("&amp;", n) + "</a>") }, readXML, 10},
	"unknown buyers":     {func(n int) string { return small(unknownBuyers(n)) }, readXML, 80},
	"lots":               {func(n int) string { return small(lots(n / 5)) }, readXML, 100},
	"rows":               {func(n int) string { return purchaseHeader + strings.Repeat(purchaseRow, n) }, readCSV, 40},
	"rows that fail":     {func(n int) string { return purchaseHeader + strings.Repeat(strings.Repeat(";", 8)+"x\n", n) }, readCSV, 60},
	"quotes":             {func(n int) string { return purchaseHeader + `"` + strings.Repeat(`""`, n) + "\"\n" }, readCSV, 10},
	"open quotes":        {func(n int) string { return purchaseHeader + strings.Repeat("x;\"a\"\"b\n", n) }, readCSV, 60},
	"empty cells":        {func(n int) string { return purchaseHeader + strings.Repeat(strings.Repeat(";", 250)+"\n", n/10) }, readCSV, 20},
	"headers":            {func(n int) string { return strings.Repeat("soort;", min(n/20, maxCells)) + "\n" }, readCSV, 160},
	"no UTF-8":           {func(n int) string { return strings.Repeat("\xe9;", 10*n) }, readCSV, 20},
	"UTF-16":             {func(n int) string { return utf16File(strings.Repeat("é;", 10*n), true) }, readCSV, 20},
}

// TestMemoryGrowsWithTheFile holds that what is read costs no more than so much
// memory for each of its bytes, and four times the file about four times the
// memory: lists that double make it up to seven, a square would be sixteen.
func TestMemoryGrowsWithTheFile(t *testing.T) {
	for name, g := range growing {
		const n = 1000
		once, four := memoryOf(g.file(n), g.read), memoryOf(g.file(4*n), g.read)
		perByte := four / float64(len(g.file(4*n)))
		t.Logf("%s: %.1f bytes for a byte, %.2f times for four times", name, perByte, four/once)
		if perByte > g.most {
			t.Errorf("%s: %.1f bytes of memory for a byte of the file, at most %.0f", name, perByte, g.most)
		}
		if once > 1<<14 && four > 7*once {
			t.Errorf("%s: four times the file takes %.1f times the memory", name, four/once)
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
			text := g.file(n)
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(name, " ", "_"), n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					g.read(text)
				}
			})
		}
	}
}
