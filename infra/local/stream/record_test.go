// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

func TestConvert(t *testing.T) {
	created := time.Unix(1767225600, 0)
	converted, err := convert(types.Record{
		AwsRegion: aws.String("eu-central-1"), EventID: aws.String("e1"), EventName: types.OperationTypeModify,
		EventSource: aws.String("aws:dynamodb"), EventVersion: aws.String("1.1"),
		UserIdentity: &types.Identity{Type: aws.String("Service"), PrincipalId: aws.String("dynamodb.amazonaws.com")},
		Dynamodb: &types.StreamRecord{
			ApproximateCreationDateTime: &created, SequenceNumber: aws.String("100"), SizeBytes: aws.Int64(42),
			StreamViewType: types.StreamViewTypeNewAndOldImages,
			Keys:           map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: "A"}},
			OldImage:       map[string]types.AttributeValue{"n": &types.AttributeValueMemberN{Value: "1.50"}},
			NewImage: map[string]types.AttributeValue{
				"s": &types.AttributeValueMemberS{Value: "x"}, "n": &types.AttributeValueMemberN{Value: "2"},
				"b": &types.AttributeValueMemberB{Value: []byte{255}}, "t": &types.AttributeValueMemberBOOL{Value: true},
				"z": &types.AttributeValueMemberNULL{Value: true}, "ss": &types.AttributeValueMemberSS{Value: []string{"a"}},
				"ns": &types.AttributeValueMemberNS{Value: []string{"3"}}, "bs": &types.AttributeValueMemberBS{Value: [][]byte{{1}}},
				"m": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: "v"}}},
				"l": &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberN{Value: "4"}}},
			},
		},
	}, "arn:stream")
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(converted)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"awsRegion":"eu-central-1","dynamodb":{"ApproximateCreationDateTime":1767225600,"Keys":{"PK":{"S":"A"}},` +
		`"NewImage":{"b":{"B":"/w=="},"bs":{"BS":["AQ=="]},"l":{"L":[{"N":"4"}]},"m":{"M":{"k":{"S":"v"}}},"n":{"N":"2"},"ns":{"NS":["3"]},` +
		`"s":{"S":"x"},"ss":{"SS":["a"]},"t":{"BOOL":true},"z":{"NULL":true}},"OldImage":{"n":{"N":"1.50"}},"SequenceNumber":"100",` +
		`"SizeBytes":42,"StreamViewType":"NEW_AND_OLD_IMAGES"},"eventID":"e1","eventName":"MODIFY","eventSource":"aws:dynamodb",` +
		`"eventVersion":"1.1","eventSourceARN":"arn:stream","userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"}}`
	if string(got) != want {
		t.Errorf("record is\n%s\nwant\n%s", got, want)
	}
}

func TestConvertRefusesARecordWithoutNumber(t *testing.T) {
	for name, record := range map[string]types.Record{"nothing": {}, "no number": {Dynamodb: &types.StreamRecord{}}} {
		if _, err := convert(record, "arn:stream"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
