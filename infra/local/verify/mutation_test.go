// SPDX-License-Identifier: EUPL-1.2

package verify_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"socialreturn/infra/local/verify"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// record is a line of an export as a forger sees it.
type record struct {
	Kind    string          `json:"soort"`
	Ledger  string          `json:"grootboek,omitempty"`
	Entry   int             `json:"nummer,omitempty"`
	Item    int             `json:"volgnummer,omitempty"`
	Hash    string          `json:"hash,omitempty"`
	Content json.RawMessage `json:"inhoud,omitempty"`
	From    string          `json:"vanaf,omitempty"`
	Next    string          `json:"volgende,omitempty"`
	Records int             `json:"records,omitempty"`
}

func parsed(t testing.TB, text string) record {
	t.Helper()
	var r record
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r record) String() string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		panic(err)
	}
	return text.String()
}

// closedYear is a history that was closed and went on after it.
func closedYear(t testing.TB) (h *house, export string, heads []byte) {
	t.Helper()
	h = newHouse(t)
	one, _ := h.history()
	h.today = "2023-02-01"
	h.close(2022)
	heads = h.heads(2022)
	h.today = "2023-03-01"
	h.correct(one, app.CorrectionInput{Corrects: 7, Year: 2022, Delta: -cents("500")})
	h.contract(h.tender(apeldoorn, "nieuw", "2023-02-01"), year(2023), nil)
	return h, h.export(actor(sroi.Auditor), everything, 0), heads
}

// faulty wants a fault, and gives it.
func faulty(t testing.TB, what string, err error) *verify.Fault {
	t.Helper()
	found, ok := errors.AsType[*verify.Fault](err)
	if !ok {
		t.Errorf("%s is not found: %v", what, err)
		return &verify.Fault{}
	}
	return found
}

// leaf is a value in a JSON text that is neither object nor list.
type leaf struct {
	path     string
	from, to int
}

// leaves are those of a JSON text, in order.
func leaves(t testing.TB, text []byte) []leaf {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var found []leaf
	var walk func(path string)
	walk = func(path string) {
		start := int(decoder.InputOffset())
		token, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		delimiter, inside := token.(json.Delim)
		if !inside {
			for bytes.IndexByte([]byte(" ,:"), text[start]) >= 0 {
				start++
			}
			found = append(found, leaf{path, start, int(decoder.InputOffset())})
			return
		}
		for i := 0; decoder.More(); i++ {
			step := fmt.Sprint(i)
			if delimiter == '{' {
				key, err := decoder.Token()
				if err != nil {
					t.Fatal(err)
				}
				step = key.(string)
			}
			walk(path + "/" + step)
		}
		if _, err := decoder.Token(); err != nil {
			t.Fatal(err)
		}
	}
	walk("")
	return found
}

// changed is a leaf of another value of its kind.
func changed(value string) string {
	switch {
	case value == "true":
		return "false"
	case value == "false":
		return "true"
	case value == "null":
		return "0"
	case value[0] != '"':
		if last := value[len(value)-1]; last < '9' {
			return value[:len(value)-1] + string(last+1)
		}
		return value[:len(value)-1] + "8"
	case len(value) == 2:
		return `"x"`
	}
	at := len(value) - 2
	if c := value[at]; c == 'a' || c == '1' {
		return value[:at] + `b"`
	}
	return value[:at] + `1"`
}

// Every value of every record is changed, one at a time. The record that was
// changed is the one that is found, and its entry is the one that is named.
func TestEveryChangedValueIsFound(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	lines := linesOf(export)
	tried := 0
	for i, text := range lines {
		r := parsed(t, text)
		before, after := strings.Join(lines[:i], ""), strings.Join(lines[i+1:], "")
		for _, at := range leaves(t, []byte(text)) {
			tried++
			what := fmt.Sprintf("line %d, %s %s %d%s", i+1, r.Kind, r.Ledger, r.Entry, at.path)
			_, err := h.check(before+text[:at.from]+changed(text[at.from:at.to])+text[at.to:]+after, heads)
			f := faulty(t, what, err)
			if f.Line != i+1 && r.Next == "" {
				t.Errorf("%s: found in line %d: %v", what, f.Line, f)
			}
			if moved := at.path == "/grootboek" || at.path == "/nummer"; r.Ledger != "" && !moved && (f.Ledger != r.Ledger || f.Entry != r.Entry) {
				t.Errorf("%s: named %s %d", what, f.Ledger, f.Entry)
			}
		}
	}
	if t.Logf("%d values changed in %d records", tried, len(lines)); tried < 1500 {
		t.Error("there was little to change")
	}
}

