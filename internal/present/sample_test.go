// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// apeldoorn is a report as a council gets it halfway the year that is compared.
func apeldoorn() sroi.Report {
	return sroi.Report{
		Area: sroi.Area{Code: "GM0200", Name: "Apeldoorn"},
		Year: 2022, CompareWith: 2021,
		Built: time.Date(2022, 10, 3, 12, 5, 0, 0, time.UTC),
		AsOf:  calendar.MustDate("2022-09-30"), SameDateAsOf: calendar.MustDate("2021-09-30"),
		Position: sroi.Position{Entries: 1482, Last: "c-2022-0173/14", Booked: calendar.MustDate("2022-09-30")},
		Current:  sroi.YearState{Undecided: 12, Unsettled: 7, Known: true},
		Previous: sroi.YearState{Final: true, ClosedOn: calendar.MustDate("2022-02-14"), Known: true},
		Rows:     apeldoornRows(),
		Assumptions: []sroi.Assumption{
			{RuleSet: "oost-nederland 2021-01-01", ID: "normweek", Text: "De normweek is 36 uur; de bron noemt er geen."},
			{RuleSet: "oost-nederland 2021-01-01", ID: "percentage", Text: "De SR-verplichting is 5 % van de opdrachtsom, vanaf € 100.000 voor diensten en leveringen en vanaf € 250.000 voor werken."},
			{RuleSet: "oost-nederland 2021-01-01", ID: "inkoop", Text: "Inkoop bij erkende sociale ondernemingen telt voor 100 % van de factuur, bij aspiranten voor 50 %."},
		},
	}
}

