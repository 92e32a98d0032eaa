// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"bytes"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// broad is the rule set of testdata that says all that a rule set can; a year of
// its blocks at full hours is worth € 100 a day. Changes are pairs of texts.
func broad(t testing.TB, changes ...string) *ruleset.RuleSet {
	t.Helper()
	raw, err := os.ReadFile("testdata/rules/ruim/2020-01-01.json")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(changes); i += 2 {
		if !bytes.Contains(raw, []byte(changes[i])) {
			t.Fatalf("nothing to change: %s", changes[i])
		}
		raw = bytes.ReplaceAll(raw, []byte(changes[i]), []byte(changes[i+1]))
	}
	library, err := ruleset.Load(fstest.MapFS{"ruim/2020-01-01.json": {Data: raw}})
	if err != nil {
		t.Fatal(err)
	}
	return library.All()[0]
}

func full(spans ...calendar.Span) []ruleset.Hours {
	var hours []ruleset.Hours
	for _, s := range spans {
		hours = append(hours, ruleset.Hours{Span: s, PerWeek: 36 * 60})
	}
	return hours
}

// placedIn is a placement of full weeks in days of 2021 or 2022.
func placedIn(block string, form ruleset.Form, spans ...calendar.Span) ruleset.PlacementInput {
	return ruleset.PlacementInput{
		Block: block, Form: form, Schedule: full(spans...),
		Counted: span("2021-01-01", "2023-12-31"), Window: span("2021-01-01", "2023-12-31"),
	}
}

func TestWhatPlacementsAreWorth(t *testing.T) {
	rs := broad(t)
	january, year := span("2021-01-01", "2021-01-31"), calendar.YearSpan(2021)
	for name, c := range map[string]struct {
		in   ruleset.PlacementInput
		want money.Cents
		text string
	}{
		"twenty weeks are 140 days":    {placedIn("WEKEN", ruleset.Internship, span("2021-01-01", "2021-05-20")), 5_000_00, "€ 5.000 per 20 weken × 140/140 dagen = € 5.000."},
		"less is pro rata to weeks":    {placedIn("WEKEN", ruleset.Internship, span("2021-01-01", "2021-01-28")), 1_000_00, "€ 5.000 per 20 weken × 28/140 dagen = € 1.000."},
		"hours of a week":              {halved(placedIn("WEKEN_UREN", ruleset.LearningJob, span("2021-01-01", "2021-01-14"))), 700_00, "€ 700 per week × 18/36 uur × 14/7 dagen = € 700."},
		"once":                         {placedIn("EENMALIG", ruleset.WorkExperience, january), 2_500_00, "€ 2.500 eenmalig = € 2.500."},
		"once, not in a later window":  {windowed(placedIn("EENMALIG", ruleset.WorkExperience, year), span("2021-02-01", "2021-02-28")), 0, "waarvan eerder geteld € 2.500"},
		"once with a bonus once":       {withBonus(placedIn("EENMALIG", ruleset.WorkExperience, january), "NA_STAGE"), 3_500_00, "€ 3.500 eenmalig = € 3.500."},
		"in place of the block":        {withBonus(placedIn("PERSOON", ruleset.Employment, january), "VERVANGT"), 6_200_00, "€ 73.000 per voltijdjaar × "},
		"the highest in its place":     {withBonus(placedIn("PERSOON", ruleset.Employment, january), "VERVANGT_LAGER", "VERVANGT"), 6_200_00, ""},
		"on top of what replaces":      {withBonus(placedIn("PERSOON", ruleset.Employment, january), "VERVANGT_LAGER", "LEEFTIJD"), 3_720_00, "(€ 40.150 + € 3.650 toeslag) per voltijdjaar"},
		"no subsidy asked":             {placedIn("SUBSIDIE", ruleset.Employment, january), 3_100_00, ""},
		"while the subsidy runs":       {subsidised(placedIn("SUBSIDIE", ruleset.Employment, year), span("2021-02-10", "2021-02-19"), span("2021-03-01", "2021-03-10")), 2_000_00, "€ 36.500 per voltijdjaar × 36/36 uur × (4/73) jaar = € 2.000."},
		"subsidy after the window":     {subsidised(placedIn("SUBSIDIE", ruleset.Employment, january), span("2021-02-01", "2021-02-28")), 0, "in deze dagen liep er geen loonkostensubsidie"},
		"another block asks none":      {subsidised(placedIn("PERSOON", ruleset.Employment, january), span("2021-02-01", "2021-02-28")), 3_100_00, ""},
		"from the same employer":       {left(placedIn("NIEUW", ruleset.Employment, january), "2020-07-01"), 0, "werkte in de 6 maanden vóór de plaatsing al bij dezelfde werkgever, tot en met 1 juli 2020"},
		"just long enough ago":         {left(placedIn("NIEUW", ruleset.Employment, january), "2020-06-30"), 3_100_00, ""},
		"where no such rule holds":     {left(placedIn("PERSOON", ruleset.Employment, january), "2020-12-31"), 3_100_00, ""},
		"months of a block in weeks":   {placedIn("WEKEN", ruleset.Internship, span("2021-01-01", "2022-12-31")), 13_035_71, "Grens: ten hoogste 12 maanden, tot en met 31 december 2021."}, // 5,000 × 365 / 140
		"months of the person, at one": {placedIn("PERSOON", ruleset.Employment, span("2021-01-01", "2023-06-30")), 73_000_00, "Grens: per persoon tellen 24 maanden, over alle contracten samen; dat is tot en met 31 december 2022."},
	} {
		t.Run(name, func(t *testing.T) {
			receipt, err := rs.ExplainPlacement(c.in)
			if err != nil || receipt.Result != c.want || !strings.Contains(receipt.Text, c.text) {
				t.Errorf("%v\n got %s %s\nwant %s %s", err, receipt.Result, receipt.Text, c.want, c.text)
			}
		})
	}
}

