// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// allEfforts are the rules of Oost-Nederland with a block of each kind of effort
// that they lack.
func allEfforts(t *testing.T) *ruleset.Library {
	t.Helper()
	rules, err := ruleset.Embedded().Version("oost-nederland", calendar.MustDate("2016-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(rules.Raw(), &document); err != nil {
		t.Fatal(err)
	}
	for list, more := range map[string]string{
		"blocks": `[
			{"code":"SUBSIDIE","label":"Met loonkostensubsidie","kind":"perFulltimeYear","category":"ww","value":"24000.00","proRata":"hoursAndDuration",
				"forms":["employment"],"duringSubsidy":true,"sameEmployerMonths":6,"source":"inkoop"},
			{"code":"STAGE","label":"Stage","kind":"perMonth","category":"stagiair","value":"100.00","proRata":"duration","forms":["internship"],"source":"inkoop"},
			{"code":"ACTIVITEIT","label":"Activiteit","kind":"perHour","category":"activiteit","value":"50.00","dailyMaximum":"300.00","source":"inkoop"},
			{"code":"MAATWERK","label":"Maatwerk","kind":"agreed","category":"maatwerk","source":"inkoop"}]`,
		"bonuses": `[{"code":"NA_STAGE","label":"Na stage","value":"1000.00","proRata":false,"minimumInternshipMonths":3,"appliesTo":["SUBSIDIE"],"source":"inkoop"}]`,
	} {
		var items []any
		if err := json.Unmarshal([]byte(more), &items); err != nil {
			t.Fatal(err)
		}
		known, _ := document[list].([]any)
		document[list] = append(known, items...)
	}
	raw, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	library, err := ruleset.Load(fstest.MapFS{"oost-nederland/2016-01-01.json": {Data: raw}})
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// effortsHouse is a house under those rules, with a contract of 2022.
func effortsHouse(t *testing.T, reference string) (*house, sroi.Contract) {
	t.Helper()
	h := newHouse(t)
	h.Rules = allEfforts(t)
	return h, h.contract(reference)
}

func span(from, to string) calendar.Span {
	s := calendar.Span{From: calendar.MustDate(from)}
	if to != "" {
		s.To = calendar.MustDate(to)
	}
	return s
}

// subsidised is a placement of a full week from a day on in the block that looks
// at subsidies.
func subsidised(days calendar.Span) app.PlacementInput {
	in := placementInput("Jansen", 36)
	in.Block, in.Schedule[0].Span = "SUBSIDIE", days
	return in
}

// add adds a placement and gives its number.
func (h *house) add(contract sroi.Contract, in app.PlacementInput) int {
	h.t.Helper()
	placement, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
	h.must(err)
	return placement.Number
}

// draft saves a statement over a quarter, and reads it as the consultant does.
func (h *house) draft(contract sroi.Contract, period string, claims ...sroi.Claim) app.StatementFile {
	h.t.Helper()
	q := calendar.MustPeriod(period)
	call := h.as(sroi.Supplier)
	if head, err := h.Store.Statement(h.ctx, contract.ID, q); err == nil {
		call = matching(call, head.Version)
	}
	_, _, err := h.SaveStatement(h.ctx, call, contract.ID, q, claims)
	h.must(err)
	file, err := h.Statement(h.ctx, h.as(sroi.Consultant), contract.ID, q)
	h.must(err)
	return file
}

func codes(line sroi.Line) string {
	var all []string
	for _, finding := range line.Findings {
		all = append(all, finding.Code)
	}
	return strings.Join(all, " ")
}

// € 24.000 a year at a full week is € 2.000 a month.
func TestASubsidyDecidesWhichDaysCountAndLaterChangesSpareTheDecided(t *testing.T) {
	h, contract := effortsHouse(t, "subsidie")
	in := subsidised(span("2022-01-01", ""))
	in.Subsidised = []calendar.Span{span("2022-02-01", "")}
	in.LeftEmployer = calendar.MustDate("2021-06-01") // seven months before: no obstacle
	number := h.add(contract, in)
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.placed(contract, number, 468))
	if s.Claimed != cents("4000") {
		t.Fatalf("claimed %s, want February and March", s.Claimed)
	}
	change := func(version int, c app.PlacementChange) sroi.Placement {
		t.Helper()
		changed, err := h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), version), contract.ID, number, c)
		h.must(err)
		return changed
	}
	ended := change(1, app.PlacementChange{Subsidised: &[]calendar.Span{span("2022-02-01", "2022-05-31")}})
	if !ended.FactsChanged.IsZero() {
		t.Fatal("the end of a subsidy after the quarter changes nothing that was handed in")
	}
	late := change(2, app.PlacementChange{Subsidised: &[]calendar.Span{span("2022-03-01", "2022-05-31")}})
	if late.FactsChanged != calendar.MustDate("2022-04-05") || late.LeftEmployer.IsZero() {
		t.Fatalf("%+v", late)
	}
	h.decided(s, approve)
	if b := h.balance(contract); b.Verified != cents("4000") {
		t.Fatalf("the decision reckons with what was handed in: %s", b.Verified)
	}
	h.today = "2022-07-05"
	line := h.draft(contract, "2022-Q2", h.placed(contract, number, 468)).Lines[0]
	if line.Value != cents("4000") || !strings.Contains(codes(line), "gegevens-gewijzigd") {
		t.Fatalf("April and May: %s %s", line.Value, codes(line))
	}
	none := change(3, app.PlacementChange{Subsidised: &[]calendar.Span{}, LeftEmployer: &calendar.Date{}})
	if len(none.Subsidised) > 0 || !none.LeftEmployer.IsZero() {
		t.Fatalf("removed: %+v", none)
	}
	if line := h.draft(contract, "2022-Q2", h.placed(contract, number, 468)).Lines[0]; line.Value != cents("6000") {
		t.Fatalf("without a subsidy all days count: %s", line.Value)
	}
}

