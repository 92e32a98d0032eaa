// SPDX-License-Identifier: EUPL-1.2

package host_test

import (
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"socialreturn/infra/local/demo"
	"socialreturn/infra/local/host"
	"socialreturn/internal/sroi"
)

// breakdown is what a figure is made of, as the tests read it.
type breakdown struct {
	Cijfer     figure
	Vastgelegd *figure
	Optelbaar  bool
	Telt       string
	Opgeteld   amount
	Onderdelen []struct {
		amount
		Nummer    string
		Grootboek struct {
			Mutaties int
			Link     string
		}
	}
}

type amount struct{ Deel, Geheel string }

// figuresLinkDown follows every figure of two years to what it is made of, and
// adds that up again: the parts of a figure that adds up, come to that figure.
func figuresLinkDown(t *testing.T, h *house) {
	for _, year := range []int{2021, 2022} {
		var report struct {
			Rijen []struct {
				Code         string
				Huidig       figure
				Onderbouwing struct{ Huidig, Vorig string }
			}
		}
		h.get(auditor, fmt.Sprintf("/v1/jaarrapporten/%d?gebied=%s", year, demo.Area), &report)
		if len(report.Rijen) != len(sroi.Codes()) {
			t.Fatalf("%d rows", len(report.Rijen))
		}
		for _, row := range report.Rijen {
			if want := strings.Replace(row.Onderbouwing.Huidig, fmt.Sprint(year), fmt.Sprint(year-1), 1); row.Onderbouwing.Vorig != want {
				t.Errorf("%s: %s beside %s", row.Code, row.Onderbouwing.Vorig, want)
			}
			var of breakdown
			h.get(auditor, row.Onderbouwing.Huidig+"&perPage=100", &of)
			shown := of.Cijfer
			if of.Vastgelegd != nil {
				shown = *of.Vastgelegd
			}
			if shown.shown() != row.Huidig.shown() {
				t.Errorf("%d %s: the report says %s, the breakdown %s", year, row.Code, row.Huidig.shown(), shown.shown())
			}
			of.addsUp(t, fmt.Sprint(year, " ", row.Code))
		}
	}
}

func (b breakdown) addsUp(t *testing.T, name string) {
	t.Helper()
	parts, wholes := new(big.Rat), new(big.Rat)
	for _, part := range b.Onderdelen {
		parts.Add(parts, rat(part.Deel))
		wholes.Add(wholes, rat(part.Geheel))
	}
	// A part has four decimals, so that many parts of full-time years may lose some.
	near := big.NewRat(int64(len(b.Onderdelen)+1), 10_000)
	if off := new(big.Rat).Sub(parts, rat(b.Opgeteld.Deel)); off.Abs(off).Cmp(near) > 0 || wholes.Cmp(rat(b.Opgeteld.Geheel)) != 0 {
		t.Errorf("%s: the parts add up to %s of %s, not %+v", name, parts.FloatString(4), wholes.FloatString(2), b.Opgeteld)
	}
	counted, whole := rat(b.Cijfer.Waarde), new(big.Rat)
	if g := b.Cijfer.Geteld; g != nil {
		counted, whole = big.NewRat(g.Deel, 1), big.NewRat(g.Geheel, 1)
		if b.Telt == "euro" { // as counted, in cents
			counted.Quo(counted, big.NewRat(100, 1))
			whole.Quo(whole, big.NewRat(100, 1))
		}
	}
	if adds := rat(b.Opgeteld.Deel).Cmp(counted) == 0 && rat(b.Opgeteld.Geheel).Cmp(whole) == 0; b.Optelbaar && b.Cijfer.Stand == "gemeten" && !adds {
		t.Errorf("%s: adds up to %+v, the figure is %+v", name, b.Opgeteld, b.Cijfer)
	}
}

func rat(text string) *big.Rat {
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return new(big.Rat)
	}
	return value
}

var (
	hrefs = regexp.MustCompile(`<a [^>]*href="([^"#][^"]*)"`)
	steps = regexp.MustCompile(`<table class="steps"`)
)

// entriesLeadToWhatTheyBook follows every entry of every contract.
func entriesLeadToWhatTheyBook(t *testing.T, h *house) {
	kinds := map[string]int{}
	for _, ledger := range h.ledgers(t) {
		var entries struct {
			Mutaties []struct{ Soort, Boekt, Correctie string }
		}
		h.get(auditor, "/v1/contracten/"+ledger.Contract.ID+"/mutaties?perPage=100", &entries)
		for _, entry := range entries.Mutaties {
			var booked struct {
				ID         string
				Berekening struct{ Soort string }
			}
			h.get(auditor, entry.Boekt, &booked)
			if entry.Soort == "gecorrigeerd" && (booked.ID != entry.Correctie || booked.Berekening.Soort != "correctie") {
				t.Errorf("%s leads to %+v", entry.Boekt, booked)
			}
			kinds[entry.Soort]++
		}
	}
	if len(kinds) < 6 || kinds["gecorrigeerd"] != len(demo.Corrections) {
		t.Errorf("entries followed: %v", kinds)
	}
}

// readFromFigureToReceipt clicks, without a token, from the council's figures
// through the reading room to pages with receipts, and meets every kind of page.
func readFromFigureToReceipt(t *testing.T, h *house) {
	start := h.URL + host.ReadingRoom + "jaarrapporten/2022?gebied=" + demo.Area
	waiting, seen, kinds := []string{start}, map[string]bool{start: true}, map[string]int{}
	receipts := 0
	for n := 0; len(waiting) > 0 && n < 600; n++ {
		address := waiting[0]
		waiting = waiting[1:]
		page := h.read(t, address)
		kinds[kindOf(address)]++
		receipts += len(steps.FindAllString(page, -1))
		base, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range hrefs.FindAllStringSubmatch(page, -1) {
			to, err := base.Parse(strings.ReplaceAll(match[1], "&amp;", "&"))
			if err != nil {
				t.Fatal(err)
			}
			to.Fragment = ""
			if !strings.HasPrefix(to.Path, host.ReadingRoom) {
				t.Fatalf("%s leads out of the room, to %s", address, to)
			}
			if next := to.String(); !seen[next] && !strings.Contains(next, "/2020") {
				seen[next] = true
				waiting = append(waiting, next)
			}
		}
	}
	for _, kind := range []string{"jaarrapporten", "onderbouwing", "mutaties", "verantwoordingen", "correcties", "sr-verplichting"} {
		if kinds[kind] == 0 {
			t.Errorf("no page of %s among %v", kind, kinds)
		}
	}
	if t.Logf("read %v, %d receipts with steps", kinds, receipts); receipts < 1000 {
		t.Errorf("only %d receipts", receipts)
	}
}

// kindOf is the last part of an address that says what it is of.
func kindOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	for _, kind := range []string{"onderbouwing", "mutaties", "verantwoordingen", "correcties", "sr-verplichting"} {
		if strings.Contains(path, "/"+kind) {
			return kind
		}
	}
	return "jaarrapporten"
}

// read reads a page as a browser does.
func (h *house) read(t *testing.T, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("%s: %d %.300s", address, answer.StatusCode, page)
	}
	return string(page)
}
