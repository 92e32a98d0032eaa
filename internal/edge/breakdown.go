// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/present"
	"socialreturn/internal/sroi"
)

type breakdownQuery struct {
	paging
	Area string `json:"gebied" validate:"area"`
	Code string `json:"indicator" validate:"code"`
}

type breakdownAnswer struct {
	Area      areaAnswer      `json:"gebied"`
	Year      int             `json:"jaar"`
	Indicator indicatorAnswer `json:"indicator"`
	Built     time.Time       `json:"gemaaktOp"`
	AsOf      calendar.Date   `json:"peildatum"`
	Figure    figureAnswer    `json:"cijfer"`
	Recorded  *figureAnswer   `json:"vastgelegd,omitempty"`
	Additive  bool            `json:"optelbaar"`
	Counts    word[sroi.Unit] `json:"telt"`
	Sum       amountAnswer    `json:"opgeteld"`
	Parts     []partAnswer    `json:"onderdelen"`
	Others    *othersAnswer   `json:"overige,omitempty"`
}

type indicatorAnswer struct {
	Code       string          `json:"code"`
	Name       string          `json:"naam"`
	Definition string          `json:"definitie"`
	Unit       word[sroi.Unit] `json:"eenheid"`
}

// amountAnswer is a part of a figure, and of what where that is a share.
type amountAnswer struct {
	Value decimal  `json:"deel"`
	Whole *decimal `json:"geheel,omitempty"`
}

type partAnswer struct {
	amountAnswer
	Contract string        `json:"contract,omitempty"`
	Tender   string        `json:"aanbesteding,omitempty"`
	Number   string        `json:"nummer,omitempty"`
	Title    string        `json:"titel,omitempty"`
	Ledger   *ledgerAnswer `json:"grootboek,omitempty"`
}

// ledgerAnswer is how much of a ledger was counted, and where it is.
type ledgerAnswer struct {
	Entries int           `json:"mutaties"`
	Booked  calendar.Date `json:"boekDatum"`
	Link    string        `json:"link"`
}

type othersAnswer struct {
	amountAnswer
	Count int `json:"aantal"`
}

func breakdownOf(b sroi.Breakdown) breakdownAnswer {
	name, definition := present.Definition(b.Code)
	amount := func(a sroi.Amount) amountAnswer { return amountOf(b, a) }
	answer := breakdownAnswer{
		Area: areaAnswer{b.Area.Code, b.Area.Name}, Year: b.Year, Built: b.Built.UTC(), AsOf: b.AsOf,
		Indicator: indicatorAnswer{Code: b.Code, Name: name, Definition: definition, Unit: word[sroi.Unit](b.Unit)},
		Figure:    figureOf(b.Figure, b.Unit), Additive: b.Additive, Counts: word[sroi.Unit](b.Counts), Sum: amount(b.Sum),
		Parts: each(b.Parts, func(p sroi.Part) partAnswer { return partOf(p, amount(p.Amount)) }),
	}
	if b.Recorded != nil {
		figure := figureOf(*b.Recorded, b.Unit)
		answer.Recorded = &figure
	}
	if b.Others > 0 {
		answer.Others = &othersAnswer{amountAnswer: amount(b.Rest), Count: b.Others}
	}
	return answer
}

func amountOf(b sroi.Breakdown, a sroi.Amount) amountAnswer {
	answer := amountAnswer{Value: decimalOf(a.Value, b.Counts)}
	if b.Share {
		whole := decimalOf(a.Whole, b.Counts)
		answer.Whole = &whole
	}
	return answer
}

// partOf links a part to the ledger that it comes from, where the reader may see that.
func partOf(p sroi.Part, amount amountAnswer) partAnswer {
	answer := partAnswer{amountAnswer: amount, Number: p.Number, Title: p.Title}
	var link string
	if answer.Contract, answer.Tender, link = ledgerLink(p.Source); link != "" {
		answer.Ledger = &ledgerAnswer{Entries: p.Entries, Booked: p.Booked, Link: link}
	}
	return answer
}

// ledgerLink is where a ledger is, and the contract or tender that it is of;
// nowhere where it has no name.
func ledgerLink(name string) (contract, tender, link string) {
	kind, id, _ := strings.Cut(name, "#")
	switch kind {
	case "CONTRACT":
		return id, "", "/v1/contracten/" + id + "/mutaties"
	case "TENDER":
		return "", id, "/v1/aanbestedingen/" + id + "/mutaties"
	}
	return "", "", ""
}

// breakdownLink is where an indicator's figure of an area's year is broken down.
func breakdownLink(area string, year int, code string) string {
	return fmt.Sprintf("/v1/jaarrapporten/%d/onderbouwing?%s", year, url.Values{"gebied": {area}, "indicator": {code}}.Encode())
}

// readBreakdown pages through the parts of a figure.
func readBreakdown(r *request) (*response, error) {
	at, asked := path[reportPath](r), query[breakdownQuery](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	wanted := app.BreakdownQuery{Area: asked.Area, Year: at.Year, Code: asked.Code}
	b, next, err := r.Service.Breakdown(r.ctx, r.call, wanted, asked.page())
	if err != nil {
		return nil, err
	}
	if r.offer == mediaHTML {
		return r.page(func(w io.Writer) error { return present.BreakdownHTML(w, b, r.nextQuery(next)) })
	}
	answer, err := r.answer(http.StatusOK, breakdownOf(b))
	return r.linked(answer, next), err
}
