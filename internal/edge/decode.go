// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// errStop ends decoding at a fault after which the rest of the text cannot be read.
var errStop = errors.New("edge: unreadable from here")

// decoder reads one JSON text into a value of one of the request types, and
// notes every fault on the way: names that are unknown, missing or given
// twice, values of another type, and texts that do not parse.
//
// A field is required unless its tag says omitempty or omitzero. Nothing may be
// null but a removable.
type decoder struct {
	tokens   *json.Decoder
	found    *findings
	elements int
}

// decodeJSON reads a body. It notes faults under "body" and leaves the value
// half-filled where there are any.
func decodeJSON(data []byte, into any, found *findings) {
	if !utf8.Valid(data) {
		found.add(inBody, "", "geen-utf8", "De inhoud is geen geldige UTF-8.")
		return
	}
	d := decoder{tokens: json.NewDecoder(bytes.NewReader(data)), found: found}
	d.tokens.UseNumber()
	if err := d.value(reflect.ValueOf(into).Elem(), "", 0); err != nil {
		if !errors.Is(err, errStop) {
			found.add(inBody, "", "geen-json", syntaxDetail(data, err))
		}
		return
	}
	if _, err := d.tokens.Token(); !errors.Is(err, io.EOF) {
		found.add(inBody, "", "tekst-na-json", "Na het JSON-document staat nog tekst; stuur één document.")
	}
}

func syntaxDetail(data []byte, err error) string {
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return "De inhoud is geen volledig JSON-document."
	}
	line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
	return "De inhoud is geen geldige JSON; kijk bij regel " + strconv.Itoa(line) + "."
}

func (d *decoder) value(v reflect.Value, at string, depth int) error {
	token, err := d.tokens.Token()
	if err != nil {
		return err
	}
	return d.token(token, v, at, depth)
}

// token decodes the value that starts with a token already read.
func (d *decoder) token(token json.Token, v reflect.Value, at string, depth int) error {
	if _, opens := token.(json.Delim); opens && depth >= maxDepth {
		d.found.add(inBody, "", "te-diep-genest", "De inhoud is dieper genest dan "+strconv.Itoa(maxDepth)+" niveaus.")
		return errStop
	}
	if inner, ok := v.Addr().Interface().(nullable); ok {
		if v = inner.given(token != nil); token == nil {
			return nil
		}
	}
	if v.Kind() == reflect.Pointer && token != nil {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch delim, opens := token.(json.Delim); {
	case token == nil:
		d.found.add(inBody, at, "null-niet-toegestaan", "Dit veld mag niet null zijn; laat het weg als u het niet kent.")
		return nil
	case opens && delim == '{' && v.Kind() == reflect.Struct && !readsText(v):
		return d.object(v, at, depth)
	case opens && delim == '{' && v.Kind() == reflect.Map:
		return d.names(v, at, depth)
	case opens && delim == '[' && v.Kind() == reflect.Slice:
		return d.array(v, at, depth)
	case opens:
		d.wrongType(v, at)
		return d.skip(depth, 1)
	}
	d.scalar(token, v, at)
	return nil
}

func (d *decoder) object(v reflect.Value, at string, depth int) error {
	fields := fieldsOf(v.Type())
	seen := make(map[string]bool, len(fields.list))
	for d.tokens.More() {
		token, err := d.tokens.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		field, known := fields.byName[name]
		below := at + "/" + escapePointer(cut(name))
		if seen[name] {
			d.found.add(inBody, below, "veld-dubbel", "Dit veld staat er twee keer.")
			known = false
		}
		seen[name] = true
		switch {
		case known:
			err = d.value(v.FieldByIndex(field.index), below, depth+1)
		case !hasField(fields, name):
			d.found.add(inBody, below, "veld-onbekend", "Dit veld bestaat niet; kijk in /v1/openapi.json naar de juiste naam.")
			err = d.skip(depth+1, 0)
		default:
			err = d.skip(depth+1, 0)
		}
		if err != nil {
			return err
		}
	}
	for _, field := range fields.list {
		if field.required && !seen[field.name] {
			d.found.add(inBody, at+"/"+field.name, "verplicht", "Dit veld is verplicht.")
		}
	}
	_, err := d.tokens.Token() // the closing brace
	return err
}

func hasField(fields *fieldSet, name string) bool {
	_, ok := fields.byName[name]
	return ok
}

func (d *decoder) array(v reflect.Value, at string, depth int) error {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for i := 0; d.tokens.More(); i++ {
		if err := d.count(); err != nil {
			return err
		}
		if i > maxList { // one more than fits was read, which the type then refuses
			if err := d.skip(depth+1, 0); err != nil {
				return err
			}
			continue
		}
		element := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(element, at+"/"+strconv.Itoa(i), depth+1); err != nil {
			return err
		}
		v.Set(reflect.Append(v, element))
	}
	_, err := d.tokens.Token() // the closing bracket
	return err
}

// count bounds what a body may cost: two bytes of it may be an element of many.
func (d *decoder) count() error {
	if d.elements++; d.elements > maxElements {
		d.found.add(inBody, "", "te-veel", "De inhoud telt meer dan "+strconv.Itoa(maxElements)+" elementen.")
		return errStop
	}
	return nil
}

// names decodes an object whose names are free.
func (d *decoder) names(v reflect.Value, at string, depth int) error {
	v.Set(reflect.MakeMap(v.Type()))
	for d.tokens.More() {
		token, err := d.tokens.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		below := at + "/" + escapePointer(cut(name))
		if err := d.count(); err != nil {
			return err
		}
		if v.Len() > maxList {
			if err := d.skip(depth+1, 0); err != nil {
				return err
			}
			continue
		}
		key, element := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if code, detail := setText(key, name); code != "" {
			d.found.add(inBody, below, code, detail)
		}
		if v.MapIndex(key).IsValid() {
			d.found.add(inBody, below, "veld-dubbel", "Dit veld staat er twee keer.")
		}
		if err := d.value(element, below, depth+1); err != nil {
			return err
		}
		v.SetMapIndex(key, element)
	}
	_, err := d.tokens.Token() // the closing brace
	return err
}

// skip passes over the rest of a value at a depth, of which so many brackets are open.
func (d *decoder) skip(depth, open int) error {
	for {
		token, err := d.tokens.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			open++
		case json.Delim('}'), json.Delim(']'):
			open--
		}
		if depth+open > maxDepth {
			d.found.add(inBody, "", "te-diep-genest", "De inhoud is dieper genest dan "+strconv.Itoa(maxDepth)+" niveaus.")
			return errStop
		}
		if open <= 0 {
			return nil
		}
	}
}

