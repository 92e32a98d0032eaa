// SPDX-License-Identifier: EUPL-1.2

// Command local runs the whole house on one machine: `go run ./infra/local`.
// On an empty table it plays the demo first. Commands do something else:
//
//	token        prints a token for the running house
//	rekenregel   checks a rule set, or tells what it changes
//	bereken      works out a plan in a file, without a house or a login
//	verify       checks exported ledgers, without a house or a login
//	redrive      brings up to date what could not be applied, here or in the cloud
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"socialreturn/infra/local/demo"
	"socialreturn/infra/local/host"
	"socialreturn/infra/local/issuer"
	"socialreturn/infra/local/verify"
	"socialreturn/internal/app"
	"socialreturn/internal/present"
	"socialreturn/internal/sroi"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := do(ctx, os.Stdout, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(exitCode(err))
	}
}

// exitCode tells input that cannot be read from what was found in it.
func exitCode(err error) int {
	if _, unreadable := errors.AsType[*verify.Unreadable](err); unreadable {
		return 2
	}
	return 1
}

// do carries out the command that the first argument names, or runs the house.
func do(ctx context.Context, out io.Writer, arguments []string) error {
	if len(arguments) == 0 || strings.HasPrefix(arguments[0], "-") {
		return run(ctx, out, arguments)
	}
	command, known := commands[arguments[0]]
	if !known {
		return fmt.Errorf("%q is geen opdracht; kies uit %s", arguments[0], strings.Join(slices.Sorted(maps.Keys(commands)), ", "))
	}
	return command(ctx, out, arguments[1:])
}

// commands are what can be asked beside running the house.
var commands = map[string]func(context.Context, io.Writer, []string) error{
	"token":      token,
	"rekenregel": rekenregel,
	"bereken":    calculate,
	"verify":     verifyExport,
	"redrive":    again,
}

// run serves until the context ends.
func run(ctx context.Context, out io.Writer, arguments []string) error {
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	port := flags.Int("port", 8080, "poort op 127.0.0.1")
	data := flags.String("data", ".data", "map met alles wat bewaard blijft")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	clock := &clock{}
	fmt.Fprintln(out, "Het huis start: tabel, functies en stroom …")
	house, err := host.Start(ctx, host.Options{
		Port: *port, Data: *data, Now: clock.now,
		Reader: issuer.Claims{Subject: "leeszaal", Role: "auditor", Authorities: []string{demo.Authority}, Scope: "socialreturn:lezen"},
	})
	if err != nil {
		return err
	}
	defer house.Stop()
	if house.Fresh {
		if err := play(ctx, out, house, clock); err != nil {
			return fmt.Errorf("de demo is niet af; verwijder de map %s en begin opnieuw: %w", *data, err)
		}
	}
	if err := show(ctx, out, house); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		fmt.Fprintln(out, "\nHet huis sluit.")
		return nil
	case err := <-house.Failed():
		return err
	case <-house.EngineEnded():
		return errors.New("de tabel is onverwacht gestopt")
	}
}

// play plays the demo's years on its own clock, and waits for the figures.
func play(ctx context.Context, out io.Writer, house *host.Host, clock *clock) error {
	defer clock.set(time.Time{})
	err := demo.Play(ctx, demo.Options{
		URL: house.URL, Clock: clock.set, Progress: out,
		Token: func(claims issuer.Claims) (string, error) { return house.Issuer.Token(claims, time.Hour) },
	})
	if err != nil {
		return err
	}
	return house.Idle(ctx)
}

// show prints the council's table and how each user goes on from here.
func show(ctx context.Context, out io.Writer, house *host.Host) error {
	call := app.Call{Now: house.Deps.Now(), Actor: app.Actor{Role: sroi.Auditor, Authorities: []sroi.AuthorityID{demo.Authority}}}
	report, err := house.Deps.Service.Report(ctx, call, app.ReportQuery{Area: demo.Area, Year: 2022, CompareWith: 2021})
	if err != nil {
		return err
	}
	fmt.Fprintln(out)
	if err := present.Terminal(out, report, 120); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nHet jaarrapport als pagina: %s%sjaarrapporten/2022?gebied=%s&vergelijkMet=2021\n", house.URL, host.ReadingRoom, demo.Area)
	err = demo.Invite(out, house.URL, func(claims issuer.Claims) (string, error) { return house.Issuer.Token(claims, validity) })
	fmt.Fprintf(out, "\nHet huis is open op %s. Ctrl-C sluit het.\n", house.URL)
	return err
}

// validity of a token that is printed for a day's work.
const validity = 12 * time.Hour

// clock is the time of the house: the machine's, but for the years of the demo.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) set(at time.Time) {
	if at.IsZero() {
		c.at.Store(nil)
		return
	}
	c.at.Store(&at)
}

func (c *clock) now() time.Time {
	if at := c.at.Load(); at != nil {
		return *at
	}
	return time.Now()
}
