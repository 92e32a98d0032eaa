// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/sroi"
)

// statement is a main indicator in sentences that can be read aloud.
type statement struct {
	Code, Name string
	Figure     string // what this year's cell says, large
	Sentences  string
	Sign       string // of the verdict; empty where there is no target
	Verdict    string
}

func summary(r sroi.Report) []statement {
	var told []statement
	for _, row := range r.Rows {
		if !slices.Contains(mainIndicators, row.Code) {
			continue
		}
		figure, _ := figureText(row, row.Current)
		if row.Current.State != sroi.HasValue && row.Current.State != sroi.NotYetKnown {
			figure = states[sroi.NotMeasured]
		}
		name, _ := Definition(row.Code)
		told = append(told, statement{
			Code: row.Code, Name: name, Figure: figure,
			Sentences: strings.Join([]string{nowSentence(r, row) + correctionSentence(row), beforeSentence(r, row), goalSentence(r, row)}, " "),
			Sign:      string(row.Verdict), Verdict: verdicts[row.Verdict],
		})
	}
	return told
}

func nowSentence(r sroi.Report, row sroi.Row) string {
	subject := indicators[row.Code].subject
	switch {
	case row.Current.State == sroi.NotYetKnown:
		return fmt.Sprintf("Over %d is %s nog niet bekend.", r.Year, subject)
	case row.Current.State != sroi.HasValue:
		return fmt.Sprintf("Over %d is %s niet gemeten.", r.Year, subject)
	case r.Current.Final || r.AsOf.IsZero():
		return fmt.Sprintf("In %d was %s %s.", r.Year, subject, withParts(row, row.Current))
	default:
		return fmt.Sprintf("Tot en met %s was %s %s.", r.AsOf.Dutch(), subject, withParts(row, row.Current))
	}
}

func beforeSentence(r sroi.Report, row sroi.Row) string {
	var text string
	switch before := r.Before(row); {
	case before.State == sroi.HasValue && row.Current.State == sroi.HasValue && row.Difference.State == sroi.HasValue:
		text = fmt.Sprintf("Dat is %s in heel %d, toen het %s%s was.", comparison(row), r.CompareWith, asRestated(r), withParts(row, before))
	case before.State == sroi.HasValue:
		text = fmt.Sprintf("In heel %d was het %s%s.", r.CompareWith, asRestated(r), withParts(row, before))
	case before.State == sroi.NotYetKnown:
		text = fmt.Sprintf("Over %d is het nog niet bekend.", r.CompareWith)
	default:
		text = fmt.Sprintf("Over %d is het niet gemeten.", r.CompareWith)
	}
	if comparesAtDate(r) && row.PreviousAtDate.State == sroi.HasValue && !r.SameDateAsOf.IsZero() {
		text += fmt.Sprintf(" Op %s was het %s.", r.SameDateAsOf.Dutch(), withParts(row, row.PreviousAtDate))
	}
	return text
}

// asRestated says that last year's figure is the one after its close.
func asRestated(r sroi.Report) string {
	if r.BothRestated {
		return "zoals herzien "
	}
	return ""
}

// comparison is the difference as it is spoken: "13 meer dan", "evenveel als".
func comparison(row sroi.Row) string {
	more, less := "meer", "minder"
	if row.Unit == sroi.UnitPercent {
		more, less = "hoger", "lager"
	}
	size := qualified(row.Difference.Qualifier, step(row.Unit, row.Difference.Value))
	switch n := row.Difference.Value.Num; {
	case n != 0 && !strings.ContainsAny(size, "123456789"):
		return "afgerond evenveel als"
	case n > 0:
		return size + " " + more + " dan"
	case n < 0:
		return size + " " + less + " dan"
	default:
		return "evenveel als"
	}
}

func goalSentence(r sroi.Report, row sroi.Row) string {
	intended := goal(row, r.CompareWith)
	if intended != "" {
		intended = ", " + intended + ","
	}
	switch row.Verdict {
	case sroi.Reached, sroi.NotReached:
		return "Het doel" + intended + " is " + verdicts[row.Verdict] + "."
	case sroi.Undetermined:
		if r.Current.Final {
			return "Of het doel" + intended + " is bereikt, is nog niet te zeggen."
		}
		return "Of het doel" + intended + " wordt bereikt, is nog niet te zeggen."
	default:
		if intended != "" {
			return "Het doel is " + strings.Trim(intended, ", ") + "."
		}
		return fmt.Sprintf("Voor %d is geen doel gesteld.", r.Year)
	}
}

func withParts(row sroi.Row, f sroi.Figure) string {
	text, parts := figureText(row, f)
	if parts == "" {
		return text
	}
	return text + " (" + parts + ")"
}
