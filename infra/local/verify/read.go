// SPDX-License-Identifier: EUPL-1.2

package verify

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds a line, in bytes: an item of 400 KB of which every character
// is escaped.
const maxLine = 4 << 20

// The kinds of record, as an export names them.
const (
	entryKind      = "mutatie"
	contractKind   = "contract"
	amendmentKind  = "wijziging"
	lineKind       = "regel"
	decisionKind   = "beoordeling"
	correctionKind = "correctie"
	balanceKind    = "stand"
	endKind        = "einde"
)

// line is one line of an export: a record of a ledger, or the end of a page.
type line struct {
	Kind    string          `json:"soort"`
	Ledger  string          `json:"grootboek,omitempty"`
	Entry   int             `json:"nummer,omitempty"`
	Item    int             `json:"volgnummer,omitempty"`
	Hash    string          `json:"hash,omitempty"`
	Content json.RawMessage `json:"inhoud,omitempty"`
	From    string          `json:"vanaf,omitempty"`
	Next    string          `json:"volgende,omitempty"`
	Records *int            `json:"records,omitempty"`
}

// readLines hands on each line with its number. It returns *Unreadable, the
// error of the reader, or that of the function, at which it stops.
func readLines(from io.Reader, each func(number int, l line) error) error {
	lines := bufio.NewScanner(from)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	lines.Split(wholeLines)
	number := 0
	for lines.Scan() {
		number++
		l, fault := parseLine(lines.Bytes())
		if fault != "" {
			return &Unreadable{number, fault}
		}
		if err := each(number, l); err != nil {
			return err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return &Unreadable{number + 1, "de regel is langer dan een record kan zijn"}
	case errors.Is(err, errBroken):
		return &Unreadable{number + 1, "het bestand breekt midden in een regel af"}
	case err != nil:
		return fmt.Errorf("het bestand kan niet worden gelezen: %w", err)
	}
	if number == 0 {
		return &Unreadable{1, "het bestand is leeg"}
	}
	return nil
}

var errBroken = errors.New("verify: the last line has no end")

// wholeLines splits at line feeds; what follows the last one is broken off.
func wholeLines(data []byte, atEnd bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEnd && len(data) > 0 {
		return 0, nil, errBroken
	}
	return 0, nil, nil
}

// parseLine reads a line, which must be written as an export writes it: one that
// says something twice, or something unknown, is refused.
func parseLine(text []byte) (line, string) {
	var l line
	if bytes.HasPrefix(text, []byte("\uFEFF")) || bytes.HasSuffix(text, []byte("\r")) {
		return l, "een ander programma heeft het bestand anders bewaard; geef het zoals de server het gaf"
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return l, "dit is geen record als JSON"
	}
	var again bytes.Buffer
	encoder := json.NewEncoder(&again)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(l); err != nil || !bytes.Equal(bytes.TrimSuffix(again.Bytes(), []byte("\n")), text) {
		return l, "het record is niet geschreven zoals de uitvoer het schrijft"
	}
	l.Content = bytes.Clone(l.Content)
	return l, ""
}

// digest is the hash of bytes as they are.
func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// content reads an item, which must be all that its bytes say: what this program
// does not know cannot be checked by it.
func content[T any](l line) (T, string) {
	var value T
	if err := json.Unmarshal(l.Content, &value); err != nil {
		return value, fmt.Sprintf("de inhoud van %s is niet te lezen", l.name())
	}
	again, err := json.Marshal(value)
	if err != nil || !bytes.Equal(again, l.Content) {
		return value, fmt.Sprintf("de inhoud van %s is anders geschreven dan dit programma schrijft", l.name())
	}
	return value, ""
}

// name is what a record is, in words.
func (l line) name() string {
	switch l.Kind {
	case lineKind, decisionKind:
		return fmt.Sprintf("%s %d", l.Kind, l.Item)
	case contractKind:
		return "het contract"
	}
	return "de " + l.Kind
}
