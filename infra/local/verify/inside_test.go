// SPDX-License-Identifier: EUPL-1.2

package verify

import (
	"io"

	"socialreturn/internal/sroi"
)

// Differences is differences, for the tests outside.
var Differences = differences

// Heads are those of a document.
func Heads(from io.Reader) ([]sroi.Head, error) {
	f, err := readHeads(from)
	if err != nil {
		return nil, err
	}
	return f.Heads, nil
}
