// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strings"

	"socialreturn/internal/sroi"
)

var (
	//go:embed assets/html.css
	elementCSS string
	//go:embed assets/theme.css
	themeCSS string
	//go:embed assets/page.css
	pageCSS string
	//go:embed assets/report.html
	reportHTML string
)

// style is the page's only style sheet; its hash is in ContentSecurityPolicy.
// The theme comes first, so that the page's dark colours override it.
var style = themeCSS + elementCSS + pageCSS

// themeClass is the class that the theme file hangs its tokens on.
var themeClass = strings.TrimPrefix(regexp.MustCompile(`\.[a-z][a-z0-9-]*`).FindString(withoutComments(themeCSS)), ".")

func withoutComments(css string) string {
	return regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(css, "")
}

var reportPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"chartWidth": func() int { return chartWidth },
	"barHeight":  func() int { return barHeight },
}).Parse(reportHTML))

// ContentSecurityPolicy is the value of the header of that name for the page of
// HTML: nothing is loaded and nothing runs, but for the page's own style sheet.
func ContentSecurityPolicy() string {
	hash := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}

// page is all that the template shows.
type page struct {
	Style    template.CSS
	Theme    string
	Title    string
	Firmness []firmness
	Summary  []statement
	Status   []string
	Table    table
	// NumericColumns is how many of the table's columns hold figures.
	NumericColumns int
	Charts         []chart
	Definitions    []definition
	Assumptions    []assumption
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
		Style:    template.CSS(style),
		Theme:    themeClass,
		Title:    title(r),
		Firmness: []firmness{firm(r.Year, r.Current), firm(r.CompareWith, r.Previous)},
		Summary:  summary(r), Status: status(r),
		Table: newTable(r), NumericColumns: len(columns(r)) - 2, Charts: charts(r),
	}
	for _, row := range r.Rows {
		name, text := Definition(row.Code)
		shown.Definitions = append(shown.Definitions, definition{clean(row.Code), name, text})
	}
	for _, a := range r.Assumptions {
		shown.Assumptions = append(shown.Assumptions, assumption{clean(a.RuleSet), clean(a.Text)})
	}
	return reportPage.Execute(w, shown)
}

func firm(year int, state sroi.YearState) firmness {
	return firmness{fmt.Sprintf("%d %s", year, firmWord(state)), state.Final}
}
