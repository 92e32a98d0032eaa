// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"socialreturn/internal/store/model"
)

// ordinary is an item of about 1 kB, as the store has them, in both indexes.
func ordinary(pk, sk string) map[string]types.AttributeValue {
	item := map[string]types.AttributeValue{"version": &types.AttributeValueMemberN{Value: "7"}}
	for name, value := range map[string]string{
		"PK": pk, "SK": sk, "OwnerPK": "AUTH#1", "OwnerSK": pk + sk, "DeskPK": "DESK#1", "DeskSK": pk + sk,
		"type": "statement", "body": strings.Repeat(`{"name":"value"},`, 50),
	} {
		item[name] = &types.AttributeValueMemberS{Value: value}
	}
	return item
}

// The model under the SDK's client, which takes most of the time: operations a
// second are a billion by ns/op.
func BenchmarkOperations(b *testing.B) {
	_, s := small(b, model.Options{Now: time.Now})
	client, table := sdk(s), "TABLE"
	key := func(i int) map[string]types.AttributeValue {
		item := ordinary(fmt.Sprint("CONTRACT#", i%100), "HEAD")
		return map[string]types.AttributeValue{"PK": item["PK"], "SK": item["SK"]}
	}
	put := func(i int) *types.Put {
		return &types.Put{TableName: &table, Item: ordinary(fmt.Sprint("CONTRACT#", i%100), fmt.Sprint("ENTRY#", i/100%10))}
	}
	expression, names := "#PK = :pk", map[string]string{"#PK": "PK"}
	for name, operation := range map[string]func(i int) error{
		"Get": func(i int) error {
			_, err := client.GetItem(b.Context(), &dynamodb.GetItemInput{TableName: &table, Key: key(i)})
			return err
		},
		"Put": func(i int) error {
			_, err := client.PutItem(b.Context(), &dynamodb.PutItemInput{TableName: &table, Item: put(i).Item})
			return err
		},
		"QueryOf10": func(i int) error {
			_, err := client.Query(b.Context(), &dynamodb.QueryInput{
				TableName: &table, KeyConditionExpression: &expression, ExpressionAttributeNames: names,
				ExpressionAttributeValues: map[string]types.AttributeValue{":pk": key(i)["PK"]},
			})
			return err
		},
		"TransactionOf3": func(i int) error {
			_, err := client.TransactWriteItems(b.Context(), &dynamodb.TransactWriteItemsInput{
				TransactItems: []types.TransactWriteItem{{Put: put(3 * i)}, {Put: put(3*i + 1)}, {Put: put(3*i + 2)}},
			})
			return err
		},
	} {
		for i := range 1000 {
			if _, err := client.PutItem(b.Context(), &dynamodb.PutItemInput{TableName: &table, Item: put(i).Item}); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if err := operation(i); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}
