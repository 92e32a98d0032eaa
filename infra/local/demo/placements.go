// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	_ "embed" // the placements
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"socialreturn/internal/calendar"
)

// Placement is an invented person at work, as its row in placements.csv has it.
type Placement struct {
	Contract    string
	Number      int    // within the contract
	Person      string // the desk's code, or initials and surname
	Born        []int  // year, month and day as far as known; empty with a code
	Block, Form string
	From, To    calendar.Date
	PerWeek     calendar.Minutes // agreed at the start; see Changes
	Employer    string           // one of employers
	Continues   bool             // voortzetting
	Replaces    int              // vervangt, a number
}

//go:embed placements.csv
var placementsCSV string

// Placements are the invented placements, per contract by number. The error is
// a row that cannot be read.
func Placements() ([]Placement, error) {
	reader := csv.NewReader(strings.NewReader(placementsCSV))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("placements.csv: %w", err)
	}
	var placements []Placement
	for i, row := range rows[1:] {
		placement, err := placementOf(row)
		if err != nil {
			return nil, fmt.Errorf("placements.csv rij %d: %w", i+2, err)
		}
		placements = append(placements, placement)
	}
	return placements, nil
}

func placementOf(row []string) (Placement, error) {
	p := Placement{Contract: row[0], Person: row[2], Block: row[4], Form: row[5], Employer: row[9]}
	var err error
	for part := range strings.FieldsFuncSeq(row[3], func(r rune) bool { return r == '-' }) {
		n, err := strconv.Atoi(part)
		if err != nil {
			return p, err
		}
		p.Born = append(p.Born, n)
	}
	if p.Number, err = strconv.Atoi(row[1]); err != nil {
		return p, err
	}
	if p.From, err = calendar.ParseDate(row[6]); err != nil {
		return p, err
	}
	if p.To, err = calendar.ParseDate(row[7]); err != nil {
		return p, err
	}
	if p.PerWeek, err = calendar.ParseHours(row[8]); err != nil {
		return p, err
	}
	p.Continues = row[10] == "voortzetting"
	if number, ok := strings.CutPrefix(row[10], "vervangt "); ok {
		p.Replaces, err = strconv.Atoi(number)
	}
	return p, err
}

// Change is other hours, or an earlier end, agreed while a placement runs.
type Change struct {
	Contract string
	Number   int
	Day      string           // first day of the new hours, or the last of the placement
	PerWeek  calendar.Minutes // zero: the placement ends
}

const hour = 60 // minutes

// Changes are the changes of placements, in order of days.
var Changes = []Change{
	{"2021-01", 3, "2021-08-01", 24 * hour},
	{"2021-02", 4, "2021-10-31", 0},
	{"2021-08", 9, "2021-11-15", 28 * hour},
	{"2021-08", 15, "2022-02-01", 20*hour + 30},
	{"2022-01", 6, "2022-08-01", 32 * hour},
	{"2022-05", 3, "2022-11-30", 0},
}

// hours is a span of constant weekly hours, as it is sent.
type hours struct {
	From    calendar.Date    `json:"van"`
	To      calendar.Date    `json:"totEnMet"`
	PerWeek calendar.Minutes `json:"urenPerWeek"`
}

// span is the days of the hours.
func (h hours) span() calendar.Span { return calendar.Span{From: h.From, To: h.To} }

// schedule is the hours as they are agreed on a day.
func (p Placement) schedule(today calendar.Date) []hours {
	schedule := []hours{{p.From, p.To, p.PerWeek}}
	for _, change := range Changes {
		day := calendar.MustDate(change.Day)
		if change.Contract != p.Contract || change.Number != p.Number || day.After(today) {
			continue
		}
		last := &schedule[len(schedule)-1]
		if change.PerWeek == 0 {
			last.To = day
			continue
		}
		last.To = day.AddDays(-1)
		schedule = append(schedule, hours{day, p.To, change.PerWeek})
	}
	return schedule
}

