// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	mit   = "Permission is hereby granted, free of charge, to any person … provided that the above\n copyright notice and this permission notice shall be included in all copies"
	bsd   = "Redistribution and use in source and binary forms, with or without modification, are permitted …"
	gnu   = "GNU GENERAL PUBLIC LICENSE … Everyone is permitted to copy and distribute verbatim copies\n of this license document, but changing it is not allowed."
	mpl   = "Mozilla Public License Version 2.0 … Secondary License means the GNU General Public License, Version 2.0"
	apach = "Apache License\n   Version 2.0, January 2004"
)

func TestLicencesAreKnownByTheirWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		mit:                          {"MIT"},
		strings.Split(mit, "…")[0]:   {"MIT-0"},
		bsd:                          {"BSD-2-Clause"},
		bsd + " Neither the name of": {"BSD-3-Clause"},
		mpl:                          {"MPL-2.0"},
		apach + "\n\n" + mit:         {"Apache-2.0", "MIT"},
		gnu:                          {"GPL"},
		gnu + mit:                    {"GPL", "MIT"},
		"All rights reserved.":       nil,
	} {
		got, err := identify(text)
		if !slices.Equal(got, want) || errors.Is(err, errUnknownLicence) != (want == nil) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestWhatAnExpressionPermits(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]bool{
		"MIT": true, "(MIT OR Apache-2.0)": true, "GPL-3.0-only OR MIT": true, "MIT AND BSD-3-Clause": true,
		"GPL": false, "MIT AND GPL-3.0-only": false, "": false, "UNLICENSED": false, "(MIT OR ISC) AND GPL": false, "(MIT) OR (GPL AND (ISC))": false,
		"CC-BY-NC-4.0": false, "MIT WITH something": false,
	} {
		if got := permits(expression, allowed); got != want {
			t.Errorf("%q: %v, want %v", expression, got, want)
		}
	}
}

// lay writes files, by name, into a folder of the test.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestAModuleIsUnderAllLicencesThatItHolds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
		fault bool
	}{
		{"one", map[string]string{"LICENSE": mit, "licence.go": "package x", "testdata/LICENSE": gnu, ".github/license-check.yml": ""}, "MIT", false},
		{"taken over from others", map[string]string{"LICENSE.txt": apach, "internal/sort/COPYING": gnu}, "Apache-2.0 AND GPL", false},
		{"none", map[string]string{"README.md": "MIT"}, "", false},
		{"one that nobody knows", map[string]string{"LICENSE": "Do as we say."}, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := licensed(module{Path: "example.org/x", Version: "v1.0.0", Dir: lay(t, tt.files)})
			if got.licence != tt.want || errors.Is(err, errUnknownLicence) != tt.fault {
				t.Errorf("%q, %v; want %q", got.licence, err, tt.want)
			}
		})
	}
}

func TestToolsSayTheirLicences(t *testing.T) {
	t.Parallel()
	folder := lay(t, map[string]string{
		"package-lock.json": `{"packages":{"":{"name":"ours"},"node_modules/a":{"version":"1.0.0","license":"ISC"},
			"node_modules/a/node_modules/@b/c":{"version":"2.0.0","license":"GPL-3.0"},"node_modules/reserved":{"version":"0.1.2"},"node_modules/d":{"version":"3"}}}`,
		"a.dist-info/METADATA": "Metadata-Version: 2.4\nName: a\nVersion: 1\nLicense-Expression: MIT\nLicense: other\n\nText\n",
		"b.dist-info/METADATA": "Name: b\nVersion: 2\nLicense: Apache License 2.0\n\n",
		"c.dist-info/METADATA": "Name: c\nVersion: 3\nClassifier: Topic :: X\nClassifier: License :: OSI Approved :: MIT License\n",
		"d.dist-info/METADATA": "Name: d\nVersion: 4\nClassifier: License :: Other/Proprietary License\n",
	})
	npm, err := fromNpm(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	pip, err := fromPip(folder)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range slices.Concat(npm, pip) {
		got[c.String()] = c.licence
	}
	want := map[string]string{
		"a 1.0.0": "ISC", "@b/c 2.0.0": "GPL-3.0", "reserved 0.1.2": "MIT", "d 3": "",
		"a 1": "MIT", "b 2": "Apache-2.0", "c 3": "MIT", "d 4": "License :: Other/Proprietary License",
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	err = judge(npm, allowed)
	if err == nil || !strings.Contains(err.Error(), "@b/c 2.0.0: GPL-3.0 gaat niet samen") || !strings.Contains(err.Error(), "d 3: de licentie wordt niet herkend") {
		t.Errorf("judged as %v", err)
	}
}

func TestAllModulesOfTheHouseAreAllowed(t *testing.T) {
	t.Chdir("../..")
	var out bytes.Buffer
	if err := checkLicences(t.Context(), &out, []string{".ci/package-lock.json", "infra/local/package-lock.json"}); err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), " Apache-2.0\n") || !strings.HasSuffix(out.String(), "onderdelen; elke licentie gaat samen met de onze.\n") {
		t.Errorf("counted:\n%s", &out)
	}
}

// What the bill of a function holds is what `go list` says that it links, each
// by its own name, with a sum and a licence; twice the same.
func TestTheBillHoldsWhatIsLinked(t *testing.T) {
	t.Chdir("../..")
	program := filepath.Join(t.TempDir(), "roll-up", "bootstrap")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-o", program, "./functions/roll-up")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var raws [2][]byte
	for i := range raws {
		if err := writeBills(t.Context(), []string{program}); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Dir(program) + ".cdx.json")
		if err != nil {
			t.Fatal(err)
		}
		raws[i] = raw
	}
	if !bytes.Equal(raws[0], raws[1]) {
		t.Error("the same program has two bills")
	}
	var b bill
	decoder := json.NewDecoder(bytes.NewReader(raws[0]))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&b); err != nil {
		t.Fatal(err)
	}
	if b.Format != "CycloneDX" || b.Spec != "1.6" || b.Metadata.Component.Name != "socialreturn/functions/roll-up" {
		t.Errorf("a bill of %s %s about %s", b.Format, b.Spec, b.Metadata.Component.Name)
	}
	listed, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", "./functions/roll-up").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := append(strings.Split(strings.TrimSpace(string(listed)), "\n"), "std "+strings.TrimPrefix(goVersion(t), "go"))
	want = slices.DeleteFunc(want, func(line string) bool { return line == "" })
	slices.Sort(want)
	want = slices.Compact(want)
	var got []string
	for i, p := range b.Components {
		got = append(got, p.Name+" "+p.Version)
		if p.Ref != "pkg:golang/"+p.Name+"@"+p.Version || p.URL != p.Ref || b.Dependencies[0].On[i] != p.Ref {
			t.Errorf("%s is known as %s, %s and %s", p.Name, p.Ref, p.URL, b.Dependencies[0].On[i])
		}
		if p.Name != "std" && (len(p.Hashes) != 1 || !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(p.Hashes[0].Content)) || !permits(p.Licences[0].Expression, allowed) {
			t.Errorf("%s has sums %v and licences %v", p.Name, p.Hashes, p.Licences)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("it holds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func goVersion(t *testing.T) string {
	t.Helper()
	version, err := exec.CommandContext(t.Context(), "go", "env", "GOVERSION").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(version))
}
