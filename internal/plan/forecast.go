// SPDX-License-Identifier: EUPL-1.2

package plan

import (
	"fmt"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// Light says in one word how a contract stands.
type Light string

// The lights.
const (
	Green  Light = "green"  // the forecast meets the obligation
	Orange Light = "orange" // it comes near
	Red    Light = "red"
)

// OrangeFrom is the share of the obligation, in percent, from which a forecast
// that falls short is orange and no longer red [choice].
const OrangeFrom = 90

// Forecast is what a contract will come to at its end, seen on a day [choice]:
// what is verified, what is submitted and awaits a decision, and what the plan
// counts in periods that have not ended on that day. What was planned for a
// period that has ended was submitted by then, or was not done. What goes beyond
// a ceiling is in none of them, but for what awaits a decision: under which
// ceiling that falls is only booked with the decision.
type Forecast struct {
	On          calendar.Date
	Obliged     money.Cents
	Verified    money.Cents // as far as it meets the obligation
	Pending     money.Cents
	Planned     money.Cents // in periods that have not ended
	Expected    money.Cents // the sum of the three
	Outstanding money.Cents // of the obligation at the end of the contract
	Light       Light
	Text        string // in Dutch: why
}

// Foresee is the forecast of a contract with a plan that counts so much in each
// period of its term.
func Foresee(balance sroi.Balance, counted []Planned, term calendar.Span, today calendar.Date) Forecast {
	end := Ahead(balance, counted, term, today)
	f := Forecast{On: today, Obliged: balance.Obliged, Verified: balance.Counted(), Pending: balance.Pending}
	f.Planned = end.Counted() - f.Verified
	f.Expected = f.Verified + f.Pending + f.Planned
	f.Outstanding = max(f.Obliged-f.Expected, 0)
	if balance.Asked > 0 {
		f.activities(balance, end)
		return f
	}
	word := "Rood: minder dan %d %% van de SR-verplichting; er ontbreekt %s."
	switch f.Light = Red; {
	case f.Expected >= f.Obliged:
		f.Light = Green
		word = "Groen: de SR-verplichting wordt gehaald."
	case f.Expected*100 >= f.Obliged*OrangeFrom:
		f.Light = Orange
		word = "Oranje: ten minste %d %%, maar niet alles van de SR-verplichting; er ontbreekt %s."
	}
	if f.Light != Green {
		word = fmt.Sprintf(word, OrangeFrom, f.Outstanding.Euro())
	}
	f.Text = fmt.Sprintf("Op %s: %s goedgekeurd, %s ingediend en nog te beoordelen, en %s gepland in perioden die nog niet voorbij zijn; samen %s van %s aan het einde van het contract. %s",
		today.Dutch(), f.Verified.Euro(), f.Pending.Euro(), f.Planned.Euro(), f.Expected.Euro(), f.Obliged.Euro(), word)
	return f
}

// activities judges a contract that owes activities instead of an amount. How
// many await a decision is not known: while any line does, the light is orange.
func (f *Forecast) activities(balance, end sroi.Balance) {
	word := fmt.Sprintf("Rood: er ontbreken er %d.", balance.Asked-end.Done)
	switch f.Light = Red; {
	case end.Done >= balance.Asked:
		f.Light, word = Green, "Groen: de SR-verplichting wordt gehaald."
	case balance.Pending > 0:
		f.Light, word = Orange, "Oranje: wat is ingediend, moet nog worden beoordeeld."
	}
	f.Text = fmt.Sprintf("Op %s: van de maatschappelijke activiteiten zijn er %d goedgekeurd, en %d gepland in perioden die nog niet voorbij zijn; samen %d van %d aan het einde van het contract. %s",
		f.On.Dutch(), balance.Done, end.Done-balance.Done, end.Done, balance.Asked, word)
}

// Ahead is a balance with what a plan counts in periods of the term that have
// not ended on a day.
func Ahead(balance sroi.Balance, counted []Planned, term calendar.Span, today calendar.Date) sroi.Balance {
	for _, planned := range counted {
		if days := planned.Period.Span().Intersect(term); !days.Empty() && !days.End().Before(today) {
			balance = balance.Plus(sroi.YearAmounts{Verified: planned.Amount, Capped: planned.Capped, Done: planned.Activities})
		}
	}
	return balance
}
