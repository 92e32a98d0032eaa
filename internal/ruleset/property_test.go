// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// rules draws a rule set: the good one of testdata with other numbers.
func rules(t *rapid.T) *ruleset.RuleSet {
	var file map[string]any
	if err := json.Unmarshal(template, &file); err != nil {
		t.Fatal(err)
	}
	set := func(name string, value any) { file[name].(map[string]any)["value"] = value }
	norm := calendar.Minutes(rapid.IntRange(30*60, 40*60).Draw(t, "norm"))
	set("normWeek", norm)
	set("minimumWeek", calendar.Minutes(rapid.SampledFrom([]int{0, 0, 8 * 60, 12 * 60}).Draw(t, "minimum")))
	set("dayCount", calendar.DayCount(rapid.IntRange(0, 1).Draw(t, "dayCount")))
	set("headStartMonths", rapid.IntRange(0, 12).Draw(t, "headStart"))
	limit := file["personLimit"].(map[string]any)
	delete(limit, "gapMonths")
	limit["hours"] = calendar.Minutes(rapid.IntRange(1, 4000*60).Draw(t, "hoursLimit")/60*60 + 60)
	for _, each := range file["blocks"].([]any) {
		block := each.(map[string]any)
		if block["value"] != nil {
			block["value"] = money.Cents(rapid.Int64Range(1, 60_000_00).Draw(t, "value"))
		}
		if block["proRata"] != nil {
			delete(block, "maxMonths")
			if months := rapid.IntRange(0, 30).Draw(t, "maxMonths"); months > 0 {
				block["maxMonths"] = months
			}
		}
	}
	raw, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	library, err := ruleset.Load(fstest.MapFS{"proef/2020-01-01.json": {Data: raw}})
	if err != nil {
		t.Fatal(err)
	}
	return library.All()[0]
}

var template []byte

func property(t *testing.T, check func(*rapid.T)) {
	t.Helper()
	template, broadRules = good(t), broad(t)
	rapid.Check(t, check)
}

// blocks are the placement blocks of the drawn rule sets, with a form of each.
var blocks = map[string]ruleset.Form{"PW": ruleset.Employment, "LEERJAAR": ruleset.LearningJob, "LEERJAAR_UREN": ruleset.Internship, "WEP": ruleset.WorkExperience}

var day0 = calendar.MustDate("2019-11-15")

// day draws a date; month ends and leap days come often.
func day(t *rapid.T, from, to int, label string) calendar.Date {
	d := day0.AddDays(rapid.IntRange(from, to).Draw(t, label))
	if rapid.IntRange(0, 3).Draw(t, label+"AtMonthEnd") == 0 {
		d = calendar.PeriodOf(d, calendar.Monthly).Span().To
	}
	return d
}

// drawPlacement draws a placement whose window is its whole contract.
func drawPlacement(t *rapid.T) ruleset.PlacementInput {
	code := rapid.SampledFrom([]string{"PW", "LEERJAAR", "LEERJAAR_UREN", "WEP"}).Draw(t, "block")
	in := ruleset.PlacementInput{Block: code, Form: blocks[code]}
	if code == "PW" {
		in.Bonuses = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"AGE50", "AGE55", "VAST"}), 0, 3, rapid.ID[string]).Draw(t, "bonuses")
	} else if code != "LEERJAAR_UREN" && rapid.Bool().Draw(t, "vast") {
		in.Bonuses = []string{"VAST"}
	}
	from := day(t, 0, 400, "start")
	for range rapid.IntRange(1, 4).Draw(t, "spans") {
		to := from.AddDays(rapid.IntRange(0, 300).Draw(t, "length"))
		in.Schedule = append(in.Schedule, ruleset.Hours{Span: calendar.Span{From: from, To: to}, PerWeek: calendar.Minutes(rapid.IntRange(1, 3600).Draw(t, "perWeek"))})
		from = to.AddDays(1 + rapid.SampledFrom([]int{0, 0, 1, 40}).Draw(t, "gap"))
	}
	first := day(t, 0, 500, "contract")
	in.Counted = calendar.Span{From: first, To: first.AddDays(rapid.IntRange(0, 1500).Draw(t, "term"))}
	in.Window = in.Counted
	return in
}

