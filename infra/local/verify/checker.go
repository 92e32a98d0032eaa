// SPDX-License-Identifier: EUPL-1.2

package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// checker goes through an export line by line.
type checker struct {
	rules   *ruleset.Library
	heads   *frozen // nil: none were given
	counts  Counts
	unknown map[ruleset.Ref]int // receipts of rules that this program does not have

	line    int
	current *ledger         // being read; nil between ledgers
	done    map[string]bool // ledgers that were read
	records int             // of this page
	next    string          // cursor of the page that must follow
	ended   bool            // the last line was the end of a page
}

// ledger is a ledger on its way in.
type ledger struct {
	name    string
	balance sroi.Balance // after the last entry
	last    sroi.Entry
	due     []due  // what must still follow it
	items   []line // what did
	hidden  int    // items without content

	file     sroi.Ledger                            // of a contract as far as it is shown; of a tender the entries
	contract string                                 // digest of the contract as it is now
	claimed  []claimed                              // what was submitted, by revision
	waiting  map[calendar.Period][]sroi.YearAmounts // pending of submitted statements
	holding  map[place]held                         // of decided lines
	closed   int                                    // the last closed year
}

// due is an item that an entry commits to.
type due struct {
	kind string
	item int
}

func (l *ledger) isTender() bool { return strings.HasPrefix(l.name, "TENDER#") }

// fault is about the entry that is being read.
func (l *ledger) fault(text string) *Fault {
	return &Fault{Ledger: l.name, Entry: max(l.balance.Seq, 1), Text: text}
}

// missing is about the entry that should come next.
func (l *ledger) missing(text string) *Fault {
	return &Fault{Ledger: l.name, Entry: l.balance.Seq + 1, Text: text}
}

// read takes a line. What it holds was made by whoever made the file, so that
// whatever a calculation cannot bear is a fault of the file, not of this program.
func (c *checker) read(l line) (found *Fault) {
	defer func() {
		if broken := recover(); broken != nil {
			found = &Fault{Ledger: l.Ledger, Entry: l.Entry, Text: "de inhoud is niet na te rekenen"}
		}
	}()
	if l.Kind == endKind {
		return c.endPage(l)
	}
	c.ended = false
	c.records++
	if l.From != "" || l.Next != "" || l.Records != nil {
		return &Fault{Ledger: l.Ledger, Entry: l.Entry, Text: "dit record heeft gegevens van een einde"}
	}
	if c.current == nil {
		return c.begin(l)
	}
	switch now := c.current; {
	case len(now.due) > 0:
		return c.item(l)
	case l.Ledger != now.name:
		return now.missing("het grootboek houdt op zonder stand; er ontbreekt iets")
	case l.Kind == entryKind:
		return c.entry(l)
	case l.Kind == balanceKind:
		return c.close(l)
	case l.Entry == now.balance.Seq:
		return now.fault(fmt.Sprintf("hierna staat %s, wat deze mutatie niet vastlegt", l.name()))
	default:
		return now.missing(fmt.Sprintf("hier hoort de mutatie of de stand, en staat %s", l.name()))
	}
}

func (c *checker) begin(l line) *Fault {
	kind, id, named := strings.Cut(l.Ledger, "#")
	at := &Fault{Ledger: l.Ledger, Entry: 1}
	switch {
	case !named || id == "" || kind != "CONTRACT" && kind != "TENDER":
		at.Text = "zo heet geen grootboek"
	case c.done[l.Ledger]:
		at.Entry = max(l.Entry, 1)
		at.Text = "dit grootboek staat twee keer in het bestand"
	case l.Kind != entryKind:
		at.Text = fmt.Sprintf("het grootboek begint met %s, niet met zijn eerste mutatie", l.name())
	default:
		c.current = &ledger{
			name: l.Ledger, balance: sroi.Balance{Contract: id}, waiting: map[calendar.Period][]sroi.YearAmounts{}, holding: map[place]held{},
		}
		return c.entry(l)
	}
	return at
}

// entry takes the next entry: its number, its place in the chain and its hash.
func (c *checker) entry(l line) *Fault {
	now := c.current
	e, wrong := content[sroi.Entry](l)
	switch {
	case wrong != "":
		return now.missing(wrong)
	case l.Item != 0:
		return now.missing("een mutatie heeft geen volgnummer")
	case l.Entry != now.balance.Seq+1 || e.Seq != l.Entry:
		return now.missing(fmt.Sprintf("hier hoort mutatie %d, er staat %d (in de inhoud %d)", now.balance.Seq+1, l.Entry, e.Seq))
	case e.Owner != now.balance.Contract:
		return now.missing("de mutatie is van een ander grootboek")
	case e.Prev != now.balance.Head:
		return now.missing("de mutatie volgt niet op de vorige: vorigeHash is niet de hash daarvan")
	case l.Hash != e.Hash:
		return now.missing("de hash van het record is niet die van de mutatie")
	}
	after, err := now.balance.Apply(e)
	if errors.Is(err, sroi.ErrChain) {
		return now.missing("de hash hoort niet bij de inhoud: de mutatie is gewijzigd")
	}
	now.balance, now.last, now.items = after, e, nil
	now.file.Entries = append(now.file.Entries, e)
	c.counts.Entries++
	if wrong := c.heads.meets(now.name, e); wrong != "" {
		return now.fault(wrong)
	}
	if wrong := now.fits(e); wrong != "" {
		return now.fault(wrong)
	}
	now.due = now.follows(e)
	return c.settle()
}

