// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"
)

// TestNobodyPassesTheFrontDoor wants every test to reach the functions through
// sendTo, which holds each answer against the contract. Only what measures may
// call a function itself.
func TestNobodyPassesTheFrontDoor(t *testing.T) {
	t.Parallel()
	doors := []string{"serve", "handler", "build", "RegisterTender", "AwardContract", "SubmitProof", "VerifyProof", "RecordIndicator", "KeepRegister", "Report"}
	known := map[string]bool{}
	for _, f := range functions {
		known[f.name] = true
	}
	for name := range Functions() {
		if !known[name] {
			t.Errorf("the front door does not know the function %s", name)
		}
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		if file == "harness_test.go" || file == "bench_test.go" || file == "fuzz_test.go" { // of those the last two do too much of it
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			called := calledName(call)
			if slices.Contains(doors, called) {
				t.Errorf("%s calls %s past the front door", file, called)
			}
			return called != "sendTo"
		})
	}
}

func calledName(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}
