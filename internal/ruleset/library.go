// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"socialreturn/internal/calendar"
)

// Why no rule set can be given. Versions never fall through: a date outside a
// version is never answered with its neighbour.
var (
	ErrUnknown       = errors.New("rekenregel onbekend")
	ErrNotYetInForce = errors.New("rekenregel nog niet van kracht")
	ErrEnded         = errors.New("rekenregel niet meer van kracht")
	// ErrChanged reports a version whose file is not the one that was pinned.
	ErrChanged = errors.New("rekenregel is gewijzigd sinds deze werd vastgelegd")
)

// Library is every version of every rule set. It is safe for concurrent use and
// its content never changes; a rule set may be read when it is first asked for.
type Library struct {
	ids []string
	of  map[string]func() []*RuleSet // versions by id, in order of date
}

// versions are those of an id, in order of date; none where it is unknown.
func (l *Library) versions(id string) []*RuleSet {
	if read, known := l.of[id]; known {
		return read()
	}
	return nil
}

//go:embed data
var data embed.FS

// Embedded is the library of the files that come with the program. A contract
// names one rule set, so each is read when it is first asked for: reading all of
// them costs more than the rest of a cold start. It panics where a file is not
// valid, which the tests rule out.
var Embedded = sync.OnceValue(func() *Library {
	files, err := fs.Sub(data, "data")
	if err != nil {
		panic(err)
	}
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		panic(err)
	}
	library := &Library{of: map[string]func() []*RuleSet{}}
	for _, folder := range folders {
		id := folder.Name()
		library.ids = append(library.ids, id)
		library.of[id] = sync.OnceValue(func() []*RuleSet {
			all, faults, err := readAll(files, id)
			if err == nil && faults != nil {
				err = faults
			}
			if err != nil {
				panic(err)
			}
			return all
		})
	}
	return library
})

// Load reads every rule set in a file system: one file per version, named
// <id>/<first day>.json. It returns FileFaults with everything that is wrong in
// all files, or the error of the file system.
func Load(files fs.FS) (*Library, error) {
	all, faults, err := readAll(files, ".")
	if err != nil {
		return nil, err
	}
	library, overlapping := assemble(all)
	if faults = append(faults, overlapping...); faults != nil {
		return nil, faults
	}
	return library, nil
}

