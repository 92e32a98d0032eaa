// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// shard is what is known of one shard of the stream.
type shard struct {
	id, parent string
	iterator   *string
	seen       string // last sequence number read
	pending    []events.DynamoDBEventRecord
	since      time.Time // when the oldest of pending came in
	closed     bool      // nothing more will come
	finished   bool      // closed, and all delivered
}

func (s *shard) add(record events.DynamoDBEventRecord) {
	if len(s.pending) == 0 {
		s.since = time.Now()
	}
	s.pending = append(s.pending, record)
}

// due reports whether a batch must go now.
func (s *shard) due(size int, window time.Duration, hurry bool) bool {
	return len(s.pending) >= size || len(s.pending) > 0 && (hurry || time.Since(s.since) >= window)
}

// forget drops what was read, so that it is read again from the position.
func (s *shard) forget() {
	s.iterator, s.pending, s.seen, s.closed = nil, nil, "", false
}

// discover adds the shards that are new.
func (p *Poller) discover(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	input := &dynamodbstreams.DescribeStreamInput{StreamArn: &p.stream}
	for {
		page, err := p.client.DescribeStream(ctx, input)
		if err != nil {
			return fmt.Errorf("stream: %w", err)
		}
		for _, found := range page.StreamDescription.Shards {
			if p.shards[*found.ShardId] == nil {
				p.shards[*found.ShardId] = &shard{id: *found.ShardId, parent: text(found.ParentShardId)}
			}
		}
		if page.StreamDescription.LastEvaluatedShardId == nil {
			return nil
		}
		input.ExclusiveStartShardId = page.StreamDescription.LastEvaluatedShardId
	}
}

// read is the next page of the shard; it may be empty.
func (p *Poller) read(ctx context.Context, s *shard) ([]events.DynamoDBEventRecord, error) {
	if s.closed {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if s.iterator == nil {
		iterator, err := p.iterator(ctx, s)
		if err != nil {
			return nil, err
		}
		s.iterator = iterator
	}
	page, err := p.client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: s.iterator})
	if err != nil {
		s.forget() // whatever is wrong with the iterator, a new one starts at the position
		return nil, fmt.Errorf("stream: %w", err)
	}
	s.iterator, s.closed = page.NextShardIterator, page.NextShardIterator == nil
	records := make([]events.DynamoDBEventRecord, len(page.Records))
	for i, record := range page.Records {
		if records[i], err = convert(record, p.stream); err != nil {
			s.forget()
			return nil, err
		}
	}
	return records, nil
}

// iterator continues after the position, or begins at the oldest record that
// there still is.
func (p *Poller) iterator(ctx context.Context, s *shard) (*string, error) {
	input := &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &p.stream, ShardId: &s.id, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	}
	if after := p.position.after(s.id); after != "" {
		input.ShardIteratorType, input.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, &after
	}
	output, err := p.client.GetShardIterator(ctx, input)
	if trimmed := (*types.TrimmedDataAccessException)(nil); errors.As(err, &trimmed) {
		p.log.Warn("stream records are gone before they were delivered", "shard", s.id)
		input.ShardIteratorType, input.SequenceNumber = types.ShardIteratorTypeTrimHorizon, nil
		output, err = p.client.GetShardIterator(ctx, input)
	}
	if err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	return output.ShardIterator, nil
}
