// SPDX-License-Identifier: EUPL-1.2

package enginetest_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"socialreturn/infra/local/engine/enginetest"
)

func TestNewGivesEachTestItsOwnTable(t *testing.T) {
	client, first := enginetest.New(t)
	_, second := enginetest.New(t)
	if first == second {
		t.Fatalf("both tables are called %s", first)
	}
	key := map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "CONTRACT#1"},
		"SK": &types.AttributeValueMemberS{Value: "HEAD"},
	}
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &first, Item: key}); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]int{first: 2, second: 0} {
		got, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table, Key: key})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Item) != want {
			t.Errorf("table %s: %d attributes, want %d", table, len(got.Item), want)
		}
	}
}

func TestTableIsLaidOutAsTheTemplateSays(t *testing.T) {
	client, name := enginetest.New(t)
	described, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	table := described.Table
	if view := table.StreamSpecification.StreamViewType; view != types.StreamViewTypeNewAndOldImages {
		t.Errorf("stream view is %q", view)
	}
	if len(table.GlobalSecondaryIndexes) != 2 {
		t.Errorf("%d indexes, want 2", len(table.GlobalSecondaryIndexes))
	}
	expiry, err := client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	if attribute := expiry.TimeToLiveDescription.AttributeName; attribute == nil || *attribute != "expires" {
		t.Errorf("expiry on %v, want expires", attribute)
	}
}
