// SPDX-License-Identifier: EUPL-1.2

package template

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"go.yaml.in/yaml/v3"
)

type keySchema []struct {
	AttributeName string `yaml:"AttributeName"`
	KeyType       string `yaml:"KeyType"`
}

type tableProperties struct {
	BillingMode          string `yaml:"BillingMode"`
	AttributeDefinitions []struct {
		AttributeName string `yaml:"AttributeName"`
		AttributeType string `yaml:"AttributeType"`
	} `yaml:"AttributeDefinitions"`
	KeySchema              keySchema `yaml:"KeySchema"`
	GlobalSecondaryIndexes []struct {
		IndexName  string    `yaml:"IndexName"`
		KeySchema  keySchema `yaml:"KeySchema"`
		Projection struct {
			ProjectionType string `yaml:"ProjectionType"`
		} `yaml:"Projection"`
	} `yaml:"GlobalSecondaryIndexes"`
	StreamSpecification struct {
		StreamViewType string `yaml:"StreamViewType"`
	} `yaml:"StreamSpecification"`
	TimeToLiveSpecification struct {
		AttributeName string `yaml:"AttributeName"`
		Enabled       bool   `yaml:"Enabled"`
	} `yaml:"TimeToLiveSpecification"`
}

// Table is what creates the table under the given name. What only the cloud
// has (encryption, back-up, protection against deletion) is left out.
func (t *Template) Table(name string) *dynamodb.CreateTableInput {
	table := *t.table
	table.TableName = &name
	return &table
}

// TimeToLive is what switches on expiry in the table of the given name, or nil
// where nothing expires.
func (t *Template) TimeToLive(name string) *dynamodb.UpdateTimeToLiveInput {
	if t.ttl == "" {
		return nil
	}
	enabled := true
	return &dynamodb.UpdateTimeToLiveInput{
		TableName:               &name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &t.ttl, Enabled: &enabled},
	}
}

func (t *Template) addTable(node *yaml.Node) error {
	var properties tableProperties
	if err := node.Decode(&properties); err != nil {
		return err
	}
	if len(properties.KeySchema) == 0 {
		return errors.New("de tabel heeft geen KeySchema")
	}
	table := &dynamodb.CreateTableInput{
		BillingMode: types.BillingMode(properties.BillingMode),
		KeySchema:   properties.KeySchema.elements(),
	}
	for _, attribute := range properties.AttributeDefinitions {
		table.AttributeDefinitions = append(table.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: &attribute.AttributeName,
			AttributeType: types.ScalarAttributeType(attribute.AttributeType),
		})
	}
	for _, index := range properties.GlobalSecondaryIndexes {
		table.GlobalSecondaryIndexes = append(table.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName:  &index.IndexName,
			KeySchema:  index.KeySchema.elements(),
			Projection: &types.Projection{ProjectionType: types.ProjectionType(index.Projection.ProjectionType)},
		})
	}
	if view := properties.StreamSpecification.StreamViewType; view != "" {
		enabled := true
		table.StreamSpecification = &types.StreamSpecification{StreamEnabled: &enabled, StreamViewType: types.StreamViewType(view)}
	}
	if properties.TimeToLiveSpecification.Enabled {
		t.ttl = properties.TimeToLiveSpecification.AttributeName
	}
	t.table = table
	return nil
}

func (k keySchema) elements() []types.KeySchemaElement {
	elements := make([]types.KeySchemaElement, len(k))
	for i := range k {
		elements[i] = types.KeySchemaElement{AttributeName: &k[i].AttributeName, KeyType: types.KeyType(k[i].KeyType)}
	}
	return elements
}
