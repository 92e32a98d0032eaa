// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"socialreturn/internal/calendar"
)

// ErrKey reports an id that can be no part of a key (empty, with a #, over 200 bytes,
// or not of its form). No call was made.
var ErrKey = errors.New("store: not a key")

// The layouts of keys, which doc.go lists.
var (
	authorityKey       = newLayout("AUTH#<authority>", "PROFILE")
	tenderPointerKey   = newLayout("AUTH#<authority>", "TENDER#<tender>")
	contractPointerKey = newLayout("AUTH#<authority>", "CONTRACT#<contract>")
	memberKey          = newLayout("MEMBERS#<area>", "AUTH#<authority>")
	uniqueKey          = newLayout("UNIQUE#<authority>#<kind>#<sha256>", "UNIQUE")
	tenderKey          = newLayout("TENDER#<tender>", "HEAD")
	tenderEntryKey     = newLayout("TENDER#<tender>", "ENTRY#<n8>")
	lotKey             = newLayout("TENDER#<tender>", "LOT#<lot>")
	contractKey        = newLayout("CONTRACT#<contract>", "HEAD")
	amendmentKey       = newLayout("CONTRACT#<contract>", "AMENDMENT#<n4>")
	placementKey       = newLayout("CONTRACT#<contract>", "HEAD#PLACEMENT#<n4>")
	balanceKey         = newLayout("CONTRACT#<contract>", "BALANCE")
	entryKey           = newLayout("CONTRACT#<contract>", "ENTRY#<n8>")
	planKey            = newLayout("CONTRACT#<contract>", "PLAN")
	planRevisionKey    = newLayout("CONTRACT#<contract>", "PLAN#<n4>")
	statementKey       = newLayout("CONTRACT#<contract>", "STATEMENT#<period>")
	lineKey            = newLayout("CONTRACT#<contract>", "REV#<period>#<revision>#LINE#<n5>")
	decisionKey        = newLayout("CONTRACT#<contract>", "REV#<period>#<revision>#DECISION#<n4>#<n5>")
	correctionKey      = newLayout("CONTRACT#<contract>", "CORRECTION#<correction>")
	invoiceKey         = newLayout("CONTRACT#<contract>", "INVOICE#<sha256>")
	activityDayKey     = newLayout("CONTRACT#<contract>", "DAY#<block>#<date>")
	sightingKey        = newLayout("CONTRACT#<contract>", "DOC#<sha256>")
	aliasKey           = newLayout("PERSON#<person>", "ALIAS")
	hoursKey           = newLayout("PERSON#<person>", "PERIOD#<period>#CONTRACT#<contract>#<n4>")
	tallyKey           = newLayout("PERSON#<person>", "TALLY")
	contractPartKey    = newLayout("AREA#<area>#YEAR#<year>", "CONTRACT#<contract>")
	tenderPartKey      = newLayout("AREA#<area>#YEAR#<year>", "TENDER#<tender>")
	totalKey           = newLayout("AREA#<area>", "YEAR#<year>")
	courseKey          = newLayout("AREA#<area>", "YEAR#<year>#COURSE#<month>")
	indicatorKey       = newLayout("INDICATOR#<area>", "<code>#<period or year>#<series>#<n4>")

	enterpriseKey        = newLayout("REGISTER#<register>", "SELLER#<kvk>")
	enterpriseVersionKey = newLayout("REGISTER#<register>", "VERSION#<kvk>#<n4>")

	yearCloseKey = newLayout("AREA#<authority>", "CLOSE#<year>")
	headsKey     = newLayout("AREA#<authority>#CLOSE#<year>", "HEADS#<n4>")
	areaCloseKey = newLayout("AREA#<area>", "CLOSED#<year>")

	layouts = []*layout{
		authorityKey, tenderPointerKey, contractPointerKey, memberKey, uniqueKey, tenderKey, tenderEntryKey, lotKey,
		contractKey, amendmentKey, placementKey, balanceKey, entryKey, planKey, planRevisionKey, statementKey, lineKey, decisionKey, correctionKey,
		invoiceKey, activityDayKey, sightingKey, aliasKey, hoursKey, tallyKey, contractPartKey, tenderPartKey, totalKey, courseKey, indicatorKey,
		enterpriseKey, enterpriseVersionKey, yearCloseKey, headsKey, areaCloseKey,
	}
)