func halved(in ruleset.PlacementInput) ruleset.PlacementInput {
	in.Schedule[0].PerWeek /= 2
	return in
}

func windowed(in ruleset.PlacementInput, window calendar.Span) ruleset.PlacementInput {
	in.Window = window
	return in
}

func withBonus(in ruleset.PlacementInput, codes ...string) ruleset.PlacementInput {
	in.Bonuses = codes
	return in
}

func subsidised(in ruleset.PlacementInput, spans ...calendar.Span) ruleset.PlacementInput {
	in.Subsidised = spans
	return in
}

func left(in ruleset.PlacementInput, last string) ruleset.PlacementInput {
	in.LeftEmployer = calendar.MustDate(last)
	return in
}

func before(worked calendar.Minutes, from, to string) ruleset.Earlier {
	return ruleset.Earlier{Span: span(from, to), Worked: worked}
}

// The gap rule: six months to the day use the limit up, a day less does not.
func TestPersonLimitInMonths(t *testing.T) {
	rs, everyGap := broad(t), broad(t, "    \"gapMonths\": 6,\n", "")
	year := span("2023-01-01", "2023-12-31")
	for name, c := range map[string]struct {
		rs      *ruleset.RuleSet
		earlier []ruleset.Earlier
		days    int // that count of 2023
	}{
		"a year before":             {rs, []ruleset.Earlier{before(0, "2022-01-01", "2022-12-31")}, 365},
		"a month more":              {rs, []ruleset.Earlier{before(0, "2021-12-01", "2022-12-31")}, 365 - 31},
		"a gap a day too short":     {rs, []ruleset.Earlier{before(0, "2021-01-01", "2022-07-01")}, 730 - 547},            // 2022-07-02 to 2022-12-31
		"a gap of six months":       {rs, []ruleset.Earlier{before(0, "2021-01-01", "2022-06-30")}, 730 - 546 - 184},      // 2022-07-01 to 2022-12-31
		"every gap":                 {everyGap, []ruleset.Earlier{before(0, "2022-01-01", "2022-11-30")}, 730 - 334 - 31}, // December too
		"used up":                   {rs, []ruleset.Earlier{before(0, "2020-01-01", "2022-12-31")}, 0},
		"the same days elsewhere":   {rs, []ruleset.Earlier{before(0, "2022-01-01", "2023-06-30")}, 365}, // 546 used, 184 of 184 left
		"verified later, was first": {rs, []ruleset.Earlier{before(0, "2024-01-01", "2025-06-30")}, 731 - 547},
	} {
		t.Run(name, func(t *testing.T) {
			in := placedIn("PERSOON", ruleset.Employment, year)
			in.Window, in.Earlier = year, c.earlier
			receipt, err := c.rs.ExplainPlacement(in)
			if want := money.Cents(c.days) * 100_00; err != nil || receipt.Result != want {
				t.Errorf("%s, want %s: %v %s", receipt.Result, want, err, receipt.Text)
			}
		})
	}
}