func apeldoornRows() []sroi.Row {
	budget := "Programmabegroting 2022, 1.1.5"
	more := &sroi.Target{Reading: sroi.MoreThanBefore, Source: "Programmabegroting 2022, 1.1.4"}
	jobs := money.Fraction{Num: 125, Den: 1}
	return []sroi.Row{
		{Code: sroi.ExtraJobs, Unit: sroi.UnitCount, Previous: whole(118), PreviousAtDate: whole(86), Current: whole(131), Difference: whole(13),
			Target: &sroi.Target{Reading: sroi.AtLeast, Value: &jobs, Source: budget, Remark: "Gelezen als het aantal in het jaar, niet als groei."}, Verdict: sroi.Reached},
		{Code: sroi.JobsStartedFTE, Parent: sroi.ExtraJobs, Unit: sroi.UnitFTE, Previous: part100(8731), PreviousAtDate: part100(6120), Current: part100(9846), Difference: part100(1115)},
		{Code: sroi.JobsStarted, Parent: sroi.ExtraJobs, Unit: sroi.UnitCount, Previous: whole(124), PreviousAtDate: whole(90), Current: whole(137), Difference: whole(13)},
		{Code: sroi.TenderShare, Unit: sroi.UnitPercent, Previous: share(15, 29), PreviousAtDate: share(11, 22), Current: share(18, 31), Difference: ratio(57, 899),
			Target: &sroi.Target{Reading: sroi.MoreThanBefore, Source: budget}, Verdict: sroi.Undetermined},
		{Code: sroi.TenderShareAbove, Parent: sroi.TenderShare, Unit: sroi.UnitPercent, Previous: share(15, 19), PreviousAtDate: share(11, 14), Current: share(18, 20), Difference: ratio(21, 190)},
		{Code: sroi.TenderShareValue, Parent: sroi.TenderShare, Unit: sroi.UnitPercent, Previous: share(21_450_000_00, 30_120_000_00), PreviousAtDate: sroi.Figure{State: sroi.NotMeasured}, Current: share(28_730_500_00, 36_402_000_00), Difference: ratio(771, 10000)},
		{Code: sroi.TenderReserved, Parent: sroi.TenderShare, Unit: sroi.UnitCount, Previous: whole(0), PreviousAtDate: whole(0), Current: whole(2), Difference: whole(2)},
		{Code: sroi.ExemptedValue, Unit: sroi.UnitEuro, Previous: whole(3_150_000_00), PreviousAtDate: whole(1_900_000_00), Current: whole(2_410_750_49), Difference: whole(-739_249_51)},
		{Code: sroi.SocialBuyers, Unit: sroi.UnitCount, Previous: recorded(27, sroi.About, "Regionaal bureau, opgave maart 2022", "Vóór 2022 niet per factuur bijgehouden."),
			PreviousAtDate: sroi.Figure{State: sroi.NotMeasured}, Current: whole(24), Difference: whole(-3), Target: more, Verdict: sroi.Undetermined},
		{Code: sroi.SocialAssignments, Unit: sroi.UnitCount, Previous: sroi.Figure{State: sroi.NotMeasured, Remark: "Pas vanaf 2022 vastgelegd."}, PreviousAtDate: sroi.Figure{State: sroi.NotMeasured},
			Current: whole(41), Difference: sroi.Figure{State: sroi.NotMeasured}, Target: more, Verdict: sroi.Undetermined},
		{Code: sroi.SocialPurchaseValue, Parent: sroi.SocialAssignments, Unit: sroi.UnitEuro, Previous: sroi.Figure{State: sroi.NotMeasured}, PreviousAtDate: sroi.Figure{State: sroi.NotMeasured}, Current: whole(613_904_75), Difference: sroi.Figure{State: sroi.NotMeasured}},
		{Code: sroi.Persons, Unit: sroi.UnitCount, Previous: whole(203), PreviousAtDate: whole(171), Current: whole(228), Difference: whole(25)},
		{Code: sroi.FTEYears, Unit: sroi.UnitFTE, Previous: part100(10412), PreviousAtDate: part100(7390), Current: part100(9177), Difference: part100(-1235)},
		{Code: sroi.Placements, Unit: sroi.UnitCount, Previous: whole(171), PreviousAtDate: whole(128), Current: whole(189), Difference: whole(18)},
		{Code: sroi.PlacedEmployment, Parent: sroi.Placements, Unit: sroi.UnitCount, Previous: whole(118), PreviousAtDate: whole(86), Current: whole(131), Difference: whole(13)},
		{Code: sroi.PlacedLearningJob, Parent: sroi.Placements, Unit: sroi.UnitCount, Previous: whole(22), PreviousAtDate: whole(19), Current: whole(27), Difference: whole(5)},
		{Code: sroi.PlacedInternship, Parent: sroi.Placements, Unit: sroi.UnitCount, Previous: whole(19), PreviousAtDate: whole(12), Current: whole(19), Difference: whole(0)},
		{Code: sroi.PlacedExperience, Parent: sroi.Placements, Unit: sroi.UnitCount, Previous: whole(12), PreviousAtDate: whole(11), Current: whole(12), Difference: whole(0)},
		{Code: sroi.RealisedShare, Unit: sroi.UnitPercent, Previous: share(1_204_500_00, 1_072_500_00), PreviousAtDate: share(870_000_00, 804_000_00), Current: share(1_150_220_10, 1_077_393_75), Difference: ratio(-554, 10000)},
		{Code: sroi.RealisedValue, Parent: sroi.RealisedShare, Unit: sroi.UnitEuro, Previous: whole(1_204_500_00), PreviousAtDate: whole(870_000_00), Current: whole(1_150_220_10), Difference: whole(-54_279_90)},
		{Code: sroi.ObligedValue, Parent: sroi.RealisedShare, Unit: sroi.UnitEuro, Previous: whole(1_072_500_00), PreviousAtDate: whole(804_000_00), Current: whole(1_077_393_75), Difference: whole(4_893_75)},
		{Code: sroi.ObligedWhole, Parent: sroi.RealisedShare, Unit: sroi.UnitEuro, Previous: whole(2_145_000_00), PreviousAtDate: whole(2_145_000_00), Current: whole(1_436_525_00), Difference: sroi.Figure{State: sroi.NotYetKnown}},
	}
}

func whole(n int64) sroi.Figure { return ratio(n, 1) }

func part100(n int64) sroi.Figure { return ratio(n, 100) }

func ratio(num, den int64) sroi.Figure {
	return sroi.Figure{State: sroi.HasValue, Value: money.Fraction{Num: num, Den: den}}
}

