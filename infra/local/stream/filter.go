// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// filters let a record through when one of them does, or when there are none.
type filters []filter

// filter lets a record through when every condition holds.
type filter []condition

// condition asks for one of the given texts.
type condition struct {
	attribute string // of the new image; empty asks for the name of the event
	values    []string
}

// compile reads patterns of exact texts for eventName and for string
// attributes of dynamodb.NewImage. Its error names every part of another kind.
func compile(patterns []string) (filters, error) {
	var compiled filters
	var faults []error
	for i, pattern := range patterns {
		var tree any
		if err := json.Unmarshal([]byte(pattern), &tree); err != nil {
			faults = append(faults, fmt.Errorf("stream: filter %d is geen JSON: %w", i+1, err))
			continue
		}
		var f filter
		if err := f.add(nil, tree); err != nil {
			faults = append(faults, fmt.Errorf("stream: filter %d: %w", i+1, err))
			continue
		}
		compiled = append(compiled, f)
	}
	return compiled, errors.Join(faults...)
}

// add walks down the pattern; path is where it is.
func (f *filter) add(path []string, node any) error {
	switch node := node.(type) {
	case map[string]any:
		var faults []error
		for key, child := range node {
			faults = append(faults, f.add(append(slices.Clone(path), key), child))
		}
		return errors.Join(faults...)
	case []any:
		return f.addCondition(path, node)
	default:
		return fmt.Errorf("%s: alleen lijsten van teksten", strings.Join(path, "."))
	}
}

func (f *filter) addCondition(path []string, values []any) error {
	where := strings.Join(path, ".")
	var found condition
	switch {
	case where == "eventName":
	case len(path) == 4 && path[0] == "dynamodb" && path[1] == "NewImage" && path[3] == "S":
		found.attribute = path[2]
	default:
		return fmt.Errorf("%s: alleen eventName en dynamodb.NewImage.<attribuut>.S", where)
	}
	for _, value := range values {
		text, isText := value.(string)
		if !isText {
			return fmt.Errorf("%s: %v is geen tekst", where, value)
		}
		found.values = append(found.values, text)
	}
	*f = append(*f, found)
	return nil
}

func (fs filters) match(record events.DynamoDBEventRecord) bool {
	return len(fs) == 0 || slices.ContainsFunc(fs, func(f filter) bool { return f.match(record) })
}

func (f filter) match(record events.DynamoDBEventRecord) bool {
	for _, c := range f {
		if !c.holds(record) {
			return false
		}
	}
	return true
}

func (c condition) holds(record events.DynamoDBEventRecord) bool {
	if c.attribute == "" {
		return slices.Contains(c.values, record.EventName)
	}
	value, exists := record.Change.NewImage[c.attribute]
	return exists && value.DataType() == events.DataTypeString && slices.Contains(c.values, value.String())
}
