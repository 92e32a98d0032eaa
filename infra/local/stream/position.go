// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// errFile reports that a file could not be read or written, or that a failure
// could not be sent to its destination. Going on would
// lose or repeat records without a trace.
var errFile = errors.New("stream: bestand niet bruikbaar")

// position remembers the last sequence number delivered per shard.
type position struct {
	file   string // empty keeps it in memory
	Stream string
	Shards map[string]string
}

// loadPosition reads the file. Where it is missing, or is of another stream,
// everything starts at the oldest record.
func loadPosition(file, stream string) (*position, error) {
	fresh := &position{file: file, Stream: stream, Shards: make(map[string]string)}
	if file == "" {
		return fresh, nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFile, err)
	}
	found := &position{file: file}
	if err := json.Unmarshal(data, found); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errFile, file, err)
	}
	if found.Stream != stream || found.Shards == nil {
		return fresh, nil
	}
	return found, nil
}

func (p *position) after(shard string) string { return p.Shards[shard] }

// set remembers the position; an empty one says nothing. The file is replaced
// as a whole, so that a crash leaves the old one or the new one.
func (p *position) set(shard, sequence string) error {
	if sequence == "" || p.Shards[shard] == sequence {
		return nil
	}
	p.Shards[shard] = sequence
	if p.file == "" {
		return nil
	}
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("%w: %w", errFile, err)
	}
	next := p.file + ".next"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return fmt.Errorf("%w: %w", errFile, err)
	}
	if err := os.Rename(next, p.file); err != nil {
		return fmt.Errorf("%w: %w", errFile, err)
	}
	return nil
}
