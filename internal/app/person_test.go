// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"pgregory.net/rapid"

	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store"
	"socialreturn/internal/store/model"
)

// keysOf are keys of these versions, newest first; a version is the same key
// wherever it stands.
func keysOf(versions ...int) app.PersonKeys {
	var keys app.PersonKeys
	for _, version := range slices.Backward(slices.Sorted(slices.Values(versions))) {
		keys = append(keys, app.PersonKey{Version: version, Secret: bytes.Repeat([]byte{byte(version)}, 32)})
	}
	return keys
}

// limited is Friesland's rules with 400 hours a person over all contracts: few
// enough to be used up.
var limited = sync.OnceValues(func() (*ruleset.Library, error) {
	friesland, err := ruleset.Embedded().Version("friesland", calendar.MustDate("2016-07-01"))
	if err != nil {
		return nil, err
	}
	return ruleset.Load(fstest.MapFS{"friesland/2016-07-01.json": {Data: bytes.ReplaceAll(friesland.Raw(), []byte(`"3744"`), []byte(`"400"`))}})
})

// limitedHouse is a house in memory under limited rules.
func limitedHouse(t testing.TB) *house {
	t.Helper()
	config := engine.Config("http://model.invalid")
	config.HTTPClient = &http.Client{Transport: model.New(model.Options{Now: time.Now})}
	client := dynamodb.NewFromConfig(config)
	h := &house{t: t, ctx: t.Context(), today: "2022-01-03", Service: &app.Service{
		Store: store.New(client, enginetest.CreateTable(t, client)), Rules: ruleset.Embedded(), Salt: rand.Text, Persons: keysOf(1),
	}}
	h.settle()
	h.ruledBy("friesland")
	var err error
	h.Rules, err = limited()
	h.must(err)
	return h
}

// event is something that happens while keys come and go.
type event struct {
	What     string
	Person   int
	Contract int
}

var (
	happenings   = []string{"place", "place", "place", "place late", "quarter", "new key", "drop key"}
	fourQuarters = []string{"2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"}
)

// course plays events on three contracts and tells what came of it: what each
// quarter verified, and the distinct persons. With rotate, keys come and go.
type course struct {
	*house
	rotate    bool
	versions  []int         // in use
	before    []int         // of a process that has not seen the newest key yet
	met       map[int][]int // versions under which each person was met
	contracts []sroi.Contract
	placed    []int // placements, by contract
	quarters  int
	told      []string
}

func rotated(t testing.TB, events []event, rotate bool) []string {
	t.Helper()
	c := &course{house: limitedHouse(t), rotate: rotate, versions: []int{1}, before: []int{1}, met: map[int][]int{}, placed: make([]int, 3)}
	for i := range c.placed {
		c.contracts = append(c.contracts, c.contract(fmt.Sprint("sleutels-", i)))
	}
	for _, e := range append(events, event{What: "quarter"}) {
		c.play(e)
	}
	c.count()
	return c.told
}

func (c *course) play(e event) {
	switch e.What {
	case "place", "place late":
		versions := c.versions
		if e.What == "place late" {
			versions = c.before
		}
		c.Persons = keysOf(versions...)
		_, err := c.AddPlacement(c.ctx, c.as(sroi.Supplier), c.contracts[e.Contract].ID, placementInput(fmt.Sprint("Persoon", e.Person), 24))
		c.must(err)
		c.met[e.Person] = append(c.met[e.Person], versions...)
		c.placed[e.Contract]++
	case "quarter":
		c.quarter()
	case "new key":
		if c.rotate {
			c.before, c.versions = c.versions, append(slices.Clone(c.versions), c.versions[len(c.versions)-1]+1)
		}
	case "drop key":
		if rest := c.versions[1:]; c.mayDrop(rest) {
			c.before, c.versions = rest, rest
		}
	}
}

// mayDrop tells whether the oldest key may go: everyone was met beside a newer one.
func (c *course) mayDrop(rest []int) bool {
	for _, met := range c.met {
		if !slices.ContainsFunc(rest, func(version int) bool { return slices.Contains(met, version) }) {
			return false
		}
	}
	return len(rest) > 0
}

// quarter hands in and approves the next quarter of every contract.
func (c *course) quarter() {
	if c.quarters == len(fourQuarters) {
		return
	}
	period := calendar.MustPeriod(fourQuarters[c.quarters])
	c.quarters++
	c.today = period.Span().To.AddDays(5).String()
	for i, contract := range c.contracts {
		var claims []sroi.Claim
		for number := range c.placed[i] {
			claims = append(claims, c.house.placed(contract, number+1, 150))
		}
		statement := c.submitted(contract, period.String(), claims...)
		if len(claims) > 0 {
			file := c.decided(statement, approve)
			c.told = append(c.told, fmt.Sprintf("%s of contract %d: %s", period, i, file.Statement.Verified))
		}
	}
}

func (c *course) count() {
	var ledgers []string
	distinct := map[sroi.Token]bool{}
	for _, contract := range c.contracts {
		ledgers = append(ledgers, "CONTRACT#"+contract.ID)
		placements, err := c.Placements(c.ctx, c.as(sroi.Supplier), contract.ID)
		c.must(err)
		for _, placement := range placements {
			distinct[placement.Person] = true
		}
	}
	row := c.report(2022, ledgers...)[sroi.Persons]
	c.told = append(c.told, fmt.Sprintf("%d persons placed, %+v counted", len(distinct), row.Current.Value))
}