// 181 days before, then two gaps that use the limit up: of 730 days 153 are left.
func TestGapsWithinAWindow(t *testing.T) {
	in := placedIn("PERSOON", ruleset.Employment, span("2022-01-01", "2022-01-31"), span("2022-09-01", "2023-12-31"))
	in.Earlier = []ruleset.Earlier{before(0, "2021-01-01", "2021-06-30")} // then 184 days, 31 at work, 212 days
	if got, err := broad(t).PlacementValue(&in); err != nil || got != 153*100_00 {
		t.Errorf("%s: %v", got, err)
	}
	in.Schedule = full(span("2022-01-01", "2022-01-31"), span("2022-03-01", "2023-12-31")) // a short gap uses nothing up
	if got, err := broad(t).PlacementValue(&in); err != nil || got != (730-181-184)*100_00 {
		t.Errorf("%s: %v", got, err)
	}
}

func TestPersonLimitInHoursWithGaps(t *testing.T) {
	rs := broad(t, `"months": 24`, `"hours": "3744"`)
	year := calendar.YearSpan(2022)
	for name, c := range map[string]struct {
		earlier []ruleset.Earlier
		want    money.Cents
	}{
		"nothing before":       {nil, 36_500_00},
		"half of it left":      {[]ruleset.Earlier{before(2808*60, "2020-01-01", "2021-12-31")}, 18_250_00},
		"a short gap":          {[]ruleset.Earlier{before(2808*60, "2020-01-01", "2021-07-01")}, 18_250_00},
		"a gap of six months":  {[]ruleset.Earlier{before(2808*60, "2020-01-01", "2021-06-30")}, 0},                                                    // 184 days × 36/7 = 946:17 hours
		"a gap, less worked":   {[]ruleset.Earlier{before(1862*60, "2020-01-01", "2021-06-30")}, 18_244_48},                                            // (3,744 − 1,862 − 946:17) / 1,872 = 935:43 / 1,872
		"a gap between others": {[]ruleset.Earlier{before(900*60, "2019-01-01", "2020-12-31"), before(962*60, "2021-07-02", "2021-12-31")}, 18_444_98}, // 182 days: 936 hours
	} {
		t.Run(name, func(t *testing.T) {
			in := placedIn("PERSOON", ruleset.Employment, year)
			in.Window, in.Worked, in.Earlier = year, 1872*60, c.earlier
			receipt, err := rs.ExplainPlacement(in)
			if err != nil || receipt.Result != c.want {
				t.Errorf("%s, want %s: %v %s", receipt.Result, c.want, err, receipt.Text)
			}
		})
	}
}

// A person's months are never exceeded, whoever is verified first.
func TestMonthsOfAPersonAreNeverExceeded(t *testing.T) {
	rs := broad(t)
	rapid.Check(t, func(t *rapid.T) {
		var places []calendar.Span
		for range rapid.IntRange(1, 6).Draw(t, "places") {
			from := calendar.MustDate("2021-01-01").AddDays(rapid.IntRange(0, 800).Draw(t, "from"))
			places = append(places, calendar.Span{From: from, To: from.AddDays(rapid.IntRange(0, 500).Draw(t, "days"))})
		}
		var earlier []ruleset.Earlier
		var total money.Cents
		for _, place := range places {
			in := ruleset.PlacementInput{Block: "PERSOON", Form: ruleset.Employment, Schedule: full(place), Counted: place, Window: place, Earlier: ruleset.Merge(earlier)}
			total += value(t, rs, in)
			earlier = append(earlier, ruleset.Earlier{Span: place})
		}
		// Days that several contracts share count on each of them: the hours under
		// the norm divide those. So at most every place whole, and apart at most 24 months.
		if apart := len(ruleset.Merge(earlier)) == len(places); apart && total > 731*100_00 {
			t.Fatalf("%v count for %s", places, total)
		}
	})
}

