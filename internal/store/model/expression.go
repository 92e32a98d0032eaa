// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"maps"
	"slices"
	"strings"
)

// condition decides over an item; a nil item is one that does not exist.
type condition interface{ holds(item Item) bool }

type (
	always     struct{}
	negation   struct{ of condition }
	both       struct{ first, second condition }
	either     struct{ first, second condition }
	existence  struct{ name string }
	prefix     struct{ of, start operand }
	comparison struct {
		left, right operand
		sign        string // = <> < <= > >=
	}
	between struct{ of, low, high operand }
)

// operand is an attribute, or where name is empty a value.
type operand struct {
	name  string
	value Value
}

func (o operand) of(item Item) (Value, bool) {
	if o.name == "" {
		return o.value, true
	}
	value, there := item[o.name]
	return value, there
}

func (always) holds(Item) bool { return true }

func (n negation) holds(item Item) bool { return !n.of.holds(item) }

func (b both) holds(item Item) bool { return b.first.holds(item) && b.second.holds(item) }

func (e either) holds(item Item) bool { return e.first.holds(item) || e.second.holds(item) }

func (e existence) holds(item Item) bool {
	_, there := item[e.name]
	return there
}

func (p prefix) holds(item Item) bool {
	of, there := p.of.of(item)
	start, also := p.start.of(item)
	return there && also && of.kind() == start.kind() && (of.S != nil || of.B != nil) && strings.HasPrefix(of.bytes(), start.bytes())
}

// holds is false where an attribute is absent, but for <>.
func (c comparison) holds(item Item) bool {
	left, there := c.left.of(item)
	right, also := c.right.of(item)
	equal := there && also && left.same(right)
	switch c.sign {
	case "=":
		return equal
	case "<>":
		return !equal
	}
	order, ordered := left.compare(right)
	if !ordered {
		return false
	}
	switch c.sign {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func (b between) holds(item Item) bool {
	return comparison{b.of, b.low, ">="}.holds(item) && comparison{b.of, b.high, "<="}.holds(item)
}

// step is one change of an update: an attribute set to a value, or a number
// added to it.
type step struct {
	name  string
	value Value
	add   bool
}

// update is the changes that an update makes.
type update []step

// apply is the item after the update of an old one, or of one of which there is
// only the key. Its error is a refusal.
func (u update) apply(old Item) (Item, error) {
	item := maps.Clone(old)
	for _, s := range u {
		before, there := old[s.name]
		switch {
		case !s.add || !there:
			item[s.name] = s.value
		case before.N == nil:
			return nil, invalid("An operand in the update expression has an incorrect data type")
		default:
			sum, err := add(before, s.value)
			if err != nil {
				return nil, err
			}
			item[s.name] = sum
		}
	}
	return item, nil
}

func add(a, b Value) (Value, error) {
	left, err := parseDecimal(*a.N)
	if err != nil {
		return Value{}, err
	}
	right, err := parseDecimal(*b.N)
	if err != nil {
		return Value{}, err
	}
	sum, err := left.plus(right)
	if err != nil {
		return Value{}, err
	}
	text := sum.String()
	return Value{N: &text}, nil
}

// expressions are what the expressions of one request share: placeholders for
// names, which start with #, and for values, which start with :.
type expressions struct {
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues Item

	used map[string]bool
}

// prepare comes before the first expression is read.
func (e *expressions) prepare() error {
	e.used = make(map[string]bool)
	return e.ExpressionAttributeValues.settle()
}

// finish refuses placeholders that no expression used.
func (e *expressions) finish() error {
	for _, kind := range []struct {
		field        string
		placeholders []string
	}{
		{"ExpressionAttributeNames", slices.Sorted(maps.Keys(e.ExpressionAttributeNames))},
		{"ExpressionAttributeValues", slices.Sorted(maps.Keys(e.ExpressionAttributeValues))},
	} {
		unused := slices.DeleteFunc(kind.placeholders, func(p string) bool { return e.used[p] })
		if len(unused) > 0 {
			return invalid("Value provided in %s unused in expressions: keys: {%s}", kind.field, strings.Join(unused, ", "))
		}
	}
	return nil
}

func (e *expressions) name(placeholder string) (string, error) {
	name, defined := e.ExpressionAttributeNames[placeholder]
	if !defined {
		return "", invalid("An expression attribute name used in the document path is not defined; attribute name: %s", placeholder)
	}
	e.used[placeholder] = true
	return name, nil
}

func (e *expressions) value(placeholder string) (Value, error) {
	value, defined := e.ExpressionAttributeValues[placeholder]
	if !defined {
		return Value{}, invalid("An expression attribute value used in expression is not defined; attribute value: %s", placeholder)
	}
	e.used[placeholder] = true
	return value, nil
}

// condition reads a condition or filter; an empty one always holds.
func (e *expressions) condition(text string) (condition, error) {
	if text == "" {
		return always{}, nil
	}
	p, err := e.parse(text)
	if err != nil {
		return nil, err
	}
	c, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	return c, p.end()
}

// update reads an update, which must not touch the table's key.
func (e *expressions) update(text string, t *table) (update, error) {
	p, err := e.parse(text)
	if err != nil {
		return nil, err
	}
	u, err := p.sections()
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	for _, s := range u {
		if s.name == t.base.hash || s.name == t.base.sort {
			return nil, invalid("One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key", s.name)
		}
		if seen[s.name] {
			return nil, invalid("Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [%s], path two: [%s]", s.name, s.name)
		}
		seen[s.name] = true
	}
	return u, p.end()
}

// keyCondition is a key condition: the partition, and what holds of a sort key.
func (e *expressions) keyCondition(text string, s schema) (hash Value, sort condition, err error) {
	c, err := e.condition(text)
	if err != nil {
		return Value{}, nil, err
	}
	sort = always{}
	if all, two := c.(both); two {
		if c, sort = all.first, all.second; isOn(sort, s.hash) {
			c, sort = sort, c
		}
		if !isOn(sort, s.sort) {
			return Value{}, nil, invalid("Query key condition not supported")
		}
	}
	equal, isEqual := c.(comparison)
	if !isEqual || equal.sign != "=" || equal.left.name != s.hash || equal.right.name != "" {
		return Value{}, nil, invalid("Query condition missed key schema element: %s", s.hash)
	}
	return equal.right.value, sort, nil
}

// isOn tells of a condition that it compares this attribute with values only, in
// a way that a key condition knows.
func isOn(c condition, name string) bool {
	var operands []operand
	switch c := c.(type) {
	case comparison:
		if c.sign == "<>" {
			return false
		}
		operands = []operand{c.left, c.right}
	case between:
		operands = []operand{c.of, c.low, c.high}
	case prefix:
		operands = []operand{c.of, c.start}
	default:
		return false
	}
	for _, value := range operands[1:] {
		if value.name != "" {
			return false
		}
	}
	return operands[0].name == name
}

// names are the attributes that a condition looks at.
func names(c condition) []string {
	switch c := c.(type) {
	case negation:
		return names(c.of)
	case both:
		return append(names(c.first), names(c.second)...)
	case either:
		return append(names(c.first), names(c.second)...)
	case existence:
		return []string{c.name}
	case prefix:
		return []string{c.of.name, c.start.name}
	case comparison:
		return []string{c.left.name, c.right.name}
	case between:
		return []string{c.of.name, c.low.name, c.high.name}
	}
	return nil
}
