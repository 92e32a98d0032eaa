// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// samples are parts that fit each kind of part.
var samples = map[string]*rapid.Generator[string]{
	"n4":             rapid.StringMatching(`[0-9]{4}`),
	"n5":             rapid.StringMatching(`[0-9]{5}`),
	"n8":             rapid.StringMatching(`[0-9]{8}`),
	"year":           rapid.StringMatching(`20[0-9]{2}`),
	"date":           rapid.StringMatching(`20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])`),
	"month":          rapid.StringMatching(`20[0-9]{2}-(0[1-9]|1[0-2])`),
	"period":         rapid.StringMatching(`20[0-9]{2}-(Q[1-4]|H[12]|0[1-9]|1[0-2])`),
	"period or year": rapid.StringMatching(`20[0-9]{2}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?`),
	"sha256":         rapid.StringMatching(`[0-9a-f]{64}`),
	"revision":       rapid.StringMatching(`[0-9]{4}-[0-9a-f]{8}`),
	"kind":           rapid.SampledFrom([]string{tenderReference, contractNumber}),
	"series":         rapid.SampledFrom([]string{achieved, intended}),
	"state":          rapid.SampledFrom([]string{"draft", "sentBack", "submitted", "decided"}),
}

var anyID = rapid.StringMatching(`[^#\x{D800}-\x{DFFF}]{1,40}`)

func drawParts(t *rapid.T, l *layout) []string {
	var parts []string
	for _, s := range append(append([]segment{}, l.pk...), l.sk...) {
		if s.part == "" {
			continue
		}
		sample := samples[s.part]
		if sample == nil {
			sample = anyID
		}
		parts = append(parts, sample.Draw(t, s.part))
	}
	return parts
}

func TestEveryKeyParsesBackToItsLayoutAndParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(layouts).Draw(t, "layout")
		parts := drawParts(t, l)
		k := l.key(parts...)
		if k.fault != nil {
			t.Fatal(k.fault)
		}
		found, back, err := parseKey(k)
		if err != nil || found != l || strings.Join(back, "\n") != strings.Join(parts, "\n") {
			t.Fatalf("%s %q came back as %v %q (%v)", l.text, parts, found, back, err)
		}
	})
}

func TestIndexKeysParseBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom([]*layout{tendersOfAuthority, contractsOfAuthority, contractsOfSupplier, authoritiesOfDesk, contractsOfDesk, statementsOfDesk}).Draw(t, "layout")
		parts := drawParts(t, l)
		back, fits := l.parse(l.key(parts...))
		if !fits || strings.Join(back, "\n") != strings.Join(parts, "\n") {
			t.Fatalf("%s %q came back as %q", l.text, parts, back)
		}
	})
}

func TestDifferentPartsGiveDifferentKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(layouts).Draw(t, "layout")
		one, two := drawParts(t, l), drawParts(t, l)
		if (strings.Join(one, "\n") == strings.Join(two, "\n")) != (l.key(one...) == l.key(two...)) {
			t.Fatalf("%s: %q and %q", l.text, one, two)
		}
	})
}

func TestWrongPartsAreRefused(t *testing.T) {
	for name, k := range map[string]key{
		"too few":       placementKey.key("C1"),
		"too many":      placementKey.key("C1", "0001", "0002"),
		"empty":         tenderKey.key(""),
		"separator":     tenderKey.key("a#b"),
		"long":          tenderKey.key(strings.Repeat("a", 201)),
		"not UTF-8":     tenderKey.key("\xff"),
		"number":        placementKey.key("C1", "1"),
		"over":          placementKey.key("C1", padded(10_000, 4)),
		"negative":      placementKey.key("C1", padded(-1, 4)),
		"period":        statementKey.key("C1", "2022-Q5"),
		"no period":     statementKey.key("C1", ""),
		"hash":          sightingKey.key("C1", strings.Repeat("A", 64)),
		"revision":      lineKey.key("C1", "2022-Q1", revision(1, "abc"), "00001"),
		"month":         courseKey.key("GM0200", "2022", "2022-13"),
		"year":          totalKey.key("GM0200", year(20220)),
		"desk as state": deskStatementsPrefix.key("oost", "AUTH"),
	} {
		if !errors.Is(k.fault, ErrKey) || k.pk != "" || k.sk != "" {
			t.Errorf("%s: %+v", name, k)
		}
	}
	if k := tenderKey.key(strings.Repeat("a", 200)); k.fault != nil {
		t.Error(k.fault)
	}
}

func TestStretchHoldsExactlyItsPrefix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.StringMatching(`[A-Z]{1,3}#`).Draw(t, "prefix")
		sk := rapid.StringMatching(`[A-Z]{1,4}[#$]?[ -~]{0,4}`).Draw(t, "sk")
		s := under(key{pk: "x", sk: prefix})
		if s.holds(sk) != strings.HasPrefix(sk, prefix) && sk != s.to {
			t.Fatalf("%q from %q to %q: %v", sk, s.from, s.to, s.holds(sk))
		}
	})
}

func FuzzParseKey(f *testing.F) {
	f.Add("CONTRACT#C1", "REV#2022-Q1#0001-abcdef01#LINE#00001")
	f.Add("AREA#GM0200#YEAR#2022", "TENDER#T1")
	f.Add("AREA#GM0200", "YEAR#2022#COURSE#2022-03")
	f.Add("PERSON#x", "PERIOD#2022-Q1#CONTRACT#C1#0001")
	f.Add("INDICATOR#GM0200", "banen#2022#achieved#0001")
	f.Add("#", "##")
	f.Fuzz(func(t *testing.T, pk, sk string) {
		k := key{pk: pk, sk: sk}
		l, parts, err := parseKey(k)
		if err != nil {
			return
		}
		if back := l.key(parts...); back != k {
			t.Errorf("%q %q is read as %s %q, which is %q %q", pk, sk, l.text, parts, back.pk, back.sk)
		}
		fits := 0
		for _, other := range layouts {
			if _, is := other.parse(k); is {
				fits++
			}
		}
		if fits != 1 {
			t.Errorf("%q %q fits %d layouts", pk, sk, fits)
		}
	})
}

func FuzzCursor(f *testing.F) {
	r := reading{index: byOwner, stretch: under(tendersPrefix.key(string(apeldoorn)))}
	f.Add(r.cursor(record{"OwnerSK": text("", "TENDER#2021-01-01#T1").value, "PK": text("", "TENDER#T1").value, "SK": text("", "HEAD").value}))
	f.Add("")
	f.Add("eyJsIjoiIn0")
	f.Fuzz(func(t *testing.T, cursor string) {
		fresh := r
		if fresh.start(cursor, tenderKey) != nil || cursor == "" {
			return
		}
		if pk := fresh.after.text("OwnerPK"); pk != r.pk {
			t.Errorf("cursor %q leads to partition %q", cursor, pk)
		}
	})
}