// Whatever comes of placements, decisions and keys that come and go, late
// processes among them: limits and the count of persons are as under one key.
func TestNewKeysMakeNobodyTwoAndBreakNoLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) event {
			return event{
				What:   rapid.SampledFrom(happenings).Draw(r, "what"),
				Person: rapid.IntRange(0, 1).Draw(r, "person"), Contract: rapid.IntRange(0, 2).Draw(r, "contract"),
			}
		}), 1, 14).Draw(r, "events")
		want, got := rotated(t, events, false), rotated(t, events, true)
		if !slices.Equal(got, want) {
			r.Fatalf("under keys that come and go:\n%s\nunder one key:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// The weakness that the aliases mend: typed under one key and not decided yet,
// then typed again under the next.
func TestAPersonWhoWaitsForADecisionIsKnownUnderTheNextKey(t *testing.T) {
	t.Parallel()
	events := []event{{What: "place"}, {What: "new key"}, {What: "place", Contract: 1}, {What: "drop key"}, {What: "place", Contract: 2}, {What: "quarter"}}
	told := rotated(t, events, true)
	if want := "1 persons placed"; !strings.HasPrefix(told[len(told)-1], want) {
		t.Fatalf("%v, want %s", told, want)
	}
	if once := rotated(t, events, false); !slices.Equal(told, once) {
		t.Fatalf("%v, under one key %v", told, once)
	}
}

// crowd is a store in which everybody has looked before the first one writes.
type crowd struct {
	app.Store
	looking *sync.WaitGroup
	once    *sync.Once
}

func (c crowd) KnownAs(ctx context.Context, tokens []sroi.Token) ([]sroi.Token, error) {
	known, err := c.Store.KnownAs(ctx, tokens)
	c.once.Do(func() {
		c.looking.Done()
		c.looking.Wait()
	})
	return known, err
}

// Twenty processes that have seen more or fewer of the keys meet one person at
// once: they settle on one token. A repeat under yet another key is the same command.
func TestProcessesUnderDifferentKeysSettleOnOnePerson(t *testing.T) {
	h := newHouse(t)
	sets := []app.PersonKeys{keysOf(1), keysOf(1, 2), keysOf(1, 2, 3), keysOf(1, 3)}
	var contracts []sroi.Contract // one for each set, so that their first writes meet nowhere else
	for i := range sets {
		contracts = append(contracts, h.contract(fmt.Sprint("samen-", i)))
	}
	services, calls := make([]*app.Service, 20), make([]app.Call, 20)
	var looking sync.WaitGroup
	looking.Add(len(services))
	for i := range services {
		service := *h.Service
		service.Persons, service.Store = sets[i%len(sets)], crowd{h.Store, &looking, new(sync.Once)}
		services[i], calls[i] = &service, h.as(sroi.Supplier)
	}
	placed, errs := make([]sroi.Placement, len(services)), make([]error, len(services))
	var group sync.WaitGroup
	for i, service := range services {
		group.Go(func() {
			placed[i], errs[i] = service.AddPlacement(h.ctx, calls[i], contracts[i%len(sets)].ID, placementInput("Jansen", 24))
		})
	}
	group.Wait()
	for i, placement := range placed {
		h.must(errs[i])
		if placement.Person != placed[0].Person {
			t.Fatalf("one person is %s and %s", placement.Person, placed[0].Person)
		}
		services[i].Persons = sets[(i+1)%len(sets)]
		again, err := services[i].AddPlacement(h.ctx, calls[i], contracts[i%len(sets)].ID, placementInput("Jansen", 24))
		h.must(err)
		if again.Number != placement.Number || again.Person != placement.Person {
			t.Fatalf("a repeat gives %+v, was %+v", again, placement)
		}
	}
}

// A citizen service number is nobody's code, and no name either.
func TestNobodyIsKnownByACitizenServiceNumber(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("bsn")
	for _, person := range []app.PersonInput{
		{Code: "111222333"}, {Code: "1112.22.333"}, {Code: "nummer 111222333"},
		{Initials: "J.", Surname: "Jansen 111222333", Birth: app.BirthDate{Year: 1980}},
		{Initials: "111222333", Surname: "Jansen", Birth: app.BirthDate{Year: 1980}},
	} {
		in := placementInput("", 24)
		in.Person = person
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
		h.refused(err, app.Invalid, "mogelijk-bsn")
	}
	in := placementInput("", 24)
	in.Person = app.PersonInput{Code: "AA-2022-0117"}
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
	h.must(err)
}

// A key that added one person adds no other: the person is no part of what a
// command keeps of itself.
func TestAKeyAddsOnePerson(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("een-sleutel")
	call := h.as(sroi.Supplier)
	added, err := h.AddPlacement(h.ctx, call, contract.ID, placementInput("Jansen", 24))
	h.must(err)
	again, err := h.AddPlacement(h.ctx, call, contract.ID, placementInput("Jansen", 24))
	h.must(err)
	if again.Number != added.Number || again.Person != added.Person {
		t.Errorf("%+v, before %+v", again, added)
	}
	_, err = h.AddPlacement(h.ctx, call, contract.ID, placementInput("Pietersen", 24))
	h.refused(err, app.KeyReused, "sleutel-hergebruikt")
}