// value gives the amount, and wants the receipt to agree with it.
func value(t *rapid.T, rs *ruleset.RuleSet, in ruleset.PlacementInput) money.Cents {
	t.Helper()
	amount, err := rs.PlacementValue(&in)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := rs.ExplainPlacement(in)
	if err != nil || receipt.Result != amount {
		t.Fatalf("receipt says %s, value %s: %v", receipt.Result, amount, err)
	}
	return amount
}

// cut splits a span at days drawn inside it.
func cut(t *rapid.T, s calendar.Span) []calendar.Span {
	var parts []calendar.Span
	for from := s.From; !from.After(s.To); {
		to := from.AddDays(rapid.IntRange(0, 200).Draw(t, "cut"))
		if to.After(s.To) {
			to = s.To
		}
		parts = append(parts, calendar.Span{From: from, To: to})
		from = to.AddDays(1)
	}
	return parts
}

func TestWindowsAddUpInAnyOrder(t *testing.T) {
	property(t, func(t *rapid.T) {
		rs, in := drawn(t)
		whole := value(t, rs, in)
		var sum money.Cents
		for _, window := range rapid.Permutation(cut(t, in.Window)).Draw(t, "order") {
			in.Window = window
			part := value(t, rs, in)
			if part < 0 {
				t.Fatalf("%v is worth %s", window, part)
			}
			sum += part
		}
		if sum != whole {
			t.Fatalf("windows add up to %s, the whole is %s", sum, whole)
		}
	})
}

func TestSplittingSpansChangesNothing(t *testing.T) {
	property(t, func(t *rapid.T) {
		rs, in := drawn(t)
		in.Window = rapid.SampledFrom(cut(t, in.Window)).Draw(t, "window")
		before := value(t, rs, in)
		var split []ruleset.Hours
		for _, span := range in.Schedule {
			for _, part := range cut(t, span.Span) {
				split = append(split, ruleset.Hours{Span: part, PerWeek: span.PerWeek})
			}
		}
		in.Schedule = split
		if after := value(t, rs, in); after != before {
			t.Fatalf("split: %s, whole: %s", after, before)
		}
	})
}

func TestMoreHoursOrALaterEndNeverLowersAValue(t *testing.T) {
	property(t, func(t *rapid.T) {
		rs, in := drawn(t)
		before := value(t, rs, in)
		in.Schedule = slices.Clone(in.Schedule)
		if rapid.Bool().Draw(t, "later") {
			last := &in.Schedule[len(in.Schedule)-1]
			last.To = last.To.AddDays(rapid.IntRange(0, 400).Draw(t, "extra"))
		} else {
			span := &in.Schedule[rapid.IntRange(0, len(in.Schedule)-1).Draw(t, "which")]
			span.PerWeek = calendar.Minutes(rapid.IntRange(int(span.PerWeek), 3600).Draw(t, "more"))
		}
		if after := value(t, rs, in); after < before {
			t.Fatalf("more is worth less: %s, was %s", after, before)
		}
	})
}

func TestApprovedNeverExceedsTheClaim(t *testing.T) {
	property(t, func(t *rapid.T) {
		rs, in := drawn(t)
		in.Window = rapid.SampledFrom(cut(t, in.Window)).Draw(t, "window")
		claim := value(t, rs, in)
		in.Approved = []ruleset.Hours{}
		all := []ruleset.Hours{}
		for _, span := range in.Schedule {
			days := span.Intersect(in.Window)
			if days.Empty() {
				continue
			}
			all = append(all, ruleset.Hours{Span: days, PerWeek: span.PerWeek})
			part := rapid.SampledFrom(cut(t, days)).Draw(t, "days")
			in.Approved = append(in.Approved, ruleset.Hours{Span: part, PerWeek: calendar.Minutes(rapid.IntRange(0, int(span.PerWeek)).Draw(t, "approved"))})
		}
		if approved := value(t, rs, in); approved > claim || approved < 0 || len(in.Approved) == 0 && approved != 0 {
			t.Fatalf("approved %s of %s", approved, claim)
		}
		in.Approved = all
		if approved := value(t, rs, in); approved != claim {
			t.Fatalf("everything approved: %s, claimed %s", approved, claim)
		}
	})
}

