// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// bill is a bill of materials as CycloneDX 1.6 has it
// (https://cyclonedx.org/docs/1.6/json/). It holds no date and no serial number:
// the same program gives the same bytes.
type bill struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []part       `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component part `json:"component"`
}

type part struct {
	Type     string    `json:"type"`
	Ref      string    `json:"bom-ref"`
	Name     string    `json:"name"`
	Version  string    `json:"version,omitempty"`
	Hashes   []hash    `json:"hashes,omitempty"`
	Licences []licence `json:"licenses"`
	URL      string    `json:"purl,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"` // hexadecimal
}

type licence struct {
	Expression string `json:"expression"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

// writeBills writes the bill of each program beside its folder.
func writeBills(ctx context.Context, programs []string) error {
	components, err := linked(ctx)
	if err != nil {
		return err
	}
	licences := map[string]string{}
	for _, c := range components {
		licences[c.String()] = c.licence
	}
	for _, program := range programs {
		b, err := billOf(program, licences)
		if err != nil {
			return fmt.Errorf("%s: %w", program, err)
		}
		raw, err := json.MarshalIndent(b, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Dir(program)+".cdx.json", append(raw, '\n'), 0o644); err != nil { //nolint:gosec // G306: for everyone to read
			return err
		}
	}
	return nil
}

// billOf reads from a program what it was built from. Licences are by module and
// version, as component.String has them.
func billOf(program string, licences map[string]string) (bill, error) {
	built, err := buildinfo.ReadFile(program)
	if err != nil {
		return bill{}, err
	}
	raw, err := os.ReadFile(program)
	if err != nil {
		return bill{}, err
	}
	sum := sha256.Sum256(raw)
	whole := part{
		Type: "application", Ref: built.Path, Name: built.Path,
		Hashes: []hash{{"SHA-256", hex.EncodeToString(sum[:])}}, Licences: []licence{{"EUPL-1.2"}},
	}
	goVersion := strings.TrimPrefix(built.GoVersion, "go")
	parts := []part{library("std", goVersion, "BSD-3-Clause")}
	for _, m := range built.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c := component{name: m.Path, version: m.Version}
		if c.licence = licences[c.String()]; c.licence == "" {
			return bill{}, fmt.Errorf("%s: %w", c, errUnknownLicence)
		}
		p := library(c.name, c.version, c.licence)
		// The sum of a module is the SHA-256 of its list of files.
		listed, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:"))
		if err != nil || len(listed) != sha256.Size {
			return bill{}, fmt.Errorf("%s: geen controlesom: %q", c, m.Sum)
		}
		p.Hashes = []hash{{"SHA-256", hex.EncodeToString(listed)}}
		parts = append(parts, p)
	}
	refs := make([]string, len(parts))
	for i, p := range parts {
		refs[i] = p.Ref
	}
	return bill{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata: metadata{whole}, Components: parts, Dependencies: []dependency{{whole.Ref, refs}},
	}, nil
}

// library is a module, by the package URL that databases of vulnerabilities know.
func library(name, version, expression string) part {
	url := "pkg:golang/" + name + "@" + version
	return part{Type: "library", Ref: url, Name: name, Version: version, Licences: []licence{{expression}}, URL: url}
}
