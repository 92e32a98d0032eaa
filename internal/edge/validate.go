// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"errors"
	"reflect"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"
)

// A shape is what a text of a request must look like, whatever it means.
type shape struct {
	pattern string // also in openapi.json; a test compares
	code    string
	detail  string
}

// shapes are the validation tags of our own.
var shapes = map[string]shape{
	"kvk":         {`^[0-9]{8}$`, "onjuist-kvk-nummer", "Een KvK-nummer heeft acht cijfers."},
	"authority":   {`^([0-9]{20}|[0-9]{8})$`, "onjuist-nummer", "Gebruik het OIN (20 cijfers) of het KvK-nummer (8 cijfers)."},
	"id":          {`^[a-z2-7]{24}$`, "onjuist-id", "Een id heeft 24 tekens: kleine letters en de cijfers 2 tot en met 7."},
	"cpv":         {`^[0-9]{8}$`, "onjuiste-cpv-code", "Een CPV-code heeft acht cijfers, zonder controlecijfer."},
	"sha256":      {`^[0-9a-f]{64}$`, "onjuiste-hash", "Een SHA-256 heeft 64 tekens: cijfers en de letters a tot en met f."},
	"code":        {`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`, "onjuiste-code", "Een code heeft ten hoogste 64 letters, cijfers, punten, streepjes en lage streepjes."},
	"visible":     {`\S`, "leeg", "Dit veld mag niet leeg zijn."},
	"area":        {`^(GM[0-9]{4}|AM[0-9]{2}|[0-9]{20}|[0-9]{8})$`, "onjuist-gebied", "Een gebied is een gemeente (GM0200), een arbeidsmarktregio (AM06) of het nummer van een opdrachtgever."},
	"ruleArea":    {`^(GM[0-9]{4}|AM[0-9]{2})$`, "onjuist-gebied", "Een gebied is hier een gemeente (GM0200) of een arbeidsmarktregio (AM06)."},
	"personLabel": {`^([A-Z]{1,2}[0-9]{0,3}|[0-9]{1,3})$`, "onjuist-label", "Noem een persoon in een plan met een korte code, zoals A, B2 of 3; nooit met een naam of nummer van de persoon zelf."},
	"figureDate":  {`^[0-9]{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?$`, "onjuiste-periode", "Schrijf een jaar (2022) of een periode (2022-Q1, 2022-03, 2022-H1)."},
}

// limits are the tags of the validator that are used, with the sentence of each.
var limits = map[string]struct{ code, text, list, number string }{
	"min": {"te-weinig", "Geef ten minste %s tekens.", "Geef er ten minste %s.", "Geef %s of meer."},
	"max": {"te-veel", "Geef ten hoogste %s tekens.", "Geef er ten hoogste %s.", "Geef ten hoogste %s."},
}

// checker holds a value against the tags of its type. It is made when it is first
// used.
var checker = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	for tag, form := range shapes {
		pattern := formOf(form.pattern)
		matches := func(field validator.FieldLevel) bool { return pattern.MatchString(field.Field().String()) }
		if err := v.RegisterValidation(tag, matches); err != nil {
			panic(err) // a tag without a name
		}
	}
	v.RegisterCustomTypeFunc(func(field reflect.Value) any { return field.Interface().(removable[[]days]).Value }, removable[[]days]{})
	return v
})

// checkShape holds a decoded request against the validation tags of its type.
// Where something was found already it says nothing more.
func checkShape(in string, value any, found *findings) {
	faults, _ := errors.AsType[validator.ValidationErrors](checker().Struct(value))
	for _, fault := range faults {
		_, path, _ := strings.Cut(fault.StructNamespace(), ".")
		location := wirePath(reflect.TypeOf(value), indexSegments.Replace(path))
		if in != inBody {
			location = strings.TrimPrefix(location, "/")
		}
		if !found.covers(location) {
			code, detail := sentence(fault)
			found.add(in, location, code, detail)
		}
	}
}

var indexSegments = strings.NewReplacer("[", "/", "]", "", ".", "/")

// sentence says in Dutch what is wrong.
func sentence(fault validator.FieldError) (code, detail string) {
	if form, ok := shapes[fault.Tag()]; ok {
		return form.code, form.detail
	}
	limit := limits[fault.Tag()]
	form := limit.number
	switch fault.Kind() {
	case reflect.String:
		form = limit.text
	case reflect.Slice, reflect.Map:
		form = limit.list
	}
	return limit.code, strings.ReplaceAll(form, "%s", fault.Param())
}
