// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Minutes is an amount of working time in whole minutes.
type Minutes int64

// MaxWeek is the most that one person may work in a week: 60 hours. More is
// refused wherever hours per week come in.
const MaxWeek Minutes = 60 * 60

// ErrHours reports a text that is no number of hours in whole minutes.
var ErrHours = errors.New("calendar: not hours in whole minutes (24, 24.5 or 24:30)")

// ParseHours reads "24", "24.5", "24.05" or "24:30". A decimal that is no
// whole number of minutes (33.33) is refused, not rounded. It returns ErrHours.
func ParseHours(s string) (Minutes, error) {
	if hours, minutes, found := strings.Cut(s, ":"); found {
		h, errH := strconv.ParseUint(hours, 10, 24)
		m, errM := strconv.ParseUint(minutes, 10, 8)
		if errH != nil || errM != nil || len(minutes) != 2 || m > 59 {
			return 0, ErrHours
		}
		return Minutes(h*60 + m), nil
	}
	whole, decimals, point := strings.Cut(s, ".")
	h, err := strconv.ParseUint(whole, 10, 24)
	if err != nil || point && decimals == "" || len(decimals) > 2 {
		return 0, ErrHours
	}
	hundredths, err := strconv.ParseUint((decimals + "00")[:2], 10, 8)
	if err != nil || hundredths*60%100 != 0 {
		return 0, ErrHours
	}
	return Minutes(h*60 + hundredths*60/100), nil
}

// String is the wire form in hours: a decimal where two decimals are exact
// ("24", "24.5"), else hours and minutes ("33:20").
func (m Minutes) String() string {
	switch rest := m % 60; {
	case rest == 0:
		return strconv.FormatInt(int64(m/60), 10)
	case rest*100%60 == 0:
		return strings.TrimSuffix(fmt.Sprintf("%d.%02d", m/60, rest*100/60), "0")
	}
	return fmt.Sprintf("%d:%02d", m/60, m%60)
}

// Dutch is the form for people, without unit: "24", "24,5", "33:20".
func (m Minutes) Dutch() string { return strings.Replace(m.String(), ".", ",", 1) }

// MarshalText gives the wire form.
func (m Minutes) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the wire form; see ParseHours.
func (m *Minutes) UnmarshalText(text []byte) error {
	parsed, err := ParseHours(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