func (d *decoder) scalar(token json.Token, v reflect.Value, at string) {
	switch value := token.(type) {
	case string:
		if v.Kind() == reflect.String || readsText(v) {
			if code, detail := setText(v, value); code != "" {
				d.found.add(inBody, at, code, detail)
			}
			return
		}
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(value)
			return
		}
	case json.Number:
		if v.Kind() == reflect.Int {
			if n, err := strconv.ParseInt(value.String(), 10, 32); err == nil {
				v.SetInt(n)
				return
			}
		}
	}
	d.wrongType(v, at)
}

func (d *decoder) wrongType(v reflect.Value, at string) {
	d.found.add(inBody, at, "verkeerd-type", "Hier hoort "+typeInWords(v)+".")
}

func typeInWords(v reflect.Value) string {
	if wording, ok := textForms[v.Type()]; ok {
		return "een tekst: " + wording
	}
	switch {
	case readsText(v), v.Kind() == reflect.String:
		return "een tekst tussen aanhalingstekens"
	case v.Kind() == reflect.Bool:
		return "true of false"
	case v.Kind() == reflect.Int:
		return "een geheel getal zonder aanhalingstekens, van ten hoogste negen cijfers"
	case v.Kind() == reflect.Slice:
		return "een lijst tussen vierkante haken"
	}
	return "een object tussen accolades"
}

// readsText tells whether the value comes from a text of a form of its own.
func readsText(v reflect.Value) bool {
	_, ok := v.Addr().Interface().(encoding.TextUnmarshaler)
	return ok
}

// setText fills a value from a text, or gives the code and sentence of what is
// wrong with it.
func setText(v reflect.Value, text string) (code, detail string) {
	if !clean(text) {
		return "onleesbaar-teken", "Deze tekst bevat een onzichtbaar of onleesbaar teken."
	}
	reader, ok := v.Addr().Interface().(encoding.TextUnmarshaler)
	if !ok {
		v.SetString(text)
		return "", ""
	}
	if text != "" && reader.UnmarshalText([]byte(text)) == nil {
		return "", ""
	}
	if choices, ok := v.Addr().Interface().(interface{ choices() []string }); ok {
		return "onbekende-waarde", "Kies een van: " + strings.Join(choices.choices(), ", ") + "."
	}
	return "onjuiste-vorm", "Schrijf dit als " + textForms[v.Type()] + "."
}

// clean tells that a text holds no control characters but line ends and tabs,
// and nothing that was lost in decoding.
func clean(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r)
	})
}

// cut keeps an answer from repeating a name of any length.
func cut(name string) string {
	if len(name) <= maxName {
		return name
	}
	end := maxName
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end] + "…"
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escapePointer(name string) string { return pointerEscapes.Replace(name) }
