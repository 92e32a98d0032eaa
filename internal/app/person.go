// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// PersonKeys are the secret keys that turn a person into a token, newest first.
// Who has been met under one of them stays one person under the others, for a
// placement records every token that its person may go by (see
// Contracts.AddPlacement). So a new key may come at any time, beside the old one;
// the old one may go once everyone who still counts has had a placement added
// beside the new one. Who has not is a new person from then on.
type PersonKeys []PersonKey

// PersonKey is one version of the secret; at least 32 random bytes.
type PersonKey struct {
	Version int
	Secret  []byte
}

// tokens are what the person may be known by, the newest key's first.
func (k PersonKeys) tokens(p PersonInput) []sroi.Token {
	tokens := make([]sroi.Token, len(k))
	for i, key := range k {
		mac := hmac.New(sha256.New, key.Secret)
		mac.Write([]byte(p.normalised()))
		sum := base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
		tokens[i] = sroi.Token(fmt.Sprintf("%d.%s", key.Version, sum))
	}
	return tokens
}

// normalised is the text that is hashed; it is never stored or logged.
func (p PersonInput) normalised() string {
	if p.Code != "" {
		return "code|" + letters(p.Code)
	}
	return fmt.Sprintf("name|%s|%s|%04d-%02d-%02d", letters(p.Initials), letters(p.Surname), p.Birth.Year, p.Birth.Month, p.Birth.Day)
}

// letters folds case and drops accents, spaces and points, so that "J. de Vriès"
// and "j de vries" are one.
func letters(s string) string {
	var folded strings.Builder
	for _, r := range norm.NFD.String(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			folded.WriteRune(unicode.ToLower(r))
		}
	}
	return folded.String()
}

// check names what is wrong with it. The person's data never stands in a fault.
func (p PersonInput) check(today calendar.Date, found *faults) {
	if p.Code != "" {
		if p.Initials != "" || p.Surname != "" || p.Birth != (BirthDate{}) {
			found.add("/person", "code-of-naam", "Geef de code van het bureau, of voorletters, achternaam en geboortedatum, niet beide.")
		}
		if letters(p.Code) == "" {
			found.add("/person/code", "code-onbruikbaar", "De code heeft letters of cijfers nodig.")
		}
		if sroi.MayHoldBSN(p.Code) {
			found.add("/person/code", "mogelijk-bsn", "Deze code kan een burgerservicenummer zijn; dat gebruikt u hier nooit. Vraag het bureau om een code met letters, of geef voorletters, achternaam en geboortedatum.")
		}
		return
	}
	checkName("/person/initials", p.Initials, found)
	checkName("/person/surname", p.Surname, found)
	if letters(p.Initials) == "" {
		found.add("/person/initials", "verplicht", "Voorletters zijn nodig, of de code van het bureau.")
	}
	if letters(p.Surname) == "" {
		found.add("/person/surname", "verplicht", "De achternaam is nodig, of de code van het bureau.")
	}
	p.Birth.check(today, found)
}

func (b BirthDate) check(today calendar.Date, found *faults) {
	switch {
	case b.Year < 1900 || b.Year > today.Year():
		found.add("/person/birth", "geboortedatum-onjuist", "Geef ten minste het geboortejaar; dag en maand mogen onbekend zijn.")
	case b.Month == 0 && b.Day != 0:
		found.add("/person/birth", "geboortedatum-onjuist", "Een dag zonder maand kan niet.")
	case b.Month != 0 && b.Day != 0:
		day, err := calendar.ParseDate(fmt.Sprintf("%04d-%02d-%02d", b.Year, b.Month, b.Day))
		if err != nil || day.After(today) {
			found.add("/person/birth", "geboortedatum-onjuist", "Deze geboortedatum bestaat niet of ligt in de toekomst.")
		}
	case b.Month < 0 || b.Month > 12:
		found.add("/person/birth", "geboortedatum-onjuist", "Deze maand bestaat niet.")
	}
}

// ageOn is the age in whole years; where day or month are unknown it takes the
// last day possible, so that nobody is made older than shown.
func (b BirthDate) ageOn(day calendar.Date) int {
	month, dom := b.Month, b.Day
	if month == 0 {
		month = 12
	}
	if dom == 0 {
		dom = 31
	}
	year, m, d := day.Civil()
	age := year - b.Year
	if int(m) < month || int(m) == month && d < dom {
		age--
	}
	return age
}