var broadRules *ruleset.RuleSet

// drawn is a placement under a drawn rule set, or under the broad one.
func drawn(t *rapid.T) (*ruleset.RuleSet, ruleset.PlacementInput) {
	if rapid.Bool().Draw(t, "broad") {
		return broadRules, drawBroad(t)
	}
	return rules(t), drawPlacement(t)
}

// drawBroad draws a placement in a block that no limit per person is on: that
// must be told what was verified before.
func drawBroad(t *rapid.T) ruleset.PlacementInput {
	in := drawPlacement(t)
	forms := map[string]ruleset.Form{
		"SUBSIDIE": ruleset.Employment, "NIEUW": ruleset.Employment, "WEKEN": ruleset.Internship,
		"WEKEN_UREN": ruleset.LearningJob, "EENMALIG": ruleset.WorkExperience,
	}
	in.Block = rapid.SampledFrom([]string{"SUBSIDIE", "NIEUW", "WEKEN", "WEKEN_UREN", "EENMALIG"}).Draw(t, "broadBlock")
	in.Form, in.Bonuses = forms[in.Block], nil
	switch in.Block {
	case "SUBSIDIE":
		in.Bonuses = rapid.SampledFrom([][]string{nil, {"VERVANGT"}}).Draw(t, "replaces")
		from := in.Schedule[0].From
		for range rapid.IntRange(0, 3).Draw(t, "subsidies") {
			to := from.AddDays(rapid.IntRange(0, 200).Draw(t, "subsidy"))
			in.Subsidised = append(in.Subsidised, calendar.Span{From: from, To: to})
			from = to.AddDays(rapid.IntRange(1, 100).Draw(t, "without"))
		}
	case "NIEUW":
		in.LeftEmployer = in.Schedule[0].From.AddDays(-rapid.IntRange(1, 400).Draw(t, "left"))
	case "EENMALIG":
		in.Bonuses = rapid.SampledFrom([][]string{nil, {"NA_STAGE"}}).Draw(t, "once")
	}
	return in
}

// Verified window after window, a placement is worth what it is worth at once,
// also where a limit per person ends it.
func TestWindowsUnderALimitAddUp(t *testing.T) {
	for name, rs := range map[string]*ruleset.RuleSet{
		"gaps of six months": broad(t), "every gap": broad(t, "    \"gapMonths\": 6,\n", ""), "by months": broad(t, `"actualActual"`, `"monthsFromStart"`),
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in := drawPlacement(t)
				in.Block, in.Form, in.Bonuses = "PERSOON", ruleset.Employment, nil
				whole := value(t, rs, in)
				var sum money.Cents
				for _, window := range cut(t, in.Window) {
					in.Window = window
					sum += value(t, rs, in)
					for _, hours := range in.Schedule {
						if days := hours.Intersect(window); !days.Empty() {
							in.Earlier = ruleset.Merge(append(in.Earlier, ruleset.Earlier{Span: days}))
						}
					}
				}
				if sum != whole {
					t.Fatalf("windows add up to %s, the whole is %s", sum, whole)
				}
			})
		})
	}
}

