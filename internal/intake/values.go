// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// flaw is what is wrong with a value, before it is known where it stands. It
// never repeats the value.
type flaw struct {
	code   string
	detail string // in Dutch, with what to do
}

var (
	errScientific = &flaw{"scientific", "Excel heeft hier een getal van gemaakt (zoals 1,23E+08), waardoor cijfers verloren kunnen zijn. Zet de cel op Tekst en vul het nummer opnieuw in."}

	errAmount          = &flaw{"amount", "Dit is geen bedrag. Schrijf het als 1234,56 of 1.234,56."}
	errAmountAmbiguous = &flaw{"ambiguous", "Dit bedrag is op twee manieren te lezen: als duizendtal of met drie decimalen. Schrijf het als 1234,00 of 1,23."}
	errAmountDecimals  = &flaw{"amount", "Een bedrag heeft hoogstens twee decimalen. Schrijf het als 1234,56."}
	errAmountRange     = &flaw{"range", "Dit bedrag is te groot."}

	errHours      = &flaw{"hours", "Dit is geen aantal uren in hele minuten. Schrijf het als 24, 24,5 of 24:30, zonder punten voor duizendtallen."}
	errHoursExact = &flaw{"hours", "Dit aantal uren komt niet op hele minuten uit. Schrijf het met uren en minuten, zoals 33:20."}

	errDate       = &flaw{"date", "Dit is geen bestaande datum. Schrijf dag-maand-jaar, zoals 31-12-2022."}
	errDateYear   = &flaw{"date", "Het jaar is met twee cijfers geschreven. Schrijf het met vier, zoals 31-12-2022."}
	errDateSerial = &flaw{"date", "Hier staat een getal in plaats van een datum. Zet de cel in Excel op Datum, zodat er 31-12-2022 staat."}

	errPeriod      = &flaw{"period", "Dit is geen periode. Schrijf 2022-Q1, 2022-03 of 2022-H1. Maakt Excel er een datum van, zet de cel dan eerst op Tekst."}
	errNumber      = &flaw{"number", "Dit is geen nummer van een plaatsing. Schrijf een heel getal vanaf 1."}
	errCount       = &flaw{"number", "Dit is geen aantal. Schrijf een heel getal vanaf 1."}
	errKvK         = &flaw{"kvk", "Dit is geen KvK-nummer. Een KvK-nummer heeft acht cijfers."}
	errKvKZero     = &flaw{"kvk", "Dit KvK-nummer heeft zeven cijfers; Excel laat een nul vooraan weg. Zet de cel op Tekst en schrijf de nul ervoor."}
	errRecognition = &flaw{"recognition", "Deze erkenning is niet bekend. Schrijf erkend, aspirant of sw."}
	errYesNo       = &flaw{"yesNo", "Schrijf ja of nee."}
	errHash        = &flaw{"sha256", "Een SHA-256 bestaat uit 64 tekens: de cijfers 0 tot en met 9 en de letters a tot en met f."}
)

