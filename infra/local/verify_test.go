// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What verify finds, says and leaves the shell with.
func TestVerifyTellsWhatItFinds(t *testing.T) {
	t.Parallel()
	file := func(content string) string {
		name := filepath.Join(t.TempDir(), "bestand")
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	nothing := file(`{"soort":"einde","records":0}` + "\n")
	// Of no ledgers there is nothing to freeze: all figures are zero.
	heads := file(`{"opdrachtgever":"00000001001234567000","gebied":"GM0200","jaar":2022,"afgeslotenOp":"2023-02-01","vastgelegdOp":"2023-02-01T08:00:00Z",
		"rekenregels":[],"cijfers":{},"hoofden":[],"digest":"0"}`)
	for _, c := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{nothing}, 0, "Zonder hoofden is niet gecontroleerd"},
		{[]string{file(`{"soort":"einde","records":1}` + "\n")}, 1, "de pagina heeft 0 records"},
		{[]string{file("geen uitvoer\n")}, 2, "regel 1 is onleesbaar"},
		{[]string{file(`{"soort":"einde","records":0}` + "\r\n")}, 2, "een ander programma heeft het bestand anders bewaard"},
		{[]string{file("\uFEFF" + `{"soort":"einde","records":0}` + "\n")}, 2, "een ander programma heeft het bestand anders bewaard"},
		{[]string{nothing, "--heads", heads}, 1, "de hoofden zijn gewijzigd"},
		{[]string{"-heads", file("[]"), nothing}, 2, "de hoofden zijn onleesbaar"},
		{[]string{filepath.Join(t.TempDir(), "geen")}, 1, "kan niet worden geopend"},
		{[]string{nothing, "--heads", filepath.Join(t.TempDir(), "geen")}, 1, "kan niet worden geopend"},
		{[]string{}, 1, "noem precies één bestand"},
		{[]string{nothing, nothing}, 1, "noem precies één bestand"},
	} {
		var out bytes.Buffer
		err := do(t.Context(), &out, append([]string{"verify"}, c.arguments...))
		code, said := 0, out.String()
		if err != nil {
			code, said = exitCode(err), err.Error()
		}
		if code != c.code || !strings.Contains(said, c.says) || err != nil && out.Len() > 0 {
			t.Errorf("%v: %d %s", c.arguments, code, said)
		}
	}
}
