// SPDX-License-Identifier: EUPL-1.2

package verify

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// maxHeads bounds a document of heads, in bytes.
const maxHeads = 64 << 20

// headsDocument is the heads of a closed year as the server gives them.
type headsDocument struct {
	Authority sroi.AuthorityID `json:"opdrachtgever"`
	Area      string           `json:"gebied"`
	Year      int              `json:"jaar"`
	Closed    calendar.Date    `json:"afgeslotenOp"`
	At        time.Time        `json:"vastgelegdOp"`
	Rules     []struct {
		ID      string        `json:"id"`
		Version calendar.Date `json:"versie"`
		SHA256  string        `json:"sha256"`
	} `json:"rekenregels"`
	Figures sroi.Figures `json:"cijfers"`
	Heads   []struct {
		Ledger string `json:"grootboek"`
		Seq    int    `json:"nummer"`
		Hash   string `json:"hash"`
	} `json:"hoofden"`
	Digest string `json:"digest"`
}

// frozen is a closed year against which ledgers are held.
type frozen struct {
	sroi.Snapshot
	heads map[string]sroi.Head
	met   map[string]bool

	parts    []sroi.Contribution // of the ledgers as they were closed
	restated []sroi.Contribution // and as they are
	later    []Later
	without  int // ledgers of which the contents are hidden, or the rules unknown
}

// readHeads reads a document of heads. It returns *Unreadable; *Fault where its
// digest is not its own.
func readHeads(from io.Reader) (*frozen, error) {
	text, err := io.ReadAll(io.LimitReader(from, maxHeads+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("de hoofden kunnen niet worden gelezen: %w", err)
	case len(text) > maxHeads:
		return nil, &Unreadable{Text: "het document is te groot"}
	}
	var document headsDocument
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, &Unreadable{Text: "dit is geen document met hoofden als JSON"}
	}
	f := &frozen{heads: map[string]sroi.Head{}, met: map[string]bool{}, Snapshot: sroi.Snapshot{
		Authority: document.Authority, Area: document.Area, Year: document.Year, Closed: document.Closed, At: document.At, Figures: document.Figures,
	}}
	for _, r := range document.Rules {
		f.Rules = append(f.Rules, ruleset.Ref{ID: r.ID, Version: r.Version, SHA256: r.SHA256})
	}
	for _, h := range document.Heads {
		head := sroi.Head{Ledger: h.Ledger, Seq: h.Seq, Hash: h.Hash}
		if _, twice := f.heads[h.Ledger]; twice || h.Seq < 1 {
			return nil, &Unreadable{Text: "het grootboek " + h.Ledger + " staat er twee keer, of zonder mutatie"}
		}
		f.heads[h.Ledger], f.Heads = head, append(f.Heads, head)
	}
	if document.Area == "" || document.Authority == "" || document.Digest == "" {
		return nil, &Unreadable{Text: "opdrachtgever, gebied of digest ontbreekt"}
	}
	if f.Digest() != document.Digest {
		return nil, &Fault{Text: "de hoofden zijn gewijzigd: hun digest hoort niet bij de inhoud"}
	}
	return f, nil
}

// longest is more than a request can last: so long before a close may something
// have begun that was booked after it.
const longest = time.Minute

// meets holds an entry to the head of its ledger. What comes after the closing
// entry must be dated after the close too; and so must all of a ledger without a
// head, which says in its first entry that the year was closed by then.
func (f *frozen) meets(name string, e sroi.Entry) string {
	if f == nil {
		return ""
	}
	head, known := f.heads[name]
	began := f.At.Add(-longest)
	before := e.At.Before(began) || e.Booked.Before(calendar.On(began))
	switch {
	case !known && e.Seq == 1 && e.Closes < f.Year:
		return fmt.Sprintf("de hoofden kennen dit grootboek niet, en het zegt niet dat %d was afgesloten toen het begon", f.Year)
	case known && e.Seq == head.Seq && e.Hash != head.Hash:
		return "de hash is niet die bij de afsluiting: deze mutatie, of een eerdere, is sindsdien vervangen"
	case known && e.Seq == head.Seq && (e.Kind != sroi.YearClosed || e.Closes < f.Year):
		return fmt.Sprintf("deze mutatie sluit %d niet af", f.Year)
	case e.Seq > head.Seq && before:
		return "deze mutatie staat na de afsluiting, en is volgens haar datum van daarvoor: zij is toegevoegd"
	}
	return ""
}

// missed is the first ledger of which the head was not met.
func (f *frozen) missed() *Fault {
	if f == nil {
		return nil
	}
	names := slices.SortedFunc(slices.Values(f.Heads), func(a, b sroi.Head) int { return strings.Compare(a.Ledger, b.Ledger) })
	for _, head := range names {
		if !f.met[head.Ledger] {
			return &Fault{Ledger: head.Ledger, Entry: head.Seq, Text: "dit grootboek is bij de afsluiting vastgelegd en ontbreekt in het bestand; bij hoofden hoort de uitvoer van alle grootboeken van de opdrachtgever"}
		}
	}
	return nil
}

