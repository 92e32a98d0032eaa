// SPDX-License-Identifier: EUPL-1.2

package enginetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Cost is what calls came to: round trips, and capacity units in halves.
type Cost struct {
	Calls       int
	ReadHalves  int
	WriteHalves int
}

// Units shows read units and write units: "2.5 read, 8 write units".
func (c Cost) Units() string {
	return fmt.Sprintf("%s read, %s write units", units(c.ReadHalves), units(c.WriteHalves))
}

func units(halves int) string {
	if halves%2 == 0 {
		return fmt.Sprint(halves / 2)
	}
	return fmt.Sprintf("%d.5", halves/2)
}

// Meter adds up the cost of every call that passes.
type Meter struct {
	mutex sync.Mutex
	cost  Cost
	inner aws.HTTPClient
}

// Metered is New with a meter on the line.
func Metered(t testing.TB) (*dynamodb.Client, string, *Meter) {
	t.Helper()
	config := Config(t)
	meter := &Meter{inner: config.HTTPClient}
	client := dynamodb.NewFromConfig(config, func(o *dynamodb.Options) { o.HTTPClient = meter })
	table := CreateTable(t, client)
	meter.Read()
	return client, table, meter
}

// Read gives the cost since the last reading.
func (m *Meter) Read() Cost {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	cost := m.cost
	m.cost = Cost{}
	return cost
}

// Do asks the engine to report what a call consumed, and adds that up.
func (m *Meter) Do(request *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(operation, "Table") && !strings.Contains(operation, "TimeToLive") {
		body = append([]byte(`{"ReturnConsumedCapacity":"INDEXES",`), bytes.TrimPrefix(body, []byte("{"))...)
	}
	request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response, err := m.inner.Do(request)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	m.add(operation, answer)
	response.Body = io.NopCloser(bytes.NewReader(answer))
	return response, nil
}

func (m *Meter) add(operation string, answer []byte) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.cost.Calls++
	var consumed struct{ ConsumedCapacity json.RawMessage }
	if json.Unmarshal(answer, &consumed) != nil {
		return
	}
	type capacity struct{ CapacityUnits float64 }
	var several []capacity
	if json.Unmarshal(consumed.ConsumedCapacity, &several) != nil {
		several = make([]capacity, 1)
		_ = json.Unmarshal(consumed.ConsumedCapacity, &several[0]) // absent: nothing consumed
	}
	for _, c := range several {
		if halves := int(c.CapacityUnits * 2); strings.Contains(operation, "Get") || operation == "Query" {
			m.cost.ReadHalves += halves
		} else {
			m.cost.WriteHalves += halves
		}
	}
}
