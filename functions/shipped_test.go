// SPDX-License-Identifier: EUPL-1.2

package functions

import (
	"debug/elf"
	"debug/gosym"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"socialreturn/infra/bench/figure"
	_ "socialreturn/internal/boot/persons" // not called: a change of it makes kept results void
)

// costly are functions, by the start of their full names, that weigh on the size
// or the start of whoever links them, with the only ones that may.
var costly = map[string][]string{
	// Wherever a method is looked up by a name that is known only at run time,
	// the linker drops no exported method of a type that an interface holds.
	"reflect.Value.MethodByName": {"award-contract", "report", "submit-proof"},
	"html/template.":             {"award-contract", "report", "submit-proof"}, // pages
	"encoding/xml.":              {"register-tender"},                          // notices
	// A client of which one operation too many is linked is linked whole.
	"github.com/aws/aws-sdk-go-v2/service/dynamodb.(*Client).DeleteTable":        {},
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager.(*Client).DeleteSecret": {},
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager.":                       {"submit-proof"},
	"github.com/coreos/go-oidc/v3/oidc.": {"award-contract", "close-year", "keep-register", "record-indicator", "register-tender",
		"report", "submit-proof", "verify-proof"},
	"socialreturn/internal/intake.ReadNotice": {"register-tender"},
	"socialreturn/internal/intake.ReadLines":  {"submit-proof"},
	"socialreturn/internal/present.HTML":      {"report"},
	"socialreturn/internal/present.CSV":       {"report"},
	"socialreturn/internal/present.Terminal":  {},
	"golang.org/x/net/http2.":                 {},
	"net/rpc.":                                {},
}

// TestSizeAndPartsOfWhatShips builds each function for the cloud and holds the
// very binary to the bar, and its symbols to what it may link. Go keeps what it
// built, so that only a change costs time.
func TestSizeAndPartsOfWhatShips(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	linkedBy := make(map[string][]string)
	for _, name := range names(t) {
		file := filepath.Join(folder, name)
		ship(t, name, file)
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		figure.Count(t, "bytes of the function "+name, float64(info.Size()), figure.AtMost(15_000_000), figure.AtMost(11_000_000))
		symbols := symbolsOf(t, file)
		for prefix := range costly {
			if slices.ContainsFunc(symbols, func(symbol string) bool { return linked(symbol, prefix) }) {
				linkedBy[prefix] = append(linkedBy[prefix], name)
			}
		}
	}
	for _, prefix := range slices.Sorted(maps.Keys(costly)) {
		if !slices.Equal(linkedBy[prefix], costly[prefix]) {
			t.Errorf("%s is linked by %v, allowed are %v", prefix, linkedBy[prefix], costly[prefix])
		}
	}
}

// names are those of the functions, sorted.
func names(t testing.TB) []string {
	t.Helper()
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatal("no functions", err)
	}
	for i, main := range mains {
		mains[i] = filepath.Dir(main)
	}
	return mains
}

var flagsLine = regexp.MustCompile(`(?m)^SHIPPED_FLAGS := (.+)$`)

// shippedFlags is how the Makefile has a function built for the cloud, for a shell.
func shippedFlags(t testing.TB) string {
	t.Helper()
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	flags := flagsLine.FindSubmatch(makefile)
	if flags == nil {
		t.Fatal("the Makefile has no SHIPPED_FLAGS")
	}
	return string(flags[1])
}

// ship builds a function for the cloud into a file. It is go run that keeps
// whole programs; here it runs a copy.
func ship(t *testing.T, name, file string) {
	t.Helper()
	build := exec.Command("sh", "-c", "go run "+shippedFlags(t)+` -exec "sh -c 'cp \"\$0\" `+file+`'" ./`+name)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
}

// symbolsOf are the functions in a binary, which a stripped one has still.
func symbolsOf(t *testing.T, file string) []string {
	t.Helper()
	binary, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	lines, err := binary.Section(".gopclntab").Data()
	if err != nil {
		t.Fatal(err)
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(lines, binary.Section(".text").Addr))
	if err != nil {
		t.Fatal(err)
	}
	symbols := make([]string, len(table.Funcs))
	for i, function := range table.Funcs {
		symbols[i] = function.Name
	}
	return symbols
}

var initial = regexp.MustCompile(`^(map\.)?init(\.\d+)?(\.func\d+)*$`)

// linked tells whether a symbol starts with the prefix and is more than what
// setting a package's variables takes, which every importer has.
func linked(symbol, prefix string) bool {
	rest, found := strings.CutPrefix(symbol, prefix)
	return found && !initial.MatchString(rest)
}
