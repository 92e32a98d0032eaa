// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"socialreturn/infra/local/offline"
)

// calculate works a plan in a file out, without server or login.
func calculate(ctx context.Context, out io.Writer, arguments []string) error {
	flags := flag.NewFlagSet("bereken", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "het antwoord van de API zelf, als JSON")
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "Gebruik: go run ./infra/local bereken [-json] plan.json (of - voor de standaardinvoer)")
		flags.PrintDefaults()
	}
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("noem precies één bestand met een plan, of - voor de standaardinvoer")
	}
	plan, err := read(flags.Arg(0))
	if err != nil {
		return err
	}
	answer, err := offline.Answer(ctx, plan, time.Now)
	if err != nil {
		return err
	}
	if *asJSON {
		_, err = out.Write(answer)
		return err
	}
	return offline.Overview(out, answer)
}

// read reads a plan; of one that is too large no more than shows that it is.
func read(name string) ([]byte, error) {
	file := os.Stdin
	if name != "-" {
		var err error
		switch file, err = os.Open(name); {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("het bestand %s bestaat niet", name)
		case err != nil:
			return nil, fmt.Errorf("het bestand %s kan niet worden geopend", name)
		}
		defer file.Close()
	}
	plan, err := io.ReadAll(io.LimitReader(file, offline.MaxPlan+1))
	if err != nil {
		return nil, fmt.Errorf("het bestand %s kan niet worden gelezen", name)
	}
	return plan, nil
}