// Every record is left out, given twice, and swapped with the next.
func TestEveryRecordOutOfPlaceIsFound(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	lines := linesOf(export)
	names := func(what string, i int, err error, r record) {
		t.Helper()
		f := faulty(t, fmt.Sprintf("line %d, %s %s %d %s", i+1, r.Kind, r.Ledger, r.Entry, what), err)
		if r.Ledger != "" && (f.Ledger != r.Ledger || f.Entry != r.Entry && f.Entry != r.Entry+1) {
			t.Errorf("line %d, %s %s %d %s: named %s %d: %v", i+1, r.Kind, r.Ledger, r.Entry, what, f.Ledger, f.Entry, f)
		}
	}
	for i, text := range lines {
		r := parsed(t, text)
		_, err := h.check(strings.Join(slices.Concat(lines[:i], lines[i+1:]), ""), heads)
		names("left out", i, err, r)
		_, err = h.check(strings.Join(slices.Concat(lines[:i+1], lines[i:]), ""), heads)
		names("twice", i, err, r)
		if i+1 < len(lines) {
			_, err = h.check(strings.Join(slices.Concat(lines[:i], []string{lines[i+1], text}, lines[i+2:]), ""), heads)
			if next := parsed(t, lines[i+1]); next.Ledger == r.Ledger {
				names("swapped", i, err, r)
			} else {
				faulty(t, fmt.Sprintf("line %d swapped", i+1), err)
			}
		}
		_, err = h.check(strings.Join(lines[:i], ""), heads)
		if _, empty := errors.AsType[*verify.Unreadable](err); i > 0 && empty || err == nil {
			t.Errorf("cut off before line %d: %v", i+1, err)
		}
		_, err = h.check(strings.Join(lines[:i], "")+text[:len(text)/2], heads)
		if broken, ok := errors.AsType[*verify.Unreadable](err); !ok || broken.Line != i+1 {
			t.Errorf("cut off in line %d: %v", i+1, err)
		}
	}
}

// ledgerOf is the part of an export that is one ledger.
func ledgerOf(t testing.TB, lines []string, name string) (records []record, before, after []string) {
	t.Helper()
	for _, text := range lines {
		switch r := parsed(t, text); {
		case r.Ledger == name:
			records = append(records, r)
		case records == nil:
			before = append(before, text)
		default:
			after = append(after, text)
		}
	}
	return records, before, after
}

// forged puts a ledger together again with entries resealed from a number on,
// items and balance made to match, as whoever owns the table could.
func forged(t testing.TB, records []record, before, after []string) string {
	t.Helper()
	balance := sroi.Balance{Contract: strings.SplitN(records[0].Ledger, "#", 2)[1]}
	contract := strings.HasPrefix(records[0].Ledger, "CONTRACT#")
	all := slices.Clone(before)
	for _, r := range records {
		switch r.Kind {
		case "mutatie":
			var e sroi.Entry
			if err := json.Unmarshal(r.Content, &e); err != nil {
				t.Fatal(err)
			}
			balance, e = balance.Next(e)
			r = record{Kind: r.Kind, Ledger: r.Ledger, Entry: e.Seq, Hash: e.Hash, Content: encoded(t, e)}
		case "stand":
			r.Entry, r.Hash = balance.Seq, balance.Head
			if contract {
				r.Content = encoded(t, balance)
			}
		default:
			r.Entry = balance.Seq
		}
		all = append(all, r.String())
	}
	all = append(all, after...)
	last := parsed(t, all[len(all)-1])
	last.Records = len(all) - 1
	all[len(all)-1] = last.String()
	return strings.Join(all, "")
}