// employers are who employs people, by the word in placements.csv; zelf is the
// contractor.
var employers = map[string]object{
	"uitzendbureau": {"kvk": "00004001", "naam": "Uitzendpunt Oosterdal B.V.", "rol": "uitzendbureau"},
	"sw-bedrijf":    {"kvk": "00004002", "naam": "Werkhof Stedendal N.V.", "rol": "swBedrijf"},
	"onderaannemer": {"kvk": "00004003", "naam": "Loonbedrijf De Kei B.V.", "rol": "onderaannemer"},
}

// place plans the placements: each is entered on its third day, or, where it
// began before its contract was registered, three days after that.
func (p *player) place(placements []Placement) {
	for _, placement := range placements {
		day := placement.From.AddDays(2)
		if known := calendar.MustDate(contractNumbered(placement.Contract).registered()).AddDays(3); day.Before(known) {
			day = known
		}
		p.on(day.String(), fmt.Sprintf("plaatsing %d bij contract %s", placement.Number, placement.Contract), func(ctx context.Context) error {
			return p.enter(ctx, placement)
		})
	}
}

func (p *player) enter(ctx context.Context, placement Placement) error {
	c := contractNumbered(placement.Contract)
	key := placementKey(placement.Contract, placement.Number)
	got, err := p.do(ctx, ask{
		who: supplier(c.Firm), method: http.MethodPost, path: "/v1/contracten/" + p.contracts[c.Number] + "/plaatsingen",
		body: placement.sent(c), key: "plaatsing-" + key,
	})
	if err != nil {
		return err
	}
	var made struct{ Nummer int }
	if err := got.into(&made); err != nil {
		return err
	}
	if made.Nummer != placement.Number {
		return fmt.Errorf("het huis geeft nummer %d", made.Nummer)
	}
	p.placements[key] = got.etag
	p.counted("plaatsing")
	return nil
}

func placementKey(contract string, number int) string { return fmt.Sprintf("%s-%d", contract, number) }

func (p Placement) sent(c Contract) object {
	employer, known := employers[p.Employer]
	if !known {
		employer = object{"kvk": c.Firm, "naam": Firms[c.Firm], "rol": "opdrachtnemer"}
	}
	sent := object{
		"persoon": p.person(), "bouwblok": p.Block, "vorm": p.Form, "werkgever": employer,
		"urenschema": []hours{{p.From, p.To, p.PerWeek}},
	}
	if p.Continues {
		sent["voortzetting"] = true
	}
	if p.Replaces > 0 {
		sent["vervangt"] = p.Replaces
	}
	return sent
}

// person is who it is: the desk's code, or a name and what is known of the
// date of birth.
func (p Placement) person() object {
	if len(p.Born) == 0 {
		return object{"code": p.Person}
	}
	initials, surname, _ := strings.Cut(p.Person, " ")
	born := object{}
	for i, n := range p.Born {
		born[[]string{"jaar", "maand", "dag"}[i]] = n
	}
	return object{"voorletters": initials, "achternaam": surname, "geboren": born}
}

// change plans the changes of placements, each on its day.
func (p *player) change(placements []Placement) {
	for _, change := range Changes {
		i := slices.IndexFunc(placements, func(p Placement) bool { return p.Contract == change.Contract && p.Number == change.Number })
		key := placementKey(change.Contract, change.Number)
		p.on(change.Day, "plaatsing "+key+" wijzigen", func(ctx context.Context) error {
			return p.alter(ctx, change, placements[i])
		})
	}
}

func (p *player) alter(ctx context.Context, change Change, placement Placement) error {
	key := placementKey(change.Contract, change.Number)
	sent := object{"eindDatum": change.Day}
	if change.PerWeek > 0 {
		sent = object{"urenschema": []hours{{calendar.MustDate(change.Day), placement.To, change.PerWeek}}}
	}
	got, err := p.do(ctx, ask{
		who: supplier(contractNumbered(change.Contract).Firm), method: http.MethodPatch, body: sent, media: mediaPatch, match: p.placements[key],
		path: fmt.Sprintf("/v1/contracten/%s/plaatsingen/%d", p.contracts[change.Contract], change.Number),
	})
	p.placements[key] = got.etag
	return err
}
