// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strings"
	"sync"

	"socialreturn/internal/sroi"
)

var (
	//go:embed assets/html.css
	elementCSS string
	//go:embed assets/theme.css
	themeCSS string
	//go:embed assets/page.css
	pageCSS string
	//go:embed assets/*.html
	templates embed.FS
)

// style is the page's only style sheet; its hash is in ContentSecurityPolicy.
// The theme comes first, so that the page's dark colours override it.
var style = sync.OnceValue(func() string { return themeCSS + elementCSS + pageCSS })

// themeClass is the class that the theme file hangs its tokens on.
var themeClass = sync.OnceValue(func() string {
	return strings.TrimPrefix(regexp.MustCompile(`\.[a-z][a-z0-9-]*`).FindString(withoutComments(themeCSS)), ".")
})

func withoutComments(css string) string {
	return regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(css, "")
}

// layout is the template of a page, with the parts that all pages share. It is
// parsed when it is first shown. A variable that called for that would link the
// templates, and with them every method of every type, into functions that show
// no page at all.
type layout struct {
	file   string
	once   sync.Once
	parsed *template.Template
}

var (
	reportPage    = layout{file: "report.html"}
	breakdownPage = layout{file: "breakdown.html"}
	ledgerPage    = layout{file: "ledger.html"}
	statementPage = layout{file: "statement.html"}
	receiptPage   = layout{file: "receipt.html"}
)

// show writes the page. It returns the writer's error.
func (p *layout) show(w io.Writer, content any) error {
	p.once.Do(func() {
		p.parsed = template.Must(template.New(p.file).Funcs(template.FuncMap{
			"chartWidth": func() int { return chartWidth },
			"barHeight":  func() int { return barHeight },
		}).ParseFS(templates, "assets/parts.html", "assets/"+p.file))
	})
	return p.parsed.Execute(w, content)
}

// ContentSecurityPolicy is the value of the header of that name for every page
// of this package: nothing is loaded and nothing runs, but for the page's own style sheet.
func ContentSecurityPolicy() string {
	hash := sha256.Sum256([]byte(style()))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}

// frame is what every page has.
type frame struct {
	Style template.CSS
	Theme string
	Trail []link // what the page belongs to
	Kind  string
	Title string
	Marks []firmness
}

func newFrame(kind, title string, trail ...link) frame {
	return frame{Style: template.CSS(style()), Theme: themeClass(), Kind: kind, Title: clean(title), Trail: trail} //nolint:gosec // G203: the style sheet of this folder
}

// link is relative to the page's own address, so that it works behind any door
// that the pages are read through.
type link struct{ Text, Href string }

// page is all that the template of the report shows.
type page struct {
	frame
	Summary []statement
	Status  []string
	Table   table
	Basis   string // which figures are compared; empty where none was restated
	// NumericColumns is how many of the table's columns hold figures.
	NumericColumns int
	// After is what was booked after the year was closed; nil: nothing.
	After       *listing
	AfterTold   string
	Charts      []chart
	Definitions []definition
	Assumptions []assumption
}

// firmness is a year's mark at the top of the page.
type firmness struct {
	Text  string
	Final bool
}

// definition is what the page says about one row.
type definition struct{ Code, Name, Text string }

// assumption is what a rule set assumes, with the rule set it is of.
type assumption struct{ RuleSet, Text string }

// HTML writes the report as one self-contained Dutch page: no script, no
// request, to be served with ContentSecurityPolicy. It returns the writer's error.
func HTML(w io.Writer, r sroi.Report) error {
	shown := page{
		frame:   newFrame("Jaarrapport Social Return", title(r)),
		Summary: summary(r), Status: status(r),
		Table: newTable(r), Basis: basis(r), NumericColumns: len(columns(r)) - 2, Charts: charts(r),
		After: afterClose(r), AfterTold: actsTold(r),
	}
	shown.Marks = []firmness{firm(r.Year, r.Current), firm(r.CompareWith, r.Previous)}
	for _, row := range r.Rows {
		name, text := Definition(row.Code)
		shown.Definitions = append(shown.Definitions, definition{clean(row.Code), name, text})
	}
	for _, a := range r.Assumptions {
		shown.Assumptions = append(shown.Assumptions, assumption{clean(a.RuleSet), clean(a.Text)})
	}
	return reportPage.show(w, shown)
}

func firm(year int, state sroi.YearState) firmness {
	return firmness{fmt.Sprintf("%d %s", year, firmWord(state)), state.Final}
}
