// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"strings"
	"testing"

	"socialreturn/infra/bench/growth"
)

func readXML(text string) { _, _ = ReadNotice(strings.NewReader(text)) }

func readCSV(text string) { _, _ = ReadLines(strings.NewReader(text)) }

// growing are files that grow with n, each with what reads it.
var growing = map[string]growth.Input{
	"elements":           growth.Of(func(n int) string { return small(strings.Repeat("<a/>", n)) }, readXML, 120),
	"attributes":         growth.Of(func(n int) string { return small(strings.Repeat("<a"+attributes(50)+"/>", n/10)) }, readXML, 40),
	"namespaces":         growth.Of(func(n int) string { return small(strings.Repeat(`<a xmlns:b="c" b:d=""/>`, n)) }, readXML, 40),
	"texts in pieces":    growth.Of(func(n int) string { return small("<a>" + strings.Repeat("x<!---->", n) + "</a>") }, readXML, 40),
	"characters by name": growth.Of(func(n int) string { return small("<a>" + strings.Repeat("&amp;", n) + "</a>") }, readXML, 10),
	"unknown buyers":     growth.Of(func(n int) string { return small(unknownBuyers(n)) }, readXML, 80),
	"lots":               growth.Of(func(n int) string { return small(lots(n / 5)) }, readXML, 100),
	"rows":               growth.Of(func(n int) string { return purchaseHeader + strings.Repeat(purchaseRow, n) }, readCSV, 40),
	"rows that fail":     growth.Of(func(n int) string { return purchaseHeader + strings.Repeat(strings.Repeat(";", 8)+"x\n", n) }, readCSV, 60),
	"quotes":             growth.Of(func(n int) string { return purchaseHeader + `"` + strings.Repeat(`""`, n) + "\"\n" }, readCSV, 10),
	"open quotes":        growth.Of(func(n int) string { return purchaseHeader + strings.Repeat("x;\"a\"\"b\n", n) }, readCSV, 60),
	"empty cells":        growth.Of(func(n int) string { return purchaseHeader + strings.Repeat(strings.Repeat(";", 250)+"\n", n/10) }, readCSV, 20),
	"headers":            growth.Of(func(n int) string { return strings.Repeat("soort;", min(n/20, maxCells)) + "\n" }, readCSV, 160),
	"no UTF-8":           growth.Of(func(n int) string { return strings.Repeat("\xe9;", 10*n) }, readCSV, 20),
	"UTF-16":             growth.Of(func(n int) string { return utf16File(strings.Repeat("é;", 10*n), true) }, readCSV, 20),
}

func TestMemoryGrowsWithTheFile(t *testing.T) { growth.Memory(t, growing) }

func BenchmarkGrowth(b *testing.B) { growth.Time(b, growing) }
