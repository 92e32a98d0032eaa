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
// period that has ended was submitted by then, or was not done.
type Forecast struct {
	On          calendar.Date
	Obliged     money.Cents
	Verified    money.Cents
	Pending     money.Cents
	Planned     money.Cents // in periods that have not ended
	Expected    money.Cents // the sum of the three
	Outstanding money.Cents // of the obligation at the end of the contract
	Light       Light
	Text        string // in Dutch: why
}

// Foresee is the forecast of a contract with a plan that counts so much in each
// period of its term.
func Foresee(balance sroi.Balance, counted []Share, term calendar.Span, today calendar.Date) Forecast {
	f := Forecast{On: today, Obliged: balance.Obliged, Verified: balance.Verified, Pending: balance.Pending}
	for _, share := range counted {
		if !share.Period.Span().Intersect(term).End().Before(today) {
			f.Planned += share.Amount
		}
	}
	f.Expected = f.Verified + f.Pending + f.Planned
	f.Outstanding = max(f.Obliged-f.Expected, 0)
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
