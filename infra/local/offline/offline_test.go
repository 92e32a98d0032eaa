// SPDX-License-Identifier: EUPL-1.2

package offline_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/gateway"
	"socialreturn/infra/local/issuer"
	"socialreturn/infra/local/offline"
	"socialreturn/infra/local/template"
	"socialreturn/internal/app"
	"socialreturn/internal/edge"
	"socialreturn/internal/ruleset"
)

func noon() time.Time { return time.Date(2022, 7, 4, 12, 0, 0, 0, time.UTC) }

// served is the API over HTTP, with its login, and a token of a supplier.
func served(t *testing.T) (url, token string) {
	t.Helper()
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	var front http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { front.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	tokens, err := issuer.New(server.URL+"/issuer", "socialreturn", filepath.Join(t.TempDir(), "key.pem"), noon)
	if err != nil {
		t.Fatal(err)
	}
	deps := edge.Deps{
		Service: &app.Service{Rules: ruleset.Embedded()}, Now: noon, Log: edge.NewLog(io.Discard, noon),
		Verifier: edge.NewVerifier(edge.AuthConfig{
			Issuer: server.URL + "/issuer", Audience: "socialreturn", RoleClaim: "rol", AuthorityClaim: "opdrachtgever",
			KvKClaim: "kvk", DeskClaim: "bureau", ScopeClaim: "scope",
		}, server.Client(), noon),
	}
	handlers := map[string]gateway.Handler{}
	for name, build := range edge.Functions() {
		handlers[name] = gateway.Handler(build(deps))
	}
	api, err := gateway.New(layout.Routes, handlers, noon, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	front = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/issuer/") {
			tokens.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
	token, err = tokens.Token(issuer.Claims{Subject: "x", Role: "opdrachtnemer", KvK: "12345678", Scope: "socialreturn:lezen"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return server.URL, token
}

// questions are the bodies of every worked example, by file.
func questions(t *testing.T) map[string][]byte {
	t.Helper()
	files, _ := filepath.Glob("../../../testdata/scenarios/berekening/*.json")
	plans, _ := filepath.Glob("../../../testdata/plannen/*.json")
	bodies := map[string][]byte{}
	for _, file := range append(files, plans...) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var whole, asked = map[string]json.RawMessage{}, map[string]json.RawMessage{}
		if err := json.Unmarshal(content, &whole); err != nil {
			t.Fatal(file, err)
		}
		if strings.HasSuffix(file, ".verwacht.json") {
			continue
		}
		for _, name := range []string{"rekenregel", "gebied", "peildatum", "adviesVanaf", "contract", "inspanningen"} {
			if part, ok := whole[name]; ok {
				asked[name] = part
			}
		}
		if bodies[file], err = json.Marshal(asked); err != nil {
			t.Fatal(err)
		}
	}
	if len(files) < 20 || len(plans) < 4 {
		t.Fatalf("%d scenarios, %d files of plans", len(files), len(plans))
	}
	return bodies
}

func TestTheAnswerIsThatOfTheAPI(t *testing.T) {
	t.Parallel()
	url, token := served(t)
	answered := 0
	for file, body := range questions(t) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/berekeningen", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		over, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(file, err)
		}
		alone, err := offline.Answer(t.Context(), body, noon)
		if response.StatusCode != http.StatusOK {
			sameRefusal(t, file, over, err)
			continue
		}
		answered++
		if err != nil || !bytes.Equal(alone, over) {
			t.Errorf("%s: %v\n%s\nover HTTP\n%s", file, err, alone, over)
		}
		var page bytes.Buffer
		if err := offline.Overview(&page, alone); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for line := range strings.Lines(page.String()) {
			if len([]rune(line)) > 101 || strings.HasSuffix(line, "€\n") {
				t.Errorf("%s: too long, or an amount is broken: %q", file, line)
			}
		}
	}
	if answered < 90 {
		t.Errorf("only %d of the plans were answered", answered)
	}
}

// sameRefusal wants a refusal that names every fault that the API names, and where.
func sameRefusal(t *testing.T, file string, over []byte, err error) {
	t.Helper()
	var problem struct {
		Errors []struct{ Location, Detail string }
	}
	if json.Unmarshal(over, &problem) != nil || len(problem.Errors) == 0 || err == nil {
		t.Errorf("%s: over HTTP %s, alone %v", file, over, err)
		return
	}
	for _, fault := range problem.Errors {
		if !strings.Contains(err.Error(), fault.Location) || !strings.Contains(err.Error(), fault.Detail) {
			t.Errorf("%s: %v lacks %v", file, err, fault)
		}
	}
}

// expected is what was worked out by hand beside a plan.
type expected struct {
	Titel, Bron string
	Uitwerking  []string
	Verwacht    struct {
		SrVerplichting                   string
		Inspanningen, Perioden, Grenzen  []string
		Totaal, Telt, Openstaand, Advies string
		Overschot                        string
	}
}

func TestPlansByHand(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../testdata/plannen/*.verwacht.json")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		var want expected
		into(t, file, &want)
		plan, err := os.ReadFile(strings.Replace(file, ".verwacht", "", 1))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := offline.Answer(t.Context(), plan, noon)
		if err != nil {
			t.Fatal(file, err)
		}
		var got struct {
			SrVerplichting struct{ Bedrag string }
			Inspanningen   []struct {
				Uitkomst string
				Grenzen  []struct{ Soort, Vanaf string }
			}
			Perioden                            []struct{ Telt string }
			Advies                              []struct{ Tekst string }
			Totaal, Telt, Openstaand, Overschot string
		}
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatal(err)
		}
		same := func(what, got, want string) {
			if got != want {
				t.Errorf("%s: %s is %q, want %q", filepath.Base(file), what, got, want)
			}
		}
		same("srVerplichting", got.SrVerplichting.Bedrag, want.Verwacht.SrVerplichting)
		for i, effort := range got.Inspanningen {
			same("inspanning", effort.Uitkomst, want.Verwacht.Inspanningen[i])
			var limits []string
			for _, limit := range effort.Grenzen {
				limits = append(limits, limit.Soort+" "+limit.Vanaf)
			}
			same("grenzen", strings.Join(limits, ", "), want.Verwacht.Grenzen[i])
		}
		for i, counted := range want.Verwacht.Perioden {
			same("periode", got.Perioden[i].Telt, counted)
		}
		same("totaal", got.Totaal, want.Verwacht.Totaal)
		same("telt", got.Telt, want.Verwacht.Telt)
		same("openstaand", got.Openstaand, want.Verwacht.Openstaand)
		same("overschot", got.Overschot, want.Verwacht.Overschot)
		if want.Verwacht.Advies != "" {
			same("advies", got.Advies[0].Tekst, want.Verwacht.Advies)
		} else if len(got.Advies) > 0 {
			t.Errorf("%s: advised %v", file, got.Advies)
		}
		if want.Titel == "" || want.Bron == "" || len(want.Uitwerking) < 4 {
			t.Errorf("%s is not worked out", file)
		}
	}
}

func into(t *testing.T, file string, value any) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, value); err != nil {
		t.Fatal(file, err)
	}
}

func TestRefusalsNameThePlace(t *testing.T) {
	t.Parallel()
	const rules = `"rekenregel":{"id":"oost-nederland"}`
	line := func(hours string) string {
		return `{"soort":"plaatsing","bouwblok":"PW_LT2","persoon":"A","vorm":"dienstverband","van":"2022-01-01","totEnMet":"2022-06-30","urenPerWeek":"` + hours + `"}`
	}
	for plan, want := range map[string][]string{
		`{"opdrachtgever":"00000001001234567000"}`: {"/opdrachtgever: Zonder server"},
		`{`: {"(hele bestand): De inhoud is geen volledig JSON-document."},
		``:  {"(hele bestand): De inhoud"},
		`{` + rules + `,"inspanningen":[` + line("40") + `,` + line("21") + `]}`: {"/inspanningen/1/urenPerWeek: Persoon A werkt vanaf 1 januari 2022 op alle regels samen 61 uur per week"},
		`{` + rules + `,"inspanningen":[{"soort":"plaatsing"}],"titel":"x"}`:     {"/titel: Dit veld bestaat niet", "/inspanningen/0/bouwblok", "/inspanningen/0/vorm"},
		`{"gebied":"GM0200","peildatum":"2022-01-01"}`:                           {"/gebied: Voor dit gebied is geen rekenregel bekend"},
		`{` + rules + `,"x":"` + strings.Repeat("a", offline.MaxPlan) + `"}`:     {"De inhoud is groter dan 1 MiB."},
	} {
		_, err := offline.Answer(t.Context(), []byte(plan), noon)
		refused, ok := errors.AsType[*offline.Refused](err)
		if !ok {
			t.Fatalf("%.80s: %v", plan, err)
		}
		for _, sentence := range want {
			if !strings.Contains(refused.Error(), sentence) {
				t.Errorf("%.80s: %q lacks %q", plan, refused.Error(), sentence)
			}
		}
		for _, inside := range []string{"goroutine", "runtime", "edge:", ".go:", "app:", "interne"} {
			if strings.Contains(refused.Error(), inside) {
				t.Errorf("%.80s: tells %q: %s", plan, inside, refused)
			}
		}
	}
}

func TestOverviewSaysItAll(t *testing.T) {
	t.Parallel()
	plan, err := os.ReadFile("../../../testdata/plannen/utrecht-een-persoon-op-twee-regels.json")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := offline.Answer(t.Context(), plan, noon)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := offline.Overview(&page, answer); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Rekenregel utrecht, versie van 1 januari 2021", "SR-verplichting", "€ 50.000\n", "  2. plaatsing PW, persoon A", "€ 6.666,67\n",
		"     ! vanaf 1 juli 2022: Persoon A werkt ook op andere regels", "2022-Q4                € 10.000,01", "Nog open", "€ 16.666,66\n",
		"  - Nog 0,34 voltijdjaar", "dagentelling: Maanden tellen vanaf",
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("lacks %q:\n%s", want, page.String())
		}
	}
	if strings.Contains(page.String(), "bewijsstukken") {
		t.Error("an assumption that no amount rests on is shown")
	}
	if err := offline.Overview(io.Discard, []byte("geen")); err == nil {
		t.Error("an answer that is none was shown")
	}
}
