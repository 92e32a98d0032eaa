// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

type sample struct {
	Amount  money.Cents          `json:"bedrag"`
	Day     calendar.Date        `json:"dag,omitzero"`
	Count   int                  `json:"aantal,omitempty"`
	Yes     bool                 `json:"ja,omitempty"`
	Text    string               `json:"tekst,omitempty"`
	Inner   *sample              `json:"binnen,omitempty"`
	List    []sample             `json:"lijst,omitempty"`
	Gone    removable[exemption] `json:"weg,omitzero"`
	Ignored string               `json:"-"`
}

func decodeSample(text string) (sample, []string) {
	var value sample
	var found findings
	decodeJSON([]byte(text), &value, &found)
	var faults []string
	for _, f := range found.list {
		faults = append(faults, f.Location+" "+f.Code)
	}
	return value, faults
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`{"bedrag":"1.00"}`: nil,
		` {"bedrag" : "1.00" , "binnen":{"bedrag":"2"}} `: nil,
		`{}`:                                                  {"/bedrag verplicht"},
		`{"bedrag":"1,00"}`:                                   {"/bedrag onjuiste-vorm"},
		`{"bedrag":""}`:                                       {"/bedrag onjuiste-vorm"},
		`{"bedrag":"1","dag":""}`:                             {"/dag onjuiste-vorm"},
		`{"bedrag":1}`:                                        {"/bedrag verkeerd-type"},
		`{"bedrag":null}`:                                     {"/bedrag null-niet-toegestaan"},
		`{"bedrag":"1","weg":null}`:                           nil,
		`{"bedrag":"1","aantal":1.0}`:                         {"/aantal verkeerd-type"},
		`{"bedrag":"1","aantal":1e3}`:                         {"/aantal verkeerd-type"},
		`{"bedrag":"1","aantal":99999999999}`:                 {"/aantal verkeerd-type"},
		`{"bedrag":"1","aantal":"1"}`:                         {"/aantal verkeerd-type"},
		`{"bedrag":"1","ja":"true"}`:                          {"/ja verkeerd-type"},
		`{"bedrag":"1","tekst":true}`:                         {"/tekst verkeerd-type"},
		`{"bedrag":"1","tekst":"a\u0000b"}`:                   {"/tekst onleesbaar-teken"},
		`{"bedrag":"1","lijst":{"a":[{}]}}`:                   {"/lijst verkeerd-type"},
		`{"bedrag":"1","binnen":[1,[2]]}`:                     {"/binnen verkeerd-type"},
		`{"bedrag":["1"],"tekst":"x"}`:                        {"/bedrag verkeerd-type"},
		`{"bedrag":"1","Ignored":"x"}`:                        {"/Ignored veld-onbekend"},
		`{"bedrag":"1","-":"x"}`:                              {"/- veld-onbekend"},
		`{"bedrag":"1","Bedrag":"x"}`:                         {"/Bedrag veld-onbekend"},
		`{"bedrag":"1","a/b~c":{"d":[1,2]},"tekst":1}`:        {"/a~1b~0c veld-onbekend", "/tekst verkeerd-type"},
		`{"bedrag":"1","bedrag":"2"}`:                         {"/bedrag veld-dubbel"},
		`{"bedrag":"1","x":1,"x":2}`:                          {"/x veld-onbekend", "/x veld-dubbel", "/x veld-onbekend"},
		`{"bedrag":"1","lijst":[{"bedrag":"x"},{"tekst":7}]}`: {"/lijst/0/bedrag onjuiste-vorm", "/lijst/1/tekst verkeerd-type", "/lijst/1/bedrag verplicht"},
		`{"bedrag":"1"`:                                       {" geen-json"},
		`{"bedrag":"1",}`:                                     {" geen-json"},
		`{'bedrag':'1'}`:                                      {" geen-json"},
		``:                                                    {" geen-json"},
		`"x"`:                                                 {" verkeerd-type"},
		`null`:                                                {" null-niet-toegestaan"},
		`{"bedrag":"1"} {}`:                                   {" tekst-na-json"},
		`{"bedrag":"1"}]`:                                     {" tekst-na-json"},
	} {
		if _, got := decodeSample(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func detailOf(err error) string {
	refused, _ := errors.AsType[*refusal](err)
	return refused.detail
}

func TestDecodeIsBounded(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"binnen":`, 33) + "1" + strings.Repeat("}", 33)
	if _, faults := decodeSample(deep); faults[len(faults)-1] != " te-diep-genest" {
		t.Errorf("too deep: %q", faults)
	}
	if _, faults := decodeSample(`{"x":` + strings.Repeat("[", 100_000)); faults[len(faults)-1] != " te-diep-genest" {
		t.Errorf("too deep in what is skipped: %q", faults)
	}
	var many strings.Builder
	for i := range 2 * maxFound {
		fmt.Fprintf(&many, `"x%d":1,`, i)
	}
	var value sample
	var found findings
	decodeJSON([]byte("{"+many.String()+`"bedrag":"1"}`), &value, &found)
	if len(found.list) != maxFound || found.more != maxFound || !strings.Contains(detailOf(found.err()), fmt.Sprint(maxFound)) {
		t.Errorf("%d faults and %d more", len(found.list), found.more)
	}
	if _, faults := decodeSample(`{"bedrag":"1","` + strings.Repeat("é", 100) + `":1}`); len(faults[0]) > 100 {
		t.Errorf("an answer repeats a name of any length: %q", faults)
	}
}

// TestDecodeReadsWhatItsTypesWrite holds the decoder against encoding/json.
func TestDecodeReadsWhatItsTypesWrite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		value := lineDecision{
			Line:    rapid.IntRange(1, 1000).Draw(rt, "line"),
			Verdict: word[sroi.LineVerdict](rapid.SampledFrom([]string{"approved", "rejected"}).Draw(rt, "verdict")),
			Reason:  word[sroi.DecisionReason](rapid.SampledFrom([]sroi.DecisionReason{sroi.NotPaid, sroi.OtherReason}).Draw(rt, "reason")),
			Text:    rapid.StringMatching(`[ -~éë€\n]{1,40}`).Draw(rt, "text"),
			NoBSN:   rapid.Bool().Draw(rt, "noBSN"),
		}
		if rapid.Bool().Draw(rt, "part") {
			amount := money.Cents(rapid.Int64Range(0, int64(money.Max)).Draw(rt, "amount"))
			value.Amount = &amount
			value.Hours = []hours{{
				From:    calendar.MustDate("2022-01-01").AddDays(rapid.IntRange(0, 1000).Draw(rt, "day")),
				PerWeek: calendar.Minutes(rapid.IntRange(0, 3600).Draw(rt, "minutes")),
			}}
		}
		text, err := json.Marshal(value)
		if err != nil {
			rt.Fatal(err)
		}
		var read lineDecision
		var found findings
		decodeJSON(text, &read, &found)
		if len(found.list) > 0 || !reflect.DeepEqual(read, value) {
			rt.Fatalf("%s: %v\n%+v\n%+v", text, found.list, read, value)
		}
	})
}

// FuzzDecode holds that no body makes the decoder panic, and that what it takes
// encoding/json takes too.
func FuzzDecode(f *testing.F) {
	f.Add(fmt.Sprintf(tenderBody, "x"))
	f.Add(authorityBody)
	f.Add(placementBody)
	f.Add(`{"percelen":[{"id":"1","vrijstelling":null}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, shape := range wireTypes() {
			value := reflect.New(shape)
			var found findings
			decodeJSON([]byte(text), value.Interface(), &found)
			if len(found.list) > 0 {
				continue
			}
			if !json.Valid([]byte(text)) {
				t.Errorf("%q was taken, and is no JSON", text)
			}
			checkShape(inBody, value.Elem().Interface(), &found)
		}
	})
}

func TestDecimal(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text string
		unit string
		want money.Fraction
		back string
	}{
		{"125", "count", money.Fraction{Num: 125, Den: 1}, "125"},
		{"58.1", "percent", money.Fraction{Num: 581, Den: 1000}, "58.1"},
		{"1234.56", "euro", money.Fraction{Num: 123456, Den: 1}, "1234.56"},
		{"12.3456", "fte", money.Fraction{Num: 7716, Den: 625}, "12.3456"},
		{"99999999999999.9999", "euro", money.Fraction{Num: 999999999999999999, Den: 100}, "99999999999999.9999"},
		{"-0.5", "percent", money.Fraction{Num: -1, Den: 200}, "-0.5"},
	} {
		var d decimal
		if err := d.UnmarshalText([]byte(row.text)); err != nil {
			t.Fatal(err)
		}
		if got := d.in(sroi.Unit(row.unit)); got != row.want {
			t.Errorf("%s %s is %v, want %v", row.text, row.unit, got, row.want)
		}
		if got := decimalOf(row.want, sroi.Unit(row.unit)).text; got != row.back {
			t.Errorf("%v %s is written %s, want %s", row.want, row.unit, got, row.back)
		}
	}
	if got := decimalOf(money.Fraction{Num: -1, Den: 100_000_000}, sroi.UnitPercent).text; got != "0" {
		t.Errorf("a little less than nothing is written %s", got)
	}
	for _, text := range []string{"", "1,5", "1.", ".5", "01", "1e3", "1.23456", "100000000000000", "NaN", "--1"} {
		if new(decimal).UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was read", text)
		}
	}
	if got := decimalOf(money.Fraction{Num: 18, Den: 31}, sroi.Unit("percent")).text; got != "58.0645" {
		t.Errorf("18/31 is written %s", got)
	}
	if got := decimalOf(money.Fraction{}, sroi.Unit("count")).text; got != "0" {
		t.Errorf("nothing is written %s", got)
	}
}
