// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// module is what `go list` tells of one.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// modules are those that the programs and tests of this folder are built from.
func modules(ctx context.Context) ([]module, error) {
	command := exec.CommandContext(ctx, "go", "list", "-deps", "-test", "-json=Module", "./...")
	command.Stderr = os.Stderr
	listed, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var found []module
	for decoder := json.NewDecoder(strings.NewReader(string(listed))); ; {
		var each struct{ Module *module }
		if err := decoder.Decode(&each); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if each.Module != nil && !each.Module.Main && !slices.Contains(found, *each.Module) {
			found = append(found, *each.Module)
		}
	}
	slices.SortFunc(found, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return found, nil
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying)([-_.][a-z0-9-]*)*$`)

// licensed finds the licences of a module in its files: of the whole, and of
// what it took over from others. Without any its licence is empty.
func licensed(m module) (component, error) {
	var ids []string
	folder := os.DirFS(m.Dir)
	err := fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && path != "."):
			return fs.SkipDir
		case entry.IsDir() || !licenceFile.MatchString(entry.Name()) || strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := fs.ReadFile(folder, path)
		if err != nil {
			return err
		}
		found, err := identify(string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		ids = append(ids, found...)
		return nil
	})
	if err != nil {
		return component{}, fmt.Errorf("%s %s: %w", m.Path, m.Version, err)
	}
	slices.Sort(ids)
	return component{name: m.Path, version: m.Version, licence: strings.Join(slices.Compact(ids), " AND ")}, nil
}

// linked are the modules as components.
func linked(ctx context.Context) ([]component, error) {
	found, err := modules(ctx)
	if err != nil {
		return nil, err
	}
	var components []component
	var faults []error
	for _, m := range found {
		c, err := licensed(m)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		components = append(components, c)
	}
	return components, errors.Join(faults...)
}