var scientific = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE][+-][0-9]{2,3}$`)

// isScientific looks for the exponent first, since nearly no cell has one.
func isScientific(s string) bool {
	return (strings.IndexByte(s, 'E') > 0 || strings.IndexByte(s, 'e') > 0) && scientific.MatchString(s)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func parseText(s string) (string, *flaw) { return s, nil }

// parseReference reads a number that must keep every digit, as text.
func parseReference(s string) (string, *flaw) {
	if isScientific(s) {
		return "", errScientific
	}
	return s, nil
}

func parseKvK(s string) (string, *flaw) {
	s = strings.ReplaceAll(s, " ", "")
	switch {
	case isScientific(s):
		return "", errScientific
	case len(s) == 7 && isDigits(s):
		return "", errKvKZero
	case len(s) != 8 || !isDigits(s):
		return "", errKvK
	}
	return s, nil
}

// isPlainAmount tells that nothing has to be taken off: no sign of a currency,
// and no space.
func isPlainAmount(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != ',' && c != '-' {
			return false
		}
	}
	return true
}

var currencySigns = strings.NewReplacer("€", "", " ", "", "\u00A0", "", "\u202F", "")

// parseAmount reads "1234", "1234,5", "1.234,56", "1234.56", "1.234.567",
// "€ 1.234,56" and "1.234,-". What a Dutch and an English reader would read
// differently, such as "1.234" and "1,234", is refused.
func parseAmount(s string) (money.Cents, *flaw) {
	if !isPlainAmount(s) {
		s = strings.TrimPrefix(currencySigns.Replace(s), "EUR")
	}
	digits, negative := strings.CutPrefix(s, "-")
	whole, decimals, problem := splitAmount(digits)
	if problem != nil {
		return 0, problem
	}
	wire := whole
	if negative {
		wire = "-" + wire
	}
	if decimals != "" {
		wire += "." + decimals
	}
	cents, err := money.Parse(wire)
	switch {
	case err == nil:
		return cents, nil
	case errors.Is(err, money.ErrRange):
		return 0, errAmountRange
	}
	return 0, errAmount
}

// splitAmount gives the digits before and after the decimal mark: a comma, or
// a point that stands alone.
func splitAmount(s string) (whole, decimals string, problem *flaw) {
	whole, decimals, marked := strings.Cut(s, ",")
	switch {
	case marked && decimals == "-":
		marked, decimals = false, ""
	case !marked && strings.Count(s, ".") == 1:
		whole, decimals, marked = strings.Cut(s, ".")
	}
	grouped := strings.Contains(whole, ".")
	switch {
	case grouped && !isGrouped(whole), marked && !isDigits(decimals):
		return "", "", errAmount
	case !grouped && isGrouped(whole+"."+decimals):
		return "", "", errAmountAmbiguous
	case len(decimals) > 2:
		return "", "", errAmountDecimals
	}
	return strings.ReplaceAll(whole, ".", ""), decimals, nil
}

// isGrouped tells whether the points stand at the thousands: "1.234.567".
func isGrouped(s string) bool {
	head, rest, more := strings.Cut(s, ".")
	if !isDigits(head) || len(head) > 3 || head[0] == '0' {
		return false
	}
	for more {
		var group string
		group, rest, more = strings.Cut(rest, ".")
		if len(group) != 3 || !isDigits(group) {
			return false
		}
	}
	return true
}

// parseHours reads "24", "24,5", "24.5", "24:30" and Excel's "24:30:00".
func parseHours(s string) (calendar.Minutes, *flaw) {
	if strings.Count(s, ":") == 2 {
		s = strings.TrimSuffix(s, ":00")
	}
	minutes, err := calendar.ParseHours(strings.Replace(s, ",", ".", 1))
	if err == nil {
		return minutes, nil
	}
	point := strings.IndexAny(s, ",.")
	if point > 0 && len(s)-point-1 <= 2 && isDigits(s[:point]) && isDigits(s[point+1:]) {
		return 0, errHoursExact
	}
	return 0, errHours
}

// parseDate reads "31-12-2022", "31/12/2022" and "2022-12-31"; day and month
// may lack their zero, as Excel writes them.
func parseDate(s string) (calendar.Date, *flaw) {
	if strings.IndexByte(s, '-') == 4 {
		return calendarDate(s)
	}
	mark := "-"
	if strings.Contains(s, "/") {
		mark = "/"
	}
	day, rest, _ := strings.Cut(s, mark)
	month, year, complete := strings.Cut(rest, mark)
	switch {
	case len(s) == 5 && isDigits(s):
		return calendar.Date{}, errDateSerial
	case !complete || !isDigits(day) || !isDigits(month) || len(day) > 2 || len(month) > 2:
		return calendar.Date{}, errDate
	case len(year) == 2 && isDigits(year):
		return calendar.Date{}, errDateYear
	}
	if len(day) == 2 && len(month) == 2 && len(year) == 4 { // as nearly all are: no text is made
		iso := [...]byte{year[0], year[1], year[2], year[3], '-', month[0], month[1], '-', day[0], day[1]}
		return calendarDate(string(iso[:]))
	}
	return calendarDate(year + "-" + twoDigits(month) + "-" + twoDigits(day))
}

func calendarDate(iso string) (calendar.Date, *flaw) {
	date, err := calendar.ParseDate(iso)
	if err != nil {
		return calendar.Date{}, errDate
	}
	return date, nil
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

func parsePeriod(s string) (calendar.Period, *flaw) {
	period, err := calendar.ParsePeriod(strings.ToUpper(s))
	if err != nil {
		return calendar.Period{}, errPeriod
	}
	return period, nil
}

// parseNumber reads the number of a placement.
func parseNumber(s string) (int, *flaw) { return parseWhole(s, errNumber) }

// parseCount reads how many there are of something.
func parseCount(s string) (int, *flaw) { return parseWhole(s, errCount) }

// parseWhole reads a whole number from 1, of at most nine digits.
func parseWhole(s string, otherwise *flaw) (int, *flaw) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || len(s) > 9 || !isDigits(s) {
		return 0, otherwise
	}
	return n, nil
}

var recognitionNames = map[string]ruleset.Recognition{
	"erkend":   ruleset.Recognised,
	"aspirant": ruleset.Aspirant,
	"sw":       ruleset.Sheltered,
}

func parseRecognition(s string) (ruleset.Recognition, *flaw) {
	recognition, known := recognitionNames[strings.ToLower(s)]
	if !known {
		return "", errRecognition
	}
	return recognition, nil
}

func parseYesNo(s string) (bool, *flaw) {
	switch strings.ToLower(s) {
	case "ja":
		return true, nil
	case "nee":
		return false, nil
	}
	return false, errYesNo
}

// parseHash gives the digest in lower case.
func parseHash(s string) (string, *flaw) {
	s = strings.ToLower(s)
	if len(s) != 64 {
		return "", errHash
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", errHash
		}
	}
	return s, nil
}
