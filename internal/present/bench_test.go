// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"io"
	"testing"
)

func BenchmarkHTML(b *testing.B) {
	r := apeldoorn()
	for b.Loop() {
		if err := HTML(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
