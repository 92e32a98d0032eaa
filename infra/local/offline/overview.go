// SPDX-License-Identifier: EUPL-1.2

package offline

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// overview is what of the answer a person reads.
type overview struct {
	Rules struct {
		ID      string        `json:"id"`
		Version calendar.Date `json:"versie"`
	} `json:"rekenregel"`
	Assumptions []struct {
		ID   string `json:"id"`
		Text string `json:"tekst"`
	} `json:"aannames"`
	Obligation *struct {
		Amount  money.Cents `json:"bedrag"`
		Receipt explained   `json:"berekening"`
	} `json:"srVerplichting"`
	Efforts     []effort    `json:"inspanningen"`
	Periods     []period    `json:"perioden"`
	Total       money.Cents `json:"totaal"`
	Counted     money.Cents `json:"telt"`
	Outstanding money.Cents `json:"openstaand"`
	Excess      money.Cents `json:"overschot"`
	Advice      []struct {
		Text string `json:"tekst"`
	} `json:"advies"`
}

type explained struct {
	Text        string   `json:"toelichting"`
	Assumptions []string `json:"aannames"`
}

type effort struct {
	explained
	Kind   string `json:"soort"`
	Person string `json:"persoon"`
	Input  struct {
		Block string `json:"bouwblok"`
	} `json:"invoer"`
	Result  money.Cents `json:"uitkomst"`
	Periods []struct {
		Period string      `json:"periode"`
		Amount money.Cents `json:"bedrag"`
	} `json:"perioden"`
	Limits []struct {
		From calendar.Date `json:"vanaf"`
		Text string        `json:"toelichting"`
	} `json:"grenzen"`
}

type period struct {
	Period      string      `json:"periode"`
	Value       money.Cents `json:"bedrag"`
	Counted     money.Cents `json:"telt"`
	Covered     money.Cents `json:"gedekt"`
	Outstanding money.Cents `json:"openstaand"`
}

// width of the overview, in columns.
const width = 100

// Overview writes an answer for people, in plain text. It returns the writer's
// error, or that of an answer that is none.
func Overview(w io.Writer, answer []byte) error {
	var o overview
	if err := json.Unmarshal(answer, &o); err != nil {
		return fmt.Errorf("het antwoord is onleesbaar: %w", err)
	}
	page := &page{}
	page.line("Rekenregel %s, versie van %s", o.Rules.ID, o.Rules.Version.Dutch())
	if o.Obligation != nil {
		page.line("")
		page.amount("SR-verplichting", o.Obligation.Amount)
		page.text("  ", o.Obligation.Receipt.Text)
	}
	page.efforts(o.Efforts)
	if o.Obligation != nil {
		page.periods(o.Periods)
	}
	page.line("")
	page.amount("Totaal van de inspanningen", o.Total)
	if o.Obligation != nil {
		page.amount("Dekt van de SR-verplichting", min(o.Counted, o.Obligation.Amount))
		page.amount("Nog open", o.Outstanding)
		page.amount("Meer dan nodig", o.Excess)
	}
	for i, advice := range o.Advice {
		if i == 0 {
			page.line("\nWat het openstaande dicht; elk advies staat op zichzelf")
		}
		page.text("  - ", advice.Text)
	}
	page.assumptions(&o)
	_, err := io.WriteString(w, page.String())
	return err
}

// assumptions are those that an amount rests on.
func (p *page) assumptions(o *overview) {
	var used []string
	if o.Obligation != nil {
		used = o.Obligation.Receipt.Assumptions
	}
	for _, e := range o.Efforts {
		used = append(used, e.Assumptions...)
	}
	title := "\nAannamen waarop deze bedragen rusten\n"
	for _, assumption := range o.Assumptions {
		if slices.Contains(used, assumption.ID) {
			p.WriteString(title)
			p.text("  - ", assumption.ID+": "+assumption.Text)
			title = ""
		}
	}
}

// page gathers lines.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// amount writes a name with an amount flush right.
func (p *page) amount(name string, amount money.Cents) {
	text := amount.Euro()
	p.line("%s%s%s", name, strings.Repeat(" ", max(1, width-utf8.RuneCountInString(name)-utf8.RuneCountInString(text))), text)
}

// noBreak keeps an amount on the line of its sign.
const noBreak = "\u00a0"

// text breaks words over lines, with a lead before the first and as much blank
// before the others.
func (p *page) text(lead, words string) {
	line, empty := lead, true
	for word := range strings.SplitSeq(strings.ReplaceAll(words, "€ ", "€"+noBreak), " ") {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			p.line("%s", line)
			line, empty = strings.Repeat(" ", utf8.RuneCountInString(lead)), true
		}
		if !empty {
			line += " "
		}
		line, empty = line+strings.ReplaceAll(word, noBreak, " "), false
	}
	p.line("%s", line)
}

func (p *page) efforts(efforts []effort) {
	for i, e := range efforts {
		if i == 0 {
			p.line("\nInspanningen")
		}
		name := fmt.Sprintf("%3d. %s %s", i+1, e.Kind, e.Input.Block)
		if e.Person != "" {
			name += ", persoon " + e.Person
		}
		p.amount(name, e.Result)
		p.text("     ", e.Text)
		for _, limit := range e.Limits {
			p.text("     ! ", "vanaf "+limit.From.Dutch()+": "+limit.Text)
		}
		var shares []string
		for _, share := range e.Periods {
			shares = append(shares, share.Period+" "+share.Amount.Euro())
		}
		if len(shares) > 1 {
			p.text("     = ", strings.Join(shares, "; "))
		}
	}
}

func (p *page) periods(periods []period) {
	row := func(cells ...string) {
		line := cells[0] + strings.Repeat(" ", max(0, 12-utf8.RuneCountInString(cells[0])))
		for _, cell := range cells[1:] {
			line += strings.Repeat(" ", max(1, 22-utf8.RuneCountInString(cell))) + cell
		}
		p.line("%s", line)
	}
	p.line("\nPer periode")
	row("", "waarde", "telt", "gedekt", "nog open")
	for _, period := range periods {
		row(period.Period, period.Value.Euro(), period.Counted.Euro(), period.Covered.Euro(), period.Outstanding.Euro())
	}
}
