// SPDX-License-Identifier: EUPL-1.2

package verify_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/infra/local/verify"
	"socialreturn/internal/sroi"
)

// FuzzCheck reads anything: it holds, or it is a fault, or it is unreadable; it
// never panics.
func FuzzCheck(f *testing.F) {
	h, export, heads := closedYear(f)
	f.Add(export, heads)
	for _, path := range paths(f, export) {
		alone := h.export(actor(sroi.Auditor), path, 0)
		f.Add(alone, []byte{})
	}
	f.Add("", []byte("{}"))
	f.Fuzz(func(t *testing.T, export string, heads []byte) {
		if len(heads) == 0 {
			heads = nil
		}
		_, err := h.check(export, heads)
		if _, fault := errors.AsType[*verify.Fault](err); err == nil || fault {
			return
		}
		if _, unreadable := errors.AsType[*verify.Unreadable](err); !unreadable {
			t.Errorf("%T %v", err, err)
		}
	})
}

// hostile makes a ledger of which all hashes are right and the contents are not:
// parts of entries and items are taken away or changed, and sealed anew.
func hostile(t testing.TB, draw *rapid.T, records []record) []record {
	forged := slices.Clone(records)
	at := rapid.IntRange(0, len(forged)-2).Draw(draw, "record")
	var content map[string]json.RawMessage
	if err := json.Unmarshal(forged[at].Content, &content); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range content {
		names = append(names, name)
	}
	slices.Sort(names)
	name := rapid.SampledFrom(names).Draw(draw, "field")
	content[name] = json.RawMessage(rapid.SampledFrom([]string{
		`null`, `{}`, `[]`, `0`, `-1`, `99999`, `""`, `[{}]`, `[null]`, `"2022-Q1"`, `true`, `1000000000000000000`,
	}).Draw(draw, "value"))
	switch forged[at].Kind {
	case "mutatie":
		forged[at].Content = canonical[sroi.Entry](content, forged[at].Content)
	case "contract":
		forged[at].Content = canonical[sroi.Contract](content, forged[at].Content)
	case "wijziging":
		forged[at].Content = canonical[sroi.Amendment](content, forged[at].Content)
	case "regel":
		forged[at].Content = canonical[sroi.Line](content, forged[at].Content)
	case "beoordeling":
		forged[at].Content = canonical[sroi.Decision](content, forged[at].Content)
	case "correctie":
		forged[at].Content = canonical[sroi.Correction](content, forged[at].Content)
	}
	return committed(t, forged)
}

// canonical is the content as its type writes it, or the old one where it is none.
func canonical[T any](content map[string]json.RawMessage, old json.RawMessage) json.RawMessage {
	text, err := json.Marshal(content)
	if err != nil {
		return old
	}
	var value T
	if json.Unmarshal(text, &value) != nil {
		return old
	}
	if text, err = json.Marshal(value); err != nil {
		return old
	}
	return text
}

// committed makes every entry commit to the items that follow it.
func committed(t testing.TB, records []record) []record {
	for i := range records {
		if records[i].Kind != "mutatie" {
			continue
		}
		e := entryOf(t, records[i])
		hashes := []string{}
		for n := i + 1; n < len(records) && records[n].Kind != "mutatie" && records[n].Kind != "stand"; n++ {
			records[n].Hash = sum(records[n].Content)
			hashes = append(hashes, records[n].Hash)
			switch records[n].Kind {
			case "regel":
				e.LinesHash = ""
			case "beoordeling":
				e.DecisionsHash = ""
			}
		}
		switch {
		case len(hashes) == 0:
		case records[i+1].Kind == "regel":
			e.LinesHash = sroi.Digest(hashes)
		case records[i+1].Kind == "beoordeling":
			e.DecisionsHash = sroi.Digest(hashes)
		default:
			e.Subject = hashes[0]
		}
		records[i].Content = encoded(t, e)
	}
	return records
}

// Contents that hash as they should are refused all the same where they make no
// ledger, and nothing breaks on them.
func TestHostileContentsBreakNothing(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	lines := linesOf(export)
	name := headsIn(t, heads)[0].Ledger
	records, before, after := ledgerOf(t, lines, name)
	refused := 0
	rapid.Check(t, func(draw *rapid.T) {
		_, err := h.check(forged(t, hostile(t, draw, records), before, after), heads)
		if _, unreadable := errors.AsType[*verify.Unreadable](err); unreadable {
			draw.Fatal(err)
		}
		if err != nil {
			refused++
		}
	})
	if refused == 0 {
		t.Error("nothing was refused")
	}
}
