// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// declared are the licences of tools that name theirs where no machine looks for
// it: read by a person, for that version only.
var declared = map[string]string{
	"reserved 0.1.2":              "MIT",                         // "licenses" in its package.json
	"python-dateutil 2.9.0.post0": "Apache-2.0 AND BSD-3-Clause", // the texts behind its "Dual License"
}

// classifiers are PyPI's words for licences, and free texts in use, as SPDX has them.
var classifiers = map[string]string{
	"Apache License 2.0": "Apache-2.0", "Apache 2.0": "Apache-2.0", "BSD": "BSD-3-Clause",
	"License :: OSI Approved :: MIT License": "MIT",
}

// checkLicences says how many components there are under each licence, and fails
// on one that is unknown or does not go with ours.
func checkLicences(ctx context.Context, out io.Writer, sources []string) error {
	components, err := linked(ctx)
	faults := []error{err, judge(components, allowed)}
	for _, source := range sources {
		read := fromPip
		if filepath.Base(source) == "package-lock.json" {
			read = fromNpm
		}
		tools, err := read(source)
		if err == nil && len(tools) == 0 {
			err = fmt.Errorf("%s: hier staat niets in", source)
		}
		faults = append(faults, err, judge(tools, slices.Concat(allowed, allowedInTools)))
		components = append(components, tools...)
	}
	counts := make(map[string]int)
	for _, c := range components {
		counts[c.licence]++
	}
	for _, licence := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(out, "%4d %s\n", counts[licence], licence)
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d onderdelen; elke licentie gaat samen met de onze.\n", len(components))
	return err
}

// fromNpm reads what a lock file of npm holds.
func fromNpm(lock string) ([]component, error) {
	raw, err := os.ReadFile(lock)
	if err != nil {
		return nil, err
	}
	var listed struct {
		Packages map[string]struct{ Version, License string }
	}
	if err := json.Unmarshal(raw, &listed); err != nil {
		return nil, fmt.Errorf("%s: %w", lock, err)
	}
	var components []component
	for path, p := range listed.Packages {
		if path != "" { // the project itself
			_, name, _ := strings.Cut(path[strings.LastIndex(path, "node_modules/"):], "/")
			components = append(components, known(name, p.Version, p.License))
		}
	}
	return components, nil
}

// fromPip reads what is installed in a folder of pip.
func fromPip(folder string) ([]component, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.dist-info", "METADATA"))
	if err != nil {
		return nil, err
	}
	var components []component
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		about, err := textproto.NewReader(bufio.NewReader(file)).ReadMIMEHeader()
		file.Close()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		components = append(components, known(about.Get("Name"), about.Get("Version"), pipLicence(about)))
	}
	return components, nil
}

// pipLicence prefers the expression to the free text, and that to the classifiers.
func pipLicence(about textproto.MIMEHeader) string {
	if expression := about.Get("License-Expression"); expression != "" {
		return expression
	}
	text := about.Get("License")
	if text == "" {
		for _, classifier := range about.Values("Classifier") {
			if strings.HasPrefix(classifier, "License ::") {
				text = classifier
			}
		}
	}
	if id, ok := classifiers[text]; ok {
		return id
	}
	return text
}

func known(name, version, licence string) component {
	c := component{name: name, version: version, licence: licence}
	if theirs, ok := declared[c.String()]; ok {
		c.licence = theirs
	}
	return c
}