// Without a subsidy all days count; with one that is still to come, no earlier
// day does.
func TestAFirstSubsidyChangesWhatWasHandedIn(t *testing.T) {
	h, contract := effortsHouse(t, "eerste-subsidie")
	number := h.add(contract, subsidised(span("2022-01-01", "")))
	h.today = "2022-04-05"
	h.submitted(contract, "2022-Q1", h.placed(contract, number, 468))
	changed, err := h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, number, app.PlacementChange{
		Subsidised: &[]calendar.Span{span("2022-05-01", "")},
	})
	h.must(err)
	if changed.FactsChanged != calendar.MustDate("2022-04-05") {
		t.Fatalf("%+v", changed)
	}
}

// Whoever decides, or looks back, is told which lines are no longer what their
// placement says: those of its days, and not of later ones. The lines stay.
func TestAPlacementThatChangedAfterItWasHandedInIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		was    func(*app.PlacementInput)
		change app.PlacementChange
		more   func(*app.PlacementInput) // of the same person
		said   bool                      // at the first line
		late   bool                      // the placement keeps that it changed too late
	}{
		"nothing":            {},
		"fewer hours":        {change: app.PlacementChange{Schedule: []ruleset.Hours{{Span: span("2022-06-01", ""), PerWeek: 16 * 60}}}, said: true, late: true},
		"fewer hours, later": {change: app.PlacementChange{Schedule: []ruleset.Hours{{Span: span("2022-07-01", ""), PerWeek: 16 * 60}}}},
		"as many hours":      {change: app.PlacementChange{Schedule: []ruleset.Hours{{Span: span("2022-06-01", ""), PerWeek: 24 * 60}}}},
		"over":               {change: app.PlacementChange{EndsOn: calendar.MustDate("2022-05-14")}, said: true, late: true},
		"over, later":        {change: app.PlacementChange{EndsOn: calendar.MustDate("2022-06-30")}},
		"begun before":       {change: app.PlacementChange{Schedule: []ruleset.Hours{{Span: span("2022-03-01", ""), PerWeek: 24 * 60}}}, said: true, late: true},
		"begun before it counts": {
			was:    func(in *app.PlacementInput) { in.Schedule[0].From = calendar.MustDate("2019-05-01") },
			change: app.PlacementChange{Schedule: []ruleset.Hours{{Span: span("2019-03-01", ""), PerWeek: 24 * 60}}}, said: true, late: true,
		},
		"a first subsidy, later": {
			was:    func(in *app.PlacementInput) { in.Subsidised = nil },
			change: app.PlacementChange{Subsidised: &[]calendar.Span{span("2022-07-01", "")}}, said: true, late: true,
		},
		"subsidy over":        {change: app.PlacementChange{Subsidised: &[]calendar.Span{span("2022-05-01", "2022-05-31")}}, said: true, late: true},
		"subsidy over, later": {change: app.PlacementChange{Subsidised: &[]calendar.Span{span("2022-05-01", "2022-07-31")}}},
		"as much subsidy":     {change: app.PlacementChange{Subsidised: &[]calendar.Span{span("2022-05-01", "2022-05-31"), span("2022-06-01", "")}}},
		"no subsidy":          {change: app.PlacementChange{Subsidised: &[]calendar.Span{}}, said: true, late: true},
		"left the employer":   {change: app.PlacementChange{LeftEmployer: new(calendar.MustDate("2022-04-01"))}, said: true, late: true},
		"another job beside":  {more: func(in *app.PlacementInput) { in.Employer.KvK = "11112222" }},
		"an earlier job too": {more: func(in *app.PlacementInput) {
			in.Block, in.Schedule[0].From, in.Employer.KvK = "PW_LT2", calendar.MustDate("2022-04-01"), "11112222"
		}, said: true},
		"counted before": {more: func(in *app.PlacementInput) {
			in.Schedule[0].Span, in.Employer.KvK = span("2022-02-01", "2022-02-28"), "11112222"
		}, said: true},
		"an internship before": {more: func(in *app.PlacementInput) {
			in.Block, in.Form, in.Schedule[0].Span, in.Subsidised = "STAGE", ruleset.Internship, span("2022-01-01", "2022-03-31"), nil
		}, said: true},
		"another job, later": {more: func(in *app.PlacementInput) { in.Schedule[0].Span, in.Subsidised = span("2022-07-01", ""), nil }},
	} {
		t.Run(name, func(t *testing.T) {
			h, contract := effortsHouse(t, "na-indienen")
			in := subsidised(span("2022-05-01", ""))
			in.Schedule[0].PerWeek, in.Subsidised = 24*60, []calendar.Span{span("2022-05-01", "")}
			if c.was != nil {
				c.was(&in)
			}
			number, beside := h.add(contract, in), h.add(contract, placementInput("Pietersen", 24))
			h.today = "2022-07-05"
			s := h.submitted(contract, "2022-Q2", h.placed(contract, number, 208), h.placed(contract, beside, 312))
			if !reflect.ValueOf(c.change).IsZero() {
				changed, err := h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, number, c.change)
				h.must(err)
				if changed.FactsChanged.IsZero() == c.late {
					t.Errorf("changed on %v", changed.FactsChanged)
				}
			}
			if c.more != nil {
				c.more(&in)
				h.add(contract, in)
			}
			want := ""
			if c.said {
				want = "1"
			}
			for role, want := range map[sroi.Role]string{sroi.Consultant: want, sroi.Auditor: want, sroi.Supplier: ""} {
				if got := h.saysChanged(s, role); got != want {
					t.Errorf("the %s reads it at lines %q, want %q", role, got, want)
				}
			}
			h.decided(s, approve)
			if got := h.saysChanged(s, sroi.Consultant); got != want {
				t.Errorf("once decided, at lines %q, want %q", got, want)
			}
		})
	}
}

