// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"socialreturn/internal/calendar"
)

// Difference is one thing that one rule set says otherwise than another.
type Difference struct {
	Path   string // JSON pointer into the later file; of what is gone, into the earlier
	Kind   DifferenceKind
	Before string // in Dutch; empty where there was nothing
	After  string // in Dutch; empty where there is nothing any more
	Text   string // a sentence in Dutch
}

// DifferenceKind is whether something came, went or became other.
type DifferenceKind string

// The kinds of difference.
const (
	DifferenceAdded   DifferenceKind = "added"
	DifferenceRemoved DifferenceKind = "removed"
	DifferenceChanged DifferenceKind = "changed"
)

// Differences tells in words what b says otherwise than a, in the order of the
// file, and what the rules rest on last. Blocks, bonuses, ceilings, papers,
// sources and assumptions are matched by code, whatever their place. Values that
// went from one source to the same other are one difference.
func Differences(a, b *RuleSet) []Difference {
	return differences(&a.doc, &b.doc)
}

// groundwork is one where the difference is in what the rules rest on, else zero.
func (d Difference) groundwork() int {
	if strings.HasPrefix(d.Path, "/sources/") || strings.HasPrefix(d.Path, "/assumptions/") || strings.Contains(d.Path, "/source") {
		return 1
	}
	return 0
}

func differences(a, b *document) []Difference {
	c := comparison{before: a, after: b}
	c.fields(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem(), places{}, "")
	for _, moved := range c.moved {
		c.found = append(c.found, moved.difference())
	}
	slices.SortStableFunc(c.found, func(a, b Difference) int { return a.groundwork() - b.groundwork() })
	return c.found
}

// places is a place in the earlier and in the later file.
type places struct{ before, after string }

func (p places) field(name string) places { return places{p.before + "/" + name, p.after + "/" + name} }

// comparison gathers differences while two documents are walked through.
type comparison struct {
	before, after *document
	found         []Difference
	moved         []*movedSource
}

// movedSource is values that rest on another source than before.
type movedSource struct {
	from, to string
	path     string // of the first of them
	values   int
}

func (m *movedSource) difference() Difference {
	values := "1 waarde berust"
	if m.values > 1 {
		values = strconv.Itoa(m.values) + " waarden berusten"
	}
	return Difference{Path: m.path, Kind: DifferenceChanged, Before: m.from, After: m.to, Text: fmt.Sprintf("Bron: %s op %s in plaats van op %s.", values, m.to, m.from)}
}

func (c *comparison) source(at places, from, to string) {
	if from == to {
		return
	}
	i := slices.IndexFunc(c.moved, func(m *movedSource) bool { return m.from == from && m.to == to })
	if i < 0 {
		c.moved = append(c.moved, &movedSource{from: from, to: to, path: at.after})
		i = len(c.moved) - 1
	}
	c.moved[i].values++
}

// fields compares two structs field by field. Whose names what they describe,
// such as a block; empty: the rule set itself.
func (c *comparison) fields(a, b reflect.Value, at places, whose string) {
	for i := range a.NumField() {
		field := a.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		from, to, here := a.Field(i), b.Field(i), at.field(name)
		about := subject{whose: whose, word: words[a.Type().Name()+"."+name], optional: options != "" && field.Type.Kind() != reflect.Bool}
		switch {
		case name == "source":
			c.source(here, from.String(), to.String())
		case name == "sourceOf":
			c.sourcesOf(a, b, here)
		case strings.HasPrefix(field.Type.Name(), "sourced["):
			c.value(from.FieldByName("Value"), to.FieldByName("Value"), here.field("value"), about)
			c.source(here.field("source"), from.FieldByName("Source").String(), to.FieldByName("Source").String())
		default:
			c.value(from, to, here, about)
		}
	}
}

// sourcesOf compares what single fields of an object rest on.
func (c *comparison) sourcesOf(a, b reflect.Value, at places) {
	from, to := a.FieldByName("SourceOf").Interface().(map[string]string), b.FieldByName("SourceOf").Interface().(map[string]string)
	names := slices.Concat(slices.Collect(maps.Keys(from)), slices.Collect(maps.Keys(to)))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		before, own := from[name]
		if !own {
			before = a.FieldByName("Source").String()
		}
		after, own := to[name]
		if !own {
			after = b.FieldByName("Source").String()
		}
		c.source(at.field(escape(name)), before, after)
	}
}

// value compares two values of one field.
func (c *comparison) value(a, b reflect.Value, at places, about subject) {
	switch _, date := a.Interface().(calendar.Date); {
	case reflect.DeepEqual(a.Interface(), b.Interface()):
	case a.Kind() == reflect.Slice:
		c.list(a, b, at, about)
	case a.Kind() == reflect.Pointer && !a.IsNil() && !b.IsNil():
		c.fields(a.Elem(), b.Elem(), at, about.inside())
	case a.Kind() == reflect.Struct && !date:
		c.fields(a, b, at, about.inside())
	case about.optional && a.IsZero():
		c.add(DifferenceAdded, at.after, "", describe(b, about.word), about)
	case about.optional && b.IsZero():
		c.add(DifferenceRemoved, at.before, describe(a, about.word), "", about)
	default:
		c.add(DifferenceChanged, at.after, describe(a, about.word), describe(b, about.word), about)
		c.remarkOn(at)
	}
}

