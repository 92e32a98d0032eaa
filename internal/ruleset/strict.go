// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// FileFault is one thing wrong with a rule-set file: where (a JSON pointer into
// the file) and what, in Dutch.
type FileFault struct {
	File    string
	Pointer string
	Detail  string
}

// FileFaults is everything wrong with the files that were loaded.
type FileFaults []FileFault

func (f FileFaults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fmt.Sprintf("%s: %s: %s", fault.File, fault.Place(), fault.Detail)
	}
	return strings.Join(lines, "\n")
}

// Place is the pointer, or in words that it is the whole file.
func (f FileFault) Place() string {
	if f.Pointer == "" {
		return "(hele bestand)"
	}
	return f.Pointer
}

// reader turns a file into a document and notes every fault with its place.
// encoding/json alone cannot: it stops at the first fault, names no place, and
// takes the last of two fields with one name.
type reader struct {
	file   string
	faults FileFaults
}

func (r *reader) fault(at, format string, args ...any) {
	r.faults = append(r.faults, FileFault{File: r.file, Pointer: at, Detail: fmt.Sprintf(format, args...)})
}

const (
	maxDepth   = 16   // of nesting; the format itself needs seven
	maxItems   = 500  // in a list
	maxNumber  = 9999 // days, months or years
	maxText    = 1000 // characters
	maxCode    = 60
	maxMinutes = 9999 * 60
)

var (
	codeForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	urlForm  = regexp.MustCompile(`^https?://[!-~]+$`)
)

// read fills the document; it is whole only where no fault was noted.
func (r *reader) read(data []byte, into *document) {
	if !utf8.Valid(data) {
		r.fault("", "Het bestand is geen geldige UTF-8-tekst.")
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	tree, err := r.value(decoder, "", 0)
	if err != nil {
		r.fault("", "Het bestand is geen geldige JSON (bij teken %d).", decoder.InputOffset())
		return
	}
	if _, err := decoder.Token(); err != io.EOF {
		r.fault("", "Na het einde van de rekenregel staat nog tekst (bij teken %d).", decoder.InputOffset())
	}
	r.fill(reflect.ValueOf(into).Elem(), tree, "", "")
}

var errDepth = errors.New("ruleset: nested too deeply")

// value reads one JSON value: map[string]any, []any, string, json.Number, bool
// or nil.
func (r *reader) value(decoder *json.Decoder, at string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return r.object(decoder, at, depth)
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			item, err := r.value(decoder, at+"/"+strconv.Itoa(len(list)), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err := decoder.Token()
		return list, err
	}
	return token, nil
}

func (r *reader) object(decoder *json.Decoder, at string, depth int) (any, error) {
	object := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name := token.(string)
		place := at + "/" + escape(name)
		item, err := r.value(decoder, place, depth+1)
		if err != nil {
			return nil, err
		}
		if _, twice := object[name]; twice {
			r.fault(place, "Dit veld staat er twee keer.")
		}
		object[name] = item
	}
	_, err := decoder.Token()
	return object, err
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escape(name string) string { return pointerEscapes.Replace(name) }

// fill puts a JSON value into a field of the document. The form, a struct tag,
// says what a text must look like.
func (r *reader) fill(into reflect.Value, from any, at, form string) {
	if text, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		r.scalar(text, from, at)
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		r.fields(into, from, at)
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.fill(into.Elem(), from, at, form)
	case reflect.Slice:
		r.list(into, from, at, form)
	case reflect.Map:
		r.sourceOf(into, from, at)
	case reflect.String:
		r.text(into, from, at, form)
	case reflect.Bool:
		if truth, ok := from.(bool); ok {
			into.SetBool(truth)
		} else {
			r.fault(at, "Hier moet true of false staan.")
		}
	case reflect.Int:
		number, _ := from.(json.Number)
		n, err := strconv.Atoi(number.String())
		if err != nil || n < 0 || n > maxNumber || strconv.Itoa(n) != number.String() {
			r.fault(at, "Hier moet een geheel getal van 0 tot en met %d staan.", maxNumber)
			return
		}
		into.SetInt(int64(n))
	}
}