func TestWhatBeganAfterWhatWasHandedInChangesFreely(t *testing.T) {
	h, contract := effortsHouse(t, "vrij")
	before, number := h.add(contract, placementInput("Pietersen", 24)), h.add(contract, subsidised(span("2022-04-01", "")))
	h.today = "2022-04-05"
	h.submitted(contract, "2022-Q1", h.placed(contract, before, 312))
	changed, err := h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, number, app.PlacementChange{LeftEmployer: new(calendar.MustDate("2021-06-01"))})
	h.must(err)
	if !changed.FactsChanged.IsZero() {
		t.Errorf("changed on %s", changed.FactsChanged)
	}
}

// What was typed after a period was handed in was in none of its lines.
func TestWhatWasAddedAfterWhatWasHandedInChangesFreely(t *testing.T) {
	h, contract := effortsHouse(t, "later")
	before := h.add(contract, placementInput("Pietersen", 24))
	h.today = "2022-04-05"
	h.submitted(contract, "2022-Q1", h.placed(contract, before, 312))
	h.today = "2022-04-06"
	number := h.add(contract, subsidised(span("2022-03-01", "")))
	changed, err := h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, number, app.PlacementChange{EndsOn: calendar.MustDate("2022-03-20")})
	h.must(err)
	if !changed.FactsChanged.IsZero() {
		t.Errorf("changed on %s", changed.FactsChanged)
	}
}

