// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"socialreturn/internal/sroi"
)

var writeTo = flag.String("write", "", "folder to leave the sample pages in, to be looked at in a browser")

// element is a node of a page that was parsed strictly: what is not well
// formed does not parse.
type element struct {
	name     string
	attrs    map[string]string
	children []*element
	words    string // of a text node, which has no name
}

func parse(t *testing.T, page []byte) *element {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(page))
	root := &element{}
	open := []*element{root}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatalf("the page is not well formed: %v", err)
		}
		parent := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			child := &element{name: token.Name.Local, attrs: map[string]string{}}
			for _, attr := range token.Attr {
				child.attrs[attr.Name.Local] = attr.Value
			}
			parent.children = append(parent.children, child)
			open = append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			parent.children = append(parent.children, &element{words: string(token)})
		}
	}
}

// all are the elements under e, itself included, that match.
func (e *element) all(match func(*element) bool) []*element {
	var found []*element
	if e.name != "" && match(e) {
		found = append(found, e)
	}
	for _, child := range e.children {
		found = append(found, child.all(match)...)
	}
	return found
}

func (e *element) named(name string) []*element {
	return e.all(func(e *element) bool { return e.name == name })
}

// text is what a reader finds in e, spaces as one, notes in brackets.
func (e *element) text() string {
	if e.name == "sup" {
		return "[" + e.children[0].text() + "]"
	}
	words := e.words
	for _, child := range e.children {
		words += child.text() + " "
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(words, "\u2060", "")), " ")
}

func (e *element) class(name string) bool {
	for class := range strings.FieldsSeq(e.attrs["class"]) {
		if class == name {
			return true
		}
	}
	return false
}

func render(t *testing.T, r sroi.Report) []byte {
	t.Helper()
	var page bytes.Buffer
	if err := HTML(&page, r); err != nil {
		t.Fatal(err)
	}
	return page.Bytes()
}

// tableRows are the rows of the page's large table, by code: the contents of
// the cells without their labels for the phone.
func tableRows(t *testing.T, root *element) (columns []string, rows map[string][]string) {
	t.Helper()
	tables := root.all(func(e *element) bool { return e.name == "table" && e.class("figures") })
	if len(tables) != 1 {
		t.Fatalf("%d tables of figures", len(tables))
	}
	for _, head := range tables[0].named("thead")[0].named("th") {
		columns = append(columns, head.text())
	}
	rows = map[string][]string{}
	for _, row := range tables[0].named("tr") {
		code, ok := strings.CutPrefix(row.attrs["id"], "rij-")
		if !ok {
			continue
		}
		cells := []string{row.named("th")[0].text()}
		for _, content := range row.all(func(e *element) bool { return e.class("content") }) {
			cells = append(cells, content.text())
		}
		rows[code] = cells
	}
	return columns, rows
}

func TestTableHoldsEveryFigure(t *testing.T) {
	columns, rows := tableRows(t, parse(t, render(t, apeldoorn())))
	want := []string{"Indicator", "Behaald 2021", "Behaald op 30 september 2021", "Behaald 2022 (voorlopig)", "Verschil", "Beoogd 2022", "Doel"}
	if strings.Join(columns, "|") != strings.Join(want, "|") {
		t.Errorf("columns %q, want %q", columns, want)
	}
	if len(rows) != len(apeldoornRows()) {
		t.Errorf("%d rows, want %d", len(rows), len(apeldoornRows()))
	}
	for code, want := range map[string][]string{
		sroi.ExtraJobs:           {"Extra arbeidsplaatsen door Social Return", "118", "86", "131", "+13", "ten minste 125 [1]", "bereikt"},
		sroi.JobsStartedFTE:      {"Onderdeel van Extra arbeidsplaatsen door Social Return: Extra arbeidsplaatsen in fte", "87,31", "61,20", "98,46", "+11,15", "– geen doel", "– geen doel"},
		sroi.TenderShare:         {"Aandeel aanbestedingen met Social Return", "51,7 % 15 van 29", "50,0 % 11 van 22", "58,1 % 18 van 31", "+6,3 procentpunt", "hoger dan in 2021 [2]", "nog niet te zeggen"},
		sroi.ExemptedValue:       {"Vrijgestelde waarde", "€ 3.150.000", "€ 1.900.000", "€ 2.410.750", "−€ 739.250", "– geen doel", "– geen doel"},
		sroi.SocialBuyers:        {"Opdrachtnemers met sociale inkoop", "ongeveer 27 [3]", "– niet gemeten", "24", "−3", "meer dan in 2021 [4]", "nog niet te zeggen"},
		sroi.SocialAssignments:   {"Opdrachten voor impactondernemers", "– niet gemeten [5]", "– niet gemeten", "41", "– niet gemeten", "meer dan in 2021 [4]", "nog niet te zeggen"},
		sroi.SocialPurchaseValue: {"Onderdeel van Opdrachten voor impactondernemers: Waarde van de sociale inkoop", "– niet gemeten", "– niet gemeten", "€ 613.905", "– niet gemeten", "– geen doel", "– geen doel"},
		sroi.RealisedShare:       {"Gerealiseerd tegen verplicht", "112,3 % € 1.204.500 van € 1.072.500", "108,2 % € 870.000 van € 804.000", "106,8 % € 1.150.220 van € 1.077.394", "−5,5 procentpunt", "– geen doel", "– geen doel"},
		sroi.ObligedWhole:        {"Onderdeel van Gerealiseerd tegen verplicht: SR-verplichting geheel", "€ 2.145.000", "€ 2.145.000", "€ 1.436.525", "nog niet bekend", "– geen doel", "– geen doel"},
	} {
		if got := strings.Join(rows[code], "|"); got != strings.Join(want, "|") {
			t.Errorf("%s:\n got %s\nwant %s", code, got, strings.Join(want, "|"))
		}
	}
}