func (r *reader) fields(into reflect.Value, from any, at string) {
	object, ok := from.(map[string]any)
	if !ok {
		r.fault(at, "Hier moet een object staan.")
		return
	}
	known := make(map[string]bool, into.NumField())
	for i := range into.NumField() {
		field := into.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		known[name] = true
		item, present := object[name]
		place := at + "/" + name
		switch {
		case present:
			before := len(r.faults)
			r.fill(into.Field(i), item, place, field.Tag.Get("form"))
			if options != "" && into.Field(i).IsZero() && len(r.faults) == before {
				r.fault(place, "Laat dit veld weg waar het niets of nul is.")
			}
		case options == "" && name == "source":
			r.fault(place, "Hier ontbreekt de bron (een id uit sources of assumptions).")
		case options == "":
			r.fault(place, "Dit verplichte veld ontbreekt.")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !known[name] {
			r.fault(at+"/"+escape(name), "Dit veld is onbekend.")
		}
	}
	if exceptions, ok := object["sourceOf"].(map[string]any); ok {
		for _, name := range slices.Sorted(maps.Keys(exceptions)) {
			if _, present := object[name]; !present || name == "source" || name == "sourceOf" {
				r.fault(at+"/sourceOf/"+escape(name), "Dit is geen waarde van dit object.")
			}
		}
	}
}

func (r *reader) list(into reflect.Value, from any, at, form string) {
	items, ok := from.([]any)
	if !ok || len(items) == 0 || len(items) > maxItems {
		r.fault(at, "Hier moet een lijst van 1 tot en met %d staan.", maxItems)
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
	for i, item := range items {
		r.fill(into.Index(i), item, at+"/"+strconv.Itoa(i), form)
	}
}

func (r *reader) sourceOf(into reflect.Value, from any, at string) {
	object, ok := from.(map[string]any)
	if !ok || len(object) == 0 {
		r.fault(at, "Hier moet een object staan, van veldnaam naar bron.")
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		source := reflect.New(into.Type().Elem()).Elem()
		r.text(source, object[name], at+"/"+escape(name), "id")
		into.SetMapIndex(reflect.ValueOf(name), source)
	}
}

func (r *reader) text(into reflect.Value, from any, at, form string) {
	text, ok := from.(string)
	if !ok {
		r.fault(at, "Hier moet tekst tussen aanhalingstekens staan.")
		return
	}
	into.SetString(text)
	if closed, ok := into.Interface().(interface{ valid() bool }); ok {
		if !closed.valid() {
			r.fault(at, "%q is hier geen bekende waarde.", text)
		}
		return
	}
	switch length := utf8.RuneCountInString(text); {
	case form == "code" && (length > maxCode || !codeForm.MatchString(text)):
		r.fault(at, "%q is geen code: hoofdletters, cijfers en _, te beginnen met een letter.", text)
	case form == "id" && (length > maxCode || !idForm.MatchString(text)):
		r.fault(at, "%q is geen id: kleine letters, cijfers en koppeltekens.", text)
	case form == "url" && (length > maxText || !urlForm.MatchString(text)):
		r.fault(at, "%q is geen webadres.", text)
	case length == 0 || length > maxText || text != strings.TrimSpace(text):
		r.fault(at, "Hier moet een tekst van 1 tot en met %d tekens staan, zonder spaties eromheen.", maxText)
	}
}

// scalar reads amounts, percentages, hours, dates and day counts.
func (r *reader) scalar(into encoding.TextUnmarshaler, from any, at string) {
	text, ok := from.(string)
	if !ok {
		r.fault(at, "Hier moet tekst tussen aanhalingstekens staan.")
		return
	}
	if strings.HasPrefix(text, "-") {
		r.fault(at, "Dit mag niet negatief zijn.")
		return
	}
	err := into.UnmarshalText([]byte(text))
	switch value := into.(type) {
	case *money.Cents:
		if err != nil {
			r.fault(at, "%q is geen bedrag (zoals 40000.00).", text)
		}
	case *money.Percent:
		if err != nil {
			r.fault(at, "%q is geen percentage van 0 tot en met 100 (zoals 5 of 2.5).", text)
		}
	case *calendar.Minutes:
		if err != nil || *value > maxMinutes || len(text) > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9' {
			r.fault(at, "%q is geen aantal uren in hele minuten (zoals 36, 36.5 of 36:30).", text)
		}
	case *calendar.Date:
		if err != nil || text == "" {
			r.fault(at, "%q is geen datum (jjjj-mm-dd).", text)
		}
	case *calendar.DayCount:
		if err != nil {
			r.fault(at, "%q is geen dagentelling (monthsFromStart of actualActual).", text)
		}
	}
}