// Nor are a person's worked hours. A day of 7:12 hours at work is worth € 100, so
// what is verified tells how many hours counted.
func TestHoursOfAPersonAreNeverExceeded(t *testing.T) {
	rs := broad(t, `"months": 24`, `"hours": "3744"`)
	rapid.Check(t, func(t *rapid.T) {
		var earlier []ruleset.Earlier
		counted := new(big.Rat)
		for range rapid.IntRange(1, 8).Draw(t, "places") {
			from := calendar.MustDate("2021-01-01").AddDays(rapid.IntRange(0, 1000).Draw(t, "from"))
			place := calendar.Span{From: from, To: from.AddDays(rapid.IntRange(0, 500).Draw(t, "days"))}
			in := ruleset.PlacementInput{Block: "PERSOON", Form: ruleset.Employment, Schedule: full(place), Counted: place, Window: place}
			whole := value(t, rs, in)
			in.Worked, in.Earlier = calendar.Minutes(place.Days())*432, ruleset.Merge(earlier)
			part := value(t, rs, in)
			counted.Add(counted, new(big.Rat).Mul(big.NewRat(int64(part), int64(whole)), big.NewRat(int64(in.Worked), 60)))
			earlier = append(earlier, ruleset.Earlier{Span: place, Worked: in.Worked})
		}
		if counted.Cmp(big.NewRat(3744*100+1, 100)) > 0 { // a cent of rounding each
			t.Fatalf("%s hours count", counted.FloatString(3))
		}
	})
}

func TestMergeChangesNothing(t *testing.T) {
	hours := broad(t, `"months": 24`, `"hours": "3744"`)
	for _, rs := range []*ruleset.RuleSet{broad(t), hours} {
		rapid.Check(t, func(t *rapid.T) {
			in := placedIn("PERSOON", ruleset.Employment, calendar.YearSpan(2022))
			in.Worked = calendar.Minutes(rapid.IntRange(0, 2000*60).Draw(t, "worked"))
			day := calendar.MustDate("2019-01-01")
			for range rapid.IntRange(0, 5).Draw(t, "earlier") {
				day = day.AddDays(rapid.SampledFrom([]int{0, 0, 1, 100, 200}).Draw(t, "gap"))
				to := day.AddDays(rapid.IntRange(0, 300).Draw(t, "days"))
				in.Earlier = append(in.Earlier, ruleset.Earlier{Span: calendar.Span{From: day, To: to}, Worked: calendar.Minutes(rapid.IntRange(0, 60_000).Draw(t, "hours"))})
				day = to.AddDays(1)
			}
			apart := value(t, rs, in)
			in.Earlier = ruleset.Merge(rapid.Permutation(in.Earlier).Draw(t, "order"))
			if joined := value(t, rs, in); joined != apart {
				t.Fatalf("joined %s, apart %s", joined, apart)
			}
		})
	}
}

func TestActivitiesByDayAndOnce(t *testing.T) {
	rs, date := broad(t), calendar.MustDate("2021-03-01")
	for name, c := range map[string]struct {
		in   ruleset.ActivityInput
		want money.Cents
		text string
	}{
		"under the maximum":      {ruleset.ActivityInput{Block: "DAG", Date: date, Hours: 299}, 498_33, "4:59 uur × € 100 per uur"},
		"at the maximum":         {ruleset.ActivityInput{Block: "DAG", Date: date, Hours: 300}, 500_00, "5 uur × € 100 per uur = € 500."},
		"over the maximum":       {ruleset.ActivityInput{Block: "DAG", Date: date, Hours: 480}, 500_00, "8 uur × € 100 per uur is meer dan het maximum per dag: 1 × € 500 = € 500."},
		"a maximum each":         {ruleset.ActivityInput{Block: "DAG", Date: date, Hours: 1200, People: 3}, 1_500_00, "3 × € 500 = € 1.500."},
		"together under it":      {ruleset.ActivityInput{Block: "DAG", Date: date, Hours: 840, People: 3}, 1_400_00, ""},
		"once, whatever it took": {ruleset.ActivityInput{Block: "DEELNAME", Date: date}, 750_00, "€ 750 eenmalig op 1 maart 2021 = € 750."},
	} {
		t.Run(name, func(t *testing.T) {
			receipt, err := rs.ExplainActivity(c.in)
			if err != nil || receipt.Result != c.want || !strings.Contains(receipt.Text, c.text) {
				t.Errorf("%v\n got %s %s\nwant %s %s", err, receipt.Result, receipt.Text, c.want, c.text)
			}
		})
	}
	_, err := rs.ActivityValue(&ruleset.ActivityInput{Block: "DAG", Date: date, Hours: 60, People: -1})
	wantFaults(t, err, "range people")
}