// The layouts of the two indexes' keys.
var (
	tendersOfAuthority   = newLayout("AUTH#<authority>", "TENDER#<date>#<tender>")
	contractsOfAuthority = newLayout("AUTH#<authority>", "CONTRACT#<date>#<contract>")
	contractsOfSupplier  = newLayout("SUPPLIER#<supplier>", "CONTRACT#<date>#<contract>")
	authoritiesOfDesk    = newLayout("DESK#<desk>#AUTH", "<authority>")
	contractsOfDesk      = newLayout("DESK#<desk>#CONTRACT", "<date>#<contract>")
	statementsOfDesk     = newLayout("DESK#<desk>#<state>", "<date>#<contract>#<period>")
)

// Prefixes are layouts that end early: the keys that go on from there are a stretch.
var (
	tenderEntries      = newLayout("TENDER#<tender>", "ENTRY#")
	contractTree       = newLayout("CONTRACT#<contract>", "HEAD")
	amendments         = newLayout("CONTRACT#<contract>", "AMENDMENT#")
	statementHeads     = newLayout("CONTRACT#<contract>", "STATEMENT#")
	revisionItems      = newLayout("CONTRACT#<contract>", "REV#<period>#<revision>#")
	decisionsOf        = newLayout("CONTRACT#<contract>", "REV#<period>#<revision>#DECISION#<n4>#")
	corrections        = newLayout("CONTRACT#<contract>", "CORRECTION#")
	sightings          = newLayout("CONTRACT#<contract>", "DOC#")
	hoursOfPerson      = newLayout("PERSON#<person>", "PERIOD#")
	contributionsOf    = newLayout("AREA#<area>#YEAR#<year>", "")
	indicatorRevisions = newLayout("INDICATOR#<area>", "<code>#<period or year>#")
	indicatorItems     = newLayout("INDICATOR#<area>", "")
	enterprisesPrefix  = newLayout("REGISTER#<register>", "SELLER#")
	yearClosesPrefix   = newLayout("AREA#<authority>", "CLOSE#")
	headsPrefix        = newLayout("AREA#<authority>#CLOSE#<year>", "HEADS#")

	membersPrefix           = newLayout("MEMBERS#<area>", "AUTH#")
	ledgersPrefix           = newLayout("AUTH#<authority>", "")
	tendersPrefix           = newLayout("AUTH#<authority>", "TENDER#")
	tendersFromYear         = newLayout("AUTH#<authority>", "TENDER#<year>")
	contractsPrefix         = newLayout("AUTH#<authority>", "CONTRACT#")
	supplierContractsPrefix = newLayout("SUPPLIER#<supplier>", "CONTRACT#")
	deskAuthoritiesPrefix   = newLayout("DESK#<desk>#AUTH", "")
	deskContractsPrefix     = newLayout("DESK#<desk>#CONTRACT", "")
	deskStatementsPrefix    = newLayout("DESK#<desk>#<state>", "")
)

// key is a partition key and a sort key, or the reason why they are none. A
// call with a faulty key is never made.
type key struct {
	pk, sk string
	fault  error
}

// layout is a kind of key: fixed words and named parts, joined by #.
type layout struct {
	text   string
	pk, sk []segment
}

type segment struct {
	literal string
	part    string // name of the part; empty in a fixed word
	valid   func(string) bool
}

func newLayout(pk, sk string) *layout {
	return &layout{text: pk + " / " + sk, pk: segments(pk), sk: segments(sk)}
}

func segments(text string) []segment {
	words := strings.Split(text, "#")
	list := make([]segment, len(words))
	for i, word := range words {
		list[i] = segment{literal: word}
		if name, isPart := strings.CutPrefix(word, "<"); isPart {
			name = strings.TrimSuffix(name, ">")
			list[i] = segment{part: name, valid: formOf(name)}
		}
	}
	return list
}

const maxID = 200 // bytes; a sort key holds 1,024

func isID(s string) bool {
	return s != "" && len(s) <= maxID && utf8.ValidString(s) && !strings.ContainsRune(s, '#')
}

