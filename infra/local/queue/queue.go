// SPDX-License-Identifier: EUPL-1.2

// Package queue keeps a queue in a file and answers for it as SQS does, as far
// as this house asks: send, receive, delete and give back.
package queue

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// Target starts the X-Amz-Target header of requests for a queue.
	Target  = "AmazonSQS."
	maxBody = 1 << 20 // bytes; SQS takes messages of 1 MiB
	atOnce  = 10      // most messages in one answer, of SQS
)

// Queue is an http.Handler that behaves as one SQS queue.
type Queue struct {
	file string // empty keeps it in memory

	mutex    sync.Mutex
	messages []*message // oldest first
}

// message is one line of the file.
type message struct {
	ID     string    `json:"id"`
	Sent   time.Time `json:"verzonden"`
	Body   string    `json:"bericht"`
	hidden time.Time // until when; received meanwhile by somebody
	taken  int       // how often it was received: a handle is of the newest time
}

// Open reads the queue from its file, where there is one. What stands behind
// the last whole line was being written when the house died, and was never
// acknowledged.
func Open(file string) (*Queue, error) {
	q := &Queue{file: file}
	if file == "" {
		return q, nil
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return q, nil
	}
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	whole := content[:bytes.LastIndexByte(content, '\n')+1]
	for line := range bytes.Lines(whole) {
		var m message
		if err := json.Unmarshal(line, &m); err != nil {
			return nil, fmt.Errorf("queue: %s: %w", file, err)
		}
		q.messages = append(q.messages, &m)
	}
	if len(whole) < len(content) {
		return q, q.save()
	}
	return q, nil
}

// Send keeps a message, which becomes JSON, and returns when it is on disk.
func (q *Queue) Send(_ context.Context, body any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	_, err = q.send(string(content))
	return err
}

// Bodies are the messages that there are, oldest first, received or not.
func (q *Queue) Bodies() []string {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	bodies := make([]string, len(q.messages))
	for i, m := range q.messages {
		bodies[i] = m.Body
	}
	return bodies
}

func (q *Queue) send(body string) (id string, err error) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	m := &message{ID: rand.Text(), Sent: time.Now().UTC(), Body: body}
	if q.file != "" {
		if err := q.append(m); err != nil {
			return "", fmt.Errorf("queue: %w", err)
		}
	}
	q.messages = append(q.messages, m)
	return m.ID, nil
}

func (q *Queue) append(m *message) error {
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(q.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Sync(), file.Close())
}

// save replaces the file as a whole, so that a crash leaves the old or the new.
func (q *Queue) save() error {
	if q.file == "" {
		return nil
	}
	var content bytes.Buffer
	lines := json.NewEncoder(&content)
	for _, m := range q.messages {
		if err := lines.Encode(m); err != nil {
			return fmt.Errorf("queue: %w", err)
		}
	}
	next := q.file + ".next"
	if err := os.WriteFile(next, content.Bytes(), 0o600); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if err := os.Rename(next, q.file); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}

// request is what the operations ask.
type request struct {
	MessageBody         string
	MaxNumberOfMessages int
	VisibilityTimeout   int // seconds
	ReceiptHandle       string
}

type received struct {
	MessageID     string `json:"MessageId"`
	ReceiptHandle string
	Body          string
}

// ServeHTTP answers the operations of the JSON protocol that this house uses.
// That a request is signed at all keeps pages in a browser out.
func (q *Queue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var asked request
	if err == nil {
		err = json.Unmarshal(content, &asked)
	}
	if err != nil || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
		refuse(w, "InvalidParameterValue")
		return
	}
	answer := map[string]any{}
	switch strings.TrimPrefix(r.Header.Get("X-Amz-Target"), Target) {
	case "SendMessage":
		answer["MessageId"], err = q.send(asked.MessageBody)
	case "ReceiveMessage":
		if messages := q.receive(asked); len(messages) > 0 {
			answer["Messages"] = messages
		}
	case "DeleteMessage":
		err = q.remove(asked.ReceiptHandle)
	case "ChangeMessageVisibility":
		if !q.hide(asked) {
			refuse(w, "MessageNotInflight")
			return
		}
	default:
		refuse(w, "UnsupportedOperation")
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(w).Encode(answer) // fails only when the caller has left
}

func refuse(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.sqs#" + code}) // fails only when the caller has left
}

func (m *message) handle() string { return fmt.Sprintf("%s/%d", m.ID, m.taken) }

// receive takes the oldest messages that nobody holds, each under a new handle.
func (q *Queue) receive(asked request) []received {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	now := time.Now()
	var taken []received
	for _, m := range q.messages {
		if len(taken) < min(max(asked.MaxNumberOfMessages, 1), atOnce) && !m.hidden.After(now) {
			m.hidden = now.Add(time.Duration(asked.VisibilityTimeout) * time.Second)
			m.taken++
			taken = append(taken, received{m.ID, m.handle(), m.Body})
		}
	}
	return taken
}

// remove ends a message. Under an old handle it stays, and that is no error.
func (q *Queue) remove(handle string) error {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.messages = slices.DeleteFunc(q.messages, func(m *message) bool { return m.handle() == handle })
	return q.save()
}

// hide changes until when a message is held, and tells whether it still was.
func (q *Queue) hide(asked request) bool {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	now := time.Now()
	for _, m := range q.messages {
		if m.handle() == asked.ReceiptHandle && m.hidden.After(now) {
			m.hidden = now.Add(time.Duration(asked.VisibilityTimeout) * time.Second)
			return true
		}
	}
	return false
}
