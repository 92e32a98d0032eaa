// SPDX-License-Identifier: EUPL-1.2

package host_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/demo"
	"socialreturn/infra/local/receipttest"
	"socialreturn/infra/local/verify"
	"socialreturn/internal/app"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// The demo is played once, in a data folder; everything about it is asked of
// that one house.
func TestDemo(t *testing.T) {
	data := t.TempDir()
	c := newClock(time.Now())
	h := open(t, data, c)
	var progress bytes.Buffer
	err := demo.Play(t.Context(), demo.Options{URL: h.URL, Token: h.token, Clock: c.set, Progress: &progress})
	if err != nil {
		t.Fatal(err)
	}
	h.idle()
	for name, check := range map[string]func(*testing.T, *house){
		"the report of 2021 says what the tables count": func(t *testing.T, h *house) { h.countsAs(t, 2021) },
		"the report of 2022 says what the tables count": func(t *testing.T, h *house) { h.countsAs(t, 2022) },
		"targets and earlier figures":                   targetsAndEarlierFigures,
		"the first year is closed and restated":         firstYearIsRestated,
		"a contract with a plan shows its forecast":     planShowsItsForecast,
		"ledgers fold to balances":                      ledgersFoldToBalances,
		"receipts replay to the cent":                   receiptsReplay,
		"figures link down":                             figuresLinkDown,
		"entries lead to what they book":                entriesLeadToWhatTheyBook,
		"a reader clicks from figure to receipt":        readFromFigureToReceipt,
		"a rebuild gives the same totals":               rebuildGivesTheSame,
		"the exported ledgers hold without the house":   exportHolds,
	} {
		t.Run(name, func(t *testing.T) { check(t, &house{h.Host, t, c}) })
	}
	// Last of those that look at the figures: one of the lines registers a tender.
	t.Run("every command line works", func(t *testing.T) { commandLinesWork(t, &house{h.Host, t, c}) })
	t.Run("progress is plain Dutch lines", func(t *testing.T) { plainProgress(t, progress.String()) })
	t.Run("nothing personal is kept", func(t *testing.T) { nothingPersonal(t, data) })
	t.Run("a second start finds everything", func(t *testing.T) { secondStart(t, h, data) })
}

// countsAs holds the year's report against a count of the tables.
func (h *house) countsAs(t *testing.T, year int) {
	var got report
	h.get(auditor, fmt.Sprintf("/v1/jaarrapporten/%d?gebied=%s", year, demo.Area), &got)
	want := counted(t, year)
	for _, code := range slices.Sorted(maps.Keys(want)) {
		if shown := got.row(t, code).Huidig.shown(); shown != want[code] {
			t.Errorf("%d %s: the report says %s, the tables %s", year, code, shown, want[code])
		}
	}
}

// shown is a figure as counted: a share as its parts, a fraction as it is.
func (f figure) shown() string {
	switch {
	case f.Geteld != nil:
		return fmt.Sprintf("%d van %d", f.Geteld.Deel, f.Geteld.Geheel)
	case strings.Contains(f.Waarde, ".") && strings.Contains(f.Exact, "/"):
		return f.Exact
	}
	return f.Waarde
}

