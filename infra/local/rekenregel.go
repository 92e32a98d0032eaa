// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"time"

	"socialreturn/infra/local/rules"
	"socialreturn/internal/calendar"
)

// rekenregel helps whoever writes a rule set: it checks a file, or compares two.
func rekenregel(_ context.Context, out io.Writer, arguments []string) error {
	if len(arguments) > 0 {
		switch arguments[0] {
		case "controleer":
			return checkRules(out, arguments[1:])
		case "verschil":
			return compareRules(out, arguments[1:])
		}
	}
	return errors.New("kies: rekenregel controleer [-scenario pad,pad] BESTAND, of rekenregel verschil -id ID -van DATUM -tot DATUM, of rekenregel verschil BESTAND")
}

func house(folder string) rules.House {
	return rules.House{Root: os.DirFS(folder), Today: calendar.On(time.Now())}
}

func checkRules(out io.Writer, arguments []string) error {
	flags := flag.NewFlagSet("rekenregel controleer", flag.ContinueOnError)
	scenarios := flags.String("scenario", "", "scenario's die elders staan, met komma's")
	folder := flags.String("project", ".", "map van het project")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	file, raw, err := ruleFile(flags)
	if err != nil {
		return err
	}
	elsewhere := strings.FieldsFunc(*scenarios, func(r rune) bool { return r == ',' || r == ' ' })
	return house(*folder).Check(out, file, raw, elsewhere)
}

func compareRules(out io.Writer, arguments []string) error {
	flags := flag.NewFlagSet("rekenregel verschil", flag.ContinueOnError)
	id := flags.String("id", "", "id van de rekenregel")
	from := flags.String("van", "", "eerste dag van de ene versie")
	to := flags.String("tot", "", "eerste dag van de andere versie")
	folder := flags.String("project", ".", "map van het project")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *id == "" {
		file, raw, err := ruleFile(flags)
		if err != nil {
			return err
		}
		return house(*folder).CompareFile(out, file, raw)
	}
	before, wrongFrom := calendar.ParseDate(*from)
	after, wrongTo := calendar.ParseDate(*to)
	if wrongFrom != nil || wrongTo != nil {
		return errors.New("geef -van en -tot als jjjj-mm-dd")
	}
	return house(*folder).Compare(out, *id, before, after)
}

// ruleFile reads the one file that is named.
func ruleFile(flags *flag.FlagSet) (name string, raw []byte, err error) {
	if flags.NArg() != 1 {
		return "", nil, errors.New("noem precies één bestand met een rekenregel")
	}
	raw, err = os.ReadFile(flags.Arg(0))
	if err != nil {
		return "", nil, errors.New("het bestand " + flags.Arg(0) + " is niet te lezen")
	}
	return flags.Arg(0), raw, nil
}
