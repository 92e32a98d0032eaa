// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"regexp"
	"slices"
)

type keyElement struct{ AttributeName, KeyType string }

type attributeDefinition struct{ AttributeName, AttributeType string }

type indexDefinition struct {
	IndexName   string
	KeySchema   []keyElement
	Projection  struct{ ProjectionType string }
	IndexStatus string `json:",omitempty"`
}

type streamDefinition struct {
	StreamEnabled  bool
	StreamViewType string `json:",omitempty"`
}

// definition is a table as a client asks for it and sees it described.
type definition struct {
	TableName              string
	AttributeDefinitions   []attributeDefinition
	KeySchema              []keyElement
	BillingMode            string            `json:",omitempty"`
	GlobalSecondaryIndexes []indexDefinition `json:",omitempty"`
	StreamSpecification    *streamDefinition `json:",omitempty"`
}

type named struct{ TableName string }

type description struct {
	definition
	TableStatus string
	ItemCount   int
}

func (t *table) describe() description {
	d := description{t.definition, "ACTIVE", len(t.items)}
	d.GlobalSecondaryIndexes = slices.Clone(d.GlobalSecondaryIndexes)
	for i := range d.GlobalSecondaryIndexes {
		d.GlobalSecondaryIndexes[i].IndexStatus = "ACTIVE"
	}
	return d
}

var tableName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`)

func (e *Engine) createTable(d definition, _ Fate) (any, error) {
	if !tableName.MatchString(d.TableName) {
		return nil, invalid("TableName must be at least 3 characters long and at most 255 characters long")
	}
	if e.tables[d.TableName] != nil {
		return nil, refuse("ResourceInUseException", "Table already exists: "+d.TableName)
	}
	t := &table{
		definition: d, kinds: make(map[string]string), items: make(map[id]Item),
		partitions: map[string]map[string][]place{"": {}},
	}
	for _, a := range d.AttributeDefinitions {
		if a.AttributeType != "S" && a.AttributeType != "B" {
			return nil, unknown("keys of type %s", a.AttributeType)
		}
		t.kinds[a.AttributeName] = a.AttributeType
	}
	var err error
	if t.base, err = t.key("", d.KeySchema); err != nil {
		return nil, err
	}
	for _, x := range d.GlobalSecondaryIndexes {
		if x.Projection.ProjectionType != "ALL" {
			return nil, unknown("projection %q", x.Projection.ProjectionType)
		}
		s, err := t.key(x.IndexName, x.KeySchema)
		if err != nil {
			return nil, err
		}
		t.indexes = append(t.indexes, s)
		t.partitions[s.name] = make(map[string][]place)
	}
	e.tables[d.TableName] = t
	return struct{ TableDescription description }{t.describe()}, nil
}

// key reads a key of two attributes, both of which are defined.
func (t *table) key(index string, elements []keyElement) (schema, error) {
	if len(elements) != 2 || elements[0].KeyType != "HASH" || elements[1].KeyType != "RANGE" {
		return schema{}, unknown("a key that is not of a HASH and a RANGE attribute: %v", elements)
	}
	for _, element := range elements {
		if t.kinds[element.AttributeName] == "" {
			return schema{}, invalid("One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions: %s", element.AttributeName)
		}
	}
	return schema{index, elements[0].AttributeName, elements[1].AttributeName}, nil
}

func (e *Engine) describeTable(in named, _ Fate) (any, error) {
	t := e.tables[in.TableName]
	if t == nil {
		return nil, noTable()
	}
	return struct{ Table description }{t.describe()}, nil
}

func (e *Engine) deleteTable(in named, _ Fate) (any, error) {
	t := e.tables[in.TableName]
	if t == nil {
		return nil, noTable()
	}
	delete(e.tables, in.TableName)
	d := t.describe()
	d.TableStatus = "DELETING"
	return struct{ TableDescription description }{d}, nil
}

type expiry struct {
	AttributeName string
	Enabled       bool
}

// updateTimeToLive notes the attribute. Nothing expires by itself here: whoever
// runs a simulation decides what time destroys, and when.
func (e *Engine) updateTimeToLive(in struct {
	TableName               string
	TimeToLiveSpecification expiry
}, _ Fate) (any, error) {
	t := e.tables[in.TableName]
	if t == nil {
		return nil, noTable()
	}
	t.expiry = ""
	if in.TimeToLiveSpecification.Enabled {
		t.expiry = in.TimeToLiveSpecification.AttributeName
	}
	return struct{ TimeToLiveSpecification expiry }{in.TimeToLiveSpecification}, nil
}

func (e *Engine) describeTimeToLive(in named, _ Fate) (any, error) {
	t := e.tables[in.TableName]
	if t == nil {
		return nil, noTable()
	}
	type status struct {
		AttributeName    string `json:",omitempty"`
		TimeToLiveStatus string
	}
	s := status{t.expiry, "ENABLED"}
	if t.expiry == "" {
		s.TimeToLiveStatus = "DISABLED"
	}
	return struct{ TimeToLiveDescription status }{s}, nil
}
