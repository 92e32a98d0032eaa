// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"socialreturn/infra/bench/figure"
	"socialreturn/internal/store"
)

// canned answers every call with the body that it heard first from the engine.
type canned struct {
	next   aws.HTTPClient
	status int
	header http.Header
	body   []byte
}

func (c *canned) RoundTrip(request *http.Request) (*http.Response, error) {
	if c.body == nil {
		answer, err := c.next.Do(request)
		if err != nil {
			return nil, err
		}
		defer answer.Body.Close()
		if c.body, err = io.ReadAll(answer.Body); err != nil {
			return nil, err
		}
		c.status, c.header = answer.StatusCode, answer.Header
	}
	return &http.Response{
		StatusCode: c.status, Header: c.header, Body: io.NopCloser(bytes.NewReader(c.body)),
		ContentLength: int64(len(c.body)), Request: request,
	}, nil
}

// measured is a GET of an authority through the front door, and the raw SDK
// call under it, both answered from memory.
func measured(t testing.TB) (get, call func()) {
	w := newWorld(t)
	w.putAuthority()
	client := dynamodb.New(w.client.Options(), func(o *dynamodb.Options) {
		o.HTTPClient = &http.Client{Transport: &canned{next: w.client.Options().HTTPClient}}
		o.Credentials = aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider("a", "b", ""))
	})
	d := w.deps
	service := *d.Service
	service.Store = store.New(client, w.table)
	d.Service, d.Log = &service, slog.New(slog.NewJSONHandler(io.Discard, nil))
	handler := RegisterTender(d)
	event := ask{method: "GET", path: "/v1/opdrachtgevers/" + apeldoorn, token: w.officer()}.event()
	get = func() {
		if answer, _ := handler(context.Background(), event); answer.StatusCode != http.StatusOK {
			t.Fatal(answer.Body)
		}
	}
	key := map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "AUTH#" + apeldoorn}, "SK": &types.AttributeValueMemberS{Value: "PROFILE"},
	}
	call = func() {
		if _, err := client.GetItem(context.Background(), &dynamodb.GetItemInput{TableName: &w.table, Key: key}); err != nil {
			t.Fatal(err)
		}
	}
	get()
	return get, call
}

// BenchmarkGet runs both in turns, so that only the ratio of their medians matters.
func BenchmarkGet(b *testing.B) {
	get, call := measured(b)
	var handler, sdk []time.Duration
	for b.Loop() {
		start := figure.ProcessorTime()
		get()
		between := figure.ProcessorTime()
		call()
		handler, sdk = append(handler, between-start), append(sdk, figure.ProcessorTime()-between)
	}
	figure.Time(b, "a GET over the SDK's call", float64(median(handler))/float64(median(sdk)), figure.AtMost(1.5), figure.AtMost(1.15))
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