func TestFactsThatSpeakAgainstABonus(t *testing.T) {
	rs := broad(t)
	for name, c := range map[string]struct {
		age, internship int
		want            []string
	}{
		"not known":    {0, 0, nil},
		"old enough":   {55, 6, nil},
		"a year short": {54, 6, []string{"bonusCondition bonuses/0"}},
		"both short":   {54, 5, []string{"bonusCondition bonuses/0", "bonusCondition bonuses/1"}},
		"impossible":   {121, 6, []string{"range age"}},
	} {
		in := withBonus(placedIn("PERSOON", ruleset.Employment, calendar.YearSpan(2021)), "LEEFTIJD", "NA_STAGE")
		in.Age, in.InternshipMonths = c.age, c.internship
		_, err := rs.PlacementValue(&in)
		t.Run(name, func(t *testing.T) { wantFaults(t, err, c.want...) })
	}
	in := placedIn("SUBSIDIE", ruleset.Employment, calendar.YearSpan(2021))
	in.Subsidised = []calendar.Span{span("2021-02-01", "2021-01-01"), span("2021-01-01", "2021-03-01")}
	in.Earlier = []ruleset.Earlier{before(0, "2020-01-01", "2020-02-01"), before(0, "2020-02-01", "2020-03-01")}
	_, err := rs.PlacementValue(&in)
	wantFaults(t, err, "order earlier/1", "order subsidised/0", "order subsidised/1")
}