func formOf(part string) func(string) bool {
	switch part {
	case "n4", "n5", "n8":
		width := int(part[1] - '0')
		return func(s string) bool { return len(s) == width && isDigits(s) }
	case "year":
		return func(s string) bool { return len(s) == 4 && isDigits(s) }
	case "date":
		return func(s string) bool { _, err := calendar.ParseDate(s); return err == nil }
	case "month":
		return func(s string) bool { _, err := calendar.ParseDate(s + "-01"); return err == nil }
	case "period":
		return isPeriod
	case "period or year":
		return func(s string) bool { return len(s) == 4 && isDigits(s) || isPeriod(s) }
	case "sha256":
		return func(s string) bool { return len(s) == 64 && isHex(s) }
	case "revision":
		return isRevision
	case "kind":
		return func(s string) bool { return s == tenderReference || s == contractNumber }
	case "series":
		return func(s string) bool { return s == achieved || s == intended }
	case "state":
		return func(s string) bool { return isID(s) && s[0] >= 'a' && s[0] <= 'z' }
	}
	return isID
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func isHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

func isPeriod(s string) bool { _, err := calendar.ParsePeriod(s); return err == nil }

func isRevision(s string) bool {
	number, hash, found := strings.Cut(s, "-")
	return found && len(number) == 4 && isDigits(number) && len(hash) == 8 && isHex(hash)
}

// key makes a key of its parts, in the order of the layout.
func (l *layout) key(parts ...string) key {
	pk, rest, err := join(l.pk, parts)
	if err != nil {
		return key{fault: err}
	}
	sk, rest, err := join(l.sk, rest)
	if err != nil {
		return key{fault: err}
	}
	if len(rest) != 0 {
		return key{fault: fmt.Errorf("%w: too many parts for %s", ErrKey, l.text)}
	}
	return key{pk: pk, sk: sk}
}

// join puts parts into segments. Its error names the part, never its value,
// which may stand for a person.
func join(segments []segment, parts []string) (string, []string, error) {
	words := make([]string, len(segments))
	for i, s := range segments {
		if s.part == "" {
			words[i] = s.literal
			continue
		}
		if len(parts) == 0 || !s.valid(parts[0]) {
			return "", nil, fmt.Errorf("%w: <%s>", ErrKey, s.part)
		}
		words[i], parts = parts[0], parts[1:]
	}
	return strings.Join(words, "#"), parts, nil
}

// parse gives the parts of a key, and false where it is none of this layout.
func (l *layout) parse(k key) ([]string, bool) {
	pk, fits := split(l.pk, k.pk)
	if !fits {
		return nil, false
	}
	sk, fits := split(l.sk, k.sk)
	return append(pk, sk...), fits
}

func split(segments []segment, text string) ([]string, bool) {
	words := strings.Split(text, "#")
	if len(words) != len(segments) {
		return nil, false
	}
	var parts []string
	for i, s := range segments {
		if s.part == "" && words[i] != s.literal || s.part != "" && !s.valid(words[i]) {
			return nil, false
		}
		if s.part != "" {
			parts = append(parts, words[i])
		}
	}
	return parts, true
}

// parseKey finds the layout of an item's key, and its parts. It returns ErrKey.
func parseKey(k key) (*layout, []string, error) {
	for _, l := range layouts {
		if parts, fits := l.parse(k); fits {
			return l, parts, nil
		}
	}
	return nil, nil, fmt.Errorf("%w: no layout fits", ErrKey)
}

// padded is a number in a fixed number of digits, so that keys sort as numbers.
func padded(n, width int) string { return fmt.Sprintf("%0*d", width, n) }

func year(y int) string { return strconv.Itoa(y) }

// revision tells revisions with the same number apart by their lines, so that
// two writers never overwrite each other's.
func revision(number int, linesHash string) string {
	return padded(number, 4) + "-" + linesHash[:min(8, len(linesHash))]
}

// fingerprint is the SHA-256 of texts that people type, joined by |, whatever
// their case and spaces, in hexadecimal.
func fingerprint(texts ...string) string {
	normal := make([]string, len(texts))
	for i, text := range texts {
		normal[i] = strings.ToLower(strings.Join(strings.Fields(text), " "))
	}
	sum := sha256.Sum256([]byte(strings.Join(normal, "|")))
	return hex.EncodeToString(sum[:])
}
