// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"encoding/json"
	"math/big"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
)

// full fills every field of a value, lists with one element.
func full(v reflect.Value) {
	if number := steps(v.Interface()); number != nil {
		if date, ok := v.Addr().Interface().(*calendar.Date); ok {
			*date = calendar.MustDate("2020-01-01")
			return
		}
		v.SetInt(7)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(samples(v)[0])
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		full(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		full(v.Index(0))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"value": "y"}))
	case reflect.Struct:
		for i := range v.NumField() {
			full(v.Field(i))
		}
	}
}

// samples are two texts of a type.
func samples(v reflect.Value) [2]string {
	switch v.Interface().(type) {
	case Form:
		return [2]string{string(Employment), string(Internship)}
	case Basis:
		return [2]string{string(OfBidSum), string(OfWageBill)}
	case Recognition:
		return [2]string{string(Aspirant), string(Sheltered)}
	}
	return [2]string{"x", "z"}
}

func fullDocument() *document {
	var d document
	full(reflect.ValueOf(&d).Elem())
	return &d
}

// changes visits each way to change one thing of a full document, and undoes it.
func changes(v reflect.Value, at string, visit func(at string)) {
	try := func(other any) {
		before := reflect.ValueOf(v.Interface())
		v.Set(reflect.ValueOf(other).Convert(v.Type()))
		visit(at)
		v.Set(before)
	}
	switch v.Kind() {
	case reflect.Pointer:
		try(reflect.Zero(v.Type()).Interface())
		changes(v.Elem(), at, visit)
	case reflect.Slice:
		try(reflect.Zero(v.Type()).Interface())
		changes(v.Index(0), at+"/0", visit)
	case reflect.Map:
		at += "/value"
		try(map[string]string(nil))
		try(map[string]string{"value": "z"})
	case reflect.Bool:
		try(false)
	case reflect.String:
		try(samples(v)[1])
	case reflect.Int, reflect.Int64:
		if steps(v.Interface()) == nil { // a day count
			try(v.Int() + 1)
			return
		}
		try(v.Int() + 1)
		try(0)
	case reflect.Struct:
		if date, ok := v.Interface().(calendar.Date); ok {
			try(date.AddDays(1))
			return
		}
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			changes(v.Field(i), at+"/"+name, visit)
		}
	}
}

// Whatever changes in a file, some difference tells it, at its place.
func TestNoFieldIsForgotten(t *testing.T) {
	visited := 0
	before, after := fullDocument(), fullDocument()
	changes(reflect.ValueOf(after).Elem(), "", func(at string) {
		visited++
		for way, found := range map[string][]Difference{"forth": differences(before, after), "back": differences(after, before)} {
			told := false
			for _, d := range found {
				told = told || strings.HasPrefix(at+"/", d.Path+"/") || strings.HasPrefix(d.Path, at+"/")
				if d.Before == d.After || d.Kind == "" || !strings.HasSuffix(d.Text, ".") || strings.Contains(d.Text, "  ") {
					t.Errorf("%s %s: %+v", at, way, d)
				}
			}
			if !told {
				t.Errorf("%s %s: nothing tells it but %+v", at, way, found)
			}
		}
	})
	if visited < 150 {
		t.Errorf("only %d changes tried", visited)
	}
	if same := differences(before, fullDocument()); same != nil {
		t.Errorf("the same file differs: %v", same)
	}
}

// Each field has a word, and each word a field.
func TestEveryFieldHasAWord(t *testing.T) {
	spare := map[string]bool{}
	for key := range words {
		spare[key] = true
	}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(typ.Elem())
		case reflect.Struct:
			for i := range typ.NumField() {
				name, _, tagged := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
				key := typ.Name() + "." + name
				if wordless := name == "source" || name == "sourceOf" || strings.HasPrefix(typ.Name(), "sourced["); name != "" && !wordless && words[key].name == "" {
					t.Errorf("no word for %s (%v)", key, tagged)
				}
				delete(spare, key)
				walk(typ.Field(i).Type)
			}
		}
	}
	walk(reflect.TypeFor[document]())
	if len(spare) > 0 {
		t.Errorf("words without a field: %v", spare)
	}
}