func TestWhatIsOwed(t *testing.T) {
	rs, year := broad(t), calendar.YearSpan(2021)
	labour := broad(t, `"basis": "invoicedTurnover"`, `"basis": "labourShare"`)
	bid := broad(t, `"basis": "invoicedTurnover"`, `"basis": "bidSum"`)
	day := calendar.MustDate("2021-06-30")
	certificate := func(level, from, to string) ruleset.Certificate {
		return ruleset.Certificate{Level: level, Span: span(from, to)}
	}
	services := func(value money.Cents) ruleset.ObligationInput {
		return ruleset.ObligationInput{Nature: ruleset.Services, Value: value, Term: year, TenderDate: calendar.MustDate("2020-12-01")}
	}
	with := func(in ruleset.ObligationInput, change func(*ruleset.ObligationInput)) ruleset.ObligationInput {
		change(&in)
		return in
	}
	for name, c := range map[string]struct {
		rs     *ruleset.RuleSet
		in     ruleset.ObligationInput
		reason string
		stage  ruleset.Stage
		amount money.Cents
		text   string
	}{
		"turnover, estimated": {rs, services(400_000_00), ruleset.ReasonApplies, ruleset.Estimated, 20_000_00, "Dit is een raming; de gefactureerde omzet bepaalt de SR-verplichting."},
		"turnover, so far": {rs, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.Stage, in.Realised, in.AsOf = ruleset.Current, cents(150_000_00), day
		}), ruleset.ReasonApplies, ruleset.Current, 7_500_00, "€ 150.000 gefactureerde omzet × 5 % = € 7.500."},
		"turnover, final": {rs, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.Stage, in.Realised, in.AsOf = ruleset.Final, cents(450_000_00), year.To
		}), ruleset.ReasonApplies, ruleset.Final, 22_500_00, ""},
		"wage bill": {rs, ruleset.ObligationInput{Nature: ruleset.Works, Value: 400_000_00, Term: year, WageBill: cents(100_000_00)}, ruleset.ReasonApplies, ruleset.Estimated, 5_000_00, "€ 100.000 × 5 % = € 5.000."},
		"labour share": {labour, with(services(400_000_00), func(in *ruleset.ObligationInput) { in.LabourShare = percent(62_50) }),
			ruleset.ReasonApplies, ruleset.Final, 12_500_00, "€ 400.000 × 62,5 % arbeid × 5 % = € 12.500."},
		"bid sum stays":        {bid, with(services(400_000_00), func(in *ruleset.ObligationInput) { in.BidSum = cents(300_000_00) }), ruleset.ReasonApplies, ruleset.Final, 15_000_00, ""},
		"bid sum is the value": {bid, services(400_000_00), ruleset.ReasonApplies, ruleset.Final, 20_000_00, ""},
		"agreed per contract":  {rs, ruleset.ObligationInput{Nature: ruleset.Supplies, Value: 400_000_00, Term: year, LabourShare: percent(50_00), Offered: percent(2_00)}, ruleset.ReasonOffered, ruleset.Final, 4_000_00, "€ 400.000 × 50 % arbeid × 2 % = € 4.000."},
		"small":                {rs, services(199_999_99), ruleset.ReasonActivity, ruleset.Estimated, 0, "€ 199.999,99 ligt onder de drempel van € 200.000 voor diensten: in plaats van een bedrag 1 maatschappelijke activiteit(en)."},
		"small at its border":  {rs, services(50_000_00), ruleset.ReasonActivity, ruleset.Estimated, 0, ""},
		"too small":            {rs, services(49_999_99), ruleset.ReasonBelowThreshold, ruleset.Estimated, 0, ""},
		"certificate": {bid, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.Certificates = []ruleset.Certificate{certificate("pso-1", "2020-01-01", "2021-01-01")}
		}), ruleset.ReasonApplies, ruleset.Final, 18_000_00, "€ 400.000 × 5 % × (100 % - 10 % korting) = € 18.000."},
		"the highest": {bid, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.Certificates = []ruleset.Certificate{certificate("pso-1", "2020-01-01", "2021-12-31"), certificate("pso-3", "2020-01-01", "2021-12-31")}
		}), ruleset.ReasonApplies, ruleset.Final, 14_000_00, ""},
		"not at tender": {bid, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.Certificates = []ruleset.Certificate{certificate("pso-1", "2020-12-02", "2021-12-31")}
		}), ruleset.ReasonApplies, ruleset.Final, 20_000_00, ""},
		"lapsed since": {bid, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.AsOf = day
			in.Certificates = []ruleset.Certificate{certificate("pso-1", "2020-01-01", "2021-06-29")}
		}), ruleset.ReasonApplies, ruleset.Final, 20_000_00, ""},
		"lapsed after the last report": {rs, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.Stage, in.Realised, in.AsOf, in.CertifiedAsOf = ruleset.Current, cents(150_000_00), calendar.MustDate("2021-03-31"), day
			in.Certificates = []ruleset.Certificate{certificate("pso-1", "2020-01-01", "2021-04-30")}
		}), ruleset.ReasonApplies, ruleset.Current, 7_500_00, ""},
		"renewed in between": {bid, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.AsOf = year.To
			in.Certificates = []ruleset.Certificate{certificate("pso-1", "2021-05-01", "2022-05-01"), certificate("pso-1", "2020-01-01", "2021-04-30")}
		}), ruleset.ReasonApplies, ruleset.Final, 18_000_00, ""},
		"a hole in between": {bid, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.AsOf = year.To
			in.Certificates = []ruleset.Certificate{certificate("pso-1", "2021-05-02", "2022-05-01"), certificate("pso-1", "2020-01-01", "2021-04-30")}
		}), ruleset.ReasonApplies, ruleset.Final, 20_000_00, ""},
		"no discount on a bid": {bid, with(services(400_000_00), func(in *ruleset.ObligationInput) {
			in.Offered = percent(6_00)
			in.Certificates = []ruleset.Certificate{certificate("pso-1", "2020-01-01", "2021-12-31")}
		}), ruleset.ReasonOffered, ruleset.Final, 24_000_00, ""},
		"bid at the floor": {bid, with(services(400_000_00), func(in *ruleset.ObligationInput) { in.Offered = percent(3_00) }), ruleset.ReasonOffered, ruleset.Final, 12_000_00, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.rs.Obligation(c.in)
			if err != nil || got.Reason != c.reason || got.Stage != c.stage || got.Amount != c.amount || !strings.Contains(got.Receipt.Text, c.text) {
				t.Errorf("%v\n got %s %s %s %s\nwant %s %s %s %s", err, got.Reason, got.Stage, got.Amount, got.Receipt.Text, c.reason, c.stage, c.amount, c.text)
			}
			discounted := slices.ContainsFunc(got.Receipt.Steps, func(s ruleset.Step) bool { return strings.HasPrefix(s.Text, "Korting") })
			if discounted != strings.Contains(got.Receipt.Text, "korting") {
				t.Errorf("a step shows a discount that does not count: %+v", got.Receipt.Steps)
			}
			if asks := c.reason == ruleset.ReasonActivity; (got.Activities == 1) != asks || got.Applies != (asks || got.Amount > 0) {
				t.Errorf("applies %v with %d activities", got.Applies, got.Activities)
			}
		})
	}
}