// readAll reads the files under a folder, in order of their names.
func readAll(files fs.FS, folder string) (all []*RuleSet, faults FileFaults, err error) {
	err = fs.WalkDir(files, folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		rs, wrong := parse(path, raw)
		faults = append(faults, wrong...)
		if wrong == nil {
			all = append(all, rs)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("rekenregels lezen: %w", err)
	}
	return all, faults, nil
}

// With is the library with a file put in: in place of a version (nil: of none),
// and of one that has the same path. It returns FileFaults.
func (l *Library) With(path string, raw []byte, instead *RuleSet) (*Library, error) {
	rs, faults := parse(path, raw)
	if faults != nil {
		return nil, faults
	}
	others := slices.DeleteFunc(l.All(), func(other *RuleSet) bool {
		at := other.doc.path()
		return at == path || instead != nil && at == instead.doc.path()
	})
	library, faults := assemble(append(others, rs))
	if faults != nil {
		return nil, faults
	}
	return library, nil
}

// assemble makes a library of versions, and finds where two claim the same day.
func assemble(all []*RuleSet) (*Library, FileFaults) {
	versions := map[string][]*RuleSet{}
	for _, rs := range all {
		versions[rs.ID] = append(versions[rs.ID], rs)
	}
	library := &Library{ids: slices.Sorted(maps.Keys(versions)), of: map[string]func() []*RuleSet{}}
	var faults FileFaults
	for _, id := range library.ids {
		inOrder := versions[id]
		slices.SortFunc(inOrder, func(a, b *RuleSet) int { return a.Validity.From.Compare(b.Validity.From) })
		library.of[id] = func() []*RuleSet { return inOrder }
		faults = append(faults, overlaps(inOrder)...)
	}
	return library, append(faults, library.areasTwice()...)
}

// areasTwice finds rule sets that claim one area on the same day: then nothing
// tells which of them applies.
func (l *Library) areasTwice() FileFaults {
	var faults FileFaults
	claims := map[Area][]*RuleSet{}
	for _, rs := range l.All() {
		for i, area := range rs.Areas {
			for _, other := range claims[area] {
				if other.ID != rs.ID && l.inForce(other).Overlaps(l.inForce(rs)) {
					faults = append(faults, FileFault{
						File: rs.doc.path(), Pointer: fmt.Sprintf("/areas/value/%d", i),
						Detail: fmt.Sprintf("Voor het gebied %s geldt in die tijd ook %s.", area, other.doc.path()),
					})
				}
			}
			claims[area] = append(claims[area], rs)
		}
	}
	return faults
}

// inForce is the days on which a version is given: one without a last day ends
// where the next begins.
func (l *Library) inForce(rs *RuleSet) calendar.Span {
	span, versions := rs.Validity, l.versions(rs.ID)
	if next := slices.Index(versions, rs) + 1; span.To.IsZero() && next < len(versions) {
		span.To = versions[next].Validity.From.AddDays(-1)
	}
	return span
}

// Parse reads one file, wherever it is. It returns FileFaults, with the name that
// is given.
func Parse(name string, raw []byte) (*RuleSet, error) {
	rs, faults := read(name, raw)
	if faults != nil {
		return nil, faults
	}
	return rs, nil
}

// parse reads one file whose path must agree with its content.
func parse(path string, raw []byte) (*RuleSet, FileFaults) {
	rs, faults := read(path, raw)
	if faults == nil && path != rs.Path() {
		return nil, FileFaults{{File: path, Pointer: "/validity/from", Detail: fmt.Sprintf("Dit bestand hoort %s te heten.", rs.Path())}}
	}
	return rs, faults
}

func read(name string, raw []byte) (*RuleSet, FileFaults) {
	r := reader{file: name}
	var d document
	r.read(raw, &d)
	if r.faults == nil {
		r.check(&d)
	}
	if r.faults != nil {
		return nil, r.faults
	}
	sum := sha256.Sum256(raw)
	return newRuleSet(d, raw, Ref{ID: d.ID, Version: d.Validity.From, SHA256: hex.EncodeToString(sum[:])}), nil
}

// Path is where the file belongs among all: <id>/<first day>.json.
func (rs *RuleSet) Path() string { return rs.doc.path() }

func (d *document) path() string { return d.ID + "/" + d.Validity.From.String() + ".json" }

// overlaps finds versions of one id that hold on the same day. A version without
// a last day holds until the next begins: a published file is not edited when
// its successor appears.
func overlaps(versions []*RuleSet) FileFaults {
	var faults FileFaults
	for i := 1; i < len(versions); i++ {
		before, after := versions[i-1].Validity, versions[i].Validity
		if !before.To.IsZero() && !after.From.After(before.To) {
			faults = append(faults, FileFault{
				File: versions[i].doc.path(), Pointer: "/validity/from",
				Detail: fmt.Sprintf("De versie van %s geldt tot en met %s: de versies overlappen.", before.From.Dutch(), before.To.Dutch()),
			})
		}
	}
	return faults
}

// All lists every version, by id and date.
func (l *Library) All() []*RuleSet {
	var all []*RuleSet
	for _, id := range l.ids {
		all = append(all, l.versions(id)...)
	}
	return all
}

// Versions lists the versions of a rule set in order of date; none where it is
// unknown.
func (l *Library) Versions(id string) []*RuleSet { return slices.Clone(l.versions(id)) }

// At is the version of a rule set that holds on a date. It returns ErrUnknown,
// ErrNotYetInForce or ErrEnded.
func (l *Library) At(id string, date calendar.Date) (*RuleSet, error) {
	versions := l.versions(id)
	if len(versions) == 0 {
		return nil, l.unknown(id)
	}
	next := 0
	for next < len(versions) && !versions[next].Validity.From.After(date) {
		next++
	}
	if next == 0 {
		return nil, fmt.Errorf("%w: %s geldt vanaf %s", ErrNotYetInForce, id, versions[0].Validity.From.Dutch())
	}
	if rs := versions[next-1]; rs.Validity.Contains(date) {
		return rs, nil
	}
	ended := versions[next-1].Validity.To
	return nil, fmt.Errorf("%w: %s gold tot en met %s", ErrEnded, id, ended.Dutch())
}

// ForArea is the rule set that names an area as its own on a date: a
// municipality's by its own code, a region's by that of the region. Which region
// a municipality lies in is not in the files, so neither code answers for the
// other. It returns ErrUnknown, ErrNotYetInForce or ErrEnded.
func (l *Library) ForArea(area Area, date calendar.Date) (*RuleSet, error) {
	why := fmt.Errorf("%w: in %s", ErrUnknown, area)
	for _, rs := range l.All() {
		if !slices.Contains(rs.Areas, area) {
			continue
		}
		switch span := l.inForce(rs); {
		case span.Contains(date):
			return rs, nil
		case date.Before(span.From) && errors.Is(why, ErrUnknown):
			why = fmt.Errorf("%w: in %s vanaf %s", ErrNotYetInForce, area, span.From.Dutch())
		case date.After(span.End()):
			why = fmt.Errorf("%w: in %s tot en met %s", ErrEnded, area, span.End().Dutch())
		}
	}
	return nil, why
}

// Version is the version of a rule set that starts on a date. It returns
// ErrUnknown.
func (l *Library) Version(id string, from calendar.Date) (*RuleSet, error) {
	versions := l.versions(id)
	if len(versions) == 0 {
		return nil, l.unknown(id)
	}
	for _, rs := range versions {
		if rs.Validity.From == from {
			return rs, nil
		}
	}
	return nil, fmt.Errorf("%w: %s heeft geen versie %q", ErrUnknown, id, from)
}

// HasRegister tells whether any rule set lets this register of social
// enterprises decide.
func (l *Library) HasRegister(id string) bool {
	return id != "" && slices.ContainsFunc(l.All(), func(rs *RuleSet) bool { return rs.Register == id })
}

// Pinned is the very version that a contract pinned. It returns ErrUnknown or
// ErrChanged.
func (l *Library) Pinned(ref Ref) (*RuleSet, error) {
	rs, err := l.Version(ref.ID, ref.Version)
	if err != nil {
		return nil, err
	}
	if rs.ref != ref {
		return nil, fmt.Errorf("%w: %s versie %s", ErrChanged, ref.ID, ref.Version)
	}
	return rs, nil
}

func (l *Library) unknown(id string) error {
	return fmt.Errorf("%w: %q (bekend: %s)", ErrUnknown, id, strings.Join(l.ids, ", "))
}