// Each code of a closed list in the schema has a word in Dutch.
func TestEveryCodeHasAWord(t *testing.T) {
	raw, err := os.ReadFile("schema/ruleset-1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema any
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	worded := map[string]bool{}
	for key := range codeWords {
		worded[key[strings.Index(key, ".")+1:]] = true
	}
	found := 0
	var walk func(any)
	walk = func(node any) {
		switch each := node.(type) {
		case []any:
			for _, item := range each {
				walk(item)
			}
		case map[string]any:
			codes, _ := each["enum"].([]any)
			for _, item := range codes {
				code, _ := item.(string)
				found++
				if !worded[code] && !Category(code).valid() && Form(code).dutch() == "" && Recognition(code).Dutch() == "" && !Basis(code).valid() {
					t.Errorf("no word for %q", code)
				}
			}
			for name, item := range each {
				if name != "propertyNames" { // those are names of fields
					walk(item)
				}
			}
		}
	}
	walk(schema)
	if found < 50 {
		t.Errorf("only %d codes in the schema", found)
	}
}

// changed is a published version with other texts in its file.
func changed(t *testing.T, id, version string, oldnew ...string) *RuleSet {
	t.Helper()
	rs, err := Embedded().Version(id, calendar.MustDate(version))
	if err != nil {
		t.Fatal(err)
	}
	raw := strings.NewReplacer(oldnew...).Replace(string(rs.Raw()))
	library, err := Embedded().With(rs.doc.path(), []byte(raw), rs)
	if err != nil {
		t.Fatal(err)
	}
	other, err := library.Version(id, calendar.MustDate(version))
	if err != nil {
		t.Fatal(err)
	}
	return other
}

func TestDifferencesInWords(t *testing.T) {
	utrecht := changed(t, "utrecht", "2015-01-01", `"label": "WW < 1 jaar"`, `"label": "WW"`)
	for name, c := range map[string]struct {
		oldnew []string
		want   string
	}{
		"norm":           {[]string{`"value": "40"`, `"value": "36"`}, "/normWeek/value changed: Norm van 40 naar 36 uur: 11 % meer waarde bij gelijke uren."},
		"longer norm":    {[]string{`"value": "40"`, `"value": "48"`}, "/normWeek/value changed: Norm van 40 naar 48 uur: 17 % minder waarde bij gelijke uren."},
		"value":          {[]string{`"15000.00"`, `"20000.00"`}, "/blocks/2/value changed: WW: van € 15.000 naar € 20.000 per voltijdjaar."},
		"limit":          {[]string{`"value": "15000.00",`, `"value": "15000.00", "maxMonths": 12,`}, "/blocks/2/maxMonths added: WW: grens komt erbij: 12 maanden."},
		"form":           {[]string{`"secondment"`, `"internship"`}, "/blocks/2/forms added: WW: vorm komt erbij: stage."},
		"decide":         {[]string{`"value": 28`, `"value": 42`}, "/decideWithinDays/value changed: Beslistermijn van 28 naar 42 dagen."},
		"percentage":     {[]string{`"percent": "5"`, `"percent": "2.5"`}, "/obligation/works/percentages/0/percent changed: SR-verplichting, werken: percentage van 5 % naar 2,5 %."},
		"labour share":   {[]string{`"percent": "5"`, `"percent": "2", "labourShareBelow": "30" }, { "percent": "5"`}, "/obligation/works/percentages/0 added: SR-verplichting, werken: percentage komt erbij: percentage 2 %, bij een arbeidsaandeel onder 30 %."},
		"basis":          {[]string{`"contractValue"`, `"wageBill"`}, "/obligation/works/basis changed: SR-verplichting, werken: grondslag van opdrachtwaarde naar loonsom."},
		"area":           {[]string{`"GM0344"`, `"GM0344", "GM0310"`}, "/areas/value added: Gebied komt erbij: GM0310."},
		"cadence":        {[]string{`"quarterly"`, `"monthly"`}, "/cadence/value changed: Ritme van verantwoorden van per kwartaal naar per maand."},
		"assumption":     {[]string{`geen ritme.`, `geen vaste dag.`}, `/assumptions/8/text changed: Aanname cadans: tekst van "Verantwoorden gebeurt per kwartaal; de bron noemt geen ritme." naar "Verantwoorden gebeurt per kwartaal; de bron noemt geen vaste dag.".`},
		"source":         {[]string{`"source": "cadans"`, `"source": "utrecht-v1"`}, "/cadence/source changed: Bron: 1 waarde berust op utrecht-v1 in plaats van op cadans."},
		"many sources":   {[]string{`"source": "verplichting"`, `"source": "utrecht-v1"`}, "/obligation/works/source changed: Bron: 3 waarden berusten op utrecht-v1 in plaats van op verplichting."},
		"value and norm": {[]string{`"15000.00"`, `"20000.00"`, `"value": "40"`, `"value": "36"`}, "/blocks/2/value changed: WW: van € 15.000 naar € 20.000 per voltijdjaar; norm van 40 naar 36 uur: samen 48 % meer waarde bij gelijke uren."},
		"they cancel":    {[]string{`"15000.00"`, `"13500.00"`, `"value": "40"`, `"value": "36"`}, "/blocks/2/value changed: WW: van € 15.000 naar € 13.500 per voltijdjaar; norm van 40 naar 36 uur: samen evenveel waarde bij gelijke uren."},
	} {
		t.Run(name, func(t *testing.T) {
			other := changed(t, "utrecht", "2015-01-01", append([]string{`"label": "WW < 1 jaar"`, `"label": "WW"`}, c.oldnew...)...)
			var told []string
			for _, d := range Differences(utrecht, other) {
				told = append(told, d.Path+" "+string(d.Kind)+": "+d.Text)
			}
			if all := strings.Join(told, "\n"); !strings.Contains("\n"+all+"\n", "\n"+c.want+"\n") {
				t.Errorf("want %s\ngot %s", c.want, all)
			}
		})
	}
}

// The whole percentage is the nearest one, half away from zero.
func TestMoreOrLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.Int64Range(1, 1_000_000).Draw(t, "before"), rapid.Int64Range(0, 1_000_000).Draw(t, "after")
		text := moreOrLess(big.NewRat(after, before))
		change := (after - before) * 100
		number, direction, _ := strings.Cut(text, " % ")
		switch {
		case change == 0:
			if text != "evenveel" {
				t.Fatalf("%d to %d: %s", before, after, text)
			}
			return
		case number == "minder dan 1":
			if abs(change)*2 >= before {
				t.Fatalf("%d to %d: %s", before, after, text)
			}
		default:
			percent, err := strconv.ParseInt(number, 10, 64)
			if twice := 2*abs(change) - 2*percent*before; err != nil || twice < -before || twice >= before {
				t.Fatalf("%d to %d: %s, %v", before, after, text, err)
			}
		}
		if direction != map[bool]string{true: "meer", false: "minder"}[change > 0] {
			t.Fatalf("%d to %d: %s", before, after, text)
		}
	})
}

func abs(n int64) int64 { return max(n, -n) }
