// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

// busted names the place of the fault in each file of testdata/busted. By its
// prefix, syntax is no JSON document, shape is refused by schema and loader
// alike, and meaning is what only the loader can see.
var busted = map[string]string{
	"meaning-bonus-for-purchase":                    "/bonuses/0/appliesTo/0",
	"meaning-bonus-for-unknown-block":               "/bonuses/0/appliesTo/0",
	"meaning-bonus-with-code-of-block":              "/bonuses/0/code",
	"meaning-duplicate-block-code":                  "/blocks/1/code",
	"meaning-duplicate-bonus-code":                  "/bonuses/1/code",
	"meaning-duplicate-recognition":                 "/blocks/1/recognitions/1/recognition",
	"meaning-duplicate-source-id":                   "/assumptions/1/id",
	"meaning-ends-before-it-begins":                 "/validity/to",
	"meaning-european-thresholds-overlap":           "/obligation/works/threshold/euThreshold/1/from",
	"meaning-field-twice":                           "/title",
	"meaning-first-percentage-unconditional":        "/obligation/works/percentages/0/labourShareBelow",
	"meaning-group-counts-in-two-ways":              "/bonuses/1/proRata",
	"meaning-person-limit-for-unknown-block":        "/personLimit/appliesTo/0",
	"meaning-last-percentage-conditional":           "/obligation/works/percentages/1/labourShareBelow",
	"meaning-minimum-above-norm":                    "/minimumWeek/value",
	"meaning-norm-week-over-60-hours":               "/normWeek/value",
	"meaning-overlapping-versions":                  "/validity/from",
	"meaning-pro-rata-bonus-on-monthly-block":       "/bonuses/0/appliesTo/0",
	"meaning-unknown-source":                        "/normWeek/source",
	"meaning-unknown-source-of-field":               "/blocks/0/sourceOf/forms",
	"shape-amount-as-number":                        "/blocks/0/value",
	"shape-amount-dutch-comma":                      "/blocks/0/value",
	"shape-amount-three-decimals":                   "/blocks/0/value",
	"shape-block-without-forms":                     "/blocks/0/forms",
	"shape-block-without-source":                    "/blocks/0/source",
	"shape-bonus-without-pro-rata":                  "/bonuses/0/proRata",
	"shape-cap-below-zero":                          "/obligation/works/cap",
	"shape-cap-zero":                                "/obligation/works/cap",
	"shape-code-in-lower-case":                      "/blocks/0/code",
	"shape-date-that-does-not-exist":                "/validity/from",
	"shape-duplicate-form":                          "/blocks/0/forms/1",
	"shape-empty-title":                             "/title",
	"shape-excluded-with-percentage":                "/obligation/works/percentages",
	"shape-full-time-year-without-hours":            "/blocks/0/proRata",
	"shape-hours-not-whole-minutes":                 "/normWeek/value",
	"shape-list":                                    "",
	"shape-missing-nature":                          "/obligation/supplies",
	"shape-missing-title":                           "/title",
	"shape-months-fraction":                         "/blocks/0/maxMonths",
	"shape-months-negative":                         "/blocks/0/maxMonths",
	"shape-no-blocks":                               "/blocks",
	"shape-null-value":                              "/blocks/0/value",
	"shape-obligation-without-source":               "/obligation/works/source",
	"shape-percentage-below-zero":                   "/obligation/works/percentages/1/percent",
	"shape-percentage-over-100":                     "/obligation/works/percentages/1/percent",
	"shape-purchase-over-100":                       "/blocks/1/recognitions/0/percent",
	"shape-purchase-with-value":                     "/blocks/1/value",
	"shape-schema-number":                           "/schema",
	"shape-source-not-a-web-address":                "/sources/0/url",
	"shape-source-of-unknown-value":                 "/blocks/0/sourceOf/kleur",
	"shape-threshold-twice":                         "/obligation/works/threshold",
	"shape-unknown-anchor":                          "/anchor/value",
	"shape-unknown-obligation-kind":                 "/obligation/works/kind",
	"shape-unknown-cadence":                         "/cadence/value",
	"shape-unknown-category":                        "/blocks/0/category",
	"shape-unknown-comparison":                      "/obligation/works/threshold/comparison",
	"shape-unknown-field":                           "/kleur",
	"shape-unknown-field-in-block":                  "/blocks/0/kleur",
	"shape-unknown-form":                            "/blocks/0/forms/0",
	"shape-unknown-kind":                            "/blocks/0/kind",
	"shape-unknown-recognition":                     "/blocks/1/recognitions/0/recognition",
	"shape-unknown-unit-in-day-count":               "/dayCount/value",
	"shape-value-without-source":                    "/normWeek/source",
	"shape-unknown-basis":                           "/obligation/works/basis",
	"shape-basis-missing":                           "/obligation/works/basis",
	"shape-small-without-activities":                "/obligation/works/small/activities",
	"shape-small-with-zero-activities":              "/obligation/works/small/activities",
	"shape-floor-with-kind-none":                    "/obligation/works/floor",
	"shape-weeks-missing":                           "/blocks/2/weeks",
	"shape-weeks-on-another-kind":                   "/blocks/0/weeks",
	"shape-daily-maximum-on-placement":              "/blocks/0/dailyMaximum",
	"shape-during-subsidy-on-purchase":              "/blocks/1/duringSubsidy",
	"shape-pro-rata-on-placement-once":              "/blocks/2/proRata",
	"shape-months-on-placement-once":                "/blocks/2/maxMonths",
	"shape-payer-on-purchase":                       "/blocks/1/payer",
	"shape-same-employer-on-purchase":               "/blocks/1/sameEmployerMonths",
	"shape-person-limit-with-hours-and-months":      "/personLimit",
	"shape-person-limit-without-either":             "/personLimit",
	"meaning-ceiling-for-unknown-block":             "/ceilings/0/appliesTo/0",
	"meaning-block-under-two-ceilings":              "/ceilings/1/appliesTo/0",
	"shape-ceiling-over-100":                        "/ceilings/0/percent",
	"meaning-duplicate-ceiling-code":                "/ceilings/1/code",
	"shape-replaces-without-pro-rata":               "/bonuses/0/replaces",
	"shape-replaces-in-a-group":                     "/bonuses/0/group",
	"meaning-pro-rata-bonus-on-block-per-weeks":     "/bonuses/0/appliesTo/0",
	"shape-unknown-condition":                       "/bonuses/0/conditions/0",
	"shape-unknown-area-code":                       "/areas/value/0",
	"shape-unknown-payer":                           "/blocks/0/payer",
	"meaning-duplicate-discount-level":              "/obligation/works/discounts/1/level",
	"shape-discount-with-kind-decided-per-contract": "/obligation/works/discounts",
	"shape-discount-without-source":                 "/obligation/works/discounts/0/source",
	"meaning-two-files-for-one-area":                "/areas/value/0",
	"shape-register-without-id":                     "/register/id",
	"shape-internship-months-as-text":               "/bonuses/0/minimumInternshipMonths",
	"syntax-cut-off":                                "",
	"syntax-empty":                                  "",
	"syntax-trailing-data":                          "",
}

func compileSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("schema/ruleset-1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// conforms asks the schema.
func conforms(schema *jsonschema.Schema, raw []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	return schema.Validate(document)
}

func ruleFiles(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, dir := range []string{"data", "testdata/rules"} {
		paths, err := filepath.Glob(dir + "/*/*.json")
		if err != nil || len(paths) == 0 {
			t.Fatalf("no rule files in %s: %v", dir, err)
		}
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files[path] = raw
		}
	}
	return files
}

func TestFilesConformToSchema(t *testing.T) {
	schema := compileSchema(t)
	for path, raw := range ruleFiles(t) {
		if err := conforms(schema, raw); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// placeOf reads the path that a busted file would have; one that has none gets
// that of a good file.
func placeOf(raw []byte) string {
	var file struct {
		ID       string
		Validity struct{ From calendar.Date }
	}
	err := json.Unmarshal(raw, &file)
	if err != nil || file.ID == "" {
		return "proef/2021-01-01.json"
	}
	return file.ID + "/" + file.Validity.From.String() + ".json"
}

// loadBeside loads a file beside a good earlier version of the same rule set.
func loadBeside(t *testing.T, raw []byte) error {
	t.Helper()
	files := fstest.MapFS{"proef/2020-01-01.json": {Data: good(t)}}
	files[placeOf(raw)] = &fstest.MapFile{Data: raw}
	_, err := ruleset.Load(files)
	return err
}

func good(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/rules/proef/2020-01-01.json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestBustedFilesAreRefused(t *testing.T) {
	schema := compileSchema(t)
	paths, err := filepath.Glob("../../testdata/busted/*.json")
	if err != nil || len(paths) != len(busted) {
		t.Fatalf("%d busted files, want %d: %v", len(paths), len(busted), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			pointer, listed := busted[name]
			var faults ruleset.FileFaults
			if !listed || !errors.As(loadBeside(t, raw), &faults) {
				t.Fatalf("listed %v, refused with %v", listed, faults)
			}
			if len(faults) != 1 || faults[0].Pointer != pointer || faults[0].File != placeOf(raw) {
				t.Errorf("want one fault at %q, got:\n%v", pointer, faults)
			}
			if shape, refused := !strings.HasPrefix(name, "meaning-"), conforms(schema, raw) != nil; shape != refused {
				t.Errorf("the schema refuses it: %v, want %v", refused, shape)
			}
		})
	}
}

func TestLoadTellsEveryFaultOfEveryFile(t *testing.T) {
	one := bytes.ReplaceAll(good(t), []byte(`"40000.00"`), []byte(`"veel"`))
	one = bytes.Replace(one, []byte(`"region"`), []byte(`"streek"`), 1)
	two := bytes.Replace(good(t), []byte(`"id": "proef"`), []byte(`"id": "ander"`), 1)
	_, err := ruleset.Load(fstest.MapFS{"proef/2020-01-01.json": {Data: one}, "proef/2019-01-01.json": {Data: two}})
	var faults ruleset.FileFaults
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	want := []ruleset.FileFault{
		{File: "proef/2019-01-01.json", Pointer: "/validity/from", Detail: "Dit bestand hoort ander/2020-01-01.json te heten."},
		{File: "proef/2020-01-01.json", Pointer: "/region", Detail: "Dit verplichte veld ontbreekt."},
		{File: "proef/2020-01-01.json", Pointer: "/blocks/0/value", Detail: `"veel" is geen bedrag (zoals 40000.00).`},
		{File: "proef/2020-01-01.json", Pointer: "/streek", Detail: "Dit veld is onbekend."},
	}
	if got, expected := faults.Error(), ruleset.FileFaults(want).Error(); got != expected {
		t.Errorf("got:\n%s\nwant:\n%s", got, expected)
	}
}

func TestLibraryVersionsNeverFallThrough(t *testing.T) {
	open := bytes.Replace(good(t), []byte("    \"to\": \"2020-12-31\",\n"), nil, 1)
	open = bytes.Replace(open, []byte(`"from": "2020-01-01",`), []byte(`"from": "2022-01-01",`), 1)
	later := bytes.Replace(open, []byte(`"from": "2022-01-01",`), []byte(`"from": "2024-01-01",`), 1)
	library, err := ruleset.Load(fstest.MapFS{"proef/2020-01-01.json": {Data: good(t)}, "proef/2022-01-01.json": {Data: open}, "proef/2024-01-01.json": {Data: later}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id, date, version string
		err               error
	}{
		{"proef", "2019-12-31", "", ruleset.ErrNotYetInForce},
		{"proef", "2020-01-01", "2020-01-01", nil},
		{"proef", "2020-12-31", "2020-01-01", nil},
		{"proef", "2021-01-01", "", ruleset.ErrEnded}, // a gap
		{"proef", "2023-12-31", "2022-01-01", nil},    // open: until the next begins
		{"proef", "2024-01-01", "2024-01-01", nil},
		{"proef", "2099-01-01", "2024-01-01", nil},
		{"elders", "2022-01-01", "", ruleset.ErrUnknown},
	} {
		rs, err := library.At(c.id, calendar.MustDate(c.date))
		if !errors.Is(err, c.err) {
			t.Errorf("%s at %s: %v, want %v", c.id, c.date, err, c.err)
		}
		if err == nil && rs.Ref().Version.String() != c.version {
			t.Errorf("%s at %s: version %s, want %s", c.id, c.date, rs.Ref().Version, c.version)
		}
	}
	if all := library.All(); len(all) != 3 || all[2].Ref().Version != calendar.MustDate("2024-01-01") {
		t.Errorf("All gives %d versions", len(all))
	}
}

// An area may go from one rule set to another, but not belong to two at once: a
// version without a last day ends where the next one begins.
func TestAreasThatTwoRuleSetsClaim(t *testing.T) {
	version := func(id, from, to, area string) *fstest.MapFile {
		text := string(good(t))
		for _, change := range [][2]string{{`"proef"`, `"` + id + `"`}, {"2020-01-01", from}, {"2020-12-31", to}, {"    \"to\": \"\",\n", ""}, {"GM9999", area}} {
			text = strings.Replace(text, change[0], change[1], 1)
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	for name, c := range map[string]struct {
		files   fstest.MapFS
		refused string
	}{
		"one after the other": {fstest.MapFS{"een/2020-01-01.json": version("een", "2020-01-01", "2020-12-31", "GM0001"), "twee/2021-01-01.json": version("twee", "2021-01-01", "", "GM0001")}, ""},
		"open, then elsewhere": {fstest.MapFS{"een/2020-01-01.json": version("een", "2020-01-01", "", "GM0001"), "een/2022-01-01.json": version("een", "2022-01-01", "", "GM0002"),
			"twee/2022-01-01.json": version("twee", "2022-01-01", "", "GM0001")}, ""},
		"at once":                 {fstest.MapFS{"een/2020-01-01.json": version("een", "2020-01-01", "", "GM0001"), "twee/2022-01-01.json": version("twee", "2022-01-01", "", "GM0001")}, "twee/2022-01-01.json: /areas/value/0: Voor het gebied GM0001 geldt in die tijd ook een/2020-01-01.json."},
		"town and region at once": {fstest.MapFS{"een/2020-01-01.json": version("een", "2020-01-01", "", "AM01"), "twee/2022-01-01.json": version("twee", "2022-01-01", "", "GM0001")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ruleset.Load(c.files)
			if got := fmt.Sprint(err); (err == nil) != (c.refused == "") || err != nil && got != c.refused {
				t.Errorf("got %v, want %q", err, c.refused)
			}
		})
	}
}

func TestPinned(t *testing.T) {
	library := ruleset.Embedded()
	rs, err := library.At("friesland", calendar.MustDate("2021-12-31"))
	if err != nil {
		t.Fatal(err)
	}
	if pinned, err := library.Pinned(rs.Ref()); err != nil || pinned != rs {
		t.Errorf("Pinned gives %v, %v", pinned, err)
	}
	changed, unknown := rs.Ref(), rs.Ref()
	changed.SHA256 = strings.Repeat("0", 64)
	unknown.Version = calendar.MustDate("2017-01-01")
	if _, err := library.Pinned(changed); !errors.Is(err, ruleset.ErrChanged) {
		t.Errorf("another hash: %v", err)
	}
	if _, err := library.Pinned(unknown); !errors.Is(err, ruleset.ErrUnknown) {
		t.Errorf("another version: %v", err)
	}
	if _, err := library.At("friesland", calendar.MustDate("2022-01-01")); !errors.Is(err, ruleset.ErrEnded) {
		t.Errorf("after the end: %v", err)
	}
	raw := rs.Raw()
	raw[0] = 'x'
	if rs.Raw()[0] != '{' {
		t.Error("Raw hands out the rule set's own bytes")
	}
}

// Each source and assumption of a file that comes with the program is used by
// some value.
func TestNoIdleSources(t *testing.T) {
	for _, rs := range ruleset.Embedded().All() {
		for _, ground := range rs.Grounds() {
			if ground.Places == 0 {
				t.Errorf("%s: nothing rests on %s", rs.Path(), ground.ID)
			}
		}
	}
}

// A published file is never edited: a contract may have pinned it.
func TestPublishedFilesAreNeverEdited(t *testing.T) {
	list, err := os.ReadFile("published.sha256")
	if err != nil {
		t.Fatal(err)
	}
	published, err := ruleset.ParsePublished(list)
	if err != nil || len(published) == 0 {
		t.Fatalf("%d published: %v", len(published), err)
	}
	for path, sum := range published {
		raw, err := os.ReadFile("data/" + path)
		if err != nil {
			t.Errorf("%s was published and is gone", path)
		} else if got := sha256.Sum256(raw); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s was published and edited since: put it back and make a new version", path)
		}
	}
}

func TestListsOfPublishedFilesThatCannotBeRead(t *testing.T) {
	sum := strings.Repeat("0", 64)
	for _, list := range []string{"geen som  data/a/2020-01-01.json\n", sum + " data/a/2020-01-01.json\n", sum + "  a/2020-01-01.json\n", sum + "  data/a.json\n" + sum + "  data/a.json\n"} {
		if published, err := ruleset.ParsePublished([]byte(list)); err == nil {
			t.Errorf("%q gives %v", list, published)
		}
	}
	rs := trial(t)
	if published, err := ruleset.ParsePublished([]byte(rs.Line() + "\n")); err != nil || published[rs.Path()] != rs.Ref().SHA256 {
		t.Errorf("the line of a version gives %v, %v", published, err)
	}
}

func encode(t testing.TB, value any) []byte {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// seeds are every file that comes with the program, of tests and busted ones.
func seeds(f *testing.F) {
	f.Helper()
	for _, raw := range ruleFiles(f) {
		f.Add(raw)
	}
	paths, err := filepath.Glob("../../testdata/busted/*.json")
	if err != nil || len(paths) != len(busted) {
		f.Fatalf("%d busted files: %v", len(paths), err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
}

// Any text is refused, or a rule set that the schema accepts too and that
// re-encodes to itself.
func FuzzLoad(f *testing.F) {
	schema := compileSchema(f)
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := placeOf(raw)
		if !fs.ValidPath(path) {
			return
		}
		library, err := ruleset.Load(fstest.MapFS{path: {Data: raw}})
		if err != nil {
			return
		}
		if err := conforms(schema, raw); err != nil {
			t.Fatalf("loaded, but the schema refuses it: %v", err)
		}
		once := encode(t, library.All()[0])
		again, err := ruleset.Load(fstest.MapFS{path: {Data: once}})
		if err != nil {
			t.Fatalf("does not load again: %v", err)
		}
		if twice := encode(t, again.All()[0]); !bytes.Equal(once, twice) {
			t.Fatalf("re-encodes to something else:\n%s\n%s", once, twice)
		}
	})
}

// What the schema accepts the loader reads, but for what no schema can see: a
// field that is there twice, a source of a value that is not there, bytes that are
// no text.
func FuzzSchema(f *testing.F) {
	schema := compileSchema(f)
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) || conforms(schema, raw) != nil {
			return
		}
		for _, fault := range ruleset.Shape(raw) {
			if twice, nowhere := strings.Contains(fault.Detail, "twee keer"), strings.Contains(fault.Pointer, "/sourceOf/"); !twice && !nowhere {
				t.Errorf("the schema accepts it, the loader says %s: %s", fault.Pointer, fault.Detail)
			}
		}
	})
}

// The list of published files is refused, or holds exactly its lines.
func FuzzParsePublished(f *testing.F) {
	sum := strings.Repeat("ab", 32)
	f.Add([]byte(sum + "  data/friesland/2016-07-01.json\n\n" + sum + "  data/x\n"))
	f.Add([]byte(sum + "  data/x\n" + sum + "  data/x\n"))
	f.Fuzz(func(t *testing.T, list []byte) {
		published, err := ruleset.ParsePublished(list)
		if err != nil {
			if published != nil {
				t.Fatal("refused and read")
			}
			return
		}
		lines := 0
		for line := range strings.Lines(string(list)) {
			if line = strings.TrimSuffix(line, "\n"); line == "" {
				continue
			}
			lines++
			hash, path, _ := strings.Cut(line, "  data/")
			if published[path] != hash || len(hash) != 64 {
				t.Fatalf("%q is not as it stands", line)
			}
		}
		if lines != len(published) {
			t.Fatalf("%d lines, %d files", lines, len(published))
		}
	})
}
