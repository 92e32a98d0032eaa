// SPDX-License-Identifier: EUPL-1.2

package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	proofs  = regexp.MustCompile("`(Test[A-Za-z0-9]+|Fuzz[A-Za-z0-9]+|make [a-z-]+|(?:internal|infra|functions)/[A-Za-z0-9_./-]+)`")
	tests   = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\(`)
	targets = regexp.MustCompile(`(?m)^([a-z-]+):`)
)

// A threat model that names a proof which is not there proves nothing.
func TestEveryProofInTheThreatModelExists(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	there := namesIn(t, filepath.Join(root, "Makefile"), targets, "make ")
	err := filepath.WalkDir(root, func(file string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(file, "_test.go") {
			there = append(there, namesIn(t, file, tests, "")...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := namesIn(t, filepath.Join(root, "SECURITY.md"), proofs, "")
	if len(named) < 20 {
		t.Errorf("only %d proofs are named: %q", len(named), named)
	}
	for _, name := range named {
		if slices.Contains(there, name) {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, name)); err != nil || !strings.Contains(name, "/") {
			t.Errorf("SECURITY.md names %q, which does not exist", name)
		}
	}
}

// namesIn are the first groups of what a file holds of a form, each after a prefix.
func namesIn(t *testing.T, file string, form *regexp.Regexp, prefix string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, found := range form.FindAllStringSubmatch(string(text), -1) {
		names = append(names, prefix+found[1])
	}
	return names
}