func share(num, den int64) sroi.Figure {
	figure := ratio(num, den)
	figure.Parts = figure.Value
	return figure
}

func recorded(n int64, q sroi.Qualifier, source, remark string) sroi.Figure {
	figure := whole(n)
	figure.Qualifier, figure.Source, figure.Remark = q, source, remark
	return figure
}

// closed is the same report after both years were closed.
func closed() sroi.Report {
	r := apeldoorn()
	r.AsOf = calendar.MustDate("2022-12-31")
	r.Built = time.Date(2023, 2, 13, 23, 30, 0, 0, time.UTC)
	r.Current = sroi.YearState{Final: true, ClosedOn: calendar.MustDate("2023-02-13"), Known: true}
	for i := range r.Rows {
		switch r.Rows[i].Code {
		case sroi.TenderShare:
			r.Rows[i].Verdict = sroi.Reached
		case sroi.SocialBuyers:
			r.Rows[i].Verdict = sroi.NotReached
		}
	}
	return r
}

// restated is the closed report of which something was corrected since, as was
// last year's.
func restated() sroi.Report {
	r := closed()
	r.Restated, r.BothRestated, r.ActCount = true, true, 103
	r.Acts = []sroi.Act{
		{Ledger: "CONTRACT#" + contractID, Number: "2021-09", Seq: 19, Kind: sroi.Corrected, Booked: calendar.MustDate("2023-03-01"), Reason: string(sroi.CountsNoMore), Realised: -1_200_00},
		{Ledger: "CONTRACT#" + contractID, Number: "2021-09", Seq: 21, Kind: sroi.StatementDecided, Booked: calendar.MustDate("2023-03-14"), Period: calendar.MustPeriod("2022-Q4"), Realised: 5_000_00, Open: true},
		{Ledger: "TENDER#" + tenderID, Seq: 4, Kind: sroi.TenderAwarded, Booked: calendar.MustDate("2023-04-03"), Reason: string(sroi.TenderCourtRuling)},
		{Seq: 8, Kind: sroi.ContractAmended, Booked: calendar.MustDate("2023-04-03"), Reason: string(sroi.RegistrationError), Obliged: 10_000_00},
		{Seq: 9, Kind: sroi.StatementSubmitted, Booked: calendar.MustDate("2023-04-04"), Period: calendar.MustPeriod("2022-Q4"), Open: true},
	}
	r.KnownOpen = []sroi.OpenPeriod{{Contract: contractID, Period: calendar.MustPeriod("2022-Q4"), Reason: "Wacht op het urenoverzicht."}}
	for i := range r.Rows {
		row := &r.Rows[i]
		row.AsClosed, row.Correction = row.Current, sroi.Figure{State: row.Current.State}
		row.Correction.Value = money.Fraction{Num: 0, Den: 1}
		switch row.Code {
		case sroi.ExtraJobs:
			row.AsClosed, row.Correction, row.PreviousRestated = whole(133), whole(-2), whole(117)
			row.Difference = whole(14)
		case sroi.TenderShare:
			row.PreviousRestated, row.Difference = share(16, 29), ratio(26, 899)
		case sroi.RealisedShare:
			row.AsClosed, row.Correction = share(1_150_520_10, 1_077_393_75), ratio(-3, 10_774)

		case sroi.RealisedValue:
			row.AsClosed, row.Correction = whole(1_146_420_10), whole(3_800_00)
		}
	}
	return r
}

// region is a report with the largest figures that a page must have room for.
func region() sroi.Report {
	r := apeldoorn()
	r.Area = sroi.Area{Code: "AM06", Name: "Stedendriehoek en Noordwest Veluwe"}
	for i := range r.Rows {
		if r.Rows[i].Unit == sroi.UnitPercent {
			continue
		}
		for _, figure := range []*sroi.Figure{&r.Rows[i].Previous, &r.Rows[i].PreviousAtDate, &r.Rows[i].Current, &r.Rows[i].Difference} {
			figure.Value.Num *= 137
		}
	}
	return r
}
