// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"reflect"
	"strconv"
	"strings"
	"sync"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// The request types name their fields as the inputs of internal/app do, and
// tag them with the Dutch names of the wire. So the types themselves are the
// glossary by which faults find their way back to what was sent.

// field is how one field of a request type stands on the wire.
type field struct {
	name     string
	goName   string
	index    []int
	required bool
}

type fieldSet struct {
	list   []field
	byName map[string]*field
}

var fieldSets sync.Map // of *fieldSet by reflect.Type

// fieldsOf lists the fields of a struct type; those of an embedded struct stand
// on the wire as its own.
func fieldsOf(t reflect.Type) *fieldSet {
	if known, ok := fieldSets.Load(t); ok {
		return known.(*fieldSet)
	}
	set := &fieldSet{byName: map[string]*field{}}
	for _, f := range reflect.VisibleFields(t) {
		name, options, tagged := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" || !tagged && name == "" {
			continue
		}
		set.list = append(set.list, field{
			name: name, goName: f.Name, index: f.Index,
			required: options != "omitempty" && options != "omitzero",
		})
	}
	for i := range set.list {
		set.byName[set.list[i].name] = &set.list[i]
	}
	known, _ := fieldSets.LoadOrStore(t, set)
	return known.(*fieldSet)
}

// wirePath follows a path of Go names into a request type and gives the same
// place in names of the wire. Where the wire is flatter, what it has no field
// for falls away. Names are compared regardless of case: kvk is KvK.
func wirePath(t reflect.Type, path string) string {
	var wire strings.Builder
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		t = withoutPointers(t)
		switch t.Kind() {
		case reflect.Slice:
			if _, err := strconv.Atoi(segment); err == nil {
				wire.WriteString("/" + segment)
				t = t.Elem()
			}
		case reflect.Map:
			wire.WriteString("/" + escapePointer(segment))
			t = t.Elem()
		case reflect.Struct:
			if f, ok := fieldNamed(t, segment); ok {
				wire.WriteString("/" + f.name)
				t = t.FieldByIndex(f.index).Type
			}
		}
	}
	return wire.String()
}

func withoutPointers(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if inner, ok := reflect.Zero(reflect.PointerTo(t)).Interface().(nullable); ok {
		return inner.holds()
	}
	return t
}

func fieldNamed(t reflect.Type, name string) (field, bool) {
	for _, f := range fieldsOf(t).list {
		if strings.EqualFold(f.goName, name) {
			return f, true
		}
	}
	return field{}, false
}

// nullable is a field that null removes.
type nullable interface {
	given(value bool) reflect.Value
	holds() reflect.Type
}

// removable is a field of a change that is left alone, removed or replaced.
type removable[T any] struct {
	Given bool
	Value *T // nil removes
}

func (r *removable[T]) given(value bool) reflect.Value {
	r.Given = true
	if value {
		r.Value = new(T)
		return reflect.ValueOf(r.Value).Elem()
	}
	return reflect.Value{}
}

func (*removable[T]) holds() reflect.Type { return reflect.TypeFor[T]() }

// textForms say how the texts with a form of their own are written.
var textForms = map[reflect.Type]string{
	reflect.TypeFor[money.Cents]():      `een bedrag met een punt en ten hoogste twee decimalen, zoals "40000.00", onder een biljoen`,
	reflect.TypeFor[money.Percent]():    `een percentage van 0 tot en met 100 met een punt en ten hoogste twee decimalen, zoals "2.5"`,
	reflect.TypeFor[calendar.Date]():    `een datum tussen 1900 en 2199, zoals "2022-01-31"`,
	reflect.TypeFor[calendar.Period]():  `een periode, zoals "2022-Q1", "2022-03" of "2022-H1"`,
	reflect.TypeFor[calendar.Minutes](): `uren in hele minuten, zoals "24", "24.5" of "24:30"`,
	reflect.TypeFor[decimal]():          `een getal met een punt en ten hoogste vier decimalen, zoals "125" of "58.1"`,
}
