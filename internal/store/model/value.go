// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"bytes"
	"strings"
)

// Item is an item as the protocol writes it: values by the names of their
// attributes. Whoever reads one must not change it.
type Item map[string]Value

// Value is the value of an attribute: exactly one field is set. Lists, maps and
// sets are not among them, since nobody here stores any; a request with one is
// refused.
type Value struct {
	S    *string `json:",omitempty"` // text
	N    *string `json:",omitempty"` // a number in decimal notation, without needless zeros
	B    *[]byte `json:",omitempty"`
	BOOL *bool   `json:",omitempty"`
	NULL *bool   `json:",omitempty"`
}

// kind is the name of the field that is set; empty where it is not exactly one.
func (v Value) kind() string {
	kind, several := "", 0
	for _, field := range []struct {
		name string
		set  bool
	}{{"S", v.S != nil}, {"N", v.N != nil}, {"B", v.B != nil}, {"BOOL", v.BOOL != nil}, {"NULL", v.NULL != nil}} {
		if field.set {
			kind = field.name
			several++
		}
	}
	if several != 1 {
		return ""
	}
	return kind
}

// bytes is a text or binary as it sorts.
func (v Value) bytes() string {
	switch {
	case v.S != nil:
		return *v.S
	case v.B != nil:
		return string(*v.B)
	}
	return ""
}

// same reports whether two values are of one kind and equal.
func (v Value) same(other Value) bool {
	switch {
	case v.S != nil:
		return other.S != nil && *v.S == *other.S
	case v.N != nil:
		return other.N != nil && *v.N == *other.N
	case v.B != nil:
		return other.B != nil && bytes.Equal(*v.B, *other.B)
	case v.BOOL != nil:
		return other.BOOL != nil && *v.BOOL == *other.BOOL
	}
	return v.NULL != nil && other.NULL != nil
}

// compare orders two values of one kind: numbers as decimals, text and binary by
// bytes. Other kinds, and different ones, have no order.
func (v Value) compare(other Value) (order int, ordered bool) {
	switch {
	case v.S != nil && other.S != nil:
		return strings.Compare(*v.S, *other.S), true
	case v.B != nil && other.B != nil:
		return bytes.Compare(*v.B, *other.B), true
	case v.N != nil && other.N != nil:
		a, errA := parseDecimal(*v.N)
		b, errB := parseDecimal(*other.N)
		return a.compare(b), errA == nil && errB == nil
	}
	return 0, false
}

// size is the bytes that count for limits and units.
func (v Value) size() int {
	switch {
	case v.N != nil:
		if number, err := parseDecimal(*v.N); err == nil {
			return number.size()
		}
		return 0
	case v.S != nil || v.B != nil:
		return len(v.bytes())
	}
	return 1
}

func (i Item) size() int {
	size := 0
	for name, value := range i {
		size += len(name) + value.size()
	}
	return size
}

func (i Item) same(other Item) bool {
	if len(i) != len(other) {
		return false
	}
	for name, value := range i {
		if !value.same(other[name]) {
			return false
		}
	}
	return true
}

// settle checks values as they came in and writes numbers in their one form. It
// changes the item itself.
func (i Item) settle() error {
	for name, value := range i {
		switch value.kind() {
		case "":
			return invalid("Supplied AttributeValue is empty or has more than one datatypes set, must contain exactly one of the supported datatypes")
		case "N":
			number, err := parseDecimal(*value.N)
			if err != nil {
				return err
			}
			text := number.String()
			i[name] = Value{N: &text}
		case "NULL":
			if !*value.NULL {
				return invalid("One or more parameter values were invalid: Null attribute value types must have the value of true")
			}
		}
	}
	return nil
}
