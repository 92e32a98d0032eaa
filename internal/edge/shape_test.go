// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-playground/validator/v10"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// requests pairs each input of a use case with the parts of the request it comes from.
var requests = []struct {
	input reflect.Type
	parts []reflect.Type
	// not on the wire, or only in a notice
	without []string
}{
	{reflect.TypeFor[app.AuthorityInput](), parts[authorityPath, authorityRequest](), nil},
	{reflect.TypeFor[app.CloseInput](), parts[closePath, closeRequest](), nil},
	{reflect.TypeFor[app.TenderInput](), parts[tenderPath, tenderRequest](), []string{"/Lots/0/ProposedBy", "/Omitted/0/Field", "/Omitted/0/Lot", "/Omitted/0/Code", "/Omitted/0/Detail"}},
	{reflect.TypeFor[app.TenderChange](), parts[tenderPath, tenderPatch](), nil},
	{reflect.TypeFor[app.AwardInput](), parts[tenderPath, awardRequest](), nil},
	{reflect.TypeFor[app.ContractInput](), parts[contractPath, contractRequest](), nil},
	{reflect.TypeFor[app.AmendmentInput](), parts[contractPath, amendmentRequest](), nil},
	{reflect.TypeFor[app.TurnoverInput](), parts[contractPath, turnoverRequest](), nil},
	{reflect.TypeFor[app.RulesInput](), parts[contractPath, rulesMoveRequest](), nil},
	{reflect.TypeFor[app.PlacementInput](), parts[contractPath, placementRequest](), nil},
	{reflect.TypeFor[app.PlacementChange](), parts[placementPath, placementPatch](), nil},
	{reflect.TypeFor[app.DecideInput](), parts[statementPath, decideRequest](), nil},
	{reflect.TypeFor[app.CorrectionInput](), parts[contractPath, correctionRequest](), nil},
	{reflect.TypeFor[app.EnterpriseInput](), parts[enterprisePath, enterpriseRequest](), nil},
	{reflect.TypeFor[app.IndicatorInput](), parts[figurePath, figureRequest](), nil},
	{reflect.TypeFor[app.ReportQuery](), parts[reportPath, reportQuery](), nil},
	{reflect.TypeFor[app.TenderQuery](), parts[paging, tenderQuery](), nil},
	{reflect.TypeFor[app.ContractQuery](), parts[paging, contractQuery](), nil},
	{reflect.TypeFor[app.CalculationInput](), parts[rulesNamed, calculationRequest](), []string{"/Efforts/0/Placement/FirstCounted", "/Efforts/0/Purchase/Register/ID"}},
	{reflect.TypeFor[sroi.PlacementClaim](), parts[paging, placementLine](), nil},
	{reflect.TypeFor[sroi.PurchaseClaim](), parts[paging, purchaseLine](), nil},
	{reflect.TypeFor[sroi.ActivityClaim](), parts[paging, activityLine](), nil},
	{reflect.TypeFor[sroi.Claim](), parts[paging, activityLine](), []string{
		"/Kind", // the list that a line is in
		"/Placement/Number", "/Placement/Worked", "/Purchase/Seller", "/Purchase/SellerName", "/Purchase/Recognition",
		"/Purchase/Order", "/Purchase/Invoice", "/Purchase/InvoiceDate", "/Purchase/Amount", "/Purchase/LabourPart",
	}},
}

func parts[A, B any]() []reflect.Type {
	return []reflect.Type{reflect.TypeFor[A](), reflect.TypeFor[B]()}
}

// leaves are the paths of everything that an input holds.
func leaves(t reflect.Type, path string) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.Slice:
		return leaves(t.Elem(), path+"/0")
	case t.Kind() != reflect.Struct, t == reflect.TypeFor[calendar.Date](), t == reflect.TypeFor[calendar.Period](),
		t == reflect.TypeFor[time.Time](), strings.HasSuffix(t.String(), "money.Fraction"):
		return []string{path}
	}
	var all []string
	for _, f := range reflect.VisibleFields(t) {
		if !f.Anonymous && len(f.Index) == 1 {
			all = append(all, leaves(f.Type, path+"/"+f.Name)...)
		} else if f.Anonymous {
			all = append(all, leaves(f.Type, path)...)
		}
	}
	return all
}

func TestEveryFieldOfAnInputHasAPlaceOnTheWire(t *testing.T) {
	t.Parallel()
	for _, pair := range requests {
		for _, leaf := range leaves(pair.input, "") {
			parent := leaf[:strings.LastIndex(leaf, "/")]
			found := slices.ContainsFunc(pair.parts, func(part reflect.Type) bool {
				return wirePath(part, leaf) != wirePath(part, parent)
			})
			if found == slices.Contains(pair.without, leaf) {
				t.Errorf("%s: %s on the wire: %v", pair.input, leaf, found)
			}
		}
	}
}