func TestClosedYearHasNoColumnForTheSameDate(t *testing.T) {
	root := parse(t, render(t, closed()))
	columns, rows := tableRows(t, root)
	want := "Indicator|Behaald 2021|Behaald 2022|Verschil|Beoogd 2022|Doel"
	if got := strings.Join(columns, "|"); got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	if got := strings.Join(rows[sroi.ExtraJobs][1:4], "|"); got != "118|131|+13" {
		t.Errorf("figures %s", got)
	}
	if got := root.text(); !strings.Contains(got, "2022 is definitief, afgesloten op 13 februari 2023.") {
		t.Error("the page does not say when 2022 was closed")
	}
}

// Every cell names its column on a phone, and the roles keep the table a table
// when the style sheet lays rows out as cards.
func TestTableStaysATableOnAPhone(t *testing.T) {
	root := parse(t, render(t, apeldoorn()))
	table := root.all(func(e *element) bool { return e.class("figures") })[0]
	roles := map[string]string{"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
	for name, role := range roles {
		for _, e := range table.named(name) {
			if e.attrs["role"] != role {
				t.Errorf("<%s> has role %q", name, e.attrs["role"])
			}
		}
	}
	columns, _ := tableRows(t, root)
	for _, row := range table.named("tbody") {
		for _, tr := range row.named("tr") {
			if role := tr.named("th")[0].attrs["role"]; role != "rowheader" {
				t.Errorf("row header has role %q", role)
			}
			for i, label := range tr.all(func(e *element) bool { return e.class("label") }) {
				if label.text() != columns[i+1] || label.attrs["aria-hidden"] != "true" {
					t.Errorf("label %q of column %q", label.text(), columns[i+1])
				}
			}
		}
	}
}

func TestRowsAreGroupedUnderTheRowTheyExplain(t *testing.T) {
	r := apeldoorn()
	r.Rows = []sroi.Row{
		{Code: sroi.Placements, Unit: sroi.UnitCount, Current: whole(3)},
		{Code: sroi.ExtraJobs, Unit: sroi.UnitCount, Current: whole(2)},
		{Code: sroi.PlacedInternship, Parent: sroi.Placements, Unit: sroi.UnitCount, Current: whole(1)},
		{Code: sroi.RealisedValue, Parent: sroi.RealisedShare, Unit: sroi.UnitEuro, Current: whole(100)}, // its parent is not in the report
	}
	var groups []string
	for _, body := range parse(t, render(t, r)).all(func(e *element) bool { return e.class("figures") })[0].named("tbody") {
		var codes []string
		for _, row := range body.named("tr") {
			code := strings.TrimPrefix(row.attrs["id"], "rij-")
			if row.class("part") {
				code = ">" + code
			}
			codes = append(codes, code)
		}
		groups = append(groups, strings.Join(codes, " "))
	}
	want := "plaatsingen >plaatsingen-stage|extra-arbeidsplaatsen|gerealiseerde-waarde"
	if got := strings.Join(groups, "|"); got != want {
		t.Errorf("groups %s, want %s", got, want)
	}
}

func TestLinksLeadSomewhereAndBack(t *testing.T) {
	for name, r := range map[string]sroi.Report{"open": apeldoorn(), "closed": closed(), "restated": restated()} {
		t.Run(name, func(t *testing.T) {
			root := parse(t, render(t, r))
			ids := map[string]int{}
			for _, e := range root.all(func(e *element) bool { return e.attrs["id"] != "" }) {
				ids[e.attrs["id"]]++
				if ids[e.attrs["id"]] > 1 {
					t.Errorf("id %q occurs twice", e.attrs["id"])
				}
			}
			hrefs := map[string]bool{}
			var down []string
			for _, link := range root.named("a") {
				target, local := strings.CutPrefix(link.attrs["href"], "#")
				hrefs[target] = true
				if !local {
					down = append(down, target)
				} else if ids[target] == 0 {
					t.Errorf("link to %q leads nowhere", link.attrs["href"])
				}
			}
			want := breakdownsOf(r)
			if g := afterClose(r); g != nil { // and the acts after the close to their ledgers
				for _, group := range g.Groups {
					if group[0].Href != "" {
						want = append(want, group[0].Href)
					}
				}
			}
			if !slices.Equal(down, want) {
				t.Errorf("figures lead down to %q, want %q", down, want)
			}
			for _, e := range root.all(func(e *element) bool { return e.attrs["aria-labelledby"] != "" }) {
				for id := range strings.FieldsSeq(e.attrs["aria-labelledby"]) {
					if ids[id] == 0 {
						t.Errorf("<%s> is labelled by %q, which is not there", e.name, id)
					}
				}
			}
			for _, row := range r.Rows {
				if !hrefs["definitie-"+row.Code] || !hrefs["rij-"+row.Code] {
					t.Errorf("%s is not linked with its definition both ways", row.Code)
				}
			}
		})
	}
}

// breakdownsOf are the links of the figures of both years that have a number.
func breakdownsOf(r sroi.Report) []string {
	var links []string
	for _, row := range r.Rows {
		for _, of := range []struct {
			year   int
			figure sroi.Figure
		}{{r.CompareWith, row.Previous}, {r.Year, row.Current}} {
			if of.figure.State == sroi.HasValue {
				links = append(links, fmt.Sprintf("%d/onderbouwing?gebied=%s&indicator=%s", of.year, r.Area.Code, row.Code))
			}
		}
	}
	return links
}

func TestPageRunsNothingAndLoadsNothing(t *testing.T) {
	page := render(t, apeldoorn())
	root := parse(t, page)
	for _, e := range root.all(func(*element) bool { return true }) {
		for attr := range e.attrs {
			if attr == "style" || attr == "src" || strings.HasPrefix(attr, "on") {
				t.Errorf("<%s> has %s", e.name, attr)
			}
		}
		switch e.name {
		case "script", "link", "img", "iframe", "object", "form", "base":
			t.Errorf("the page has <%s>", e.name)
		}
	}
	_, rest, _ := bytes.Cut(page, []byte("<style>"))
	sheet, _, ended := bytes.Cut(rest, []byte("</style>"))
	hash := sha256.Sum256(sheet)
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	if got := ContentSecurityPolicy(); !ended || got != want {
		t.Errorf("policy %s, want %s", got, want)
	}
	if bytes.Contains(sheet, []byte("url(")) || bytes.Contains(sheet, []byte("@import")) {
		t.Error("the style sheet loads something")
	}
}

func TestThemeClassIsOnThePage(t *testing.T) {
	html := parse(t, render(t, apeldoorn())).named("html")[0]
	if !html.class("utrecht-html") || !html.class("voorbeeld-theme") || html.attrs["lang"] != "nl" {
		t.Errorf("<html> has %v", html.attrs)
	}
}

// A theme must have each colour and measure that the page asks for.
func TestThemeHasEveryTokenOfThePage(t *testing.T) {
	asked := regexp.MustCompile(`var\((--basis-[\w-]+)\)`).FindAllStringSubmatch(pageCSS, -1)
	if len(asked) < 20 {
		t.Fatalf("only %d tokens found", len(asked))
	}
	for _, token := range asked {
		if !strings.Contains(themeCSS, "  "+token[1]+":") {
			t.Errorf("the theme has no %s", token[1])
		}
	}
}

const hostile = "\"'><script>alert(1)</script><!-- \x1b[31m \u202Eomgekeerd\x00"

func TestHostileWordsStayWords(t *testing.T) {
	r := apeldoorn()
	r.Area.Name = hostile
	r.Position.Last = hostile
	r.Assumptions = []sroi.Assumption{{RuleSet: hostile, ID: hostile, Text: hostile}}
	r.Rows[0].Code = hostile
	for i := range r.Rows {
		r.Rows[i].Current.Source, r.Rows[i].Previous.Remark = hostile, hostile+hostile
	}
	r.Rows[3].Target.Source, r.Rows[3].Target.Remark = hostile, hostile
	page := render(t, r)
	root := parse(t, page)
	if n := len(root.named("script")); n > 0 {
		t.Errorf("%d scripts on the page", n)
	}
	if !strings.Contains(root.named("h1")[0].text(), "<script>alert(1)</script>") {
		t.Error("the area's name is not shown as it is written")
	}
	if bytes.ContainsAny(page, "\x00\x1b") || bytes.Contains(page, []byte("\u202E")) {
		t.Error("control characters reach the page")
	}
}

func TestNotesSayEachThingOnce(t *testing.T) {
	root := parse(t, render(t, apeldoorn()))
	var notes []string
	for _, list := range root.all(func(e *element) bool { return e.class("notes") }) {
		for _, item := range list.named("li") {
			notes = append(notes, item.text())
		}
	}
	want := []string{
		"Bron: Programmabegroting 2022, 1.1.5. Gelezen als het aantal in het jaar, niet als groei. Terug naar Extra arbeidsplaatsen door Social Return, Beoogd 2022",
		"Bron: Programmabegroting 2022, 1.1.5. Terug naar Aandeel aanbestedingen met Social Return, Beoogd 2022",
		"Bron: Regionaal bureau, opgave maart 2022. Vóór 2022 niet per factuur bijgehouden. Terug naar Opdrachtnemers met sociale inkoop, Behaald 2021",
		"Bron: Programmabegroting 2022, 1.1.4. Terug naar Opdrachtnemers met sociale inkoop, Beoogd 2022 Terug naar Opdrachten voor impactondernemers, Beoogd 2022",
		"Pas vanaf 2022 vastgelegd. Terug naar Opdrachten voor impactondernemers, Behaald 2021",
	}
	if strings.Join(notes, "\n") != strings.Join(want, "\n") {
		t.Errorf("notes:\n%s\nwant:\n%s", strings.Join(notes, "\n"), strings.Join(want, "\n"))
	}
}

func TestPageTellsItsAssumptions(t *testing.T) {
	r := apeldoorn()
	words := parse(t, render(t, r)).text()
	for _, a := range r.Assumptions {
		if !strings.Contains(words, a.Text+" Rekenregel "+a.RuleSet) {
			t.Errorf("the page does not tell %q", a.Text)
		}
	}
	r.Assumptions = nil
	if strings.Contains(parse(t, render(t, r)).text(), "Aannames") {
		t.Error("the page announces assumptions that are not there")
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWritersErrorIsReturned(t *testing.T) {
	for name, err := range map[string]error{
		"HTML":     HTML(brokenWriter{}, apeldoorn()),
		"CSV":      CSV(brokenWriter{}, apeldoorn()),
		"Terminal": Terminal(brokenWriter{}, apeldoorn(), 80),
	} {
		if !errors.Is(err, errBroken) {
			t.Errorf("%s returned %v", name, err)
		}
	}
}

// An empty report is a page too: no year has been registered yet.
func TestEmptyReport(t *testing.T) {
	words := parse(t, render(t, sroi.Report{Area: sroi.Area{Name: "Epe"}, Year: 2023, CompareWith: 2022})).text()
	for _, want := range []string{"Social Return in Epe, 2023 vergeleken met 2022",
		"2023 is voorlopig; over dit jaar is niets geregistreerd.", "er zijn nog geen mutaties geboekt", "Stand van de cijfers: niet vastgelegd."} {
		if !strings.Contains(words, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestSamplePagesCanBeLeftForABrowser(t *testing.T) {
	folder := *writeTo
	if folder == "" {
		folder = t.TempDir()
	}
	pages := below()
	for name, r := range map[string]sroi.Report{"open": apeldoorn(), "closed": closed(), "restated": restated(), "region": region()} {
		pages[name] = func(w io.Writer) error { return HTML(w, r) }
	}
	for name, write := range pages {
		var content bytes.Buffer
		file := filepath.Join(folder, name+".html")
		if err := errors.Join(write(&content), os.WriteFile(file, content.Bytes(), 0o644)); err != nil {
			t.Fatal(err)
		}
		page, err := os.ReadFile(file)
		if err != nil || !bytes.HasPrefix(page, []byte("<!DOCTYPE html>\n<html lang=\"nl\"")) {
			t.Errorf("%s is no page: %v", file, err)
		}
	}
}