func TestReplayedReceiptIsIdentical(t *testing.T) {
	property(t, func(t *rapid.T) {
		in := drawPlacement(t)
		in.Window = rapid.SampledFrom(cut(t, in.Window)).Draw(t, "window")
		if rapid.Bool().Draw(t, "nothing approved") {
			in.Approved = []ruleset.Hours{}
		}
		library, err := ruleset.Load(fstest.MapFS{"proef/2020-01-01.json": {Data: template}})
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := library.All()[0].ExplainPlacement(in)
		if err != nil {
			t.Fatal(err)
		}
		replaysIn(t, library, receipt)
	})
}

// replaysIn wants a receipt that went through storage to give the same bytes again.
func replaysIn(t *rapid.T, library *ruleset.Library, receipt ruleset.Receipt) {
	t.Helper()
	stored, err := json.Marshal(receipt)
	if err != nil {
		t.Fatal(err)
	}
	var read ruleset.Receipt
	if err := json.Unmarshal(stored, &read); err != nil {
		t.Fatal(err)
	}
	again, err := library.Replay(read)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(again); err != nil || string(got) != string(stored) {
		t.Fatalf("%v\n%s\n%s", err, stored, got)
	}
}

func TestLimitInWorkedHoursIsNeverExceeded(t *testing.T) {
	property(t, func(t *rapid.T) {
		rs, in := rules(t), drawPlacement(t)
		var limit calendar.Minutes
		limited := rs.LimitOf(in.Block) != nil
		if limited {
			limit = rs.PersonLimit.Hours
		}
		full := value(t, rs, in)
		days := in.Window.Days()
		in.Worked = calendar.Minutes(rapid.IntRange(0, days*60).Draw(t, "worked"))
		used := calendar.Minutes(rapid.IntRange(0, int(limit)*2+1).Draw(t, "used"))
		in.Earlier = earlier(used)
		got := value(t, rs, in)
		left := max(limit-used, 0)
		switch {
		case !limited || in.Worked <= left && left > 0:
			if got != full {
				t.Fatalf("within the limit: %s, full %s", got, full)
			}
		case left == 0:
			if got != 0 {
				t.Fatalf("used up: %s", got)
			}
		default:
			share := new(big.Rat).Mul(worth(rs, in, in.Window.To), big.NewRat(int64(left), int64(in.Worked)))
			if want := roundCents(share); got != want {
				t.Fatalf("%s of %s, want %s", got, full, want)
			}
		}
	})
}

// TestSlowAndFastAgree holds the value against the definition, computed day by
// day in fractions without bound.
func TestSlowAndFastAgree(t *testing.T) {
	property(t, func(t *rapid.T) {
		rs, in := rules(t), drawPlacement(t)
		if rapid.Bool().Draw(t, "earlier on this contract") {
			in.FirstCounted = in.Counted.From.AddDays(-rapid.IntRange(0, 300).Draw(t, "firstCounted"))
		}
		in.Window = rapid.SampledFrom(cut(t, in.Window)).Draw(t, "window")
		want := roundCents(worth(rs, in, in.Window.To)) - roundCents(worth(rs, in, in.Window.From.AddDays(-1)))
		if got := value(t, rs, in); got != want {
			t.Fatalf("fast %s, slow %s", got, want)
		}
	})
}

