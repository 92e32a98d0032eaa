// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// filled gives every field of a value something, each number another.
func filled[T any]() T {
	var value T
	next := int64(1)
	fill(reflect.ValueOf(&value).Elem(), &next)
	return value
}

func fill(v reflect.Value, next *int64) {
	*next++
	switch v.Addr().Interface().(type) {
	case *calendar.Date:
		v.Set(reflect.ValueOf(calendar.MustDate("2022-01-01").AddDays(int(*next))))
		return
	case *calendar.Period:
		v.Set(reflect.ValueOf(calendar.MustPeriod("2022-Q1")))
		return
	case *time.Time:
		v.Set(reflect.ValueOf(time.Unix(*next, 0)))
		return
	case *json.RawMessage:
		return
	case *sroi.Measured:
		v.SetString(string(sroi.HasValue))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int8:
		v.SetInt(*next)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), next)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), next)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), next)
		}
	}
}

// empties are the places in an answer that hold nothing.
func empties(v reflect.Value, at string) []string {
	if v.IsZero() {
		return []string{at}
	}
	switch v.Kind() {
	case reflect.Pointer:
		return empties(v.Elem(), at)
	case reflect.Slice:
		if v.Len() == 0 {
			return []string{at}
		}
		return empties(v.Index(0), at+"/0")
	case reflect.Struct:
		if _, isText := reflect.New(v.Type()).Interface().(interface{ MarshalText() ([]byte, error) }); isText {
			return nil
		}
		var all []string
		for _, f := range fieldsOf(v.Type()).list {
			all = append(all, empties(v.FieldByIndex(f.index), at+"/"+f.name)...)
		}
		return all
	}
	return nil
}

// usedBalance is met beyond the obligation, with room under its ceiling.
var usedBalance = sroi.Balance{
	Seq: 9, Obliged: 1000_00, Pending: 1, Verified: 1600_00, Rejected: 2, Asked: 3, Done: 1,
	Ceilings: []sroi.Ceiling{{Code: "L", Label: "Leerplekken", Percent: 50_00}}, Capped: []sroi.Capped{{Ceiling: "L", Verified: 400_00}},
}

// filledObligation has a receipt with an input.
// filledReport is a report whose act after the close was known to be open.
func filledReport() sroi.Report {
	report := filled[sroi.Report]()
	report.Acts[0].Ledger = "CONTRACT#" + report.KnownOpen[0].Contract
	return report
}

func filledObligation(t *testing.T, stage ruleset.Stage) ruleset.Obligation {
	obligation := filled[ruleset.Obligation]()
	input, err := json.Marshal(filled[ruleset.ObligationInput]())
	if err != nil {
		t.Fatal(err)
	}
	obligation.Stage, obligation.Receipt.Kind, obligation.Receipt.Input = stage, ruleset.ObligationResult, input
	obligation.Receipt.Rounding = "halfAwayFromZero/cent"
	return obligation
}

// changes are a filled contract, and the answers about how it changes.
func changes(t *testing.T) (sroi.Contract, obligationStateAnswer, amendmentAnswer, rulesMoveAnswer) {
	contract, change, move := filled[sroi.Contract](), filled[sroi.Amendment](), filled[app.RulesMove]()
	contract.Obligation = filledObligation(t, ruleset.Final)
	contract.Others = []ruleset.Obligation{filledObligation(t, ruleset.Estimated), filledObligation(t, ruleset.Current)}
	change.Obligations, change.Was = []ruleset.Obligation{contract.Obligation}, sroi.Contract{Obligation: contract.Others[0]}
	change.Obligations[0].Amount++
	move.Amendment, move.Balance, move.Expected = change, usedBalance, usedBalance
	due, err := obligationStateOf(app.ObligationState{Contract: contract, Due: contract.Obligation.Receipt})
	if err != nil {
		t.Fatal(err)
	}
	amendment, err := amendmentOf(change)
	if err != nil {
		t.Fatal(err)
	}
	moved, err := rulesMoveOf(move)
	if err != nil {
		t.Fatal(err)
	}
	return contract, due, amendment, moved
}

