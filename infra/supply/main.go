// SPDX-License-Identifier: EUPL-1.2

// Command supply answers for what others wrote: under which licences it comes,
// and which of it is in a function.
//
//	supply licenties  [package-lock.json | site-packages ...]
//	supply stuklijst  build/report/bootstrap ...
//
// The first checks every module that the programs and their tests are built
// from, and the tools in the named lock files of npm and folders of pip, against
// the licences that go with EUPL-1.2. The second writes build/report.cdx.json: a
// CycloneDX bill of materials, which says the same for the same program.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, arguments []string) error {
	if len(arguments) > 0 && arguments[0] == "licenties" {
		return checkLicences(ctx, out, arguments[1:])
	}
	if len(arguments) > 1 && arguments[0] == "stuklijst" {
		return writeBills(ctx, arguments[1:])
	}
	return errors.New("gebruik: supply licenties [package-lock.json | site-packages ...], of supply stuklijst PROGRAMMA ...")
}
