// SPDX-License-Identifier: EUPL-1.2

package signed

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
)

// Queue is one SQS queue.
type Queue struct {
	Caller
	URL string // as SQS names the queue: https://sqs.<region>.amazonaws.com/<account>/<name>
}

// Message is a message received. Its Handle holds it until it is deleted or
// given back, or the time for which it was received or held is over.
type Message struct {
	ID     string `json:"MessageId"`
	Handle string `json:"ReceiptHandle"`
	Body   string
}

// Send sends a message, which becomes JSON, and returns when the queue has it.
func (q Queue) Send(ctx context.Context, message any) error {
	body, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("signed: %w", err)
	}
	_, err = q.call(ctx, "SendMessage", map[string]any{"MessageBody": string(body)})
	return err
}

// Receive takes at most ten messages for some seconds, in no order. None may
// mean that there are none, or none this time.
func (q Queue) Receive(ctx context.Context, seconds int) ([]Message, error) {
	answer, err := q.call(ctx, "ReceiveMessage", map[string]any{
		"MaxNumberOfMessages": 10, "VisibilityTimeout": seconds, "WaitTimeSeconds": 2,
	})
	if err != nil {
		return nil, err
	}
	var received struct{ Messages []Message }
	if err := json.Unmarshal(answer, &received); err != nil {
		return nil, fmt.Errorf("signed: %w", err)
	}
	return received.Messages, nil
}

// Delete ends a message.
func (q Queue) Delete(ctx context.Context, m Message) error {
	_, err := q.call(ctx, "DeleteMessage", map[string]any{"ReceiptHandle": m.Handle})
	return err
}

// Hold keeps a message from being received again for so many seconds from now, at
// most 43,200 since it was received; zero gives it back at once.
func (q Queue) Hold(ctx context.Context, m Message, seconds int) error {
	_, err := q.call(ctx, "ChangeMessageVisibility", map[string]any{"ReceiptHandle": m.Handle, "VisibilityTimeout": seconds})
	return err
}

func (q Queue) call(ctx context.Context, operation string, request map[string]any) ([]byte, error) {
	address, err := url.Parse(q.URL)
	if err != nil {
		return nil, fmt.Errorf("signed: %w", err)
	}
	request["QueueUrl"] = q.URL
	answer, _, err := q.Post(ctx, "sqs", address.Scheme+"://"+address.Host+"/", "AmazonSQS."+operation, request)
	return answer, err
}