func TestObligationFaultsOfMovingBases(t *testing.T) {
	rs, year := broad(t), calendar.YearSpan(2021)
	for name, c := range map[string]struct {
		in   ruleset.ObligationInput
		want []string
	}{
		"no wage bill":         {ruleset.ObligationInput{Nature: ruleset.Works, Value: 400_000_00, Term: year}, []string{"required wageBill"}},
		"nothing reported":     {ruleset.ObligationInput{Nature: ruleset.Services, Value: 400_000_00, Term: year, Stage: ruleset.Current}, []string{"required realised"}},
		"reported when":        {ruleset.ObligationInput{Nature: ruleset.Services, Value: 400_000_00, Term: year, Stage: ruleset.Final, Realised: cents(1)}, []string{"required asOf"}},
		"an estimate reported": {ruleset.ObligationInput{Nature: ruleset.Services, Value: 400_000_00, Term: year, Realised: cents(1)}, []string{"stage realised"}},
		"an unknown stage":     {ruleset.ObligationInput{Nature: ruleset.Services, Value: 400_000_00, Term: year, Stage: "half"}, []string{"stage stage"}},
		"no moving basis":      {ruleset.ObligationInput{Nature: ruleset.Supplies, Value: 1, Term: year, LabourShare: percent(1), Offered: percent(2_00), Stage: ruleset.Final, Realised: cents(1), AsOf: year.To}, []string{"stage stage"}},
		"no labour share":      {ruleset.ObligationInput{Nature: ruleset.Supplies, Value: 1, Term: year, Offered: percent(2_00)}, []string{"required labourShare"}},
		"under the floor":      {ruleset.ObligationInput{Nature: ruleset.Services, Value: 400_000_00, Term: year, Offered: percent(2_99)}, []string{"belowFloor offered"}},
		"certificates":         {ruleset.ObligationInput{Nature: ruleset.Services, Value: 400_000_00, Term: year, Certificates: []ruleset.Certificate{{Level: "pso-1"}}}, []string{"required tenderDate", "certificate certificates/0"}},
		"below zero":           {ruleset.ObligationInput{Nature: ruleset.Works, Value: 400_000_00, Term: year, WageBill: cents(-1), BidSum: cents(-1)}, []string{"range wageBill", "range bidSum"}},
	} {
		_, err := rs.Obligation(c.in)
		t.Run(name, func(t *testing.T) { wantFaults(t, err, c.want...) })
	}
}

func TestLimitsAndCeilingsOfABlock(t *testing.T) {
	rs := broad(t)
	if limit := rs.LimitOf("PERSOON"); limit == nil || limit.Months != 24 || rs.LimitOf("NIEUW") != nil {
		t.Errorf("limit %v", limit)
	}
	if ceiling := rs.CeilingOf("WEKEN_UREN"); ceiling == nil || ceiling.Percent != 50_00 || rs.CeilingOf("PERSOON") != nil {
		t.Errorf("ceiling %v", ceiling)
	}
	if rs.Register != "ruim" || !slices.Equal(rs.Areas, []ruleset.Area{"GM9998"}) {
		t.Errorf("register %q, areas %v", rs.Register, rs.Areas)
	}
}
