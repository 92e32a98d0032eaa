// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/money"
)

// outcome writes what a parser gave: the value, or the flaw.
func outcomeOf[T any](value T, problem *flaw) string {
	switch problem {
	case nil:
		return fmt.Sprint(value)
	case errAmountAmbiguous:
		return "ambiguous"
	case errScientific:
		return "scientific"
	case errHoursExact:
		return "inexact"
	case errKvKZero:
		return "zero lost"
	case errDateYear:
		return "two digits"
	case errDateSerial:
		return "serial"
	case errAmountDecimals:
		return "decimals"
	case errAmountRange:
		return "range"
	}
	return "refused"
}

func check[T any](t *testing.T, parse func(string) (T, *flaw), tests map[string]string) {
	t.Helper()
	for text, want := range tests {
		if got := outcomeOf(parse(text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestParseAmount(t *testing.T) {
	check(t, parseAmount, map[string]string{
		"1234":                "1234.00",
		"0":                   "0.00",
		"0,5":                 "0.50",
		"1234,56":             "1234.56",
		"1234.56":             "1234.56",
		"1234.5":              "1234.50",
		"1.234,56":            "1234.56",
		"1.234.567":           "1234567.00",
		"1.234.567,8":         "1234567.80",
		"€ 1.234,56":          "1234.56",
		"€1234":               "1234.00",
		"1.234,56 €":          "1234.56",
		"€\u00A01.234,56":     "1234.56",
		"€ 1\u202F234,56":     "1234.56",
		"EUR 12":              "12.00",
		"1.234,-":             "1234.00",
		"12,-":                "12.00",
		"-12,50":              "-12.50",
		"€ -12,50":            "-12.50",
		"1.234":               "ambiguous",
		"12.345":              "ambiguous",
		"0.123":               "decimals",
		"1,234":               "ambiguous",
		"1234.567":            "decimals",
		"1234,567":            "decimals",
		"1.2345":              "decimals",
		"1,2345":              "decimals",
		"1.234,567":           "decimals",
		"999999999999,99":     "999999999999.99",
		"1000000000000":       "range",
		"1234567890123456":    "range",
		"1,234.56":            "refused",
		"1,234,567":           "refused",
		"12.34.56":            "refused",
		"1.23,45":             "refused",
		"1234.567,89":         "refused",
		".234.567":            "refused",
		"0.123.456":           "refused",
		"1,":                  "refused",
		"1.":                  "refused",
		",5":                  "refused",
		".5":                  "refused",
		"-":                   "refused",
		",-":                  "refused",
		"--5":                 "refused",
		"007":                 "refused",
		"1e5":                 "refused",
		"12 euro":             "refused",
		"USD 12":              "refused",
		"١٢":                  "refused",
		"9223372036854775808": "range",
	})
}

// TestAmountsKeepTheirValue writes amounts in every Dutch way.
func TestAmountsKeepTheirValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := money.Cents(rapid.Int64Range(0, int64(money.Max)).Draw(t, "cents"))
		whole, rest := int64(cents)/100, int64(cents)%100
		grouped := money.Thousands(whole)
		for _, text := range []string{
			cents.String(),
			fmt.Sprintf("%d,%02d", whole, rest),
			fmt.Sprintf("%s,%02d", grouped, rest),
			fmt.Sprintf("€ %s,%02d", grouped, rest),
		} {
			if got, problem := parseAmount(text); problem != nil || got != cents {
				t.Fatalf("%q: got %s", text, outcomeOf(got, problem))
			}
		}
	})
}

func TestParseHours(t *testing.T) {
	check(t, parseHours, map[string]string{
		"24": "24", "24,5": "24.5", "24.5": "24.5", "24:30": "24.5", "24:30:00": "24.5", "33:20": "33:20", "0": "0",
		"7,75": "7.75", "33,33": "inexact", "33.33": "inexact", "24:30:01": "refused", "1.234": "refused", "1.234,5": "refused",
		"-1": "refused", "24:60": "refused", "24u": "refused", ",5": "refused", "5,": "refused", "1,2E+03": "refused",
	})
}

func TestParseDate(t *testing.T) {
	check(t, parseDate, map[string]string{
		"31-12-2022": "2022-12-31", "31/12/2022": "2022-12-31", "2022-12-31": "2022-12-31", "1-2-2022": "2022-02-01",
		"01/2/2022": "2022-02-01", "29-2-2024": "2024-02-29", "29-2-2023": "refused", "12/31/2022": "refused",
		"31-12-22": "two digits", "44926": "serial", "31-12/2022": "refused", "31 december 2022": "refused",
		"2022-12-31 00:00": "refused", "0-1-2022": "refused", "-1-2022": "refused", "1--2022": "refused",
		"1-1-1899": "refused", "1-1-2200": "refused", "001-1-2022": "refused", "31122022": "refused", "+1-1-2022": "refused",
		"a-1-22": "refused", "1-a-22": "refused",
	})
}

func TestParseReferences(t *testing.T) {
	check(t, parseKvK, map[string]string{
		"12345678": "12345678", "01234567": "01234567", "1234 5678": "12345678", "1234567": "zero lost", "123456789": "refused",
		"1,23E+07": "scientific", "1.2E+7": "refused", "KvK 12345678": "refused", "12.345.678": "refused", "": "refused",
	})
	check(t, parseReference, map[string]string{
		"F-2022/1": "F-2022/1", "000123": "000123", "1,23E+08": "scientific", "1.23E+08": "scientific", "1E+10": "scientific",
		"1,2e-05": "scientific", "2E10": "2E10", "E+10": "E+10", "12E+10": "12E+10", "1,23E+08a": "1,23E+08a",
	})
}

func TestParseRest(t *testing.T) {
	check(t, parsePeriod, map[string]string{
		"2022-Q1": "2022-Q1", "2022-q4": "2022-Q4", "2022-h2": "2022-H2", "2022-03": "2022-03", "2022-Q5": "refused", "mrt-22": "refused", "2022": "refused",
	})
	check(t, parseNumber, map[string]string{
		"1": "1", "999999999": "999999999", "0": "refused", "-1": "refused", "+1": "refused", "1,0": "refused", "1000000000": "refused", "99999999999999999999": "refused",
	})
	check(t, parseRecognition, map[string]string{"erkend": "recognised", "Aspirant": "aspirant", "SW": "sheltered", "ja": "refused"})
	check(t, parseYesNo, map[string]string{"ja": "true", "NEE": "false", "x": "refused"})
	hash := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF"
	check(t, parseHash, map[string]string{
		hash: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", hash[1:]: "refused", hash[1:] + "g": "refused",
	})
}