// TestAnswersLeaveNothingOut maps values in which everything is filled, so that
// a forgotten field shows.
func TestAnswersLeaveNothingOut(t *testing.T) {
	t.Parallel()
	decision, err := decisionOf(filled[sroi.Decision]())
	if err != nil {
		t.Fatal(err)
	}
	correction, err := correctionOf(filled[sroi.Correction](), usedBalance)
	if err != nil {
		t.Fatal(err)
	}
	obligation, err := obligationOf(filled[ruleset.Obligation]())
	if err != nil {
		t.Fatal(err)
	}
	line, err := lineAnswerOf(filled[sroi.Line](), map[string]sroi.Sighting{"text": filled[sroi.Sighting]()})
	if err != nil {
		t.Fatal(err)
	}
	var file fileAnswer
	file.add(sroi.Claim{Placement: &sroi.PlacementClaim{Number: 1, Worked: 1}}, lineAnswer{})
	purchase, activity := filled[sroi.PurchaseClaim](), filled[sroi.ActivityClaim]()
	file.add(sroi.Claim{Purchase: &purchase}, lineAnswer{})
	file.add(sroi.Claim{Activity: &activity}, lineAnswer{})
	share := filled[sroi.Breakdown]()
	share.Parts[0].Source = "TENDER#text"
	ofContract := filled[sroi.Breakdown]()
	ofContract.Parts[0].Source = "CONTRACT#text"
	outcome, err := outcomeOf(filled[plan.Outcome]())
	if err != nil {
		t.Fatal(err)
	}
	forecast := filled[plan.Forecast]()
	contract, due, amendment, moved := changes(t)
	// What stands for nothing here: inputs have no bytes, roundings no known name,
	// a decision stands beside its line, a forecast beside its contract, who has an excess has nothing to do, and
	// the code is of no indicator; a part or an act is a contract's or a tender's.
	known := map[string]bool{"/berekening/invoer": true, "/berekening/afronding": true, "/beoordeling": true,
		"/beoordeling/berekening/invoer": true, "/beoordeling/berekening/afronding": true, "/srVerplichting/berekening": true,
		"/stand/openstaand": true, "/standErna/openstaand": true, "/eenheid": true,
		"/regels/0/berekeningVoor/invoer": true, "/regels/0/berekeningVoor/afronding": true,
		"/regels/0/berekeningNa/invoer": true, "/regels/0/berekeningNa/afronding": true,
		"/prognose": true, "/inspanningen/0/invoer": true, "/inspanningen/0/afronding": true,
		"/onderdelen/0/contract": true, "/onderdelen/0/aanbesteding": true,
		"/naAfsluiting/mutaties/0/contract": true, "/naAfsluiting/mutaties/0/aanbesteding": true, "/naAfsluiting/mutaties/0/link": true}
	for name, answer := range map[string]any{
		"authority": authorityOf(filled[sroi.Authority]()), "tender": tenderOf(filled[sroi.Tender]()),
		"contract": contractOf(app.Account{Contract: contract, Balance: usedBalance}, calendar.MustDate("2022-01-01")), "placement": placementOf(filled[sroi.Placement]()),
		"close": closeOf(filled[sroi.YearClose]()), "heads": headsOf(filled[sroi.Snapshot]()),
		"enterprise": enterpriseOf(filled[sroi.Enterprise]()),
		"statement":  statementOf(filled[sroi.Statement]()), "entry": entryOf(filled[sroi.Entry]()), "report": reportOf(filledReport()),
		"period": periodOf(filled[app.PeriodState]()), "sighting": sightingOf(filled[sroi.Sighting]()), "figure": figureValueOf(filled[sroi.IndicatorValue]()),
		"breakdown": breakdownOf(share), "breakdown of contracts": breakdownOf(ofContract), "tender entry": tenderEntryOf(filled[sroi.Entry]()),
		"due": due, "amendment": amendment, "moved": moved, "due input": dueInputOf(filled[ruleset.DueInput]()),
		"outcome": outcome, "forecast": forecastOf(&forecast, 1),
		"decision": *decision, "correction": correction, "obligation": obligation, "line": line,
		"placement line": file.Placements[0].placementClaim, "purchase line": file.Purchases[0].purchaseClaim, "activity line": file.Activities[0].activityClaim,
		"obligation input": obligationInputOf(filled[ruleset.ObligationInput]()), "placement input": placementInputOf(filled[ruleset.PlacementInput]()),
		"purchase input": purchaseInputOf(filled[ruleset.PurchaseInput]()), "activity input": activityInputOf(filled[ruleset.ActivityInput]()),
		"correction input": correctionInputOf(filled[ruleset.CorrectionInput]()), "rejection input": rejectionInputOf(filled[ruleset.RejectionInput]()),
	} {
		for _, empty := range empties(reflect.ValueOf(answer), "") {
			if !known[empty] {
				t.Errorf("%s: %s is left out", name, empty)
			}
		}
	}
	if balance := balanceOf(sroi.Balance{Obliged: 3, Pending: 5, Verified: 1, Rejected: 7, Seq: 9}); !reflect.DeepEqual(balance, balanceAnswer{
		Obliged: 3, Pending: 5, Verified: 1, Rejected: 7, Counted: 1, Outstanding: 2, Ceilings: []ceilingAnswer{}, Entries: 9,
	}) {
		t.Errorf("balance: %+v", balance)
	}
	if got := figureOf(sroi.Figure{}, sroi.UnitCount); got.State != word[sroi.Measured](sroi.NotMeasured) || got.Value != nil {
		t.Errorf("no figure: %+v", got)
	}
	if got := figureOf(sroi.Figure{State: sroi.HasValue, Value: money.Fraction{Num: 18, Den: 31}, Parts: money.Fraction{Num: 18, Den: 31}}, sroi.UnitPercent); got.Exact != "18/31" || *got.Counted != (countedAnswer{18, 31}) {
		t.Errorf("a share: %+v", got)
	}
}
