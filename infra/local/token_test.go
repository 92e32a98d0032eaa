// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/host"
	"socialreturn/infra/local/issuer"
)

// Two people are needed where a second one confirms.
func TestATokenIsOfTheRoleOrOfANamedPerson(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if _, err := issuer.New("http://127.0.0.1:8080/issuer", host.Audience, filepath.Join(data, host.IssuerKey), time.Now); err != nil {
		t.Fatal(err)
	}
	for want, arguments := range map[string][]string{
		"lokaal-adviseur": {"-rol", "adviseur"},
		"lokaal-tweede":   {"-rol", "adviseur", "-persoon", "tweede"},
	} {
		var out bytes.Buffer
		if err := token(t.Context(), &out, append(arguments, "-data", data)); err != nil {
			t.Fatal(err)
		}
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(out.String(), ".")[1])
		if err != nil {
			t.Fatal(err)
		}
		var claims struct{ Sub, Rol string }
		if err := json.Unmarshal(payload, &claims); err != nil || claims.Sub != want || claims.Rol != "adviseur" {
			t.Errorf("%v: %s, %v", arguments, payload, err)
		}
	}
}