// saysChanged are the lines of which a role reads that the placement changed, and
// that are otherwise as they were handed in.
func (h *house) saysChanged(s sroi.Statement, role sroi.Role) string {
	h.t.Helper()
	file, err := h.Statement(h.ctx, h.as(role), s.Contract, s.Period)
	h.must(err)
	var lines []string
	for i, line := range file.Lines {
		if n := slices.IndexFunc(line.Findings, func(f sroi.Finding) bool { return f.Code == "plaatsing-gewijzigd" }); n >= 0 {
			lines, file.Lines[i].Findings = append(lines, strconv.Itoa(line.Number)), line.Findings[:n]
		}
	}
	if role != sroi.Supplier && sroi.DigestAll(file.Lines) != s.LinesHash {
		h.t.Error("beside it, the lines are no longer as they were handed in")
	}
	return strings.Join(lines, " ")
}

func TestWhoLeftTheEmployerTooShortlyBeforeDoesNotCount(t *testing.T) {
	h, contract := effortsHouse(t, "werkgever")
	in := subsidised(span("2022-01-01", ""))
	in.LeftEmployer = calendar.MustDate("2021-07-01") // six months to the day
	number := h.add(contract, in)
	h.today = "2022-04-05"
	if s := h.submitted(contract, "2022-Q1", h.placed(contract, number, 468)); s.Claimed != 0 {
		t.Fatalf("claimed %s", s.Claimed)
	}
}

func TestFactsOfAPlacementThatCannotBe(t *testing.T) {
	h, contract := effortsHouse(t, "onmogelijk")
	in := subsidised(span("2022-01-01", ""))
	in.Subsidised = []calendar.Span{span("2022-03-01", "2022-02-01"), span("2022-01-01", "")}
	in.LeftEmployer = calendar.MustDate("2022-01-01")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
	for _, code := range []string{"datums-verkeerd-om", "overlap"} {
		h.refused(err, app.Invalid, code)
	}
	want := []string{"/subsidised/0/to", "/subsidised/1/from", "/leftEmployer"}
	if got := fields(err); !slices.Equal(got, want) {
		t.Errorf("faults at %v, want %v", got, want)
	}
	number := h.add(contract, subsidised(span("2022-01-01", "")))
	_, err = h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, number, app.PlacementChange{Subsidised: &in.Subsidised})
	h.refused(err, app.Invalid, "overlap")
	_, err = h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, number, app.PlacementChange{})
	h.refused(err, app.Invalid, "niets-te-wijzigen")
}

// fields are where the faults of a refusal are.
func fields(err error) []string {
	var all []string
	if refusal, ok := errors.AsType[*app.Error](err); ok {
		for _, fault := range refusal.Faults {
			all = append(all, fault.Field)
		}
	}
	return all
}

