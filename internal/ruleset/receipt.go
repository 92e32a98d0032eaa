// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// rounding names the one rounding of every amount.
const rounding = "halfAwayFromZero/cent"

const (
	inEuro  = "euro"
	perHour = "uur"
)

// explanation gathers a receipt while an amount is worked out.
type explanation struct {
	rules   *RuleSet
	rests   []string // ids of sources and assumptions that the amount rests on
	steps   []Step
	remarks []string // sentences after the formula
}

func (e *explanation) step(text, value, unit string) {
	e.steps = append(e.steps, Step{Text: text, Value: value, Unit: unit})
}

func (e *explanation) remark(format string, args ...any) {
	e.remarks = append(e.remarks, fmt.Sprintf(format, args...))
}

// restsOn notes the source of an object, and of those of its fields that have
// one of their own.
func (e *explanation) restsOn(source string, sourceOf map[string]string, fields ...string) {
	e.rests = append(e.rests, source)
	for _, field := range fields {
		if own := sourceOf[field]; own != "" {
			e.rests = append(e.rests, own)
		}
	}
}

// receipt closes the explanation. The formula is a sentence; path leads to the
// rule in the file, which source states.
func (e *explanation) receipt(kind, path, source string, input any, formula string, value exact, result money.Cents) (Receipt, error) {
	encoded, err := json.Marshal(input)
	if err != nil {
		return Receipt{}, fmt.Errorf("invoer vastleggen: %w", err)
	}
	d := &e.rules.doc
	e.restsOn(d.Validity.Source, d.Validity.SourceOf, "from", "to")
	e.restsOn(d.Anchor.Source, nil)
	assumptions := e.assumptions()
	sentences := append([]string{formula}, e.remarks...)
	if assumptions != nil {
		sentences = append(sentences, "Aangenomen: "+strings.Join(assumptions, ", ")+".")
	}
	return Receipt{
		Rules: e.rules.ref, Kind: kind, Path: path, Source: e.rules.sourceText(source), Input: encoded,
		Steps: e.steps, Exact: value.String(), Rounding: rounding, Result: result,
		Assumptions: assumptions, Text: strings.Join(sentences, " "),
	}, nil
}

// assumptions are the ids among what the amount rests on that are assumptions,
// in the order of the file.
func (e *explanation) assumptions() []string {
	var ids []string
	for _, assumption := range e.rules.Assumptions {
		if slices.Contains(e.rests, assumption.ID) {
			ids = append(ids, assumption.ID)
		}
	}
	return ids
}

// sourceText is the title and address of a source, or that there is none.
func (rs *RuleSet) sourceText(id string) string {
	for _, source := range rs.Sources {
		if source.ID == id {
			return source.Title + ", " + source.URL
		}
	}
	return "aanname " + id
}

// rounded ends a formula: the amount, and that it was rounded where it was.
func rounded(result money.Cents, whole bool) string {
	if whole {
		return "= " + result.Euro() + "."
	}
	return "= " + result.Euro() + "; afgerond op hele centen."
}

func (rs *RuleSet) blockPath(block *Block) string {
	i := slices.IndexFunc(rs.Blocks, func(b Block) bool { return b.Code == block.Code })
	return place("/blocks", i)
}

// through is a span in words.
func through(s calendar.Span) string { return s.From.Dutch() + " tot en met " + s.End().Dutch() }

// Replay asks again for the amount of a receipt, from its input and under the
// version that it names; the answer equals the receipt. It returns ErrUnknown or
// ErrChanged where that version is not there, and Faults or an error of decoding
// where the receipt is not one of ours.
func (l *Library) Replay(r Receipt) (Receipt, error) {
	rs, err := l.Pinned(r.Rules)
	if err != nil {
		return Receipt{}, err
	}
	switch r.Kind {
	case PlacementEffort:
		return replay(r.Input, rs.ExplainPlacement)
	case PurchaseEffort:
		return replay(r.Input, rs.ExplainPurchase)
	case ActivityEffort:
		return replay(r.Input, rs.ExplainActivity)
	case ObligationResult:
		return replay(r.Input, func(in ObligationInput) (Receipt, error) {
			obligation, err := rs.Obligation(in)
			return obligation.Receipt, err
		})
	case DueResult:
		return replay(r.Input, rs.ExplainDue)
	case CorrectionResult:
		return replay(r.Input, rs.ExplainCorrection)
	case RejectionResult:
		return replay(r.Input, rs.ExplainRejection)
	}
	return Receipt{}, fmt.Errorf("rekenbewijs van onbekende soort %q", r.Kind)
}

func replay[T any](input json.RawMessage, explain func(T) (Receipt, error)) (Receipt, error) {
	var in T
	decoder := json.NewDecoder(bytes.NewReader(input))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return Receipt{}, fmt.Errorf("invoer van rekenbewijs lezen: %w", err)
	}
	return explain(in)
}
