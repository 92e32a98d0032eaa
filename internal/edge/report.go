// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/present"
	"socialreturn/internal/sroi"
)

type reportPath struct {
	Year int `json:"jaar" validate:"min=1900,max=2199"`
}

type reportQuery struct {
	Area        string `json:"gebied" validate:"area"`
	CompareWith *int   `json:"vergelijkMet,omitempty" validate:"omitempty,min=1900,max=2199"`
}

type reportAnswer struct {
	Area         areaAnswer         `json:"gebied"`
	Year         int                `json:"jaar"`
	CompareWith  int                `json:"vergelijkMet"`
	Built        time.Time          `json:"gemaaktOp"`
	AsOf         calendar.Date      `json:"peildatum"`
	SameDateAsOf calendar.Date      `json:"peildatumVorig,omitzero"`
	Position     positionAnswer     `json:"grootboek"`
	Current      yearAnswer         `json:"huidig"`
	Previous     yearAnswer         `json:"vorig"`
	Rows         []rowAnswer        `json:"rijen"`
	Assumptions  []assumptionAnswer `json:"aannames"`
	// Restated tells that something was booked after the close; After is what.
	Restated     bool             `json:"herzien"`
	BothRestated bool             `json:"beideHerzien"`
	After        afterCloseAnswer `json:"naAfsluiting"`
}

// afterCloseAnswer is what was booked after the year was closed and concerns it.
type afterCloseAnswer struct {
	Count int         `json:"aantal"`
	Acts  []actAnswer `json:"mutaties"` // the first of them
}

type actAnswer struct {
	Contract string               `json:"contract,omitempty"`
	Tender   string               `json:"aanbesteding,omitempty"`
	Link     string               `json:"link,omitempty"` // of its ledger
	Seq      int                  `json:"nummer"`
	Kind     word[sroi.EntryKind] `json:"soort"`
	Booked   calendar.Date        `json:"boekDatum"`
	Period   calendar.Period      `json:"periode,omitzero"`
	Reason   string               `json:"reden,omitempty"`
	Number   string               `json:"contractNummer,omitempty"`
	Realised money.Cents          `json:"gerealiseerd"`
	Obliged  money.Cents          `json:"verplicht"`
	Open     bool                 `json:"bekendOpenstaand"`
	WhyOpen  string               `json:"redenOpenstaand,omitempty"`
}

func actOf(r sroi.Report, a sroi.Act) actAnswer {
	answer := actAnswer{
		Number: a.Number, Realised: a.Realised, Obliged: a.Obliged, Open: a.Open, WhyOpen: r.WhyOpen(a),
		Seq: a.Seq, Kind: word[sroi.EntryKind](a.Kind), Booked: a.Booked, Period: a.Period, Reason: reasonOf(a.Reason),
	}
	answer.Contract, answer.Tender, answer.Link = ledgerLink(a.Ledger)
	return answer
}

type areaAnswer struct {
	Code string `json:"code"`
	Name string `json:"naam"`
}

type positionAnswer struct {
	Entries int           `json:"mutaties"`
	Last    string        `json:"laatste,omitempty"`
	Booked  calendar.Date `json:"boekDatum,omitzero"`
}

type yearAnswer struct {
	Final     bool          `json:"definitief"`
	ClosedOn  calendar.Date `json:"afsluitDatum,omitzero"`
	Undecided int           `json:"teBeoordelen"`
	Unsettled int           `json:"verantwoordingenOpen"`
	Known     bool          `json:"geregistreerd"`
}

func yearOf(y sroi.YearState) yearAnswer {
	return yearAnswer{Final: y.Final, ClosedOn: y.ClosedOn, Undecided: y.Undecided, Unsettled: y.Unsettled, Known: y.Known}
}

type rowAnswer struct {
	Code           string          `json:"code"`
	Parent         string          `json:"onderdeelVan,omitempty"`
	Name           string          `json:"naam"`
	Definition     string          `json:"definitie"`
	Unit           word[sroi.Unit] `json:"eenheid"`
	Previous       figureAnswer    `json:"vorig"`
	PreviousAtDate figureAnswer    `json:"vorigOpDezelfdeDag"`
	Current        figureAnswer    `json:"huidig"`
	Difference     figureAnswer    `json:"verschil"`
	// Of a closed year: as it was closed, and what became more since.
	AsClosed         *figureAnswer      `json:"vastgesteld,omitempty"`
	Correction       *figureAnswer      `json:"correctie,omitempty"`
	PreviousRestated *figureAnswer      `json:"vorigHerzien,omitempty"`
	Target           *targetAnswer      `json:"doel,omitempty"`
	Verdict          word[sroi.Verdict] `json:"oordeel"`
	Breakdowns       breakdownLinks     `json:"onderbouwing"`
}

// breakdownLinks lead to what the figures of both years are made of.
type breakdownLinks struct {
	Current  string `json:"huidig"`
	Previous string `json:"vorig"`
}

