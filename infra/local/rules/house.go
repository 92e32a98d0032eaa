// SPDX-License-Identifier: EUPL-1.2

// Package rules is for whoever writes a rule set: it checks a file before it is
// published, and tells in words what it changes. Everything is read from the
// folder of the project; nothing is written.
package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/ruleset/scenario"
)

// Where things are in the project.
const (
	dataFolder     = "internal/ruleset/data"
	publishedList  = "internal/ruleset/published.sha256"
	schemaFile     = "internal/ruleset/schema/ruleset-1.schema.json"
	scenarioFolder = "testdata/scenarios/berekening"
)

// House is the project as it lies on disk.
type House struct {
	Root  fs.FS // the folder of the project
	Today calendar.Date
}

// read reads a file of the project.
func (h House) read(path string) ([]byte, error) {
	raw, err := fs.ReadFile(h.Root, path)
	if err != nil {
		return nil, fmt.Errorf("%s is niet te lezen; voer dit uit in de map van het project", path)
	}
	return raw, nil
}

// library reads the rule sets of the project without the one at a path: that is
// being written.
func (h House) library(without string) (*ruleset.Library, error) {
	files, err := fs.Sub(h.Root, dataFolder)
	if err != nil {
		return nil, err
	}
	paths, err := fs.Glob(files, "*/*.json")
	if err != nil || len(paths) == 0 {
		return nil, errors.Join(errors.New("hier staan geen rekenregels; voer dit uit in de map van het project"), err)
	}
	library := &ruleset.Library{}
	for _, path := range paths {
		if path == without {
			continue
		}
		raw, err := h.read(dataFolder + "/" + path)
		if err != nil {
			return nil, err
		}
		if library, err = library.With(path, raw, nil); err != nil {
			return nil, fmt.Errorf("een andere rekenregel is niet in orde: %w", err)
		}
	}
	return library, nil
}

func (h House) published() (ruleset.Published, error) {
	list, err := h.read(publishedList)
	if err != nil {
		return nil, err
	}
	return ruleset.ParsePublished(list)
}

// scenarios reads those of the project, and those that lie elsewhere.
func (h House) scenarios(elsewhere []string) ([]scenario.Scenario, error) {
	folder, err := fs.Sub(h.Root, scenarioFolder)
	if err != nil {
		return nil, err
	}
	scenarios, err := scenario.Read(folder)
	for _, path := range elsewhere {
		raw, unreadable := os.ReadFile(path)
		if unreadable != nil {
			err = errors.Join(err, fmt.Errorf("het scenario %s is niet te lezen", path))
			continue
		}
		s, wrong := scenario.Parse(path, raw)
		scenarios, err = append(scenarios, s), errors.Join(err, wrong)
	}
	return scenarios, err
}

// newest is the last published version of a rule set that begins before a date;
// nil: none does.
func newest(library *ruleset.Library, published ruleset.Published, id string, before calendar.Date) *ruleset.RuleSet {
	var last *ruleset.RuleSet
	for _, version := range library.Versions(id) {
		if published[version.Path()] != "" && version.Ref().Version.Before(before) {
			last = version
		}
	}
	return last
}
