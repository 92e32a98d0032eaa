// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

type operation[In, Out any] func(ctx context.Context, in *In, options ...func(*dynamodb.Options)) (*Out, error)

// operations are the engine's operations that the store uses. They are held
// apart from their client: a type that is reached from an interface, as the
// store is, keeps all its methods wherever one is looked up by name at run time,
// which text/template does. The client has 57 operations and a megabyte of them.
type operations struct {
	getItem            operation[dynamodb.GetItemInput, dynamodb.GetItemOutput]
	batchGetItem       operation[dynamodb.BatchGetItemInput, dynamodb.BatchGetItemOutput]
	query              operation[dynamodb.QueryInput, dynamodb.QueryOutput]
	putItem            operation[dynamodb.PutItemInput, dynamodb.PutItemOutput]
	batchWriteItem     operation[dynamodb.BatchWriteItemInput, dynamodb.BatchWriteItemOutput]
	transactWriteItems operation[dynamodb.TransactWriteItemsInput, dynamodb.TransactWriteItemsOutput]
}

func operationsOf(c *dynamodb.Client) operations {
	return operations{
		getItem: c.GetItem, batchGetItem: c.BatchGetItem, query: c.Query,
		putItem: c.PutItem, batchWriteItem: c.BatchWriteItem, transactWriteItems: c.TransactWriteItems,
	}
}