func TestWirePath(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		shape      reflect.Type
		path, want string
	}{
		{reflect.TypeFor[tenderRequest](), "/lots/2/exemption/text", "/percelen/2/vrijstelling/toelichting"},
		{reflect.TypeFor[tenderPatch](), "/lots/0/exemption/text", "/percelen/0/vrijstelling/toelichting"},
		{reflect.TypeFor[contractRequest](), "/term/to", "/totEnMet"},
		{reflect.TypeFor[contractRequest](), "/opening/asOf", "/beginstand/peildatum"},
		{reflect.TypeFor[placementRequest](), "/employer/kvk", "/werkgever/kvk"},
		{reflect.TypeFor[placementRequest](), "/schedule/1/perWeek", "/urenschema/1/urenPerWeek"},
		{reflect.TypeFor[calculationRequest](), "/efforts/3/schedule/0/perWeek", "/inspanningen/3/urenschema/0/urenPerWeek"},
		{reflect.TypeFor[calculationRequest](), "/version", ""},
		{reflect.TypeFor[rulesMoveRequest](), "/blocks/PW_LT2", "/bouwblokken/PW_LT2"},
		{reflect.TypeFor[decideRequest](), "/lines/0", "/regels/0"},
		{reflect.TypeFor[paging](), "/cursor", "/cursor"},
	} {
		if got := wirePath(row.shape, row.path); got != row.want {
			t.Errorf("%s in %s is %q, want %q", row.path, row.shape, got, row.want)
		}
	}
}

// wireTypes are all types that requests are decoded into.
func wireTypes() []reflect.Type {
	var all []reflect.Type
	for _, pair := range requests {
		all = append(all, pair.parts...)
	}
	return append(all, reflect.TypeFor[statementRequest](), reflect.TypeFor[sightingRequest](), reflect.TypeFor[queueQuery](),
		reflect.TypeFor[noticeQuery](), reflect.TypeFor[enterpriseQuery](), reflect.TypeFor[ruleSetPath]())
}

// TestEveryTagHasASentence walks all request types, so that no validation tag
// is without its words.
func TestEveryTagHasASentence(t *testing.T) {
	t.Parallel()
	structural := []string{"", "dive", "omitempty", "keys", "endkeys"}
	var walk func(reflect.Type)
	walk = func(shape reflect.Type) {
		shape = withoutPointers(shape)
		if shape.Kind() == reflect.Slice {
			walk(shape.Elem())
			return
		}
		if shape.Kind() != reflect.Struct {
			return
		}
		for _, f := range reflect.VisibleFields(shape) {
			for tag := range strings.SplitSeq(f.Tag.Get("validate"), ",") {
				name, _, _ := strings.Cut(tag, "=")
				_, own := shapes[name]
				_, limit := limits[name]
				if !own && !limit && !slices.Contains(structural, name) {
					t.Errorf("%s.%s: the tag %q has no sentence", shape, f.Name, name)
				}
			}
			if f.Type != shape {
				walk(f.Type)
			}
		}
	}
	for _, shape := range wireTypes() {
		walk(shape)
	}
}

func TestEverySentenceIsWhole(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		value     any
		tag, want string
	}{
		{"abc", "max=2", "Geef ten hoogste 2 tekens."},
		{"a", "min=2", "Geef ten minste 2 tekens."},
		{3, "max=2", "Geef ten hoogste 2."},
		{1, "min=2", "Geef 2 of meer."},
		{[]string{"a", "b"}, "max=1", "Geef er ten hoogste 1."},
		{[]string{}, "min=1", "Geef er ten minste 1."},
	} {
		faults, _ := errors.AsType[validator.ValidationErrors](checker().Var(row.value, row.tag))
		if len(faults) != 1 {
			t.Fatalf("%v under %s: %v", row.value, row.tag, faults)
		}
		if _, detail := sentence(faults[0]); detail != row.want {
			t.Errorf("%v under %s: %q, want %q", row.value, row.tag, detail, row.want)
		}
	}
	for tag, form := range shapes {
		faults, refused := errors.AsType[validator.ValidationErrors](checker().Var(" ", tag))
		if !refused {
			t.Errorf("%s lets a space through", tag)
			continue
		}
		if code, detail := sentence(faults[0]); code != form.code || detail != form.detail || !strings.HasSuffix(detail, ".") {
			t.Errorf("%s: %q %q", tag, code, detail)
		}
	}
}

func TestEveryTextFormIsDescribed(t *testing.T) {
	t.Parallel()
	var walk func(reflect.Type)
	walk = func(shape reflect.Type) {
		shape = withoutPointers(shape)
		v := reflect.New(shape).Elem()
		_, chooses := v.Addr().Interface().(interface{ choices() []string })
		switch {
		case shape.Kind() == reflect.Slice:
			walk(shape.Elem())
		case readsText(v):
			if textForms[shape] == "" && !chooses {
				t.Errorf("%s has no description of its form", shape)
			}
		case shape.Kind() == reflect.Struct:
			for _, f := range fieldsOf(shape).list {
				walk(shape.FieldByIndex(f.index).Type)
			}
		}
	}
	for _, shape := range wireTypes() {
		walk(shape)
	}
}
