// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"socialreturn/infra/local/demo"
	"socialreturn/infra/local/host"
	"socialreturn/infra/local/issuer"
)

// token prints a token that the running house accepts: it is signed with the
// key in the data folder.
func token(_ context.Context, out io.Writer, arguments []string) error {
	flags := flag.NewFlagSet("token", flag.ContinueOnError)
	role := flags.String("rol", "inkoper", "inkoper, opdrachtnemer, adviseur, auditor of beheerder")
	person := flags.String("persoon", "", "wie het token draagt, bijvoorbeeld een tweede adviseur; zonder: één per rol")
	authorities := flags.String("opdrachtgever", demo.Authority, "OIN of KvK-nummer van de opdrachtgever, meer met komma's")
	kvk := flags.String("kvk", demo.Supplier, "KvK-nummer van de opdrachtnemer")
	desk := flags.String("bureau", demo.Desk, "bureau van de adviseur")
	port := flags.Int("port", 8080, "poort waarop het huis draait")
	data := flags.String("data", ".data", "map van het huis")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	claims := issuer.Claims{Subject: "lokaal-" + cmp.Or(*person, *role), Role: *role, Scope: "socialreturn:lezen socialreturn:schrijven"}
	switch *role {
	case "inkoper", "auditor":
		claims.Authorities = strings.Split(*authorities, ",")
	case "opdrachtnemer":
		claims.KvK = *kvk
	case "adviseur":
		claims.Desk = *desk
	case "beheerder":
	default:
		return fmt.Errorf("onbekende rol %q: kies inkoper, opdrachtnemer, adviseur, auditor of beheerder", *role)
	}
	key := filepath.Join(*data, host.IssuerKey)
	if _, err := os.Stat(key); err != nil {
		return errors.New("er is nog geen huis in de map " + *data + ": start het eerst met `make run`")
	}
	local, err := issuer.New(fmt.Sprintf("http://127.0.0.1:%d/issuer", *port), host.Audience, key, time.Now)
	if err != nil {
		return err
	}
	signed, err := local.Token(claims, validity)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, signed)
	return err
}
