// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
	"golang.org/x/text/unicode/norm"
)

// canary is something about a person that must not stay anywhere.
type canary struct {
	kind, text string
	also       []string // other ways in which it may come out
}

const bsn = "BSN"

// canaries are of a person who does not exist; the number passes the 11-test.
var canaries = []canary{
	{kind: "name", text: "Zwaluwstaartjé"},
	{kind: "name without accents", text: "Zwaluwstaartje"},
	{kind: "initials", text: "Q.Z.X.W."},
	{kind: "date of birth", text: "1951-11-23", also: []string{"23-11-1951", "19511123", "23 november 1951"}},
	{kind: bsn, text: "123456782", also: []string{"1234.56.782", "1234 56 782", "1234-56-782"}},
	{kind: "e-mail", text: "zwaluw@vogels.example"},
	{kind: "telephone", text: "06-83749265", also: []string{"0683749265"}},
}

// forms are the ways in which a canary could be found again.
func (c canary) forms() []string {
	var all []string
	for _, text := range append([]string{c.text}, c.also...) {
		for _, cased := range []string{text, strings.ToLower(text), strings.ToUpper(text), unaccented(text)} {
			quoted := strconv.QuoteToASCII(cased)
			sum, folded := sha256.Sum256([]byte(cased)), sha256.Sum256([]byte(strings.ToLower(unaccented(cased))))
			all = append(all, cased, url.QueryEscape(cased), url.PathEscape(cased), quoted[1:len(quoted)-1], html.EscapeString(cased),
				hex.EncodeToString([]byte(cased)), hex.EncodeToString(sum[:]), hex.EncodeToString(folded[:]), base64.StdEncoding.EncodeToString(sum[:])[:40])
			for pad := range 3 { // base64 of it wherever it begins in what was encoded
				encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", pad) + cased))
				core := encoded[(pad*8+5)/6 : len(encoded)-4]
				all = append(all, core, strings.NewReplacer("+", "-", "/", "_").Replace(core))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// unaccented drops accents.
func unaccented(text string) string {
	var without strings.Builder
	for _, r := range norm.NFD.String(text) {
		if !unicode.Is(unicode.Mn, r) {
			without.WriteRune(r)
		}
	}
	return without.String()
}

// foundIn is the form in which a text holds the canary; empty where it does not.
func foundIn(text string, forms []string) string {
	for _, form := range forms {
		if strings.Contains(text, form) {
			return form
		}
	}
	return ""
}

// input is a place where something can be put in: its canaries go there.
type input struct {
	act, at string
	ask     ask
}

// aviary looks for canaries after each request.
type aviary struct {
	*town
	restore  func()
	inputs   int
	accepted map[string]bool // inputs that took a canary
	clean    map[string]bool // answers in which a kind of canary was not found
	used     map[string]bool // entries of mayHold that were needed
}

func newAviary(t *testing.T) *aviary {
	o := newTown(t)
	return &aviary{town: o, restore: o.restorer(), accepted: map[string]bool{}, used: map[string]bool{}, clean: map[string]bool{}}
}

// release sends a request with a canary in it and looks for it everywhere.
func (v *aviary) release(in input, c canary, forms []string) {
	v.t.Helper()
	v.inputs++
	before := len(v.changes())
	in.ask.bad = true
	got := v.do(in.ask)
	if got.status >= 500 {
		v.t.Errorf("%s %s: %d %s", in.act, in.at, got.status, got.text)
	}
	v.nowhereInTheLog(in, c, forms)
	if form := v.foundInAnswer(got, c, forms); form != "" && !v.mayTell(in, c, got) {
		v.t.Errorf("%s: a %s in %s comes back as %q: %d %s", in.act, c.kind, in.at, form, got.status, got.text)
	}
	if len(v.changes()) == before {
		return
	}
	v.accepted[in.act+" "+in.at] = true
	kept := v.keeps(in, c)
	if strings.HasPrefix(in.at, "/") && !kept {
		v.rollUp(v.ledgers()...)
		v.readsEverything(in, c, forms)
	}
	v.nowhereInTheLog(in, c, forms)
	for _, change := range v.changes()[before:] {
		item, err := json.Marshal(change)
		if err != nil {
			v.t.Fatal(err)
		}
		if form := foundIn(string(item), forms); form != "" && !kept {
			v.t.Errorf("%s: a %s in %s is kept as %q in %s", in.act, c.kind, in.at, form, item)
		}
		keys := fmt.Sprint(change.Keys)
		if form := foundIn(keys, forms); form != "" && (!kept || c.kind == "name") {
			v.t.Errorf("%s: a %s in %s stands in a key: %s", in.act, c.kind, in.at, keys)
		}
	}
	v.restore()
}

// foundInAnswer looks into each different answer once.
func (v *aviary) foundInAnswer(got answer, c canary, forms []string) string {
	text := told(got)
	sum := sha256.Sum256([]byte(text))
	seen := c.kind + string(sum[:])
	if v.clean[seen] {
		return ""
	}
	form := foundIn(text, forms)
	v.clean[seen] = form == ""
	return form
}

// told is everything of an answer.
func told(got answer) string {
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(got.headers)) {
		all.WriteString(name + ": " + got.headers[name] + "\n")
	}
	return all.String() + got.text
}

func (v *aviary) nowhereInTheLog(in input, c canary, forms []string) {
	v.t.Helper()
	written := v.logs.String()
	v.logs.Reset()
	if form := foundIn(written, forms); form != "" {
		v.t.Errorf("%s: a %s in %s is logged as %q: %s", in.act, c.kind, in.at, form, written)
	}
}

// readsEverything reads whatever can be read of the own place, in every form it
// has, as whoever sees most.
func (v *aviary) readsEverything(in input, c canary, forms []string) {
	v.t.Helper()
	for act, at := range operations() {
		if at[0] != "GET" || duties[act].roles == nobody {
			continue
		}
		for _, role := range strings.Fields(duties[act].roles) {
			operation := contractDocument().Paths.Value(strings.TrimPrefix(at[1], "/v1")).GetOperation("GET")
			for media := range success(operation).Content {
				a := duties[act].ask(v.places[ownPlace])
				a.token, a.accept, a.bad = v.userOf(role, v.places[ownPlace]), media, true
				if form := v.foundInAnswer(v.do(a), c, forms); form != "" {
					v.t.Errorf("%s: a %s in %s is read as %q by %s from %s as %s", in.act, c.kind, in.at, form, role, act, media)
				}
			}
		}
	}
}

// mayTell allows an answer to repeat what the one who asked typed: a text that
// is kept, and in a refusal the name of a field or parameter that does not exist,
// for without it nobody finds the fault. The value is never told.
func (v *aviary) mayTell(in input, c canary, got answer) bool {
	if got.status < 300 {
		return v.keeps(in, c) || slices.Contains(calculations, in.act)
	}
	return in.at == unknownField || in.at == unknownParameter
}

// calculations keep nothing; they answer with what was asked.
var calculations = []string{"bereken", "probeerRekenregel"}

const (
	unknownField     = "the name of a field"
	unknownParameter = "the name of a parameter"
)

// keeps tells whether the house keeps what is typed here; never a BSN, but in
// references that have numbers of their own.
func (v *aviary) keeps(in input, c canary) bool {
	for _, held := range mayHold {
		if (held.act == in.act || held.act == "") && strings.HasSuffix(in.at, held.field) && (c.kind != bsn || held.numbers) {
			v.used[held.act+held.field] = true
			return true
		}
	}
	return false
}

// put sets a field of a JSON body, making what is missing on the way.
func put(body any, steps []string, value any) any {
	if len(steps) == 0 {
		return value
	}
	if n, err := strconv.Atoi(steps[0]); err == nil {
		list, _ := body.([]any)
		if n >= len(list) {
			list = append(slices.Clone(list), nil)
			n = len(list) - 1
		}
		list = slices.Clone(list)
		list[n] = put(list[n], steps[1:], value)
		return list
	}
	object, _ := body.(map[string]any)
	object = maps.Clone(object)
	if object == nil {
		object = map[string]any{}
	}
	object[steps[0]] = put(object[steps[0]], steps[1:], value)
	return object
}

// fieldsBelow finds the pointers of the fields that are no objects or lists, with
// whether each is a date or a number: there digits mean what they say.
func fieldsBelow(schema *openapi3.Schema, at string, found map[string]bool) {
	for _, one := range slices.Concat(schema.OneOf, schema.AnyOf) {
		fieldsBelow(one.Value, at, found)
	}
	switch {
	case schema.Type.Is("object"):
		for name, property := range schema.Properties {
			fieldsBelow(property.Value, at+"/"+name, found)
		}
		if other := schema.AdditionalProperties.Schema; other != nil {
			fieldsBelow(other.Value, at+"/sleutel", found)
		}
	case schema.Type.Is("array"):
		fieldsBelow(schema.Items.Value, at+"/0", found)
	case len(schema.OneOf) == 0 && len(schema.AnyOf) == 0:
		found[at] = schema.Format == "date" || schema.Type.Is("integer") || digitsOnly(schema.Pattern)
	}
}

// digitsOnly tells whether a pattern takes numbers and no words.
func digitsOnly(pattern string) bool {
	form, err := regexp.Compile(pattern)
	takes := func(text string) bool { return form.MatchString(text) }
	return err == nil && pattern != "" && !takes("Zwaluwstaartje") && (takes("123456782") || takes("12345678") || takes("123456782.00"))
}
