// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// convert is a record as Lambda hands it to a function.
func convert(record types.Record, stream string) (events.DynamoDBEventRecord, error) {
	converted := events.DynamoDBEventRecord{
		AWSRegion:      text(record.AwsRegion),
		EventID:        text(record.EventID),
		EventName:      string(record.EventName),
		EventSource:    text(record.EventSource),
		EventVersion:   text(record.EventVersion),
		EventSourceArn: stream,
	}
	if identity := record.UserIdentity; identity != nil {
		converted.UserIdentity = &events.DynamoDBUserIdentity{Type: text(identity.Type), PrincipalID: text(identity.PrincipalId)}
	}
	change := record.Dynamodb
	if change == nil || change.SequenceNumber == nil {
		return converted, fmt.Errorf("stream: record %s heeft geen volgnummer", converted.EventID)
	}
	converted.Change.SequenceNumber = *change.SequenceNumber
	converted.Change.StreamViewType = string(change.StreamViewType)
	if change.SizeBytes != nil {
		converted.Change.SizeBytes = *change.SizeBytes
	}
	if change.ApproximateCreationDateTime != nil {
		converted.Change.ApproximateCreationDateTime = events.SecondsEpochTime{Time: *change.ApproximateCreationDateTime}
	}
	var err error
	for _, image := range []struct {
		to   *map[string]events.DynamoDBAttributeValue
		from map[string]types.AttributeValue
	}{
		{&converted.Change.Keys, change.Keys},
		{&converted.Change.NewImage, change.NewImage},
		{&converted.Change.OldImage, change.OldImage},
	} {
		if *image.to, err = attributes(image.from); err != nil {
			return converted, err
		}
	}
	return converted, nil
}

func attributes(values map[string]types.AttributeValue) (map[string]events.DynamoDBAttributeValue, error) {
	if values == nil {
		return nil, nil
	}
	converted := make(map[string]events.DynamoDBAttributeValue, len(values))
	for name, value := range values {
		var err error
		if converted[name], err = attribute(value); err != nil {
			return nil, err
		}
	}
	return converted, nil
}

func attribute(value types.AttributeValue) (events.DynamoDBAttributeValue, error) {
	switch value := value.(type) {
	case *types.AttributeValueMemberS:
		return events.NewStringAttribute(value.Value), nil
	case *types.AttributeValueMemberN:
		return events.NewNumberAttribute(value.Value), nil
	case *types.AttributeValueMemberB:
		return events.NewBinaryAttribute(value.Value), nil
	case *types.AttributeValueMemberBOOL:
		return events.NewBooleanAttribute(value.Value), nil
	case *types.AttributeValueMemberNULL:
		return events.NewNullAttribute(), nil
	case *types.AttributeValueMemberSS:
		return events.NewStringSetAttribute(value.Value), nil
	case *types.AttributeValueMemberNS:
		return events.NewNumberSetAttribute(value.Value), nil
	case *types.AttributeValueMemberBS:
		return events.NewBinarySetAttribute(value.Value), nil
	case *types.AttributeValueMemberM:
		fields, err := attributes(value.Value)
		return events.NewMapAttribute(fields), err
	case *types.AttributeValueMemberL:
		items := make([]events.DynamoDBAttributeValue, len(value.Value))
		for i, item := range value.Value {
			var err error
			if items[i], err = attribute(item); err != nil {
				return events.DynamoDBAttributeValue{}, err
			}
		}
		return events.NewListAttribute(items), nil
	default:
		return events.DynamoDBAttributeValue{}, fmt.Errorf("stream: onbekend soort attribuut %T", value)
	}
}

func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}