func TestTheSamePersonFromTheSameEmployer(t *testing.T) {
	for name, c := range map[string]struct {
		before    calendar.Span // of an earlier placement; zero: none
		continues bool
		elsewhere bool // with another employer
		want      string
	}{
		"nothing known":        {want: "na-te-gaan"},
		"ended the day before": {before: span("2022-01-01", "2022-05-31"), want: "zelfde-werkgever"},
		"ended six months ago": {before: span("2022-01-01", "2022-02-01"), want: "zelfde-werkgever"},
		"ended longer ago":     {before: span("2022-01-01", "2022-01-31"), want: "na-te-gaan"},
		"a continuation":       {before: span("2022-01-01", "2022-05-31"), continues: true, want: "na-te-gaan"},
		"another employer":     {before: span("2022-01-01", "2022-05-31"), elsewhere: true, want: "na-te-gaan"},
		"still with it":        {before: span("2022-01-01", "2022-12-31"), want: "na-te-gaan"},
	} {
		t.Run(name, func(t *testing.T) {
			h, contract := effortsHouse(t, "zelfde")
			start := "2022-06-01"
			if c.before.To == calendar.MustDate("2022-02-01") || c.before.To == calendar.MustDate("2022-01-31") {
				start = "2022-08-01"
			}
			if !c.before.From.IsZero() {
				in := subsidised(c.before)
				in.Schedule[0].PerWeek = 10 * 60
				if c.elsewhere {
					in.Employer.KvK = "11112222"
				}
				h.add(contract, in)
			}
			in := subsidised(span(start, ""))
			in.Schedule[0].PerWeek, in.Continues = 20*60, c.continues
			number := h.add(contract, in)
			h.today = "2022-10-05"
			line := h.draft(contract, "2022-Q3", h.placed(contract, number, 260)).Lines[0]
			if got := strings.TrimPrefix(codes(line), "uren-wijken-af "); got != c.want {
				t.Errorf("findings %q, want %q", got, c.want)
			}
		})
	}
}

func TestABonusAfterAnInternship(t *testing.T) {
	for name, c := range map[string]struct {
		internship calendar.Span // zero: none known
		refused    bool
		asks       bool
	}{
		"none is known":   {asks: true},
		"three months":    {internship: span("2022-01-01", "2022-03-31")},
		"one day short":   {internship: span("2022-01-01", "2022-03-30"), refused: true},
		"under a month":   {internship: span("2022-01-01", "2022-01-20"), asks: true},
		"into the job":    {internship: span("2022-01-01", "2022-12-31")},
		"too late for it": {internship: span("2022-01-02", "2022-12-31"), refused: true},
		"after it began":  {internship: span("2022-05-01", "2022-12-31"), asks: true},
	} {
		t.Run(name, func(t *testing.T) {
			h, contract := effortsHouse(t, "stage")
			if !c.internship.From.IsZero() {
				in := subsidised(c.internship)
				in.Block, in.Form, in.Schedule[0].PerWeek = "STAGE", ruleset.Internship, 8*60
				h.add(contract, in)
			}
			in := subsidised(span("2022-04-01", ""))
			in.Bonuses = []string{"NA_STAGE"}
			placement, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
			if c.refused {
				h.refused(err, app.Invalid, ruleset.FaultBonusCondition)
				return
			}
			h.must(err)
			h.today = "2022-07-05"
			line := h.draft(contract, "2022-Q2", h.placed(contract, placement.Number, 468)).Lines[0]
			asked := slices.ContainsFunc(line.Findings, func(f sroi.Finding) bool { return strings.Contains(f.Detail, "NA_STAGE") })
			if asked != c.asks {
				t.Errorf("the consultant is asked: %v, want %v (%+v)", asked, c.asks, line.Findings)
			}
		})
	}
}

// An internship that turned out shorter takes the bonus back from what is not
// handed in yet.
func TestAShortenedInternshipRefusesTheBonusLater(t *testing.T) {
	h, contract := effortsHouse(t, "stage-korter")
	internship := subsidised(span("2022-01-01", "2022-03-31"))
	internship.Block, internship.Form = "STAGE", ruleset.Internship
	first := h.add(contract, internship)
	in := subsidised(span("2022-04-01", ""))
	in.Bonuses = []string{"NA_STAGE"}
	number := h.add(contract, in)
	_, err := h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, first, app.PlacementChange{EndsOn: calendar.MustDate("2022-02-28")})
	h.must(err)
	h.today = "2022-07-05"
	_, _, err = h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, calendar.MustPeriod("2022-Q2"), []sroi.Claim{h.placed(contract, number, 468)})
	h.refused(err, app.Invalid, ruleset.FaultBonusCondition)
}

