// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// scenario is a file that a policy officer can read: Dutch keys, worked out by
// hand from the source.
type scenario struct {
	Titel      string   `json:"titel"`
	Bron       string   `json:"bron"`
	Uitwerking []string `json:"uitwerking"`
	Rekenregel struct {
		ID     string `json:"id"`
		Versie string `json:"versie"`
	} `json:"rekenregel"`
	Contract     contract `json:"contract"`
	Inspanningen []effort `json:"inspanningen"`
	Verwacht     struct {
		SRVerplichting money.Cents   `json:"srVerplichting"`
		Reden          string        `json:"reden"`
		Inspanningen   []money.Cents `json:"inspanningen"`
	} `json:"verwacht"`
}

type contract struct {
	Aard                 string         `json:"aard"`
	Waarde               money.Cents    `json:"waarde"`
	Van                  calendar.Date  `json:"van"`
	TotEnMet             calendar.Date  `json:"totEnMet"`
	Arbeidsaandeel       *money.Percent `json:"arbeidsaandeel"`
	AangebodenPercentage *money.Percent `json:"aangebodenPercentage"`
}

type hours struct {
	Van         calendar.Date    `json:"van"`
	TotEnMet    calendar.Date    `json:"totEnMet"`
	UrenPerWeek calendar.Minutes `json:"urenPerWeek"`
	Gewerkt     calendar.Minutes `json:"gewerkteUren"`
}

func (h hours) span() calendar.Span { return calendar.Span{From: h.Van, To: h.TotEnMet} }

type effort struct {
	Soort    string   `json:"soort"`
	Bouwblok string   `json:"bouwblok"`
	Bonussen []string `json:"bonussen"`
	Vorm     string   `json:"vorm"`
	hours
	Urenschema   []hours          `json:"urenschema"` // instead of one span
	Tijdvak      *hours           `json:"tijdvak"`    // else the whole contract
	Goedgekeurd  []hours          `json:"goedgekeurd"`
	GewerkteUren calendar.Minutes `json:"gewerkteUren"`
	Eerder       []hours          `json:"eerder"` // with gewerkteUren
	FactuurDatum calendar.Date    `json:"factuurDatum"`
	Bedrag       money.Cents      `json:"bedrag"`
	Arbeidsdeel  *money.Cents     `json:"arbeidsdeel"`
	Erkenning    string           `json:"erkenning"`
	Datum        calendar.Date    `json:"datum"`
	Uren         calendar.Minutes `json:"uren"`
	Kosten       *money.Cents     `json:"kosten"`
	Afgesproken  *money.Cents     `json:"afgesproken"`
}

var (
	natures = map[string]ruleset.Nature{"werken": ruleset.Works, "diensten": ruleset.Services, "leveringen": ruleset.Supplies}
	forms   = map[string]ruleset.Form{
		"dienstverband": ruleset.Employment, "uitzendwerk": ruleset.AgencyWork, "detachering": ruleset.Secondment,
		"leerbaan": ruleset.LearningJob, "stage": ruleset.Internship, "werkervaringsplek": ruleset.WorkExperience,
	}
	recognitions = map[string]ruleset.Recognition{"erkend": ruleset.Recognised, "aspirant": ruleset.Aspirant, "sw": ruleset.Sheltered}
	reasons      = map[string]string{"": ruleset.ReasonApplies, "geldt": ruleset.ReasonApplies, "aangeboden": ruleset.ReasonOffered, "onderDrempel": ruleset.ReasonBelowThreshold}
)

func (c contract) span() calendar.Span { return calendar.Span{From: c.Van, To: c.TotEnMet} }

func schedule(spans []hours) []ruleset.Hours {
	var out []ruleset.Hours
	for _, h := range spans {
		out = append(out, ruleset.Hours{Span: h.span(), PerWeek: h.UrenPerWeek})
	}
	return out
}

func (e effort) earlier() []ruleset.Earlier {
	var times []ruleset.Earlier
	for _, h := range e.Eerder {
		times = append(times, ruleset.Earlier{Span: h.span(), Worked: h.Gewerkt})
	}
	return ruleset.Merge(times)
}

// explain asks the rule set about an effort.
func (e effort) explain(rs *ruleset.RuleSet, c contract) (ruleset.Receipt, error) {
	switch e.Soort {
	case "inkoop":
		return rs.ExplainPurchase(ruleset.PurchaseInput{Block: e.Bouwblok, InvoiceDate: e.FactuurDatum, Amount: e.Bedrag, LabourPart: e.Arbeidsdeel, Recognition: recognitions[e.Erkenning]})
	case "activiteit":
		return rs.ExplainActivity(ruleset.ActivityInput{Block: e.Bouwblok, Date: e.Datum, Hours: e.Uren, Cost: e.Kosten, Agreed: e.Afgesproken})
	}
	spans, window := e.Urenschema, c.span()
	if spans == nil {
		spans = []hours{e.hours}
	}
	if e.Tijdvak != nil {
		window = e.Tijdvak.span()
	}
	return rs.ExplainPlacement(ruleset.PlacementInput{
		Block: e.Bouwblok, Bonuses: e.Bonussen, Form: forms[e.Vorm], Schedule: schedule(spans), Counted: rs.Counted(c.span()),
		Window: window, Approved: schedule(e.Goedgekeurd), Worked: e.GewerkteUren, Earlier: e.earlier(),
	})
}

