// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
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

// Library is every version of every rule set. It is immutable and safe for
// concurrent use.
type Library struct {
	ids      []string
	versions map[string][]*RuleSet // by id, in order of date
}

//go:embed data
var data embed.FS

// Embedded is the library of the files that come with the program. It loads
// them at the first call and panics where one is not valid, which the tests
// rule out.
var Embedded = sync.OnceValue(func() *Library {
	files, err := fs.Sub(data, "data")
	if err != nil {
		panic(err)
	}
	library, err := Load(files)
	if err != nil {
		panic(err)
	}
	return library
})

// Load reads every rule set in a file system: one file per version, named
// <id>/<first day>.json. It returns FileFaults with everything that is wrong in
// all files, or the error of the file system.
func Load(files fs.FS) (*Library, error) {
	library := &Library{versions: map[string][]*RuleSet{}}
	var faults FileFaults
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
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
			library.versions[rs.ID] = append(library.versions[rs.ID], rs)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("rekenregels lezen: %w", err)
	}
	for id, versions := range library.versions {
		library.ids = append(library.ids, id)
		slices.SortFunc(versions, func(a, b *RuleSet) int { return a.Validity.From.Compare(b.Validity.From) })
		faults = append(faults, overlaps(versions)...)
	}
	slices.Sort(library.ids)
	faults = append(faults, library.rivals()...)
	if faults != nil {
		return nil, faults
	}
	return library, nil
}

// parse reads one file whose path must agree with its content.
func parse(path string, raw []byte) (*RuleSet, FileFaults) {
	r := reader{file: path}
	var d document
	r.read(raw, &d)
	if r.faults == nil {
		r.check(&d)
	}
	if r.faults == nil && path != d.path() {
		r.fault("/validity/from", "Dit bestand hoort %s te heten.", d.path())
	}
	if r.faults != nil {
		return nil, r.faults
	}
	sum := sha256.Sum256(raw)
	return newRuleSet(d, raw, Ref{ID: d.ID, Version: d.Validity.From, SHA256: hex.EncodeToString(sum[:])}), nil
}

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

// rivals finds rule sets that hold in the same area on the same day: which of
// them would apply there, nobody could say.
func (l *Library) rivals() FileFaults {
	var faults FileFaults
	held := map[Area][]*RuleSet{}
	for _, rs := range l.All() {
		for i, area := range rs.Areas {
			for _, other := range held[area] {
				if other.ID != rs.ID && l.inForce(other).Overlaps(l.inForce(rs)) {
					faults = append(faults, FileFault{
						File: rs.doc.path(), Pointer: fmt.Sprintf("/areas/value/%d", i),
						Detail: fmt.Sprintf("In %s geldt op dezelfde dagen ook %s.", area, other.doc.path()),
					})
				}
			}
			held[area] = append(held[area], rs)
		}
	}
	return faults
}

// inForce is the days on which a version holds: its validity, until the next
// version begins.
func (l *Library) inForce(rs *RuleSet) calendar.Span {
	versions := l.versions[rs.ID]
	span := rs.Validity
	if i := slices.Index(versions, rs); i+1 < len(versions) && span.To.IsZero() {
		span.To = versions[i+1].Validity.From.AddDays(-1)
	}
	return span
}

// All lists every version, by id and date.
func (l *Library) All() []*RuleSet {
	var all []*RuleSet
	for _, id := range l.ids {
		all = append(all, l.versions[id]...)
	}
	return all
}

// At is the version of a rule set that holds on a date. It returns ErrUnknown,
// ErrNotYetInForce or ErrEnded.
func (l *Library) At(id string, date calendar.Date) (*RuleSet, error) {
	versions := l.versions[id]
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
	versions := l.versions[id]
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
