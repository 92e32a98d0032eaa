// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"testing"

	"socialreturn/internal/sroi"
)

func TestSummaryCanBeReadAloud(t *testing.T) {
	want := map[string][]string{
		"open": {
			"Tot en met 30 september 2022 was het aantal extra arbeidsplaatsen door Social Return 131. Dat is 13 meer dan in heel 2021, toen het 118 was. Op 30 september 2021 was het 86. Het doel, ten minste 125, is bereikt.",
			"Tot en met 30 september 2022 was het aandeel aanbestedingen waarbij Social Return is toegepast 58,1 % (18 van 31). Dat is 6,3 procentpunt hoger dan in heel 2021, toen het 51,7 % (15 van 29) was. Op 30 september 2021 was het 50,0 % (11 van 22). Of het doel, hoger dan in 2021, wordt bereikt, is nog niet te zeggen.",
			"Tot en met 30 september 2022 was het aantal opdrachtnemers met sociale inkoop 24. Dat is 3 minder dan in heel 2021, toen het ongeveer 27 was. Of het doel, meer dan in 2021, wordt bereikt, is nog niet te zeggen.",
			"Tot en met 30 september 2022 was het aantal opdrachten voor impactondernemers 41. Over 2021 is het niet gemeten. Of het doel, meer dan in 2021, wordt bereikt, is nog niet te zeggen.",
		},
		"closed": {
			"In 2022 was het aantal extra arbeidsplaatsen door Social Return 131. Dat is 13 meer dan in heel 2021, toen het 118 was. Het doel, ten minste 125, is bereikt.",
			"In 2022 was het aandeel aanbestedingen waarbij Social Return is toegepast 58,1 % (18 van 31). Dat is 6,3 procentpunt hoger dan in heel 2021, toen het 51,7 % (15 van 29) was. Het doel, hoger dan in 2021, is bereikt.",
			"In 2022 was het aantal opdrachtnemers met sociale inkoop 24. Dat is 3 minder dan in heel 2021, toen het ongeveer 27 was. Het doel, meer dan in 2021, is niet bereikt.",
			"In 2022 was het aantal opdrachten voor impactondernemers 41. Over 2021 is het niet gemeten. Of het doel, meer dan in 2021, is bereikt, is nog niet te zeggen.",
		},
	}
	for name, r := range map[string]sroi.Report{"open": apeldoorn(), "closed": closed()} {
		told := summary(r)
		if len(told) != len(want[name]) {
			t.Fatalf("%s: %d statements", name, len(told))
		}
		for i, statement := range told {
			if got := spaced(statement.Sentences); got != want[name][i] {
				t.Errorf("%s:\n got %s\nwant %s", name, got, want[name][i])
			}
		}
	}
}

func TestSentencesWithoutFigures(t *testing.T) {
	unknown, unmeasured := sroi.Figure{State: sroi.NotYetKnown}, sroi.Figure{State: sroi.NotMeasured}
	cases := map[string]struct {
		row  sroi.Row
		want string
	}{
		"nothing measured": {sroi.Row{Previous: unmeasured, Current: unmeasured},
			"Over 2022 is het aantal extra arbeidsplaatsen door Social Return niet gemeten. Over 2021 is het niet gemeten. Voor 2022 is geen doel gesteld."},
		"to be measured": {sroi.Row{Previous: unknown, Current: unknown},
			"Over 2022 is het aantal extra arbeidsplaatsen door Social Return nog niet bekend. Over 2021 is het nog niet bekend. Voor 2022 is geen doel gesteld."},
		"only last year": {sroi.Row{Previous: whole(1), Current: unknown, Difference: unknown},
			"Over 2022 is het aantal extra arbeidsplaatsen door Social Return nog niet bekend. In heel 2021 was het 1. Voor 2022 is geen doel gesteld."},
		"as many": {sroi.Row{Previous: whole(7), Current: whole(7), Difference: whole(0), Target: &sroi.Target{Reading: sroi.MoreThanBefore}, Verdict: sroi.NotReached},
			"In 2022 was het aantal extra arbeidsplaatsen door Social Return 7. Dat is evenveel als in heel 2021, toen het 7 was. Het doel, meer dan in 2021, is niet bereikt."},
		"target without verdict": {sroi.Row{Previous: unmeasured, Current: whole(7), Target: &sroi.Target{Reading: sroi.MoreThanBefore}},
			"In 2022 was het aantal extra arbeidsplaatsen door Social Return 7. Over 2021 is het niet gemeten. Het doel is meer dan in 2021."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := closed()
			c.row.Code, c.row.Unit = sroi.ExtraJobs, sroi.UnitCount
			r.Rows = []sroi.Row{c.row}
			if got := spaced(summary(r)[0].Sentences); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
