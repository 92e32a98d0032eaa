// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// constants are the values of a package's constants, by their type, or by the
// prefix of their name where they have none.
func constants(t *testing.T, folder string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, file := range goFiles(t, folder) {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			literal, ok := spec.Values[0].(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			name := spec.Names[0].Name
			if kind, typed := spec.Type.(*ast.Ident); typed {
				name = kind.Name
			}
			found[name] = append(found[name], value)
			return true
		})
	}
	return found
}

func goFiles(t *testing.T, folder string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(all) == 0 {
		t.Fatalf("no Go files in %s: %v", folder, err)
	}
	var files []string
	for _, file := range all {
		if !strings.HasSuffix(file, "_test.go") {
			files = append(files, file)
		}
	}
	return files
}

func TestEveryCodeOfTheTradeHasAWord(t *testing.T) {
	t.Parallel()
	types := map[string]reflect.Type{}
	for kind := range dictionary {
		types[kind.Name()] = kind
	}
	checked := 0
	for _, folder := range []string{"../sroi", "../ruleset", "../plan"} {
		for kind, values := range constants(t, folder) {
			known, inDictionary := types[kind]
			if !inDictionary || !strings.HasSuffix(known.PkgPath(), filepath.Base(folder)) {
				continue
			}
			checked++
			if words := dictionary[known]; len(words.dutch) != len(values) || len(words.codes) != len(values) {
				t.Errorf("%s has %d codes and %d words", kind, len(values), len(words.codes))
			}
			for _, value := range values {
				if _, ok := dictionary[known].dutch[value]; !ok {
					t.Errorf("%s %q has no word", kind, value)
				}
			}
		}
	}
	if own := 2; checked != len(dictionary)-own {
		t.Errorf("%d kinds of code were checked, the dictionary has %d", checked, len(dictionary))
	}
}

// A code that stands in two lists of reasons is the same word in both, and the
// document has all of them where an answer gives one.
func TestEveryReasonThatIsBookedHasOneWord(t *testing.T) {
	t.Parallel()
	lists := []reflect.Type{
		reflect.TypeFor[sroi.AmendmentReason](), reflect.TypeFor[sroi.DecisionReason](),
		reflect.TypeFor[sroi.TenderReason](), reflect.TypeFor[sroi.OwnReason](),
	}
	all := map[string]bool{}
	for _, list := range lists {
		for code, word := range dictionary[list].dutch {
			if all[word] = true; reasonOf(code) != word {
				t.Errorf("%s of %s is %q elsewhere", word, list, reasonOf(code))
			}
		}
	}
	described := contractDocument().Components.Schemas["GeboekteReden"].Value.Enum
	for _, word := range described {
		if !all[word.(string)] {
			t.Errorf("%s is no reason", word)
		}
	}
	if len(described) != len(all) {
		t.Errorf("%d reasons are described of %d", len(described), len(all))
	}
}

func TestEveryWordReadsBack(t *testing.T) {
	t.Parallel()
	for kind, words := range dictionary {
		for code, dutch := range words.dutch {
			if words.codes[dutch] != code {
				t.Errorf("%s: %q reads as %q, was %q", kind, dutch, words.codes[dutch], code)
			}
			if !regexp.MustCompile(`^[a-z][a-zA-Z]*$|^[a-z]+(-[a-z]+)+$`).MatchString(dutch) {
				t.Errorf("%s: %q is neither in camel case nor words with dashes", kind, dutch)
			}
		}
	}
	var unknown word[sroi.Phase]
	if unknown.UnmarshalText([]byte("nu")) == nil {
		t.Error("an unknown word was read")
	}
	if _, err := word[sroi.Phase]("now").MarshalText(); err == nil {
		t.Error("a code without a word was written")
	}
	if _, err := word[ruleset.Nature](ruleset.Works).MarshalText(); err != nil {
		t.Error(err)
	}
}

func TestEveryFaultOfTheRulesHasAName(t *testing.T) {
	t.Parallel()
	count := 0
	for name, values := range constants(t, "../ruleset") {
		if !strings.HasPrefix(name, "Fault") {
			continue
		}
		count++
		if ruleCodes[values[0]] == "" {
			t.Errorf("%s %q has no name on the wire", name, values[0])
		}
	}
	if count != len(ruleCodes) {
		t.Errorf("%d faults, %d names", count, len(ruleCodes))
	}
}

var fileCode = regexp.MustCompile(`(?:flaw\{|Code: +|Omitted[A-Za-z]+ += |&flaw\{code: )"([a-zA-Z]+)"`)

func TestEveryFaultOfAFileHasAName(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, file := range goFiles(t, "../intake") {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range fileCode.FindAllStringSubmatch(string(source), -1) {
			found[code[1]] = true
			if fileCodes[code[1]] == "" {
				t.Errorf("%s: %q has no name on the wire", file, code[1])
			}
		}
	}
	for code := range fileCodes {
		if !found[code] {
			t.Errorf("no file fault is called %q", code)
		}
	}
}
