// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The types of items, in the attribute "type". The stream is filtered on entry.
const (
	typeAuthority    = "authority"
	typePointer      = "pointer"
	typeReservation  = "reservation"
	typeTender       = "tender"
	typeEntry        = "entry"
	typeContract     = "contract"
	typeAmendment    = "amendment"
	typePlacement    = "placement"
	typeBalance      = "balance"
	typePlan         = "plan"
	typePlanRevision = "planRevision"
	typeStatement    = "statement"
	typeLine         = "line"
	typeDecision     = "decision"
	typeCorrection   = "correction"
	typeSighting     = "sighting"
	typeTake         = "take"
	typeTally        = "tally"
	typeAlias        = "alias"
	typeContribution = "contribution"
	typeTotal        = "total"
	typeCourse       = "course"
	typeIndicator    = "indicator"
	typeEnterprise   = "enterprise"
	typeYearClose    = "yearClose"
	typeHeads        = "heads"
	typeAreaClose    = "areaClose"
)

const (
	formatVersion = 1
	maxItem       = 400 << 10 // bytes, of the engine
)

// record is an item as the engine holds it.
type record map[string]types.AttributeValue

// attribute is what a condition, index or filter needs beside the body.
type attribute struct {
	name  string
	value types.AttributeValue
}

func text(name, value string) attribute {
	return attribute{name, &types.AttributeValueMemberS{Value: value}}
}

func number(name string, value int) attribute {
	return attribute{name, &types.AttributeValueMemberN{Value: strconv.Itoa(value)}}
}

func flag(name string, value bool) attribute {
	return attribute{name, &types.AttributeValueMemberBOOL{Value: value}}
}

func (r record) text(name string) string {
	if s, isText := r[name].(*types.AttributeValueMemberS); isText {
		return s.Value
	}
	return ""
}

func (r record) number(name string) int {
	if n, isNumber := r[name].(*types.AttributeValueMemberN); isNumber {
		value, err := strconv.Atoi(n.Value)
		if err == nil {
			return value
		}
	}
	return 0
}

func (r record) key() key { return key{pk: r.text("PK"), sk: r.text("SK")} }

// newRecord is the item of a body. It returns ErrKey, and an error where the
// item is larger than the engine takes.
func newRecord(k key, kind string, body any, attributes []attribute) (record, error) {
	if k.fault != nil {
		return nil, k.fault
	}
	encoded, err := encode(body)
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", kind, err)
	}
	r := k.primary()
	for _, a := range append(attributes, text("type", kind), text("body", encoded)) {
		r[a.name] = a.value
	}
	r["v"] = number("v", formatVersion).value
	if size := r.size(); size > maxItem {
		return nil, fmt.Errorf("store: %s of %d bytes is over the engine's %d", kind, size, maxItem)
	}
	return r, nil
}

func (k key) primary() record {
	return record{"PK": &types.AttributeValueMemberS{Value: k.pk}, "SK": &types.AttributeValueMemberS{Value: k.sk}}
}

// size is the bytes that the engine counts for its limit: names and values. It
// counts a number as its digits, which is never too few.
func (r record) size() int {
	size := 0
	for name, value := range r {
		size += len(name)
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			size += len(v.Value)
		case *types.AttributeValueMemberN:
			size += len(v.Value)
		default:
			size++
		}
	}
	return size
}

// encode is compact JSON in which <, > and & stay themselves.
func encode(body any) (string, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return "", err
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}

// decode reads the body of an item of the given type. Its error names the type,
// never a key, which may stand for a person.
func decode[T any](r record, kind string) (T, error) {
	var body T
	if got := r.text("type"); got != kind {
		return body, fmt.Errorf("store: an item of type %q where %s belongs", got, kind)
	}
	if r.number("v") != formatVersion {
		return body, fmt.Errorf("store: %s is not of format version %d", kind, formatVersion)
	}
	if err := json.Unmarshal([]byte(r.text("body")), &body); err != nil {
		return body, fmt.Errorf("store: body of %s: %w", kind, err)
	}
	return body, nil
}

func decodeAll[T any](records []record, kind string) ([]T, error) {
	bodies := make([]T, len(records))
	for i, r := range records {
		body, err := decode[T](r, kind)
		if err != nil {
			return nil, err
		}
		bodies[i] = body
	}
	return bodies, nil
}