func (h *house) activity(contract sroi.Contract, a sroi.ActivityClaim) sroi.Claim {
	if a.Description == "" {
		a.Description = "Sollicitatietraining"
	}
	return sroi.Claim{Kind: sroi.ActivityLine, Activity: &a, Evidence: h.evidence(contract, a.Block)}
}

// € 50 an hour, at most € 300 a person a day: 20 hours of three people is € 900.
func TestADayWithAMaximumCountsOnce(t *testing.T) {
	h, contract := effortsHouse(t, "dagmaximum")
	h.today = "2022-04-05"
	training := sroi.ActivityClaim{Block: "ACTIVITEIT", Date: calendar.MustDate("2022-02-01"), Hours: 20 * 60, People: 3}
	late := h.activity(contract, training)
	save := func(claims ...sroi.Claim) error {
		_, _, err := h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, calendar.MustPeriod("2022-Q1"), claims)
		return err
	}
	h.refused(save(late, late), app.Invalid, "regel-dubbel")
	next := training
	next.Date = next.Date.AddDays(1)
	s := h.submitted(contract, "2022-Q1", late, h.activity(contract, next))
	if s.Claimed != cents("1800") {
		t.Fatalf("claimed %s", s.Claimed)
	}
	h.decided(s, approve)

	h.today = "2022-07-05"
	late.Period = calendar.MustPeriod("2022-Q1")
	again := h.submitted(contract, "2022-Q2", late)
	_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), again.Version), contract.ID, again.Period, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
	h.refused(err, app.Conflict, "al-geteld")

	call := matching(h.as(sroi.Consultant), h.balance(contract).Seq)
	_, _, err = h.Correct(h.ctx, call, contract.ID, app.CorrectionInput{
		Corrects: 3, Period: s.Period, Decision: ref(reject(1)), Reason: "verkeerd", Text: "Hoort bij het tweede kwartaal.",
	})
	h.must(err) // gives the day back
	if file := h.decided(again, approve); file.Statement.Verified != cents("900") {
		t.Fatalf("verified %s", file.Statement.Verified)
	}
}

func TestSendingBackFreesTheDay(t *testing.T) {
	h, contract := effortsHouse(t, "dag-terug")
	h.today = "2022-04-05"
	claim := h.activity(contract, sroi.ActivityClaim{Block: "ACTIVITEIT", Date: calendar.MustDate("2022-02-01"), Hours: 60})
	other := h.activity(contract, sroi.ActivityClaim{Block: "ACTIVITEIT", Date: calendar.MustDate("2022-02-02"), Hours: 60})
	s := h.submitted(contract, "2022-Q1", claim, other)
	_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
	h.must(err)
	_, err = h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{SendBack: "Opnieuw graag."})
	h.must(err)
	h.today = "2022-07-05"
	claim.Period = calendar.MustPeriod("2022-Q1")
	if file := h.decided(h.submitted(contract, "2022-Q2", claim), approve); file.Statement.Verified != cents("50") {
		t.Fatalf("verified %s", file.Statement.Verified)
	}
}

func TestWhatAnActivityCannotSay(t *testing.T) {
	h, contract := effortsHouse(t, "activiteit")
	h.today = "2022-04-05"
	day := calendar.MustDate("2022-02-01")
	agreed := ref(cents("2500"))
	for name, c := range map[string]struct {
		claim sroi.ActivityClaim
		code  string
	}{
		"people where no day has a maximum": {sroi.ActivityClaim{Block: "MAATWERK", Date: day, Agreed: agreed, Motivation: "m", People: 2}, "niet-toegestaan"},
		"a motivation of what is measured":  {sroi.ActivityClaim{Block: "ACTIVITEIT", Date: day, Hours: 60, Motivation: "m"}, "niet-toegestaan"},
		"custom without a motivation":       {sroi.ActivityClaim{Block: "MAATWERK", Date: day, Agreed: agreed}, "motivering-ontbreekt"},
		"a number that may be a BSN":        {sroi.ActivityClaim{Block: "MAATWERK", Date: day, Agreed: agreed, Motivation: "zie 111222333"}, "mogelijk-bsn"},
	} {
		t.Run(name, func(*testing.T) {
			_, _, err := h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, calendar.MustPeriod("2022-Q1"), []sroi.Claim{h.activity(contract, c.claim)})
			h.refused(err, app.Invalid, c.code)
		})
	}
}