// figureAnswer is a cell: the number as people write it, exact beside it.
type figureAnswer struct {
	State     word[sroi.Measured]  `json:"stand"`
	Value     *decimal             `json:"waarde,omitempty"`
	Exact     string               `json:"exact,omitempty"`
	Counted   *countedAnswer       `json:"geteld,omitempty"`
	Qualifier word[sroi.Qualifier] `json:"voorbehoud,omitempty"`
	Source    string               `json:"bron,omitempty"`
	Remark    string               `json:"opmerking,omitempty"`
}

// countedAnswer is a share as counted: 18 van 31.
type countedAnswer struct {
	Part  int64 `json:"deel"`
	Whole int64 `json:"geheel"`
}

func figureOf(f sroi.Figure, unit sroi.Unit) figureAnswer {
	answer := figureAnswer{
		State: word[sroi.Measured](f.State), Qualifier: word[sroi.Qualifier](f.Qualifier), Source: f.Source, Remark: f.Remark,
	}
	if f.State == "" {
		answer.State = word[sroi.Measured](sroi.NotMeasured)
	}
	if f.State == sroi.HasValue {
		value := decimalOf(f.Value, unit)
		answer.Value, answer.Exact = &value, f.Value.String()
	}
	if f.Parts != (money.Fraction{}) {
		answer.Counted = &countedAnswer{Part: f.Parts.Num, Whole: f.Parts.Den}
	}
	return answer
}

type targetAnswer struct {
	Reading   word[sroi.Reading]   `json:"lezing"`
	Value     *decimal             `json:"waarde,omitempty"`
	Qualifier word[sroi.Qualifier] `json:"voorbehoud,omitempty"`
	Source    string               `json:"bron"`
	Remark    string               `json:"opmerking,omitempty"`
}

func rowOf(report sroi.Report, r sroi.Row) rowAnswer {
	name, definition := present.Definition(r.Code)
	answer := rowAnswer{
		Code: r.Code, Parent: r.Parent, Name: name, Definition: definition, Unit: word[sroi.Unit](r.Unit),
		Previous: figureOf(r.Previous, r.Unit), PreviousAtDate: figureOf(r.PreviousAtDate, r.Unit),
		Current: figureOf(r.Current, r.Unit), Difference: figureOf(r.Difference, r.Unit), Verdict: word[sroi.Verdict](r.Verdict),
		Breakdowns: breakdownLinks{
			Current: breakdownLink(report.Area.Code, report.Year, r.Code), Previous: breakdownLink(report.Area.Code, report.CompareWith, r.Code),
		},
	}
	answer.AsClosed, answer.Correction = known(r.AsClosed, r.Unit), known(r.Correction, r.Unit)
	answer.PreviousRestated = known(r.PreviousRestated, r.Unit)
	if t := r.Target; t != nil {
		answer.Target = &targetAnswer{
			Reading: word[sroi.Reading](t.Reading), Qualifier: word[sroi.Qualifier](t.Qualifier), Source: t.Source, Remark: t.Remark,
		}
		if t.Value != nil {
			value := decimalOf(*t.Value, r.Unit)
			answer.Target.Value = &value
		}
	}
	return answer
}

// known is a figure, nil where there is none to speak of.
func known(f sroi.Figure, unit sroi.Unit) *figureAnswer {
	if f.State == "" {
		return nil
	}
	answer := figureOf(f, unit)
	return &answer
}

func reportOf(r sroi.Report) reportAnswer {
	return reportAnswer{
		Area: areaAnswer{r.Area.Code, r.Area.Name}, Year: r.Year, CompareWith: r.CompareWith, Built: r.Built.UTC(),
		AsOf: r.AsOf, SameDateAsOf: r.SameDateAsOf,
		Position: positionAnswer{Entries: r.Position.Entries, Last: r.Position.Last, Booked: r.Position.Booked},
		Current:  yearOf(r.Current), Previous: yearOf(r.Previous),
		Rows: each(r.Rows, func(row sroi.Row) rowAnswer { return rowOf(r, row) }), Assumptions: each(r.Assumptions, assumptionOf),
		Restated: r.Restated, BothRestated: r.BothRestated, After: afterCloseAnswer{Count: r.ActCount, Acts: each(r.Acts, func(a sroi.Act) actAnswer { return actOf(r, a) })},
	}
}

func readReport(r *request) (*response, error) {
	at, asked := path[reportPath](r), query[reportQuery](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	wanted := app.ReportQuery{Area: asked.Area, Year: at.Year}
	if asked.CompareWith != nil {
		wanted.CompareWith = *asked.CompareWith
	}
	report, err := r.Service.Report(r.ctx, r.call, wanted)
	if err != nil {
		return nil, err
	}
	switch r.offer {
	case mediaHTML:
		return r.page(func(w io.Writer) error { return present.HTML(w, report) })
	case mediaCSV:
		var file bytes.Buffer
		err = present.CSV(&file, report)
		name := fmt.Sprintf(`attachment; filename="social-return-%s-%d.csv"`, asked.Area, at.Year)
		return (&response{status: http.StatusOK, mediaType: mediaCSV + charset, body: file.Bytes()}).
			set("Content-Disposition", name), err
	}
	return r.answer(http.StatusOK, reportOf(report))
}