// item takes an item that the entry commits to.
func (c *checker) item(l line) *Fault {
	now := c.current
	want := now.due[0]
	if l.Ledger != now.name || l.Entry != now.balance.Seq || l.Kind != want.kind || l.Item != want.item {
		return now.fault(fmt.Sprintf("hierna hoort %s; er staat %s bij mutatie %d", line{Kind: want.kind, Item: want.item}.name(), l.name(), l.Entry))
	}
	if l.Content == nil {
		now.hidden++
		c.counts.Hidden++
	} else if digest(l.Content) != l.Hash {
		return now.fault(fmt.Sprintf("de hash van %s hoort niet bij de inhoud: die is gewijzigd", l.name()))
	}
	now.items, now.due = append(now.items, l), now.due[1:]
	return c.settle()
}

// settle checks an entry once all that it commits to is there.
func (c *checker) settle() *Fault {
	now := c.current
	if len(now.due) > 0 {
		return nil
	}
	if now.isTender() {
		return nil // all of a tender is in its entries
	}
	if wrong := c.contract(now, now.last, now.items); wrong != "" {
		return now.fault(wrong)
	}
	if wrong := nonNegative(now.balance); wrong != "" {
		return now.fault(wrong)
	}
	return nil
}

func nonNegative(b sroi.Balance) string {
	switch {
	case b.Obliged < 0 || b.Asked < 0:
		return "de SR-verplichting komt onder nul"
	case b.Pending < 0:
		return "er zou minder dan niets zijn ingediend"
	case b.Verified < 0 || b.Done < 0:
		return "er zou minder dan niets zijn goedgekeurd"
	}
	return ""
}

// close takes the end of a ledger: where it stands must be where its entries lead.
func (c *checker) close(l line) *Fault {
	now := c.current
	switch {
	case l.Entry > now.balance.Seq:
		return now.missing(fmt.Sprintf("deze mutatie ontbreekt; de stand is die na mutatie %d", l.Entry))
	case l.Entry < now.balance.Seq:
		f := now.fault(fmt.Sprintf("deze mutatie is toegevoegd; de stand is die na mutatie %d", l.Entry))
		f.Entry = max(l.Entry, 0) + 1
		return f
	case l.Hash != now.balance.Head || l.Item != 0:
		return now.fault("de stand noemt een andere laatste hash")
	case now.isTender() && l.Content != nil:
		return now.fault("de stand van een aanbesteding heeft geen inhoud")
	}
	if want, err := json.Marshal(now.balance); !now.isTender() && (err != nil || !bytes.Equal(want, l.Content)) {
		return now.fault("de stand is niet de optelling van de mutaties")
	}
	if f := c.freeze(now); f != nil {
		return f
	}
	c.done[now.name], c.current = true, nil
	if now.isTender() {
		c.counts.Tenders++
	} else {
		c.counts.Contracts++
	}
	return nil
}

// endPage takes the end of a page: pages must follow each other.
func (c *checker) endPage(l line) *Fault {
	now := &Fault{}
	if c.current != nil {
		now = c.current.missing("")
	}
	switch {
	case l.Ledger != "" || l.Entry != 0 || l.Item != 0 || l.Hash != "" || l.Content != nil:
		now.Text = "een einde hoort bij geen grootboek"
	case l.Records == nil || *l.Records != c.records:
		now.Text = fmt.Sprintf("de pagina heeft %d records, en zegt iets anders", c.records)
	case l.From != c.next:
		now.Text = "deze pagina volgt niet op de vorige"
	case l.Next == "" && c.current != nil:
		now.Text = "de uitvoer eindigt midden in het grootboek"
	default:
		c.records, c.next, c.ended = 0, l.Next, true
		return nil
	}
	return now
}

// end is what is wrong when all lines were read.
func (c *checker) end() *Fault {
	switch {
	case c.current != nil && len(c.current.due) > 0:
		return c.current.fault("het bestand houdt op voordat alles er is wat deze mutatie vastlegt")
	case c.current != nil:
		return c.current.missing("het bestand houdt op midden in het grootboek")
	case !c.ended:
		return &Fault{Line: c.line, Text: "het bestand houdt op zonder einde; er kan iets ontbreken"}
	case c.next != "":
		return &Fault{Line: c.line, Text: "de volgende pagina ontbreekt"}
	}
	return c.heads.missed()
}

func (c *checker) result() (Result, error) {
	result := Result{Counts: c.counts}
	note := func(format string, args ...any) {
		result.Unchecked = append(result.Unchecked, fmt.Sprintf(format, args...))
	}
	if c.counts.Hidden > 0 {
		note("Van %d items staat alleen de hash in het bestand: of hun bedragen kloppen, is niet nagerekend.", c.counts.Hidden)
	}
	for _, ref := range slices.SortedFunc(maps.Keys(c.unknown), func(a, b ruleset.Ref) int { return strings.Compare(a.ID+a.Version.String(), b.ID+b.Version.String()) }) {
		note("%d rekenbewijzen zijn niet nagerekend: rekenregel %s van %s zit niet, of anders, in dit programma.", c.unknown[ref], ref.ID, ref.Version)
	}
	if c.heads == nil {
		note("Zonder hoofden is niet gecontroleerd of dit de grootboeken zijn die zijn afgesloten: wie de tabel beheert, kan een keten geheel opnieuw maken.")
		return result, nil
	}
	year, why, fault := c.heads.year()
	if fault != nil {
		return Result{}, fault
	}
	if why != "" {
		note("%s", why)
	}
	result.Year = year
	return result, nil
}