// exportHolds reads every page of the municipality's export and checks them as
// anyone can, without the house.
func exportHolds(t *testing.T, h *house) {
	var export bytes.Buffer
	path := "/v1/opdrachtgevers/" + demo.Authority + "/mutaties"
	for query := ""; ; {
		page := h.send(auditor, http.MethodGet, path+query, nil, map[string]string{"Accept": "application/jsonl"})
		if page.status != http.StatusOK {
			t.Fatalf("%d %s", page.status, page.body)
		}
		export.Write(page.body)
		lines := bytes.Split(bytes.TrimSpace(page.body), []byte("\n"))
		var end struct{ Volgende string }
		if err := json.Unmarshal(lines[len(lines)-1], &end); err != nil {
			t.Fatal(err)
		}
		if end.Volgende == "" {
			break
		}
		query = "?cursor=" + url.QueryEscape(end.Volgende)
	}
	result, err := verify.Check(&export, nil, ruleset.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if result.Contracts == 0 || result.Tenders == 0 || result.Decisions == 0 || result.Receipts == 0 || len(result.Unchecked) != 1 {
		t.Errorf("%+v", result)
	}
}

func targetsAndEarlierFigures(t *testing.T, h *house) {
	var before, now report
	h.get(auditor, "/v1/jaarrapporten/2021?gebied="+demo.Area, &before)
	h.get(auditor, "/v1/jaarrapporten/2022?gebied="+demo.Area, &now)
	if f := before.row(t, sroi.ExtraJobs).Vorig; f.Waarde != "84" || f.Voorbehoud != "ongeveer" {
		t.Errorf("2020 was recorded from elsewhere: %+v", f)
	}
	if f := before.row(t, sroi.SocialBuyers).Vorig; f.Stand != "nietGemeten" {
		t.Errorf("2020 was not measured: %+v", f)
	}
	for code, verdict := range map[string]string{
		sroi.ExtraJobs: "nogNietTeZeggen", sroi.TenderShare: "bereikt", sroi.SocialBuyers: "bereikt", sroi.SocialAssignments: "bereikt",
	} {
		if row := now.row(t, code); row.Oordeel != verdict {
			t.Errorf("%s: %s, want %s", code, row.Oordeel, verdict)
		}
		row, self := now.row(t, code), before.row(t, code)
		if row.Vorig.Exact != self.Vastgesteld.Exact || row.Vorig.Exact != self.Huidig.Exact && row.VorigHerzien.Exact != self.Huidig.Exact {
			t.Errorf("%s: 2021 is %s beside 2022, restated %s, and %s by itself", code, row.Vorig.Exact, row.VorigHerzien.Exact, self.Huidig.Exact)
		}
	}
	if before.Huidig.TeBeoordelen != 0 {
		t.Errorf("%d lines of 2021 await a decision", before.Huidig.TeBeoordelen)
	}
	if want := waiting(t); now.Huidig.TeBeoordelen != want || want == 0 {
		t.Errorf("%d lines of 2022 await a decision, by the tables %d", now.Huidig.TeBeoordelen, want)
	}
}

// waiting counts the lines of the statements that stay submitted.
func waiting(t *testing.T) int {
	placements, err := demo.Placements()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, left := range demo.Unfinished {
		if left.State != "ingediend" {
			continue
		}
		for _, p := range placements {
			if p.Contract == left.Contract && p.From.String() <= "2022-12-31" && p.To.String() >= "2022-10-01" {
				n++
			}
		}
		for _, invoice := range demo.Billed() {
			if invoice.Contract == left.Contract && invoice.Day.String() >= "2022-10-01" {
				n++
			}
		}
	}
	return n
}

// firstYearIsRestated: the year was closed before the correction of its last
// quarter, which took away a person that had counted as an extra job.
func firstYearIsRestated(t *testing.T, h *house) {
	var r report
	h.get(auditor, "/v1/jaarrapporten/2021?gebied="+demo.Area, &r)
	if !r.Huidig.Definitief || !r.Herzien || r.NaAfsluiting.Aantal != len(r.NaAfsluiting.Mutaties) {
		t.Fatalf("%+v", r)
	}
	corrected := slices.ContainsFunc(r.NaAfsluiting.Mutaties, func(m struct{ Soort, Periode, Reden, Link string }) bool {
		return m.Soort == "gecorrigeerd" && m.Reden == "telt-niet-meer-mee" && strings.HasSuffix(m.Link, "/mutaties")
	})
	if !corrected {
		t.Errorf("the correction is not among %+v", r.NaAfsluiting.Mutaties)
	}
	if row := r.row(t, sroi.RealisedValue); row.Vastgesteld.Exact == row.Huidig.Exact {
		t.Errorf("the correction changed nothing: %+v", row)
	}
}

func planShowsItsForecast(t *testing.T, h *house) {
	type forecast struct {
		Plan                                                 int
		Goedgekeurd, Ingediend, Gepland, Verwacht, Verplicht money.Cents
		Stoplicht, Toelichting                               string
	}
	var list struct{ Contracten []struct{ ID string } }
	h.get(auditor, "/v1/contracten?perPage=100", &list)
	planned := 0
	for _, listed := range list.Contracten {
		var contract struct {
			Prognose forecast
			Stand    amounts
		}
		h.get(auditor, "/v1/contracten/"+listed.ID, &contract)
		f := contract.Prognose
		if f.Plan == 0 {
			if f.Stoplicht != "" || f.Toelichting == "" {
				t.Errorf("a forecast without a plan: %+v", f)
			}
			continue
		}
		planned++
		var kept struct{ Prognose forecast }
		h.get(auditor, "/v1/contracten/"+listed.ID+"/plan-van-aanpak", &kept)
		if f.Goedgekeurd != contract.Stand.Goedgekeurd || f.Goedgekeurd == 0 || f.Gepland == 0 || f.Verwacht != f.Goedgekeurd+f.Ingediend+f.Gepland ||
			f.Verplicht != contract.Stand.Verplicht || f.Plan != 2 || f.Stoplicht != "oranje" || kept.Prognose != f {
			t.Errorf("%+v beside %+v, with the plan %+v", f, contract.Stand, kept.Prognose)
		}
	}
	if planned != 1 {
		t.Errorf("%d contracts have a plan", planned)
	}
}

// amounts is a sum of ledger entries or a balance, as the API writes them.
type amounts struct {
	Verplicht, Ingediend, Goedgekeurd, Afgekeurd money.Cents
}

func ledgersFoldToBalances(t *testing.T, h *house) {
	var list struct {
		Contracten []struct {
			ID, Nummer string
			Stand      struct {
				amounts
				Mutaties int
			}
		}
	}
	h.get(auditor, "/v1/contracten?perPage=100", &list)
	if len(list.Contracten) != len(demo.Contracts) {
		t.Fatalf("%d contracts", len(list.Contracten))
	}
	verified := map[int]money.Cents{}
	for _, contract := range list.Contracten {
		var ledger struct {
			Mutaties []struct {
				Bedragen []struct {
					Jaar int
					amounts
				}
			}
		}
		h.get(auditor, "/v1/contracten/"+contract.ID+"/mutaties?perPage=100", &ledger)
		var sum amounts
		for _, entry := range ledger.Mutaties {
			for _, a := range entry.Bedragen {
				sum.Verplicht += a.Verplicht
				sum.Ingediend += a.Ingediend
				sum.Goedgekeurd += a.Goedgekeurd
				sum.Afgekeurd += a.Afgekeurd
				verified[a.Jaar] += a.Goedgekeurd
			}
		}
		if sum != contract.Stand.amounts || len(ledger.Mutaties) != contract.Stand.Mutaties {
			t.Errorf("contract %s: %d entries add up to %+v, the balance is %+v", contract.Nummer, len(ledger.Mutaties), sum, contract.Stand)
		}
	}
	for year, sum := range verified {
		var got report
		h.get(auditor, fmt.Sprintf("/v1/jaarrapporten/%d?gebied=%s", year, demo.Area), &got)
		if shown := got.row(t, sroi.RealisedValue).Huidig.Waarde; shown != trimmed(sum.String()) {
			t.Errorf("%d: the ledgers verify %s, the report says %s", year, sum, shown)
		}
	}
}

// ledgers lists all of every contract, whose balance must be the fold of its entries.
func (h *house) ledgers(t *testing.T) []sroi.Ledger {
	store := h.Deps.Service.Store
	accounts, _, err := store.ListContracts(t.Context(), app.Owner{Authority: demo.Authority}, app.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var ledgers []sroi.Ledger
	for _, account := range accounts {
		ledger, err := store.ContractLedger(t.Context(), account.Contract.ID)
		if err != nil {
			t.Fatal(err)
		}
		balance := sroi.Balance{Contract: account.Contract.ID}
		for _, entry := range ledger.Entries {
			if balance, err = balance.Apply(entry); err != nil {
				t.Fatalf("contract %s: %v", account.Contract.Number, err)
			}
		}
		if sroi.Digest(balance) != sroi.Digest(account.Balance) {
			t.Errorf("contract %s: folded %+v, stored %+v", account.Contract.Number, balance, account.Balance)
		}
		ledgers = append(ledgers, ledger)
	}
	return ledgers
}

// receiptsReplay walks all that is stored, and finds every kind of receipt that
// the demo makes; it has no activities and no correction by amount.
func receiptsReplay(t *testing.T, h *house) {
	counts, faults, err := receipttest.Replay(t.Context(), h.Deps.Service.Store, h.Deps.Service.Rules, demo.Authority)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		t.Error(fault)
	}
	t.Logf("replayed %v", counts)
	for kind, least := range map[string]int{
		"contract/obligation": len(demo.Contracts), "line/placement": 500, "line/purchase": 50,
		"decision/placement": 400, "decision/purchase": 40, "decision/rejection": 5, "correction/correction": len(demo.Corrections),
	} {
		if counts[kind] < least {
			t.Errorf("only %d of %s replayed, want at least %d", counts[kind], kind, least)
		}
	}
}

func rebuildGivesTheSame(t *testing.T, h *house) {
	type areaYear struct {
		area string
		year int
	}
	contributions := map[areaYear][]sroi.Contribution{}
	add := func(list []sroi.Contribution) {
		for _, c := range list {
			contributions[areaYear{c.Area, c.Year}] = append(contributions[areaYear{c.Area, c.Year}], c)
		}
	}
	service := h.Deps.Service
	for _, ledger := range h.ledgers(t) {
		rules, err := service.Rules.Pinned(ledger.Contract.Rules)
		if err != nil {
			t.Fatal(err)
		}
		add(sroi.ContractContributions(ledger, map[ruleset.Ref]ruleset.ExtraJob{rules.Ref(): rules.ExtraJob}))
	}
	tenders, _, err := service.Store.ListTenders(t.Context(), app.TenderQuery{Authority: demo.Authority}, app.Page{Limit: 100})
	if err != nil || len(tenders) != len(demo.Tenders) {
		t.Fatalf("%d tenders: %v", len(tenders), err)
	}
	for _, tender := range tenders {
		entries, err := service.Store.TenderEntries(t.Context(), tender.ID)
		if err != nil {
			t.Fatal(err)
		}
		add(sroi.TenderContributions(entries))
	}
	for of, list := range contributions {
		rebuilt, _ := sroi.Fold(of.area, of.year, list)
		stored, err := service.Store.Total(t.Context(), of.area, of.year)
		if err != nil || stored.Version == 0 {
			t.Fatalf("%v: version %d, %v", of, stored.Version, err)
		}
		rebuilt.Version = stored.Version
		if want, got := inJSON(t, stored), inJSON(t, rebuilt); want != got {
			t.Errorf("%v:\nstored  %s\nrebuilt %s", of, want, got)
		}
	}
	if len(contributions) < 4 {
		t.Errorf("%d areas and years", len(contributions))
	}
}

func inJSON(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func commandLinesWork(t *testing.T, h *house) {
	ready, err := demo.Tokens(h.token)
	if err != nil {
		t.Fatal(err)
	}
	examples, err := demo.Curl(t.Context(), h.URL, ready)
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range examples {
		answer, err := exec.CommandContext(t.Context(), "sh", "-c", strings.Join(append(ready.Lines(), example.Line), "\n")).CombinedOutput()
		if err != nil || !json.Valid(answer) {
			t.Errorf("%s %s: %v\n%s", example.User, example.What, err, answer)
		}
	}
	var invitation bytes.Buffer
	if err := demo.Invite(&invitation, h.URL, h.token); err != nil {
		t.Fatal(err)
	}
	for _, example := range examples {
		if !strings.Contains(invitation.String(), example.What) {
			t.Errorf("the invitation lacks: %s", example.What)
		}
	}
}

func plainProgress(t *testing.T, progress string) {
	lines := strings.Split(strings.TrimSpace(progress), "\n")
	if len(lines) != 11 {
		t.Errorf("%d lines, want one per quarter from the third of 2020 to the first of 2023", len(lines))
	}
	if strings.ContainsAny(progress, "\r\x1b") {
		t.Error("control characters in what is no terminal")
	}
	if !strings.Contains(progress, "2021, tweede kwartaal: 3 aanbestedingen, 14 gunningen, 7 contracten, ") {
		t.Errorf("unexpected progress:\n%s", progress)
	}
}

// nothingPersonal looks for people in the log and the table as they are on disk.
func nothingPersonal(t *testing.T, data string) {
	placements, err := demo.Placements()
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]string{}
	for _, file := range []string{"log.jsonl", "table.db", "table.db-wal"} {
		content, err := os.ReadFile(filepath.Join(data, file))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		kept[file] = strings.ToLower(string(content))
	}
	if strings.Count(kept["log.jsonl"], "\n") < 1000 || !strings.Contains(kept["table.db"]+kept["table.db-wal"], "groenonderhoud") {
		t.Fatal("the log or the table is not where this test looks")
	}
	for _, p := range placements {
		canaries := []string{p.Person}
		if len(p.Born) > 0 {
			initials, surname, _ := strings.Cut(p.Person, " ")
			words := strings.Fields(surname)
			canaries = []string{words[len(words)-1], initials + " " + surname, p.Person}
			if len(p.Born) == 3 {
				canaries = append(canaries, fmt.Sprintf("%d-%02d-%02d", p.Born[0], p.Born[1], p.Born[2]))
			}
		}
		for _, canary := range canaries {
			for file, content := range kept {
				if strings.Contains(content, strings.ToLower(canary)) {
					t.Errorf("%s holds %q", file, canary)
				}
			}
		}
	}
}

// secondStart stops the house as a signal would, and opens it again.
func secondStart(t *testing.T, h *house, data string) {
	var before, after report
	path := "/v1/jaarrapporten/2022?gebied=" + demo.Area
	h.get(auditor, path, &before)
	if !h.Fresh {
		t.Error("the first start did not make the table")
	}
	h.Stop()
	select {
	case <-h.EngineEnded():
	default:
		t.Error("the engine still runs")
	}
	if left := engines(t); len(left) > 0 {
		t.Errorf("processes left behind: %v", left)
	}
	if _, err := http.Get(h.URL + "/v1/openapi.json"); err == nil {
		t.Error("the stopped house still answers")
	}
	again := open(t, data, h.clock)
	if again.Fresh {
		t.Error("the second start made a new table")
	}
	again.idle()
	again.get(auditor, path, &after)
	if inJSON(t, before) != inJSON(t, after) {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
}

// engines lists the engine processes that this process started and left.
func engines(t *testing.T) []string {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		t.Fatalf("no processes to look at: %v", err)
	}
	var left []string
	for _, file := range stats {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it ended meanwhile
		}
		name, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); strings.HasSuffix(name, "(dynoxide") && fields[1] == strconv.Itoa(os.Getpid()) {
			left = append(left, string(stat)) // its parent is this process
		}
	}
	return left
}
