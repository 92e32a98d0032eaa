// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"strings"
	"testing"

	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

var allCodes = sroi.Codes()

func TestEveryCodeHasItsOwnNameAndDefinition(t *testing.T) {
	names, definitions := map[string]string{}, map[string]string{}
	for _, code := range allCodes {
		name, definition := Definition(code)
		if name == code || len(definition) < 60 || !strings.HasSuffix(definition, ".") {
			t.Errorf("%s is called %q and defined as %q", code, name, definition)
		}
		if other := names[name]; other != "" {
			t.Errorf("%s and %s are both called %q", code, other, name)
		}
		if other := definitions[definition]; other != "" {
			t.Errorf("%s and %s have one definition", code, other)
		}
		names[name], definitions[definition] = code, code
	}
	if len(indicators) != len(allCodes) {
		t.Errorf("%d indicators have words, the contract has %d", len(indicators), len(allCodes))
	}
}

func TestMainIndicatorsHaveASubject(t *testing.T) {
	for _, code := range mainIndicators {
		if !strings.HasPrefix(indicators[code].subject, "het ") {
			t.Errorf("%s has subject %q", code, indicators[code].subject)
		}
	}
}

func TestUnknownCodeSaysSo(t *testing.T) {
	name, definition := Definition("afspraakbanen\x1b[31m")
	if name != "afspraakbanen [31m" || definition != "Van deze indicator is geen omschrijving vastgelegd." {
		t.Errorf("called %q, defined as %q", name, definition)
	}
}

func TestCells(t *testing.T) {
	count := sroi.Row{Code: sroi.ExtraJobs, Unit: sroi.UnitCount}
	cases := map[string]struct {
		row         sroi.Row
		figure      sroi.Figure
		text, parts string
	}{
		"exactly":       {count, whole(500), "500", ""},
		"nearly":        {count, recorded(500, sroi.Nearly, "", ""), "bijna 500", ""},
		"about":         {count, recorded(150, sroi.About, "", ""), "ongeveer 150", ""},
		"over":          {count, recorded(1200, sroi.Over, "", ""), "ruim 1.200", ""},
		"not measured":  {count, sroi.Figure{State: sroi.NotMeasured, Value: money.Fraction{Num: 9, Den: 1}}, "–", ""},
		"not yet known": {count, sroi.Figure{State: sroi.NotYetKnown, Value: money.Fraction{Num: 9, Den: 1}}, "nog niet bekend", ""},
		"nothing said":  {count, sroi.Figure{}, "–", ""},
		"zero":          {count, whole(0), "0", ""},
		"share":         {sroi.Row{Code: sroi.TenderShare, Unit: sroi.UnitPercent}, share(18, 31), "58,1 %", "18 van 31"},
		"share of euros": {sroi.Row{Code: sroi.TenderShareValue, Unit: sroi.UnitPercent}, share(1_000_000_00, 4_000_000_00),
			"25,0 %", "€ 1.000.000 van € 4.000.000"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			text, parts := figureText(c.row, c.figure)
			if spaced(text) != c.text || spaced(parts) != c.parts {
				t.Errorf("got %q and %q, want %q and %q", text, parts, c.text, c.parts)
			}
		})
	}
}

func TestGoals(t *testing.T) {
	of := func(reading sroi.Reading, value *money.Fraction, q sroi.Qualifier) *sroi.Target {
		return &sroi.Target{Reading: reading, Value: value, Qualifier: q}
	}
	jobs, half := &money.Fraction{Num: 125, Den: 1}, &money.Fraction{Num: 1, Den: 2}
	cases := map[string]struct {
		unit   sroi.Unit
		target *sroi.Target
		want   string
	}{
		"none":                      {sroi.UnitCount, nil, ""},
		"at least":                  {sroi.UnitCount, of(sroi.AtLeast, jobs, sroi.Exactly), "ten minste 125"},
		"at least about":            {sroi.UnitCount, of(sroi.AtLeast, jobs, sroi.About), "ten minste ongeveer 125"},
		"at least a share":          {sroi.UnitPercent, of(sroi.AtLeast, half, sroi.Exactly), "ten minste 50,0 %"},
		"more than before":          {sroi.UnitCount, of(sroi.MoreThanBefore, nil, sroi.Exactly), "meer dan in 2021"},
		"higher share than before":  {sroi.UnitPercent, of(sroi.MoreThanBefore, nil, sroi.Exactly), "hoger dan in 2021"},
		"so many more than before":  {sroi.UnitCount, of(sroi.MoreThanBefore, jobs, sroi.Exactly), "ten minste 125 meer dan in 2021"},
		"points higher than before": {sroi.UnitPercent, of(sroi.MoreThanBefore, half, sroi.Exactly), "ten minste 50,0 procentpunt hoger dan in 2021"},
		"higher than a number":      {sroi.UnitCount, of(sroi.HigherThanValue, jobs, sroi.Exactly), "meer dan 125"},
		"higher than a share":       {sroi.UnitPercent, of(sroi.HigherThanValue, half, sroi.Nearly), "hoger dan bijna 50,0 %"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := spaced(goal(sroi.Row{Unit: c.unit, Target: c.target}, 2021)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestVerdictsAreWordsWithASign(t *testing.T) {
	for verdict, want := range map[sroi.Verdict]string{
		sroi.NoTarget: "–", sroi.Reached: "bereikt", sroi.NotReached: "niet bereikt", sroi.Undetermined: "nog niet te zeggen",
	} {
		cell := verdictCell(sroi.Row{Verdict: verdict})
		if cell.Text != want || cell.Sign != string(verdict) {
			t.Errorf("%q is shown as %q with sign %q", verdict, cell.Text, cell.Sign)
		}
		if verdict != sroi.NoTarget && signs[cell.Sign] == "" {
			t.Errorf("%q has no sign in the terminal", verdict)
		}
	}
}

func TestYearStatus(t *testing.T) {
	cases := map[string]struct {
		state sroi.YearState
		want  string
	}{
		"one waits":  {sroi.YearState{Known: true, Undecided: 1}, "2022 is voorlopig. Er wacht nog 1 ingediende regel op een beoordeling."},
		"one open":   {sroi.YearState{Known: true, Unsettled: 1}, "2022 is voorlopig. Er wachten geen regels op een beoordeling. Eén verantwoording is nog niet ingediend of niet beoordeeld."},
		"many open":  {sroi.YearState{Known: true, Undecided: 1, Unsettled: 12}, "2022 is voorlopig. Er wacht nog 1 ingediende regel op een beoordeling. In totaal zijn 12 verantwoordingen nog niet ingediend of niet beoordeeld."},
		"many wait":  {sroi.YearState{Known: true, Undecided: 1200}, "2022 is voorlopig. Er wachten nog 1.200 ingediende regels op een beoordeling."},
		"no day":     {sroi.YearState{Known: true, Final: true}, "2022 is definitief. Er wachten geen regels op een beoordeling."},
		"no figures": {sroi.YearState{}, "2022 is voorlopig; over dit jaar is niets geregistreerd. Er wachten geen regels op een beoordeling."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := yearStatus(2022, c.state); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Built is an instant; people read it on their own clock, also across midnight.
func TestMomentIsDutchTime(t *testing.T) {
	if got, want := moment(closed().Built), "14 februari 2023 om 00.30 uur"; got != want {
		t.Errorf("winter: %q, want %q", got, want)
	}
	if got, want := moment(apeldoorn().Built), "3 oktober 2022 om 14.05 uur"; got != want {
		t.Errorf("summer: %q, want %q", got, want)
	}
}
