// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Mutant is a rule-set file of which one number is another: what a scenario must
// notice.
type Mutant struct {
	Of      Ref    // the file that it was
	Pointer string // of the number
	Before  string
	After   string
	Path    string // where the file would belong
	File    []byte
}

// Mutants changes each number of the file by the smallest step that the format
// can write, up and down: a cent, a hundredth of a percent, a minute, one, a day.
// A week of no hours goes to one hour, for nobody works a week of a minute. The
// numbers are those that mean something: not the format's, nor the day on which a
// source was read, nor what only placements are counted by in a file that values
// none.
func (rs *RuleSet) Mutants() iter.Seq2[Mutant, error] {
	return func(yield func(Mutant, error) bool) {
		var d document
		if err := json.Unmarshal(rs.raw, &d); err != nil {
			yield(Mutant{}, fmt.Errorf("rekenregel lezen: %w", err))
			return
		}
		numbers(reflect.ValueOf(&d).Elem(), "", func(at string, number reflect.Value) bool {
			if countsPlacements(at) && !d.valuesPlacements() {
				return true
			}
			before := number.Interface()
			for _, after := range steps(before) {
				number.Set(reflect.ValueOf(after))
				raw, err := json.Marshal(d)
				mutant := Mutant{Of: rs.ref, Pointer: at, Before: fmt.Sprint(before), After: fmt.Sprint(after), Path: d.path(), File: raw}
				number.Set(reflect.ValueOf(before))
				if !yield(mutant, err) {
					return false
				}
			}
			return true
		})
	}
}

// countsPlacements tells that the value at a pointer means nothing but for a
// placement.
func countsPlacements(at string) bool {
	top, _, _ := strings.Cut(strings.TrimPrefix(at, "/"), "/")
	switch top {
	case "normWeek", "headStartMonths", "minimumWeek", "extraJob":
		return true
	}
	return false
}

func (d *document) valuesPlacements() bool {
	return slices.ContainsFunc(d.Blocks, func(b Block) bool { return b.Kind.Effort() == PlacementEffort })
}

// steps are the neighbours of a number, and nothing of what is none.
func steps(value any) []any {
	switch n := value.(type) {
	case money.Cents:
		return neighbours(n)
	case money.Percent:
		return neighbours(n)
	case int:
		return neighbours(n)
	case calendar.Minutes:
		if n == 0 {
			return []any{calendar.Minutes(60)}
		}
		return neighbours(n)
	case calendar.Date:
		return []any{n.AddDays(-1), n.AddDays(1)}
	}
	return nil
}

func neighbours[T ~int | ~int64](n T) []any {
	if n == 0 {
		return []any{n + 1}
	}
	return []any{n - 1, n + 1}
}

// numbers visits every number that is written in a document, with its pointer,
// until a visit gives false.
func numbers(v reflect.Value, at string, visit func(string, reflect.Value) bool) bool {
	if at == "/schema" || v.Type() == reflect.TypeFor[Source]() {
		return true
	}
	if steps(v.Interface()) != nil {
		return visit(at, v)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || numbers(v.Elem(), at, visit)
	case reflect.Slice:
		for i := range v.Len() {
			if !numbers(v.Index(i), at+"/"+strconv.Itoa(i), visit) {
				return false
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if options != "" && v.Field(i).IsZero() {
				continue // not written
			}
			if !numbers(v.Field(i), at+"/"+name, visit) {
				return false
			}
		}
	}
	return true
}
