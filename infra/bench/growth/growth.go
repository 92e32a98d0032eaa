// SPDX-License-Identifier: EUPL-1.2

// Package growth holds parsers to what they may cost as their input grows.
package growth

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// Input is an input that grows with n, and what reads it.
type Input struct {
	text func(n int) string
	read func(text string)
	most float64
}

// Of is an input of a size about n, that may take at most so many bytes of memory
// for a byte of it.
func Of(text func(n int) string, read func(text string), most float64) Input {
	return Input{text, read, most}
}

// Memory holds that what is read costs no more than so much memory for each of
// its bytes, and four times the input about four times the memory: lists that
// double make it up to seven, a square would be sixteen.
func Memory(t *testing.T, inputs map[string]Input) {
	t.Helper()
	for name, input := range inputs {
		const n = 1000
		once, four := memoryOf(input.text(n), input.read), memoryOf(input.text(4*n), input.read)
		perByte := four / float64(len(input.text(4*n)))
		t.Logf("%s: %.1f bytes for a byte, %.2f times for four times", name, perByte, four/once)
		if perByte > input.most {
			t.Errorf("%s: %.1f bytes of memory for a byte of input, at most %.0f", name, perByte, input.most)
		}
		if once > 1<<14 && four > 7*once {
			t.Errorf("%s: four times the input takes %.1f times the memory", name, four/once)
		}
	}
}

// memoryOf is the number of bytes that reading a text allocates.
func memoryOf(text string, read func(string)) float64 {
	read(text) // what is made once
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read(text)
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}

// Time shows what no count of memory shows: the time for a byte must be the same
// at each size.
func Time(b *testing.B, inputs map[string]Input) {
	b.Helper()
	for name, input := range inputs {
		for _, n := range []int{1000, 2000, 4000, 8000} {
			text := input.text(n)
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(name, " ", "_"), n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					input.read(text)
				}
			})
		}
	}
}
