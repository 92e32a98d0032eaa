// SPDX-License-Identifier: EUPL-1.2

package plan_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
)

// change edits a rule-set file before it is loaded.
type change func(file map[string]any)

// rulesWith are the trial rules of internal/ruleset with a norm week of 36 hours,
// months counted from the start, no head start and no limit per person, changed.
func rulesWith(t interface{ Fatal(...any) }, changes ...change) *ruleset.RuleSet {
	raw, err := os.ReadFile("../ruleset/testdata/rules/proef/2020-01-01.json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	delete(file, "personLimit")
	plain := []change{value("normWeek", "36"), value("minimumWeek", "0"), value("dayCount", "monthsFromStart"), value("headStartMonths", 0), value("cadence", "quarterly")}
	for _, edit := range append(plain, changes...) {
		edit(file)
	}
	if raw, err = json.Marshal(file); err != nil {
		t.Fatal(err)
	}
	library, err := ruleset.Load(fstest.MapFS{"proef/2020-01-01.json": {Data: raw}})
	if err != nil {
		t.Fatal(err)
	}
	return library.All()[0]
}

func value(name string, to any) change {
	return func(file map[string]any) { file[name].(map[string]any)["value"] = to }
}

func block(code, field string, to any) change {
	return func(file map[string]any) {
		for _, each := range file["blocks"].([]any) {
			if each := each.(map[string]any); each["code"] == code {
				each[field] = to
			}
		}
	}
}

func personLimit(limit map[string]any) change {
	limit["appliesTo"], limit["source"] = []string{"PW"}, "proef"
	return func(file map[string]any) { file["personLimit"] = limit }
}

func ceiling(percent string, blocks ...string) change {
	return func(file map[string]any) {
		file["ceilings"] = []any{map[string]any{"code": "PLAFOND", "label": "Inkoop", "percent": percent, "appliesTo": blocks, "source": "proef"}}
	}
}

func day(s string) calendar.Date { return calendar.MustDate(s) }

func span(from, to string) calendar.Span { return calendar.Span{From: day(from), To: day(to)} }

func cents(s string) money.Cents {
	amount, err := money.Parse(s)
	if err != nil {
		panic(err)
	}
	return amount
}

// works is a placement in the block PW, of so many whole hours a week.
func works(person, from, to string, hours int) plan.Effort {
	return placedIn("PW", ruleset.Employment, person, from, to, hours)
}

func placedIn(block string, form ruleset.Form, person, from, to string, hours int) plan.Effort {
	return plan.Effort{Person: person, Placement: &ruleset.PlacementInput{
		Block: block, Form: form, Schedule: []ruleset.Hours{{Span: span(from, to), PerWeek: calendar.Minutes(hours) * 60}},
	}}
}

func buys(on, amount string) plan.Effort {
	return plan.Effort{Purchase: &ruleset.PurchaseInput{Block: "INKOOP", InvoiceDate: day(on), Amount: cents(amount), Recognition: ruleset.Recognised}}
}

func terms(rules *ruleset.RuleSet, obliged, from, to string) *plan.Terms {
	term := span(from, to)
	return &plan.Terms{Obliged: cents(obliged), Term: term, Counted: rules.Counted(term), Periods: calendar.Periods(term, rules.Cadence)}
}

func work(t *testing.T, rules *ruleset.RuleSet, terms *plan.Terms, efforts ...plan.Effort) plan.Outcome {
	t.Helper()
	outcome, err := plan.Work(rules, efforts, terms)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

// bites lists the limits of a line as "kind day".
func bites(line plan.Line) string {
	var all []string
	for _, limit := range line.Limits {
		all = append(all, string(limit.Kind)+" "+limit.From.String())
	}
	return strings.Join(all, ", ")
}

func wants(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestAPlanByHand: 24 of 36 hours in PW (40,000 a full-time year) from 15
// February to 14 August is six months, 13,333.33; the invoice counts whole.
func TestAPlanByHand(t *testing.T) {
	rules := rulesWith(t)
	outcome := work(t, rules, terms(rules, "20000", "2022-01-01", "2022-12-31"),
		works("A", "2022-02-15", "2022-08-14", 24), buys("2022-08-20", "2500"))
	for i, want := range []struct{ value, counted, covered, left string }{
		// To 31 March one month from the 15th and 17 of the 31 days of the next, at
		// 2,222.22 a month; to 30 June four and 16 of 30; to 14 August six.
		{"3440.86", "3440.86", "3440.86", "16559.14"},
		{"6633.21", "6633.21", "10074.07", "9925.93"},
		{"5759.26", "5759.26", "15833.33", "4166.67"},
		{"0.00", "0.00", "15833.33", "4166.67"},
	} {
		p := outcome.Periods[i]
		got := p.Value.String() + " " + p.Counted.String() + " " + p.Covered.String() + " " + p.Outstanding.String()
		wants(t, p.Period.String(), got, want.value+" "+want.counted+" "+want.covered+" "+want.left)
	}
	wants(t, "total", outcome.Total.String(), "15833.33")
	wants(t, "outstanding", outcome.Outstanding.String(), "4166.67")
	wants(t, "excess", outcome.Excess.String(), "0.00")
}

func TestWithoutAContractThereAreOnlyValues(t *testing.T) {
	outcome := work(t, rulesWith(t), nil, works("", "2022-01-01", "2022-06-30", 36), buys("2022-08-20", "2500"))
	wants(t, "total", outcome.Total.String(), "22500.00")
	if outcome.Periods != nil || outcome.Advice != nil || outcome.Counted != 0 || outcome.Outstanding != 0 {
		t.Errorf("more than values: %+v", outcome)
	}
}

func TestEachLimitBitesFromItsDay(t *testing.T) {
	hours := calendar.Minutes(60)
	for name, row := range map[string]struct {
		changes []change
		efforts []plan.Effort
		want    []string // of each line
		values  []string
	}{
		"months of the block": {[]change{block("PW", "maxMonths", 6)}, []plan.Effort{works("", "2022-01-15", "2022-12-31", 36)},
			[]string{"blockMonths 2022-07-15"}, []string{"20000.00"}},
		"months of the block run on over lines of one person": {[]change{block("PW", "maxMonths", 6)},
			[]plan.Effort{works("A", "2022-01-01", "2022-03-31", 36), works("A", "2022-05-01", "2022-12-31", 36)},
			[]string{"", "blockMonths 2022-07-01"}, []string{"10000.00", "6666.67"}},
		"contract end and beginning": {nil, []plan.Effort{works("", "2021-12-01", "2023-01-31", 36)},
			[]string{"headStart 2021-12-01, contractEnd 2023-01-01"}, []string{"40000.00"}},
		"head start": {[]change{value("headStartMonths", 2)}, []plan.Effort{works("", "2021-10-01", "2021-12-31", 36)},
			[]string{"headStart 2021-10-01"}, []string{"6666.67"}},
		"minimum week": {[]change{value("minimumWeek", "12")}, []plan.Effort{works("", "2022-01-01", "2022-03-31", 11)},
			[]string{"minimumWeek 2022-01-01"}, []string{"0.00"}},
		"norm week of one line": {nil, []plan.Effort{works("", "2022-01-01", "2022-12-31", 40)}, []string{"normWeek 2022-01-01"}, []string{"40000.00"}},
		"norm week over lines": {nil, []plan.Effort{works("A", "2022-04-01", "2022-12-31", 24), works("A", "2022-01-01", "2022-12-31", 24), works("B", "2022-01-01", "2022-12-31", 24)},
			[]string{"normWeek 2022-04-01", "", ""}, []string{"10000.00", "26666.67", "26666.67"}},
		"a week filled by other lines": {nil, []plan.Effort{works("A", "2022-01-01", "2022-12-31", 36), works("A", "2022-02-01", "2022-03-31", 10)},
			[]string{"", "normWeek 2022-02-01"}, []string{"40000.00", "0.00"}},
		"months of the person": {[]change{personLimit(map[string]any{"months": 6})}, []plan.Effort{works("A", "2022-01-01", "2022-04-30", 20), works("A", "2022-05-01", "2022-12-31", 20)},
			[]string{"", "person 2022-07-01"}, []string{"7407.41", "3703.70"}},
		"hours of the person": {[]change{personLimit(map[string]any{"hours": 36 * 13 * hours})}, []plan.Effort{works("A", "2022-01-01", "2022-12-31", 36), works("A", "2022-01-15", "2022-12-31", 10)},
			[]string{"person 2022-04-02", "normWeek 2022-01-15, person 2022-01-15"}, []string{"9972.65", "0.00"}},
		"hours of the person over lines": {[]change{personLimit(map[string]any{"hours": 36 * 13 * hours})}, []plan.Effort{works("A", "2022-01-01", "2022-04-01", 36), works("A", "2022-07-01", "2022-12-31", 36)},
			[]string{"", "person 2022-07-01"}, []string{"10111.11", "0.00"}},
		"hours of the person below the norm week": {[]change{personLimit(map[string]any{"hours": "2000"})},
			[]plan.Effort{placedIn("LEERJAAR_UREN", ruleset.Internship, "A", "2022-01-01", "2022-12-31", 24), works("A", "2022-01-01", "2022-12-31", 36)},
			[]string{"", "normWeek 2022-01-01"}, []string{"13333.33", "13333.33"}},
		"same employer": {[]change{block("PW", "sameEmployerMonths", 6)}, []plan.Effort{func() plan.Effort {
			e := works("", "2022-04-01", "2022-06-30", 36)
			e.Placement.LeftEmployer = day("2021-11-30")
			return e
		}()}, []string{"sameEmployer 2022-04-01"}, []string{"0.00"}},
		"subsidy": {[]change{block("PW", "duringSubsidy", true)}, []plan.Effort{func() plan.Effort {
			e := works("", "2022-01-01", "2022-12-31", 36)
			e.Placement.Subsidised = []calendar.Span{span("2022-01-01", "2022-03-31")}
			return e
		}()}, []string{"subsidy 2022-04-01"}, []string{"10000.00"}},
		"daily maximum": {[]change{block("UUR", "dailyMaximum", "100.00")},
			[]plan.Effort{{Activity: &ruleset.ActivityInput{Block: "UUR", Date: day("2022-05-05"), Hours: 8 * hours}}},
			[]string{"dailyMaximum 2022-05-05"}, []string{"100.00"}},
		"an invoice after the contract":  {nil, []plan.Effort{buys("2023-01-01", "100")}, []string{"contractEnd 2023-01-01"}, []string{"100.00"}},
		"an invoice before the contract": {nil, []plan.Effort{buys("2021-12-31", "100")}, []string{"headStart 2021-12-31"}, []string{"100.00"}},
		"ceiling": {[]change{ceiling("25", "INKOOP")}, []plan.Effort{buys("2022-02-01", "4000"), buys("2022-06-01", "2000"), buys("2022-07-01", "500")},
			[]string{"", "ceiling 2022-06-01", "ceiling 2022-06-01"}, []string{"4000.00", "2000.00", "500.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			rules := rulesWith(t, row.changes...)
			outcome := work(t, rules, terms(rules, "20000", "2022-01-01", "2022-12-31"), row.efforts...)
			for i, line := range outcome.Lines {
				wants(t, "limits", bites(line), row.want[i])
				wants(t, "value", line.Receipt.Result.String(), row.values[i])
				for _, limit := range line.Limits {
					if !strings.HasSuffix(limit.Text, ".") || limit.From.IsZero() {
						t.Errorf("no whole sentence or no day: %+v", limit)
					}
				}
			}
		})
	}
}

func TestACeilingCapsWhatCounts(t *testing.T) {
	rules := rulesWith(t, ceiling("25", "INKOOP"))
	outcome := work(t, rules, terms(rules, "20000", "2022-01-01", "2022-12-31"), buys("2022-02-01", "4000"), buys("2022-06-01", "2000"), works("", "2022-10-01", "2022-12-31", 36))
	wants(t, "total", outcome.Total.String(), "16000.00")
	wants(t, "counted", outcome.Counted.String(), "15000.00")
	wants(t, "outstanding", outcome.Outstanding.String(), "5000.00")
	wants(t, "second quarter", outcome.Periods[1].Value.String()+" "+outcome.Periods[1].Counted.String(), "2000.00 1000.00")
	for _, advice := range outcome.Advice {
		if advice.Block == "INKOOP" {
			t.Errorf("advised under a full ceiling: %s", advice.Text)
		}
	}
}

func TestWhatFallsOutsideTheTermMeetsNothing(t *testing.T) {
	rules := rulesWith(t)
	outcome := work(t, rules, terms(rules, "1000", "2022-01-01", "2022-12-31"), buys("2023-01-01", "700"), buys("2022-12-31", "600"))
	wants(t, "total and counted", outcome.Total.String()+" "+outcome.Counted.String(), "1300.00 600.00")
}

func TestFaultsOfAPlanNameTheLine(t *testing.T) {
	rules := rulesWith(t)
	wrong := works("", "2022-01-01", "2022-06-30", 20)
	wrong.Placement.Block = "NIETS"
	_, err := plan.Work(rules, []plan.Effort{
		works("A", "2022-03-01", "2022-06-30", 30), // with the second line 70 hours
		works("A", "2022-01-01", "2022-12-31", 40),
		wrong,
		works("", "2022-01-01", "2022-12-31", 61),
		buys("2022-01-01", "-1"),
		works("B", "2022-01-01", "2022-12-31", 40), works("C", "2022-01-01", "2022-12-31", 40),
		works("D", "2022-01-01", "2022-06-30", 40), works("D", "2022-07-01", "2022-12-31", 40), // one after the other
	}, nil)
	faults, ok := errors.AsType[ruleset.Faults](err)
	if !ok {
		t.Fatal(err)
	}
	var got []string
	for _, fault := range faults {
		got = append(got, fault.Field+" "+fault.Code)
	}
	want := []string{"efforts/0/schedule/0/perWeek hours", "efforts/2/block unknownBlock", "efforts/3/schedule/0/perWeek hours", "efforts/4/amount range"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if !strings.Contains(faults[0].Detail, "Persoon A werkt vanaf 1 maart 2022") || !strings.Contains(faults[0].Detail, "70 uur") {
		t.Error(faults[0].Detail)
	}
}

func TestMoreThanSixtyHoursIsSeenWhereverItBegins(t *testing.T) {
	rules := rulesWith(t)
	long := works("A", "2022-02-01", "2022-12-31", 30)
	_, err := plan.Work(rules, []plan.Effort{works("A", "2022-01-01", "2022-12-31", 20), long, works("A", "2022-03-01", "2022-05-31", 11)}, nil)
	faults, _ := errors.AsType[ruleset.Faults](err)
	if len(faults) != 1 || faults[0].Field != "efforts/2/schedule/0/perWeek" {
		t.Errorf("%v", err)
	}
}

func TestAdviceByHand(t *testing.T) {
	rules := rulesWith(t, ceiling("50", "LOON"))
	// Left: 20,000 - 7,600 = 12,400; ÷ 40,000 = 0.31 full-time year; 12 of 36 hours
	// for a year are 13,333.33, 11 are 12,222.22.
	outcome := work(t, rules, terms(rules, "20000", "2022-01-01", "2023-12-31"), buys("2022-02-01", "7600"))
	first := outcome.Advice[0]
	wants(t, "text", first.Text, "Nog 0,31 voltijdjaar Participatiewet (PW): 12 uur per week, een jaar lang, vanaf 1 januari 2022.")
	if first.FulltimeYears != 31 || first.People != 1 || first.PerWeek != 12*60 || first.Months != 12 {
		t.Errorf("%+v", first)
	}
	var texts []string
	for _, advice := range outcome.Advice[1:] {
		texts = append(texts, advice.Text)
	}
	want := []string{
		"Nog 0,62 leerjaar Leerjaar naar uren (LEERJAAR_UREN): 23 uur per week, een jaar lang, vanaf 1 januari 2022.",
		"Nog 0,62 leerjaar Leerjaar (LEERJAAR): ten minste 1 uur per week, 8 maanden lang, vanaf 1 januari 2022.",
		"Nog 16,54 maanden Werkervaringsplek (WEP): één plaatsing is niet genoeg; 3 mensen, elk ten minste 1 uur per week, 6 maanden lang, vanaf 1 januari 2022.",
		"Inkoop (INKOOP): facturen voor € 12.400 excl. btw bij een erkende sociale onderneming; daarvan telt 100 %.",
	}
	if !slices.Equal(texts, want) {
		t.Errorf("%s", strings.Join(texts, "\n"))
	}
}

func TestAdviceLeavesOutWhatNoLongerFits(t *testing.T) {
	rules := rulesWith(t)
	asked := terms(rules, "20000", "2022-01-01", "2022-12-31")
	asked.AdviseFrom = day("2022-12-10")
	outcome := work(t, rules, asked)
	wants(t, "text", outcome.Advice[0].Text, "Er is geen hele maand van het contract meer over: een plaatsing kan het tekort niet meer dichten.")
	asked.AdviseFrom = day("2022-10-01")
	three := work(t, rules, asked).Advice[0]
	if three.Months > 3 || three.Span.To.After(asked.Term.To) || three.People != 2 {
		t.Errorf("%+v", three)
	}
	if met := work(t, rules, terms(rules, "0", "2022-01-01", "2022-12-31")); met.Advice != nil {
		t.Errorf("advised without a gap: %+v", met.Advice)
	}
}

func TestAPersonHasSoManySpans(t *testing.T) {
	rules := rulesWith(t)
	line := func(from calendar.Date, spans int) plan.Effort {
		placed := &ruleset.PlacementInput{Block: "PW", Form: ruleset.Employment}
		for i := range spans {
			day := from.AddDays(2 * i)
			placed.Schedule = append(placed.Schedule, ruleset.Hours{Span: calendar.Span{From: day, To: day}, PerWeek: 60})
		}
		return plan.Effort{Person: "A", Placement: placed}
	}
	if _, err := plan.Work(rules, []plan.Effort{line(day("2022-01-01"), 300), line(day("2023-10-01"), 200)}, nil); err != nil {
		t.Error(err)
	}
	_, err := plan.Work(rules, []plan.Effort{line(day("2022-01-01"), 300), line(day("2023-10-01"), 201)}, nil)
	faults, _ := errors.AsType[ruleset.Faults](err)
	if len(faults) != 1 || faults[0].Code != plan.FaultTooMany || faults[0].Field != "efforts/1/schedule" {
		t.Error(err)
	}
}

// TestALimitInHoursWeighsShortMonthsMore: of 100 hours, February is worth
// 3,333.33 × 100/144 = 2,314.81, and a whole year 40,000 × 100/1,877:08 = 2,130.91.
func TestALimitInHoursWeighsShortMonthsMore(t *testing.T) {
	rules := rulesWith(t, personLimit(map[string]any{"hours": "100"}), value("cadence", "monthly"))
	asked := terms(rules, "2200", "2022-02-01", "2023-12-31")
	first := work(t, rules, asked).Advice
	i := slices.IndexFunc(first, func(a plan.Advice) bool { return a.Block == "PW" })
	if one := first[i]; one.People != 1 || one.Months != 1 || one.PerWeek != 24*60 {
		t.Errorf("%+v", one)
	}
	line := work(t, rules, asked, works("A", "2022-02-01", "2022-12-31", 36)).Lines[0]
	if len(line.Periods) != 1 || line.Periods[0].Amount != line.Receipt.Result {
		t.Errorf("%+v of %s", line.Periods, line.Receipt.Result)
	}
}

func TestHoursOfThePersonOverSpans(t *testing.T) {
	rules := rulesWith(t, personLimit(map[string]any{"hours": "500"}))
	placed := works("A", "2022-01-01", "2022-03-31", 36)
	placed.Placement.Schedule = append(placed.Placement.Schedule, ruleset.Hours{Span: span("2022-04-01", "2022-12-31"), PerWeek: 18 * 60})
	// 36 × 90/7 are 462:51 hours; of 18/7 a day the 37:09 left last 14 days and a part.
	line := work(t, rules, terms(rules, "20000", "2022-01-01", "2022-12-31"), placed).Lines[0]
	wants(t, "limits", bites(line), "person 2022-04-15")
	wants(t, "value", line.Receipt.Result.String(), "10683.76") // 25,000 × 500/1,170
	wants(t, "first quarter", line.Periods[0].Amount.String(), "10000.00")
}

// Blocks that count by the week are asked for in weeks: € 5.000 is 7,15 of € 700,
// and one of € 5.000 for twenty.
func TestAdviceInWeeks(t *testing.T) {
	library, err := ruleset.Load(os.DirFS("../ruleset/testdata/rules"))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := library.Version("ruim", calendar.MustDate("2020-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	outcome := work(t, rules, terms(rules, "5000", "2022-01-01", "2022-12-31"))
	var texts string
	for _, advice := range outcome.Advice {
		texts += advice.Text + "\n"
	}
	for _, words := range []string{"Nog 7,15 weken Per voltijdweek (WEKEN_UREN)", "Nog 1 × 20 weken Stage van twintig weken (WEKEN)", "Nog 0,14 voltijdjaar "} {
		if !strings.Contains(texts, words) {
			t.Errorf("no %q in\n%s", words, texts)
		}
	}
}