func encoded(t testing.TB, value any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func entryOf(t testing.TB, r record) sroi.Entry {
	t.Helper()
	var e sroi.Entry
	if err := json.Unmarshal(r.Content, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// withEntry is an entry appended to the ledger of a line, sealed as it should be.
func appended(t testing.TB, export, ledger string, e sroi.Entry) string {
	t.Helper()
	records, before, after := ledgerOf(t, linesOf(export), ledger)
	stand := records[len(records)-1]
	return forged(t, append(slices.Clone(records[:len(records)-1]), record{Kind: "mutatie", Ledger: ledger, Content: encoded(t, e)}, stand), before, after)
}

// Whoever owns the table can make a chain again from any entry on, validly
// sealed. Without heads that passes; against the heads it does not.
func TestARemadeChainIsFoundByItsHead(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	result := h.accepted(export, heads)
	for _, head := range headsIn(t, heads) {
		if _, err := h.check(forgedAt(t, export, head.Ledger), nil); err != nil {
			t.Errorf("%s made again is no whole ledger: %v", head.Ledger, err)
		}
		_, err := h.check(forgedAt(t, export, head.Ledger), heads)
		if f := faulty(t, head.Ledger+" made again", err); f.Ledger != head.Ledger || f.Entry != head.Seq {
			t.Errorf("%s made again: %v", head.Ledger, f)
		}
		_, before, after := ledgerOf(t, linesOf(export), head.Ledger)
		last := parsed(t, after[len(after)-1])
		last.Records = len(before) + len(after) - 1
		gone := strings.Join(slices.Concat(before, after[:len(after)-1], []string{last.String()}), "")
		if _, err := h.check(gone, nil); err != nil {
			t.Errorf("without %s: %v", head.Ledger, err)
		}
		_, err = h.check(gone, heads)
		if f := faulty(t, "without "+head.Ledger, err); f.Ledger != head.Ledger || f.Entry != head.Seq {
			t.Errorf("without %s: %v", head.Ledger, f)
		}
	}
	if len(result.Year.Later) != 1 || result.Year.Later[0].Verified != -cents("500") {
		t.Errorf("later: %+v", result.Year.Later)
	}
}

// forgedAt says that the first entry of a ledger was made by someone else.
func forgedAt(t testing.TB, export, ledger string) string {
	t.Helper()
	records, before, after := ledgerOf(t, linesOf(export), ledger)
	e := entryOf(t, records[0])
	e.Actor.ID = "iemand-anders"
	records[0].Content = encoded(t, e)
	return forged(t, records, before, after)
}

func headsIn(t testing.TB, document []byte) []sroi.Head {
	t.Helper()
	heads, err := verify.Heads(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return heads
}

// An entry after the head is refused where its date says that it was there
// before; one of later is listed where it concerns the year.
func TestEntriesAfterTheHead(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	for _, head := range headsIn(t, heads) {
		records, _, _ := ledgerOf(t, linesOf(export), head.Ledger)
		newest := entryOf(t, records[slices.IndexFunc(records, func(r record) bool { return r.Kind == "stand" })-1-indexBack(records)])
		early := newest
		early.Booked, early.Kind, early.Closes = calendar.MustDate("2023-01-15"), sroi.YearClosed, 2023
		early.Amounts, early.Correction, early.Subject, early.Corrects, early.Reason = nil, "", "", 0, ""
		_, err := h.check(appended(t, export, head.Ledger, early), heads)
		if f := faulty(t, head.Ledger+" with an entry of before", err); f.Ledger != head.Ledger || f.Entry != newest.Seq+1 {
			t.Errorf("%s with an entry of before: %v", head.Ledger, f)
		}
		sameDay := early
		sameDay.Booked = calendar.MustDate("2023-02-01")
		sameDay.At = early.At.AddDate(-1, 0, 0)
		_, err = h.check(appended(t, export, head.Ledger, sameDay), heads)
		if f := faulty(t, head.Ledger+" with an entry of the very day", err); f.Entry != newest.Seq+1 {
			t.Errorf("%s with an entry of the very day: %v", head.Ledger, f)
		}
		late := early
		late.Booked, late.At = calendar.MustDate("2023-04-01"), early.At.AddDate(1, 0, 0)
		result := h.accepted(appended(t, export, head.Ledger, late), heads)
		if len(result.Year.Later) != 1 {
			t.Errorf("an entry that concerns nothing is listed: %+v", result.Year.Later)
		}
	}
}

// indexBack is how many items stand between the newest entry and the balance.
func indexBack(records []record) int {
	n := 0
	for i := len(records) - 2; records[i].Kind != "mutatie"; i-- {
		n++
	}
	return n
}

// A line is replaced and all that is hashed over it is made again.
func TestAReplacedLineIsFoundByTheHead(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	for _, head := range headsIn(t, heads) {
		records, before, after := ledgerOf(t, linesOf(export), head.Ledger)
		at := slices.IndexFunc(records, func(r record) bool { return r.Kind == "regel" })
		if at < 0 {
			continue
		}
		var line sroi.Line
		if err := json.Unmarshal(records[at].Content, &line); err != nil {
			t.Fatal(err)
		}
		line.Claim.Remark = "anders"
		records[at].Content, records[at].Hash = encoded(t, line), sroi.Digest(line)
		var hashes []string
		for i := at; records[i].Kind == "regel"; i++ {
			hashes = append(hashes, records[i].Hash)
		}
		var old string
		for i := range records {
			if records[i].Kind != "mutatie" {
				continue
			}
			e := entryOf(t, records[i])
			if old == "" && i == at-1 {
				old = e.LinesHash
			}
			if old != "" && e.LinesHash == old {
				e.LinesHash = sroi.Digest(hashes)
				records[i].Content = encoded(t, e)
			}
		}
		made := forged(t, records, before, after)
		h.accepted(made, nil)
		_, err := h.check(made, heads)
		if f := faulty(t, "a replaced line", err); f.Ledger != head.Ledger || f.Entry != head.Seq {
			t.Errorf("a replaced line in %s: %v", head.Ledger, f)
		}
	}
}

// Every value of the heads is changed.
func TestChangedHeadsAreFound(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	for _, at := range leaves(t, heads) {
		forged := string(heads[:at.from]) + changed(string(heads[at.from:at.to])) + string(heads[at.to:])
		if _, err := h.check(export, []byte(forged)); err == nil {
			t.Errorf("%s of the heads is changed, and nothing is found", at.path)
		}
	}
}

// sum is the hash of a content.
func sum(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

// Every item is replaced by another that is hashed as it should be, while its
// entry stays: the entry does not commit to it.
func TestEveryReplacedItemIsFound(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	lines := linesOf(export)
	for i, text := range lines {
		r := parsed(t, text)
		if r.Item == 0 {
			continue
		}
		at := leaves(t, r.Content)[0]
		content := string(r.Content[:at.from]) + changed(string(r.Content[at.from:at.to])) + string(r.Content[at.to:])
		r.Content, r.Hash = json.RawMessage(content), sum([]byte(content))
		for name, against := range map[string][]byte{"without heads": nil, "against heads": heads} {
			_, err := h.check(strings.Join(lines[:i], "")+r.String()+strings.Join(lines[i+1:], ""), against)
			f := faulty(t, fmt.Sprintf("line %d, %s %s", i+1, r.Kind, name), err)
			if f.Ledger != r.Ledger || f.Entry != r.Entry || strings.Contains(f.Text, "past niet") || strings.Contains(f.Text, "andere regel") || strings.Contains(f.Text, "ander nummer") {
				t.Errorf("line %d, %s %s: %v", i+1, r.Kind, name, f)
			}
		}
	}
}
