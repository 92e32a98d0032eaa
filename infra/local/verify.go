// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"socialreturn/infra/local/verify"
	"socialreturn/internal/ruleset"
)

// verifyExport checks an export of ledgers, against heads that were kept elsewhere
// where they are given.
func verifyExport(_ context.Context, out io.Writer, arguments []string) error {
	name, heads, err := verifyArguments(arguments)
	if err != nil {
		return err
	}
	export := io.Reader(os.Stdin)
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("het bestand %s kan niet worden geopend", name)
		}
		defer file.Close()
		export = file
	}
	var kept io.Reader
	if heads != "" {
		file, err := os.Open(heads)
		if err != nil {
			return fmt.Errorf("het bestand %s kan niet worden geopend", heads)
		}
		defer file.Close()
		kept = file
	}
	result, err := verify.Check(export, kept, ruleset.Embedded())
	if err != nil {
		return err
	}
	return result.Print(out)
}

// verifyArguments takes the file before or after the option.
func verifyArguments(arguments []string) (name, heads string, err error) {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.StringVar(&heads, "heads", "", "bestand met de hoofden van een afgesloten jaar, zoals die buiten de server zijn bewaard")
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "Gebruik: go run ./infra/local verify BESTAND [-heads HOOFDEN] (BESTAND is een uitvoer van mutaties als application/jsonl, of - voor de standaardinvoer)")
		flags.PrintDefaults()
	}
	if err := flags.Parse(arguments); err != nil {
		return "", "", err
	}
	if name = flags.Arg(0); flags.NArg() > 1 {
		if err := flags.Parse(flags.Args()[1:]); err != nil {
			return "", "", err
		}
		if flags.NArg() > 0 {
			name = ""
		}
	}
	if name == "" {
		return "", "", errors.New("noem precies één bestand met uitgevoerde mutaties, of - voor de standaardinvoer")
	}
	return name, heads, nil
}