// worth is F(t) of the trade's definition, one day at a time.
func worth(rs *ruleset.RuleSet, in ruleset.PlacementInput, until calendar.Date) *big.Rat {
	block, _ := rs.Block(in.Block)
	rate, once := int64(block.Value), int64(0)
	for _, code := range in.Bonuses {
		bonus, _ := rs.Bonus(code)
		switch {
		case code == "AGE50" && slices.Contains(in.Bonuses, "AGE55"):
		case bonus.ProRata:
			rate += int64(bonus.Value)
		default:
			once += int64(bonus.Value)
		}
	}
	sum := new(big.Rat)
	var anchor calendar.Date
	for _, span := range in.Schedule {
		for day := span.From; !day.After(span.To); day = day.AddDays(1) {
			if !in.Counted.Contains(day) {
				continue
			}
			if anchor.IsZero() {
				anchor = day
			}
			first := in.FirstCounted
			if first.IsZero() {
				first = anchor
			}
			beyond := block.MaxMonths > 0 && !day.Before(first.AddMonths(block.MaxMonths))
			if beyond || day.After(until) || span.PerWeek < rs.MinimumWeek {
				continue
			}
			share := dayShare(rs.DayCount, anchor, day)
			if block.ProRata == ruleset.HoursAndDuration {
				share.Mul(share, big.NewRat(int64(min(span.PerWeek, rs.NormWeek)), int64(rs.NormWeek)))
			}
			if block.Kind == ruleset.PerMonth {
				share.Mul(share, big.NewRat(12, 1))
			}
			sum.Add(sum, share)
		}
	}
	total := new(big.Rat).Mul(sum, big.NewRat(rate, 1))
	if sum.Sign() > 0 {
		total.Add(total, big.NewRat(once, 1))
	}
	return total
}

// dayShare is which part of a year one day is.
func dayShare(count calendar.DayCount, anchor, day calendar.Date) *big.Rat {
	if count == calendar.ActualActual {
		return big.NewRat(1, int64(calendar.YearSpan(day.Year()).Days()))
	}
	months := 0
	for !anchor.AddMonths(months + 1).After(day) {
		months++
	}
	return big.NewRat(1, 12*int64(anchor.AddMonths(months+1).Sub(anchor.AddMonths(months))))
}

// roundCents rounds half away from zero; amounts here are not negative.
func roundCents(r *big.Rat) money.Cents {
	twice := new(big.Int).Mul(r.Num(), big.NewInt(2))
	twice.Add(twice, r.Denom())
	return money.Cents(twice.Div(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64())
}

// Whatever comes in, there is an answer or there are faults, and the answer
// without receipt is that with it.
func TestAnyInputGivesAnAnswerOrFaults(t *testing.T) {
	property(t, func(t *rapid.T) {
		rs := rules(t)
		anyDay := rapid.Custom(func(t *rapid.T) calendar.Date {
			return calendar.MustDate("1900-01-01").AddDays(rapid.SampledFrom([]int{-1, 0, 40_000, 43_900, 44_000, 80_000, 109_571}).Draw(t, "day"))
		})
		spans := rapid.Custom(func(t *rapid.T) calendar.Span {
			return calendar.Span{From: anyDay.Draw(t, "from"), To: anyDay.Draw(t, "to")}
		})
		hours := rapid.Custom(func(t *rapid.T) ruleset.Hours {
			return ruleset.Hours{Span: spans.Draw(t, "span"), PerWeek: calendar.Minutes(rapid.Int64Range(-1, 3601).Draw(t, "perWeek"))}
		})
		in := ruleset.PlacementInput{
			Block: rapid.SampledFrom([]string{"PW", "WEP", "UUR", "?"}).Draw(t, "block"), Bonuses: rapid.SliceOfN(rapid.SampledFrom([]string{"AGE50", "VAST", "?"}), 0, 2).Draw(t, "bonuses"),
			Form: rapid.SampledFrom([]ruleset.Form{ruleset.Employment, ruleset.WorkExperience, "?"}).Draw(t, "form"), Schedule: rapid.SliceOfN(hours, 0, 2).Draw(t, "schedule"),
			Counted: spans.Draw(t, "counted"), FirstCounted: anyDay.Draw(t, "first"), Window: spans.Draw(t, "window"), Approved: rapid.SliceOfN(hours, 0, 1).Draw(t, "approved"),
			Worked: calendar.Minutes(rapid.Int64().Draw(t, "worked")), Earlier: earlier(calendar.Minutes(rapid.Int64().Draw(t, "used"))),
		}
		amount, err := rs.PlacementValue(&in)
		receipt, again := rs.ExplainPlacement(in)
		if fmt.Sprint(err) != fmt.Sprint(again) || receipt.Result != amount {
			t.Fatalf("%s, %v; with receipt %s, %v", amount, err, receipt.Result, again)
		}
		if faults, ok := errors.AsType[ruleset.Faults](err); err != nil && (!ok || len(faults) == 0) {
			t.Fatalf("no faults: %v", err)
		}
	})
}
