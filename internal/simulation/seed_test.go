// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"socialreturn/internal/store/model"
)

const (
	people        = 3 // as many as there are authorities to close
	ordersInPhase = 2 // of each
	usualSeeds    = 300
)

// phases are the days on which people work: after the first quarter of the contracts
// or the third, and when their year is over.
var phases = []time.Time{
	time.Date(2022, 4, 5, 9, 0, 0, 0, time.UTC), time.Date(2022, 10, 4, 9, 0, 0, 0, time.UTC), time.Date(2023, 1, 10, 9, 0, 0, 0, time.UTC),
}

// beginnings are where seeds begin, in turn: so few orders come far.
var beginnings = []stage{begun, submitted, decided}

// play is one run of a seed: its tally and its story.
func play(t *testing.T, seed uint64) (sum tally, told string) {
	t.Helper()
	f := beginnings[seed%3].at(t)
	cryptotest.SetGlobalRandom(t, seed)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, f, faultsOf(seed))
		staff, line := make([]*person, people), make([]*shard, shards)
		for i := range staff {
			staff[i] = newPerson(w, seed, i+1)
		}
		for i := range line {
			line[i] = newShard(w, seed, i)
		}
		for _, day := range []time.Time{phases[seed%2], phases[2]} {
			w.day, w.started = day, time.Now()
			w.phase(staff, line, func(_ int, p *person) { p.work(ordersInPhase) })
		}
		if seed%4 < 2 {
			w.phase(staff, line, func(i int, p *person) { p.closeNext(officer.Authorities[i]) })
		}
		w.calm = true
		w.settle(staff, line)
		w.inspect()
		w.checkAreas()
		w.repeatAll(staff)
		w.replayed(line, seed)
		sum, told = w.tally, w.story()
		if t.Failed() {
			t.Logf("the history of seed %d:\n%s\nagain: SEED=%d go test ./internal/simulation -run 'TestSeed$' -v", seed, told, seed)
		}
	})
	return sum, told
}

// TestMain collects garbage less often: the runs are small and many.
func TestMain(m *testing.M) {
	debug.SetGCPercent(800)
	os.Exit(m.Run())
}

// phase lets the people do something at the same time, and the stream beside them.
func (w *world) phase(staff []*person, line []*shard, do func(i int, p *person)) {
	home := make(chan struct{})
	var working, polling sync.WaitGroup
	for i, p := range staff {
		working.Go(func() { do(i, p) })
	}
	for _, s := range line {
		if s.hit(20) {
			s.insertPoison()
		}
		polling.Go(func() { s.run(home) })
	}
	working.Wait()
	close(home)
	polling.Wait()
}

// seeds is how many to play, and whether someone asked for that many and waits.
func seeds() (n int, asked bool) {
	if given, err := strconv.Atoi(os.Getenv("SEEDS")); err == nil {
		return given, true
	}
	return usualSeeds, false
}

// fromSeed is the first to play: others were played before.
func fromSeed() uint64 {
	if given, err := strconv.ParseUint(os.Getenv("FROM"), 10, 64); err == nil {
		return given
	}
	return 1
}

// One seed is one run, whatever the scheduler does.
func TestASeedIsReplayed(t *testing.T) {
	stories := map[string]bool{}
	for seed := uint64(1); seed <= 3; seed++ {
		_, first := play(t, seed)
		stories[first] = true
		if _, again := play(t, seed); again != first {
			t.Errorf("seed %d has two histories:\n%s\n\n%s", seed, first, again)
		}
	}
	if len(stories) != 3 {
		t.Errorf("%d histories of 3 seeds", len(stories))
	}
}

// TestSeed plays one seed again, with its story.
func TestSeed(t *testing.T) {
	seed, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	_, told := play(t, seed)
	t.Logf("seed %d\n%s", seed, told)
}

// TestSeeds plays many, and holds that every kind of fault was among them.
func TestSeeds(t *testing.T) {
	n, asked := seeds()
	sum := tally{faults: make(map[string]int), commands: make(map[string]int)}
	began, told := time.Now(), time.Now()
	for i := range uint64(n) {
		seed := fromSeed() + i
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			one, _ := play(t, seed)
			sum.add(one)
		})
		if asked && time.Since(told) > 5*time.Second {
			told = time.Now()
			fmt.Printf("%d seeds, %.0f a second; %s\n", i+1, float64(i+1)/time.Since(began).Seconds(), sum.line())
		}
	}
	t.Logf("%d seeds, %.1f ms each, %d calls each\n%s", n, float64(time.Since(began).Milliseconds())/float64(n), sum.calls/max(n, 1), sum)
	sum.holds(t, n)
}

func (s *tally) add(other tally) {
	s.calls += other.calls
	for kind, n := range other.faults {
		s.faults[kind] += n
	}
	for kind, n := range other.commands {
		s.commands[kind] += n
	}
}

func (s tally) line() string {
	byKind := map[string]int{}
	for kind, n := range s.commands {
		byKind[kind[strings.LastIndexByte(kind, ' ')+1:]] += n
	}
	return fmt.Sprintf("commands %v, faults %v", byKind, s.faults)
}

func (s tally) String() string {
	var text strings.Builder
	for _, counts := range []map[string]int{s.faults, s.commands} {
		for _, kind := range slices.Sorted(maps.Keys(counts)) {
			fmt.Fprintf(&text, "%8d %s\n", counts[kind], kind)
		}
	}
	return text.String()
}

// kinds are what a simulation must have done to deserve its name.
func kinds() []string {
	all := []string{
		"death before a call", "death after a call", "stale read", "delay", "repeat after an answer", "repeat after a failure", "repeat after a refusal",
		"key used for something else", "stream: delivered twice", "stream: poison", "stream: batch split", "stream: given up", "stream: set aside", "stream: queue down", "stream: replay after three days",
	}
	for _, f := range model.AllFaults() {
		all = append(all, string(f))
	}
	return all
}

// holds wants every fault to have been injected, and every command to have been
// acknowledged and refused, where so many seeds were played that it is no chance.
func (s tally) holds(t *testing.T, seeds int) {
	if seeds < 100 {
		return
	}
	for _, kind := range kinds() {
		if s.faults[kind] == 0 {
			t.Errorf("no %s in %d seeds", kind, seeds)
		}
	}
	for _, c := range commands {
		if s.commands[c.name+" "+acknowledged] == 0 {
			t.Errorf("no %s was acknowledged in %d seeds", c.name, seeds)
		}
	}
}