func TestCustomArrangementsAreApprovedBySomeone(t *testing.T) {
	h, contract := effortsHouse(t, "maatwerk")
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.activity(contract, sroi.ActivityClaim{
		Block: "MAATWERK", Date: calendar.MustDate("2022-02-01"), Agreed: ref(cents("2500")), Motivation: "Een buurtmoestuin voor een jaar.",
	}))
	decide := func(d app.LineDecision) error {
		_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{Lines: []app.LineDecision{d}})
		return err
	}
	err := decide(approve(1))
	h.refused(err, app.Invalid, "goedkeurder-ontbreekt")
	h.refused(err, app.Invalid, "verplicht") // and why, at once
	bsn := app.LineDecision{Line: 1, Verdict: sroi.Approved, ApprovedBy: "hoofd 111222333", Text: "Afgesproken."}
	h.refused(decide(bsn), app.Invalid, "mogelijk-bsn")
	for _, own := range []string{"adviseur", "Adviseur Social Return", "ikzelf"} {
		h.refused(decide(app.LineDecision{Line: 1, Verdict: sroi.Approved, ApprovedBy: own, Text: "Afgesproken."}), app.Invalid, "goedkeurder-zelf")
	}
	rejected := reject(1)
	rejected.ApprovedBy = "hoofd inkoop"
	h.refused(decide(rejected), app.Invalid, "niet-toegestaan")
	h.must(decide(app.LineDecision{Line: 1, Verdict: sroi.Approved, ApprovedBy: "hoofd inkoop", Text: "Volgens de afspraak van 3 januari."}))
	file, err := h.Statement(h.ctx, h.as(sroi.Supplier), contract.ID, s.Period)
	h.must(err)
	if d := file.Decisions[0]; d.ApprovedBy != "hoofd inkoop" || d.Value != cents("2500") {
		t.Fatalf("%+v", d)
	}

	partly := app.LineDecision{Line: 1, Verdict: sroi.ApprovedPartly, Reason: "r", Text: "De helft ging door.", Amount: ref(cents("1250"))}
	correct := func() error {
		_, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
			Corrects: 3, Period: s.Period, Decision: &partly, Reason: "r", Text: "t",
		})
		return err
	}
	h.refused(correct(), app.Invalid, "goedkeurder-ontbreekt")
	partly.ApprovedBy = "hoofd inkoop"
	h.must(correct())
	if b := h.balance(contract); b.Verified != cents("1250") {
		t.Fatalf("verified %s", b.Verified)
	}
}

// An activity that counts as a whole is approved or rejected: an amount or hours
// of it would change nothing.
func TestAnActivityThatCountsOnceIsNotApprovedInPart(t *testing.T) {
	h := newHouse(t)
	h.under(func(doc document) {
		doc["blocks"] = append(doc["blocks"].([]any), document{
			"code": "ACT", "label": "Activiteit", "kind": "perActivity", "category": "activiteit", "value": "500.00", "source": "verplichting",
		})
	})
	contract := h.contract("geheel")
	claim := sroi.Claim{Kind: sroi.ActivityLine, Activity: &sroi.ActivityClaim{Block: "ACT", Description: "Gastles", Date: calendar.MustDate("2022-02-01")}}
	claim.Evidence = h.evidence(contract, "ACT")
	h.today = "2022-04-05"
	statement := h.submitted(contract, "2022-Q1", claim)
	for _, part := range []app.LineDecision{{Amount: ref(cents("0"))}, {Spent: ref(calendar.Minutes(0))}} {
		part.Line, part.Verdict, part.Reason, part.Text = 1, sroi.ApprovedPartly, sroi.NoEvidence, "Niet geheel."
		_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), statement.Version), contract.ID, statement.Period, app.DecideInput{Lines: []app.LineDecision{part}})
		h.refused(err, app.Invalid, "deel-past-niet")
	}
}