// freeze works out what a whole ledger adds to the closed year, as it was closed
// and as it is.
func (c *checker) freeze(l *ledger) *Fault {
	f := c.heads
	if f == nil {
		return nil
	}
	head, known := f.heads[l.name]
	if known && l.balance.Seq < head.Seq {
		return l.missing(fmt.Sprintf("deze mutatie ontbreekt: bij de afsluiting waren het er %d", head.Seq))
	}
	if first := slices.IndexFunc(l.file.Entries, func(e sroi.Entry) bool { return e.Closes >= f.Year }) + 1; known && first != head.Seq {
		return &Fault{Ledger: l.name, Entry: first, Text: fmt.Sprintf("deze mutatie sluit %d al af, en de hoofden noemen een latere", f.Year)}
	}
	f.met[l.name] = true
	if l.hidden > 0 {
		f.without++
		return nil
	}
	if l.owner() != f.Authority {
		return &Fault{Ledger: l.name, Entry: 1, Text: "dit grootboek is van een andere opdrachtgever dan de hoofden"}
	}
	was, ok := c.part(l, head.Seq)
	now, alsoNow := c.part(l, l.balance.Seq)
	if !ok || !alsoNow {
		f.without++
		return nil
	}
	f.parts, f.restated = append(f.parts, was...), append(f.restated, now...)
	moves := f.moves(l, now)
	for i := head.Seq; i < len(l.file.Entries); i++ {
		verified, named := concerns(l.file.Entries[i], f.Year)
		if named || moves(i) {
			e := l.file.Entries[i]
			f.later = append(f.later, Later{Ledger: l.name, Entry: e.Seq, Kind: e.Kind, Booked: e.Booked, Verified: verified})
		}
	}
	return nil
}

// moves tells whether an entry after the head, by its place in the ledger, changes
// what the ledger adds to the year: of a contract as the fold of all of it noted,
// of a tender as its own facts say.
func (f *frozen) moves(l *ledger, now []sroi.Contribution) func(i int) bool {
	if l.isTender() {
		adds := func(i int) string {
			if i < 0 {
				return ""
			}
			return l.file.Entries[i].Tender.FactsIn(f.Area, f.Year).Digest()
		}
		return func(i int) bool { return adds(i) != adds(i-1) }
	}
	noted := map[int]bool{}
	for _, part := range now {
		if part.Closing != nil {
			for _, act := range part.Closing.Acts {
				noted[act.Seq] = true
			}
		}
	}
	return func(i int) bool { return noted[i+1] }
}

// owner is the authority that the ledger is of; known once its first entry is.
func (l *ledger) owner() sroi.AuthorityID {
	if l.isTender() {
		return l.file.Entries[0].Tender.Authority.ID
	}
	return l.file.Contract.Authority
}

// concerns is what an entry adds to the verified value of a year, and whether it
// names the year.
func concerns(e sroi.Entry, year int) (verified money.Cents, named bool) {
	for _, a := range e.Amounts {
		if a.Year == year {
			verified, named = verified+a.Verified, true
		}
	}
	return verified, named
}

// part is what the first entries of a ledger add to the closed year; false where
// this program lacks a rule set that it needs. None add nothing.
func (c *checker) part(l *ledger, entries int) ([]sroi.Contribution, bool) {
	if entries == 0 {
		return nil, true
	}
	file := l.file.Through(entries)
	var all []sroi.Contribution
	if l.isTender() {
		all = sroi.TenderContributions(file.Entries)
	} else {
		extra := map[ruleset.Ref]ruleset.ExtraJob{}
		for n := range len(file.Amendments) + 1 {
			ref := file.ContractAfter(n).Rules
			rules, err := c.rules.Pinned(ref)
			if err != nil {
				return nil, false
			}
			extra[ref] = rules.ExtraJob
		}
		all = sroi.ContractContributions(file, extra)
	}
	return slices.DeleteFunc(all, func(part sroi.Contribution) bool { return part.Area != c.heads.Area || part.Year != c.heads.Year }), true
}

// year holds the frozen figures to the fold of the ledgers; or says why not.
func (f *frozen) year() (year *Year, why string, fault *Fault) {
	y := &Year{
		Authority: f.Authority, Area: f.Area, Year: f.Year, Closed: f.Closed,
		Frozen: f.Figures, Restated: f.Figures, Later: f.later,
	}
	if f.without > 0 {
		return y, fmt.Sprintf("De bevroren cijfers zijn niet nagerekend: van %d grootboeken ontbreekt inhoud of een rekenregel.", f.without), nil
	}
	was, _ := sroi.Fold(f.Area, f.Year, f.parts)
	if differ := differences(f.Figures, was.Figures); len(differ) > 0 {
		text := "de bevroren cijfers volgen niet uit de grootboeken:"
		for _, d := range differ {
			text += fmt.Sprintf("\n  %s: bevroren %s, nagerekend %s", d.Name, d.Was, d.Is)
		}
		return nil, "", &Fault{Text: text}
	}
	for _, ref := range was.Rules {
		if !slices.Contains(f.Rules, ref) {
			return nil, "", &Fault{Text: fmt.Sprintf("de cijfers rusten op rekenregel %s van %s, die de hoofden niet noemen", ref.ID, ref.Version)}
		}
	}
	now, _ := sroi.Fold(f.Area, f.Year, f.restated)
	y.Confirmed, y.Restated = true, now.Figures
	return y, "", nil
}