func loadScenarios(t *testing.T) map[string]scenario {
	t.Helper()
	files, err := filepath.Glob("../../testdata/scenarios/berekening/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	scenarios := map[string]scenario{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		decoder := json.NewDecoder(strings.NewReader(string(raw)))
		decoder.DisallowUnknownFields()
		var s scenario
		if err := decoder.Decode(&s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		scenarios[strings.TrimSuffix(filepath.Base(file), ".json")] = s
	}
	return scenarios
}

func (s scenario) rules(t *testing.T) *ruleset.RuleSet {
	t.Helper()
	rs, err := ruleset.Embedded().Version(s.Rekenregel.ID, calendar.MustDate(s.Rekenregel.Versie))
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

func TestScenarios(t *testing.T) {
	for name, s := range loadScenarios(t) {
		t.Run(name, func(t *testing.T) {
			rs := s.rules(t)
			if len(s.Uitwerking) != len(s.Inspanningen)+1 || len(s.Verwacht.Inspanningen) != len(s.Inspanningen) {
				t.Fatalf("a line of uitwerking for the obligation and each effort, and an expected amount for each effort")
			}
			in := ruleset.ObligationInput{Nature: natures[s.Contract.Aard], Value: s.Contract.Waarde, Term: s.Contract.span(), LabourShare: s.Contract.Arbeidsaandeel, Offered: s.Contract.AangebodenPercentage}
			obligation, err := rs.Obligation(in)
			if err != nil {
				t.Fatal(err)
			}
			if obligation.Amount != s.Verwacht.SRVerplichting || obligation.Reason != reasons[s.Verwacht.Reden] {
				t.Errorf("obligation %s (%s), want %s: %s", obligation.Amount, obligation.Reason, s.Verwacht.SRVerplichting, obligation.Receipt.Text)
			}
			replays(t, obligation.Receipt)
			for i, e := range s.Inspanningen {
				receipt, err := e.explain(rs, s.Contract)
				if err != nil {
					t.Errorf("effort %d, %s: %v", i, e.Bouwblok, err)
					continue
				}
				if want := s.Verwacht.Inspanningen[i]; receipt.Result != want {
					t.Errorf("effort %d is worth %s, want %s: %s\nby hand: %s", i, receipt.Result, want, receipt.Text, s.Uitwerking[i+1])
				}
				replays(t, receipt)
			}
		})
	}
}

// replays wants a receipt that went through storage to give the same bytes again.
func replays(t *testing.T, r ruleset.Receipt) {
	t.Helper()
	stored := encode(t, r)
	var read ruleset.Receipt
	if err := json.Unmarshal(stored, &read); err != nil {
		t.Fatal(err)
	}
	again, err := ruleset.Embedded().Replay(read)
	if err != nil {
		t.Fatal(err)
	}
	if got := encode(t, again); string(got) != string(stored) {
		t.Errorf("replayed receipt differs:\n%s\n%s", stored, got)
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

func TestEveryBlockAndBonusHasAScenario(t *testing.T) {
	used := map[*ruleset.RuleSet][]string{}
	for _, s := range loadScenarios(t) {
		rs := s.rules(t)
		for _, e := range s.Inspanningen {
			used[rs] = append(append(used[rs], e.Bouwblok), e.Bonussen...)
		}
	}
	for _, rs := range ruleset.Embedded().All() {
		for _, block := range rs.Blocks {
			if !slices.Contains(used[rs], block.Code) {
				t.Errorf("%s %s: no scenario with block %s", rs.ID, rs.Ref().Version, block.Code)
			}
		}
		for _, bonus := range rs.Bonuses {
			if !slices.Contains(used[rs], bonus.Code) {
				t.Errorf("%s %s: no scenario with bonus %s", rs.ID, rs.Ref().Version, bonus.Code)
			}
		}
	}
}

// A receipt is stored with every line, so its size is part of its contract.
func TestReceiptsAreCompact(t *testing.T) {
	sizes := []int{}
	for _, s := range loadScenarios(t) {
		rs := s.rules(t)
		for _, e := range s.Inspanningen {
			receipt, err := e.explain(rs, s.Contract)
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, len(encode(t, receipt)))
		}
	}
	slices.Sort(sizes)
	if median, largest := sizes[len(sizes)/2], sizes[len(sizes)-1]; median > 1536 || largest > 2048 {
		t.Errorf("receipts take %d bytes at the median and %d at most; want 1536 and 2048", median, largest)
	} else {
		t.Logf("receipts: median %d bytes, largest %d", median, largest)
	}
}