// words compares lists of words as sets.
func (c *comparison) words(a, b reflect.Value, at places, about subject) {
	without := func(list, other reflect.Value) reflect.Value {
		only := reflect.MakeSlice(list.Type(), 0, list.Len())
		for i := range list.Len() {
			if find(other, list.Index(i)) < 0 {
				only = reflect.Append(only, list.Index(i))
			}
		}
		return only
	}
	if gone := without(a, b); gone.Len() > 0 {
		c.add(DifferenceRemoved, at.before, describe(gone, about.word), "", about)
	}
	if come := without(b, a); come.Len() > 0 {
		c.add(DifferenceAdded, at.after, "", describe(come, about.word), about)
	}
}

// list compares lists: of objects by what identifies them, of words as a set.
func (c *comparison) list(a, b reflect.Value, at places, about subject) {
	if a.Type().Elem().Kind() != reflect.Struct {
		c.words(a, b, at, about)
		return
	}
	for i := range a.Len() {
		if gone := a.Index(i); find(b, gone) < 0 {
			c.add(DifferenceRemoved, at.before+"/"+strconv.Itoa(i), describe(gone, about.word), "", about.one(gone))
		}
	}
	for j := range b.Len() {
		i, here := find(a, b.Index(j)), b.Index(j)
		if i < 0 {
			c.add(DifferenceAdded, at.after+"/"+strconv.Itoa(j), "", describe(here, about.word), about.one(here))
		} else {
			c.object(a.Index(i), here, places{at.before + "/" + strconv.Itoa(i), at.after + "/" + strconv.Itoa(j)}, about.of(here))
		}
	}
}

// find is the place in a list of what has the identity of a value; below zero:
// nothing has.
func find(list, value reflect.Value) int {
	for i := range list.Len() {
		if identity(list.Index(i)) == identity(value) {
			return i
		}
	}
	return -1
}

// identity is what makes two elements of a list the same one.
func identity(v reflect.Value) any {
	switch each := v.Interface().(type) {
	case Block:
		return each.Code
	case Bonus:
		return each.Code
	case Ceiling:
		return each.Code
	case Evidence:
		return each.Code
	case Source:
		return each.ID
	case Assumption:
		return each.ID
	case DatedAmount:
		return each.From
	case PercentageRule:
		return each.LabourShareBelow
	case Discount:
		return each.Level
	case RecognitionShare:
		return each.Recognition
	}
	return v.Interface()
}

// object compares two objects that are the same one.
func (c *comparison) object(a, b reflect.Value, at places, whose string) {
	if before, ok := a.Interface().(Block); ok {
		after := b.Interface().(Block)
		c.worth(&before, &after, at.field("value"), whose)
		before.Value = after.Value // told
		a = reflect.ValueOf(before)
	}
	c.fields(a, b, at, whose)
}

func (c *comparison) add(kind DifferenceKind, path, before, after string, about subject) {
	c.found = append(c.found, Difference{Path: path, Kind: kind, Before: before, After: after, Text: about.sentence(kind, before, after)})
}

// remarkOn adds what another norm week does to every value.
func (c *comparison) remarkOn(at places) {
	if at.after == "/normWeek/value" {
		last := &c.found[len(c.found)-1]
		last.Text = strings.TrimSuffix(last.Text, ".") + ": " + c.byNorm(big.NewRat(1, 1)) + "."
	}
}

// byNorm words what a value is worth at equal hours, with the norm week before and
// after and the value itself that many times what it was.
func (c *comparison) byNorm(times *big.Rat) string {
	norm := big.NewRat(int64(c.before.NormWeek.Value), max(int64(c.after.NormWeek.Value), 1))
	return moreOrLess(norm.Mul(norm, times)) + " waarde bij gelijke uren"
}

// moreOrLess words a factor as a whole percentage, rounded half away from zero.
func moreOrLess(factor *big.Rat) string {
	change := new(big.Rat).Sub(factor, big.NewRat(1, 1))
	direction := "meer"
	if change.Sign() < 0 {
		direction = "minder"
	}
	change.Abs(change).Mul(change, big.NewRat(100, 1))
	switch {
	case change.Sign() == 0:
		return "evenveel"
	case change.Cmp(big.NewRat(1, 2)) < 0:
		return "minder dan 1 % " + direction
	}
	return change.FloatString(0) + " % " + direction
}

// worth tells what a block is worth, where that changed, and what it comes to
// where the norm week changed too.
func (c *comparison) worth(a, b *Block, at places, whose string) {
	if a.Value == b.Value {
		return
	}
	text := fmt.Sprintf("%s: van %s naar %s", whose, a.worthText(), b.worthText())
	if a.Unit() == b.Unit() && a.Value != 0 && b.Value != 0 {
		text = fmt.Sprintf("%s: van %s naar %s per %s", whose, a.Value.Euro(), b.Value.Euro(), b.Unit())
	}
	if before, after := c.before.NormWeek.Value, c.after.NormWeek.Value; before != after && a.byHours() && b.byHours() && a.Unit() == b.Unit() && a.Value != 0 {
		text += fmt.Sprintf("; norm van %s naar %s uur: samen %s", before.Dutch(), after.Dutch(), c.byNorm(big.NewRat(int64(b.Value), int64(a.Value))))
	}
	kind := DifferenceChanged
	if a.Value == 0 {
		kind = DifferenceAdded
	} else if b.Value == 0 {
		kind, at.after = DifferenceRemoved, at.before
	}
	c.found = append(c.found, Difference{Path: at.after, Kind: kind, Before: a.worthText(), After: b.worthText(), Text: text + "."})
}

// byHours tells that the norm week divides the value of the block.
func (b *Block) byHours() bool { return b.ProRata == HoursAndDuration }

// worthText is what a block is worth, in words.
func (b *Block) worthText() string {
	if b.Value == 0 {
		return describe(reflect.ValueOf(b.Kind), word{})
	}
	return b.Value.Euro() + " per " + b.Unit()
}
