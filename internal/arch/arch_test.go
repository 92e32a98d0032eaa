// SPDX-License-Identifier: EUPL-1.2

// Package arch holds the imports of every room against the drawing of the
// house in README.md: no arrow returns. It also holds the proofs that SECURITY.md
// names against what there is.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "socialreturn/"

// doors are the rooms that a room may look into. What is not here does not exist.
var doors = map[string][]string{
	"internal/money":            {},
	"internal/calendar":         {},
	"internal/ruleset":          {"money", "calendar"},
	"internal/ruleset/scenario": {"money", "calendar", "ruleset"},
	"internal/sroi":             {"money", "calendar", "ruleset"},
	"internal/plan":             {"money", "calendar", "ruleset", "sroi"},
	"internal/app":              {"money", "calendar", "ruleset", "sroi", "plan"},
	"internal/intake":           {"money", "calendar", "ruleset", "sroi"},
	"internal/store":            {"calendar", "ruleset", "sroi", "app"},
	"internal/store/model":      {},
	"internal/edge":             {"money", "calendar", "ruleset", "sroi", "plan", "app", "intake", "present"},
	"internal/boot":             {"app", "boot/signed", "edge", "ruleset", "store"},
	"internal/boot/signed":      {},
	"internal/boot/persons":     {"app", "boot"},
	"internal/arch":             {},
	"internal/present":          {"money", "calendar", "ruleset", "sroi"},
	"internal/simulation":       {},
}

// pure rooms know no context, clock, I/O or randomness.
var pure = []string{"internal/money", "internal/calendar", "internal/ruleset", "internal/ruleset/scenario", "internal/sroi", "internal/plan"}

var impure = []string{"context", "os", "net", "net/http", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "syscall"}

// owners are the only folders that may know a library.
var owners = map[string][]string{
	"github.com/aws/aws-sdk-go-v2":       {"internal/store", "internal/boot", "infra"},
	"github.com/aws/aws-lambda-go":       {"internal/edge", "internal/boot", "infra", "functions"},
	"github.com/go-playground/validator": {"internal/edge"},
	"github.com/coreos/go-oidc":          {"internal/edge"},
}

func TestImportsFollowTheDrawing(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for file, imports := range sources(t) {
		room := filepath.ToSlash(filepath.Dir(file))
		seen[room] = true
		for _, path := range imports {
			if fault := check(room, path); fault != "" {
				t.Errorf("%s imports %s: %s", file, path, fault)
			}
		}
	}
	for room := range doors {
		if !seen[room] && room != "internal/arch" {
			t.Errorf("the drawing has a room %s that does not exist", room)
		}
	}
}

func check(room, path string) string {
	for library, folders := range owners {
		if strings.HasPrefix(path, library) && !slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(room, f) }) {
			return "only " + strings.Join(folders, ", ") + " may know it"
		}
	}
	if slices.Contains(pure, room) && slices.Contains(impure, path) {
		return "a pure room knows no context, clock or I/O"
	}
	inside, ours := strings.CutPrefix(path, module)
	if !ours {
		return ""
	}
	switch {
	case strings.HasPrefix(room, "functions/"):
		if inside != "internal/boot" && inside != "internal/boot/persons" && inside != "internal/edge" {
			return "a function only wires"
		}
	case strings.HasPrefix(room, "internal/"):
		allowed, known := doors[room]
		if !known {
			return "the drawing does not have this room"
		}
		if name, internal := strings.CutPrefix(inside, "internal/"); !internal || !slices.Contains(allowed, name) {
			return "there is no door"
		}
	}
	return ""
}

// sources are the imports of every Go file of the house that is no test.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	root := os.DirFS("../..")
	found := map[string][]string{}
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != "." || entry.Name() == "node_modules" || entry.Name() == "testdata" || path == "build") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		imports := []string{}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, imported)
		}
		found[path] = imports
		return nil
	})
	if err != nil || len(found) < 20 {
		t.Fatalf("%d files read: %v", len(found), err)
	}
	return found
}

func TestTheCheckSeesWhatItShould(t *testing.T) {
	t.Parallel()
	for _, forbidden := range [][2]string{
		{"internal/sroi", "socialreturn/internal/app"},
		{"internal/store", "socialreturn/internal/edge"},
		{"internal/edge", "socialreturn/internal/store"},
		{"internal/ruleset", "context"},
		{"internal/app", "github.com/aws/aws-sdk-go-v2/service/dynamodb"},
		{"internal/drawer", "socialreturn/internal/money"},
		{"functions/report", "socialreturn/internal/store"},
	} {
		if check(forbidden[0], forbidden[1]) == "" {
			t.Errorf("%s may import %s", forbidden[0], forbidden[1])
		}
	}
}
