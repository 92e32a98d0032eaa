// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"socialreturn/infra/local/issuer"
	"socialreturn/internal/calendar"
)

// Options says where and how the demo is played.
type Options struct {
	URL string // of the house, such as http://127.0.0.1:8080
	// Token signs claims with the house's time as it then is.
	Token func(claims issuer.Claims) (string, error)
	// Clock sets the house's time.
	Clock func(time.Time)
	// Progress gets a line per quarter, in Dutch.
	Progress io.Writer
}

// Play plays everything in order of time, each act on its day. It stops at the
// first act that is refused; the error names the act and holds the whole
// problem document. The same acts are played every time, under the same keys.
func Play(ctx context.Context, o Options) error {
	placements, err := Placements()
	if err != nil {
		return err
	}
	p := newPlayer(o)
	p.settle()
	p.recognise()
	p.tender()
	p.contract()
	p.plan()
	p.place(placements)
	p.change(placements)
	p.account(placements)
	p.correct(placements)
	p.extend()
	p.closeYears()
	return p.play(ctx)
}

// player plays acts and remembers what the house answered.
type player struct {
	*client
	options Options
	acts    []act
	now     time.Time
	tokens  map[string]token

	tenders    map[string]*held // by reference
	contracts  map[string]string
	placements map[string]string // ETag by contract and number
	statements map[string]string // ETag by contract and period
	count      map[string]int    // acts of the running quarter, by kind
}

// held is a tender as the house holds it.
type held struct{ id, etag string }

// token is signed for a day's work.
type token struct {
	day    calendar.Date
	signed string
}

// act is one thing that someone does on a day.
type act struct {
	day  calendar.Date
	what string
	do   func(ctx context.Context) error
}

func newPlayer(o Options) *player {
	p := &player{
		options: o, tokens: map[string]token{}, tenders: map[string]*held{}, contracts: map[string]string{},
		placements: map[string]string{}, statements: map[string]string{}, count: map[string]int{},
	}
	p.client = newClient(o.URL, p.token)
	return p
}

// on plans an act.
func (p *player) on(day, what string, do func(ctx context.Context) error) {
	p.acts = append(p.acts, act{calendar.MustDate(day), what, do})
}

// token signs claims once a day.
func (p *player) token(claims issuer.Claims) (string, error) {
	today := calendar.On(p.now)
	if known, ok := p.tokens[claims.Subject]; ok && known.day == today {
		return known.signed, nil
	}
	signed, err := p.options.Token(claims)
	p.tokens[claims.Subject] = token{today, signed}
	return signed, err
}

// play plays the acts in order of days; those of one day as they were planned,
// from ten in the morning on, a second apart.
func (p *player) play(ctx context.Context) error {
	slices.SortStableFunc(p.acts, func(a, b act) int { return a.day.Compare(b.day) })
	out := newProgress(p.options.Progress, len(p.acts))
	second := 0
	for i, a := range p.acts {
		if i > 0 && quarter(a.day) != quarter(p.acts[i-1].day) {
			out.quarter(p.acts[i-1].day, p.count)
			clear(p.count)
		}
		if second++; i == 0 || a.day != p.acts[i-1].day {
			second = 0
		}
		year, month, day := a.day.Civil()
		p.now = time.Date(year, month, day, 9, 0, second, 0, time.UTC)
		p.options.Clock(p.now)
		out.moving(i, a.day)
		if err := a.do(ctx); err != nil {
			out.wipe()
			return fmt.Errorf("%s, %s: %w", a.day.Dutch(), a.what, err)
		}
	}
	out.quarter(p.acts[len(p.acts)-1].day, p.count)
	return nil
}

// counted notes for the progress line that something was done.
func (p *player) counted(kind string) { p.count[kind]++ }

func quarter(day calendar.Date) calendar.Period { return calendar.PeriodOf(day, calendar.Quarterly) }

// progress writes a line per quarter, and on a terminal a line that moves.
type progress struct {
	out      io.Writer
	acts     int
	terminal bool
}

func newProgress(out io.Writer, acts int) *progress {
	file, ok := out.(*os.File)
	if ok {
		state, err := file.Stat()
		ok = err == nil && state.Mode()&os.ModeCharDevice != 0
	}
	return &progress{out: out, acts: acts, terminal: ok}
}

func (p *progress) moving(done int, day calendar.Date) {
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[2K  %s: %d van %d handelingen", day.Dutch(), done, p.acts)
	}
}

func (p *progress) wipe() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[2K")
	}
}

var quarters = []string{"eerste", "tweede", "derde", "vierde"}

// kinds are what a quarter's line counts, in singular and plural.
var kinds = [][2]string{
	{"aanbesteding", "aanbestedingen"}, {"gunning", "gunningen"}, {"contract", "contracten"}, {"wijziging", "wijzigingen"}, {"plan", "plannen"}, {"plaatsing", "plaatsingen"},
	{"verantwoording", "verantwoordingen"}, {"beoordeling", "beoordelingen"}, {"correctie", "correcties"}, {"jaarafsluiting", "jaarafsluitingen"},
}

func (p *progress) quarter(day calendar.Date, count map[string]int) {
	p.wipe()
	var parts []string
	for _, kind := range kinds {
		switch n := count[kind[0]]; n {
		case 0:
		case 1:
			parts = append(parts, "1 "+kind[0])
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, kind[1]))
		}
	}
	if parts == nil {
		parts = []string{"inrichting"}
	}
	year, month, _ := day.Civil()
	fmt.Fprintf(p.out, "%d, %s kwartaal: %s\n", year, quarters[(month-1)/3], strings.Join(parts, ", "))
}