// hourly adds a block of hours with a maximum a day.
func hourly(code string) func(document) {
	return func(doc document) {
		doc["blocks"] = append(doc["blocks"].([]any), document{
			"code": code, "label": "Activiteit", "kind": "perHour", "category": "activiteit", "value": "50.00", "dailyMaximum": "300.00", "source": "verplichting",
		})
	}
}

// A day with a maximum that a correction frees while its block has another code
// can be reported anew.
func TestACorrectionAfterAMoveFreesTheDay(t *testing.T) {
	h := newHouse(t)
	h.under(hourly("OUD"), hourly("NIEUW"))
	contract := h.contract("dag-vrij")
	claim := func(code string) sroi.Claim {
		claim := sroi.Claim{Kind: sroi.ActivityLine, Activity: &sroi.ActivityClaim{Block: code, Description: "Gastles", Date: calendar.MustDate("2022-02-01"), Hours: 120}}
		claim.Evidence = h.evidence(contract, "OUD")
		return claim
	}
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", claim("OUD")), approve)
	move := func(version string, blocks map[string]string) {
		t.Helper()
		_, err := h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.RulesInput{
			Version: calendar.MustDate(version), Blocks: blocks, Reason: sroi.PolicyChange, Text: "Wissel.", Deviates: true,
		})
		h.must(err)
	}
	move("2022-01-01", map[string]string{"OUD": "NIEUW"})
	_, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
		Corrects: 3, Period: calendar.MustPeriod("2022-Q1"), Decision: ref(reject(1)), Reason: "r", Text: "t",
	})
	h.must(err)
	move("2016-01-01", nil)
	h.today = "2022-07-05"
	late := claim("OUD")
	late.Period = calendar.MustPeriod("2022-Q1")
	h.decided(h.submitted(contract, "2022-Q2", late), approve)
	if b := h.balance(contract); b.Verified != cents("100") {
		t.Errorf("%+v", b)
	}
}

// A day that was counted under one name is not counted again under the next.
func TestADayIsNotTakenAgainUnderItsNewName(t *testing.T) {
	h := newHouse(t)
	h.under(hourly("OUD"), hourly("NIEUW"))
	contract := h.contract("dag-naam")
	claim := func(code string) sroi.Claim {
		return sroi.Claim{Kind: sroi.ActivityLine, Evidence: h.evidence(contract, "OUD"), Activity: &sroi.ActivityClaim{
			Block: code, Description: "Gastles", Date: calendar.MustDate("2022-02-01"), Hours: 600,
		}}
	}
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", claim("OUD")), approve)
	_, err := h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.RulesInput{
		Version: calendar.MustDate("2022-01-01"), Blocks: map[string]string{"OUD": "NIEUW"}, Reason: sroi.PolicyChange, Text: "Wissel.", Deviates: true,
	})
	h.must(err)
	h.today = "2022-07-05"
	again := claim("NIEUW")
	again.Period = calendar.MustPeriod("2022-Q1")
	s := h.submitted(contract, "2022-Q2", again)
	_, err = h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
	h.refused(err, app.Conflict, "al-geteld")
	if b := h.balance(contract); b.Verified != cents("300") {
		t.Errorf("verified %s", b.Verified)
	}
}

// What is taken off a year was verified in that year.
func TestACorrectionLeavesNoYearBelowZero(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("jaar")
	h.place(contract, "Jansen", "PW_LT2", "2022-01-01", "2022-12-31")
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 468)), approve)
	correct := func(delta string) error {
		_, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
			Corrects: 3, Year: 2022, Delta: cents(delta), Reason: "r", Text: "t",
		})
		return err
	}
	h.refused(correct("0.01"), app.Invalid, "boven-claim") // more than was ever claimed
	h.must(correct("-100"))
	h.refused(correct("-7400.01"), app.Invalid, "bedrag-onmogelijk")
	h.refused(correct("100.01"), app.Invalid, "boven-claim")
	h.must(correct("60"))
	h.refused(correct("40.01"), app.Invalid, "boven-claim")
	h.must(correct("40"))
	h.must(correct("-7500"))
	h.refused(correct("-0.01"), app.Invalid, "bedrag-onmogelijk")
}
