// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"bytes"
	"errors"
	"testing"
	"testing/fstest"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

// edited is the good file with texts replaced, in pairs.
func edited(t *testing.T, pairs ...string) *fstest.MapFile {
	t.Helper()
	raw := good(t)
	for i := 0; i < len(pairs); i += 2 {
		if !bytes.Contains(raw, []byte(pairs[i])) {
			t.Fatalf("%q is not in the file", pairs[i])
		}
		raw = bytes.Replace(raw, []byte(pairs[i]), []byte(pairs[i+1]), 1)
	}
	return &fstest.MapFile{Data: raw}
}

const untilTheNext = "    \"to\": \"2020-12-31\",\n"

func TestForArea(t *testing.T) {
	library, err := ruleset.Load(fstest.MapFS{
		"proef/2020-01-01.json":  edited(t),
		"proef/2022-01-01.json":  edited(t, untilTheNext, "", `"from": "2020-01-01",`, `"from": "2022-01-01",`),
		"streek/2020-01-01.json": edited(t, `"id": "proef"`, `"id": "streek"`, `"GM9999"`, `"AM99"`),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		area, date, version string
		err                 error
	}{
		{"GM9999", "2019-12-31", "", ruleset.ErrNotYetInForce},
		{"GM9999", "2020-06-01", "proef 2020-01-01", nil},
		{"GM9999", "2021-06-01", "", ruleset.ErrEnded}, // a gap: never its neighbour
		{"GM9999", "2030-06-01", "proef 2022-01-01", nil},
		{"AM99", "2020-06-01", "streek 2020-01-01", nil},
		{"AM99", "2021-06-01", "", ruleset.ErrEnded},
		{"GM9998", "2020-06-01", "", ruleset.ErrUnknown},
		{"", "2020-06-01", "", ruleset.ErrUnknown},
	} {
		rs, err := library.ForArea(ruleset.Area(c.area), calendar.MustDate(c.date))
		if !errors.Is(err, c.err) {
			t.Errorf("%s at %s: %v, want %v", c.area, c.date, err, c.err)
		}
		if err == nil && rs.ID+" "+rs.Ref().Version.String() != c.version {
			t.Errorf("%s at %s: %s %s, want %s", c.area, c.date, rs.ID, rs.Ref().Version, c.version)
		}
	}
}

func TestTwoRuleSetsOfOneAreaOnOneDayAreRefused(t *testing.T) {
	other := []string{`"id": "proef"`, `"id": "zelfde"`}
	for name, c := range map[string]struct {
		files   fstest.MapFS
		refused bool
	}{
		"on the same days": {fstest.MapFS{"proef/2020-01-01.json": edited(t), "zelfde/2020-01-01.json": edited(t, other...)}, true},
		"after it ended": {fstest.MapFS{
			"proef/2020-01-01.json":  edited(t),
			"zelfde/2021-01-01.json": edited(t, append(other, untilTheNext, "", `"from": "2020-01-01",`, `"from": "2021-01-01",`)...),
		}, false},
		"while the first has no end": {fstest.MapFS{
			"proef/2020-01-01.json":  edited(t, untilTheNext, ""),
			"zelfde/2021-01-01.json": edited(t, append(other, untilTheNext, "", `"from": "2020-01-01",`, `"from": "2021-01-01",`)...),
		}, true},
		"in another area": {fstest.MapFS{"proef/2020-01-01.json": edited(t), "zelfde/2020-01-01.json": edited(t, append(other, "GM9999", "GM9998")...)}, false},
	} {
		_, err := ruleset.Load(c.files)
		faults, _ := errors.AsType[ruleset.FileFaults](err)
		if !c.refused {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if len(faults) != 1 || faults[0].Pointer != "/areas/value/0" || faults[0].File[:7] != "zelfde/" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
