// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/issuer"
	"socialreturn/internal/calendar"
)

// echo is a house that agrees with everything and remembers what was asked.
type echo struct {
	asked   []asked
	numbers map[string]int // placements by contract
	refuse  string         // path that is refused
}

type asked struct{ method, path, key, match, body string }

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	e.asked = append(e.asked, asked{r.Method, r.URL.Path, r.Header.Get("Idempotency-Key"), r.Header.Get("If-Match"), string(body)})
	if e.refuse != "" && strings.HasPrefix(r.URL.Path, e.refuse) {
		w.WriteHeader(http.StatusConflict)
		fmt.Fprint(w, `{"title":"Kan nu niet","detail":"Dit jaar is afgesloten."}`)
		return
	}
	if strings.HasSuffix(r.URL.Path, "/plaatsingen") {
		e.numbers[r.URL.Path]++
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%d"`, len(e.asked)))
	fmt.Fprintf(w, `{"id":"%s","nummer":%d,"mutaties":[%s]}`, r.Header.Get("Idempotency-Key"), e.numbers[r.URL.Path],
		`{"nummer":7,"soort":"verantwoordingBeoordeeld","periode":"2021-Q4"},{"nummer":9,"soort":"verantwoordingBeoordeeld","periode":"2022-Q2"}`)
}

// played plays the demo in an echo and gives what it asked, when, and wrote.
func played(t *testing.T, refuse string) (*echo, []time.Time, string, error) {
	t.Helper()
	house := &echo{numbers: map[string]int{}, refuse: refuse}
	server := httptest.NewServer(house)
	defer server.Close()
	var times []time.Time
	var progress bytes.Buffer
	err := Play(t.Context(), Options{
		URL: server.URL, Clock: func(at time.Time) { times = append(times, at) }, Progress: &progress,
		Token: func(claims issuer.Claims) (string, error) { return claims.Subject, nil },
	})
	return house, times, progress.String(), err
}

var visibleASCII = regexp.MustCompile(`^[!-~]{1,64}$`)

func TestTheSameActsEveryTime(t *testing.T) {
	first, times, progress, err := played(t, "")
	if err != nil {
		t.Fatal(err)
	}
	second, _, _, err := played(t, "")
	if err != nil || !slices.Equal(first.asked, second.asked) {
		t.Errorf("the second time differs: %d and %d requests, %v", len(first.asked), len(second.asked), err)
	}
	if !slices.IsSortedFunc(times, time.Time.Compare) {
		t.Error("the clock goes back")
	}
	keys := map[string]bool{}
	for _, a := range first.asked {
		creates := a.method == http.MethodPost && !strings.HasSuffix(a.path, "/inzagen")
		if creates && (!visibleASCII.MatchString(a.key) || keys[a.key]) {
			t.Errorf("%s %s: key %q is no key, or is used twice", a.method, a.path, a.key)
		}
		keys[a.key] = true
		changes := a.method == http.MethodPatch || creates && strings.Count(a.path, "/") > 3 && !strings.HasSuffix(a.path, "/plaatsingen")
		if changes && a.match == "" {
			t.Errorf("%s %s without If-Match", a.method, a.path)
		}
	}
	if strings.ContainsAny(progress, "\r\x1b") || strings.Count(progress, "\n") != 11 {
		t.Errorf("progress:\n%s", progress)
	}
}

func TestARefusalEndsTheDemoAndSaysEverything(t *testing.T) {
	house, _, _, err := played(t, "/v1/aanbestedingen")
	if err == nil {
		t.Fatal("it went on")
	}
	for _, part := range []string{"5 oktober 2020, aanbesteding 2020-41: POST /v1/aanbestedingen: antwoord 409", `"detail": "Dit jaar is afgesloten."`} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q:\n%v", part, err)
		}
	}
	if len(house.asked) != 2+len(sellers) {
		t.Errorf("%d requests, want the municipality, the register and the one that was refused", len(house.asked))
	}
}

// What is approved was recognised on the invoice date, as the order says.
func TestTheRegisterRecognisesWhatIsApproved(t *testing.T) {
	for _, invoice := range Billed() {
		found, recognised := find(Recognitions, func(r Recognised) bool {
			span := calendar.Span{From: calendar.MustDate(r.From)}
			if r.To != "" {
				span.To = calendar.MustDate(r.To)
			}
			return r.Seller == invoice.Seller && span.Contains(invoice.Day)
		})
		verdict, _ := find(Verdicts, func(v Verdict) bool { return v.Invoice == invoice.Number })
		if (!recognised || found.Recognition != invoice.Recognition) && verdict.Reason != "niet-erkend" {
			t.Errorf("%s of %s: the register says %q, the order %q", invoice.Number, invoice.Day, found.Recognition, invoice.Recognition)
		}
		if recognised && verdict.Reason == "niet-erkend" {
			t.Errorf("%s was recognised", invoice.Number)
		}
	}
}

func TestContractsFollowAwards(t *testing.T) {
	for _, c := range Contracts {
		tender, ok := find(Tenders, func(t Tender) bool { return t.Reference == c.Tender })
		lot, found := find(tender.Lots, func(l Lot) bool { return l.ID == c.Lot })
		if !ok || !found {
			t.Errorf("contract %s: no lot %s of %s", c.Number, c.Lot, c.Tender)
			continue
		}
		award := lot.Awards[len(lot.Awards)-1]
		if award.State != final || award.Firm != c.Firm || award.Value != c.Value || c.Signed < award.Day || !lot.SocialReturn {
			t.Errorf("contract %s does not follow from %+v", c.Number, award)
		}
		if (c.Offered != "") != (lot.Form == criterion) {
			t.Errorf("contract %s: a percentage is offered where Social Return is an award criterion", c.Number)
		}
	}
	for _, tender := range Tenders {
		for _, lot := range tender.Lots {
			for _, award := range lot.Awards {
				if award.State != withdrawn && Firms[award.Firm] == "" {
					t.Errorf("%s: nobody is %s", tender.Reference, award.Firm)
				}
			}
		}
	}
}

func TestPlacementsAndInvoicesFallInTheirContracts(t *testing.T) {
	placements, err := Placements()
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]Placement{}
	for _, p := range placements {
		term := contractNumbered(p.Contract).Term()
		if p.Number != last[p.Contract].Number+1 || p.From.Before(last[p.Contract].From) {
			t.Errorf("%s-%d is out of order", p.Contract, p.Number)
		}
		if !term.Contains(p.From) || !term.Contains(p.To) || p.To.Before(p.From) || p.Replaces >= p.Number {
			t.Errorf("%s-%d: %s to %s does not fit", p.Contract, p.Number, p.From, p.To)
		}
		last[p.Contract] = p
	}
	for _, invoice := range Billed() {
		if !contractNumbered(invoice.Contract).Term().Contains(invoice.Day) || sellers[invoice.Seller] == "" {
			t.Errorf("invoice %s does not fit", invoice.Number)
		}
	}
}

// Each word of the consultant is about one line that is really claimed.
func TestVerdictsConcernClaims(t *testing.T) {
	placements, err := Placements()
	if err != nil {
		t.Fatal(err)
	}
	verdicts := slices.Clone(Verdicts)
	for _, correction := range Corrections {
		verdicts = append(verdicts, correction.Verdict)
	}
	for _, v := range verdicts {
		c, n := contractNumbered(v.Contract), 0
		for _, claim := range lines(c, calendar.MustPeriod(v.Period), placements) {
			if v.concerns(claim) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%+v concerns %d lines", v, n)
		}
	}
	for _, late := range Forgotten {
		for period, want := range map[string]int{late.Of: 0, late.In: 2} {
			n := 0
			for _, claim := range lines(contractNumbered(late.Contract), calendar.MustPeriod(period), placements) {
				if claim.number() == late.Number {
					n++
				}
			}
			if n != want {
				t.Errorf("%+v: %d lines in %s, want %d", late, n, period, want)
			}
		}
	}
}

func TestScheduleFollowsChanges(t *testing.T) {
	p := Placement{Contract: "2021-01", Number: 3, From: calendar.MustDate("2021-04-01"), To: calendar.MustDate("2021-12-31"), PerWeek: 36 * hour}
	for _, c := range []struct{ today, want string }{
		{"2021-07-31", "2021-04-01 2021-12-31 36"},
		{"2021-08-01", "2021-04-01 2021-07-31 36, 2021-08-01 2021-12-31 24"},
	} {
		var got []string
		for _, h := range p.schedule(calendar.MustDate(c.today)) {
			got = append(got, fmt.Sprint(h.From, h.To, h.PerWeek))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %v, want %s", c.today, got, c.want)
		}
	}
	ended := Placement{Contract: "2021-02", Number: 4, From: calendar.MustDate("2021-05-01"), To: calendar.MustDate("2021-12-31"), PerWeek: 32 * hour}
	if got := ended.schedule(calendar.MustDate("2021-11-01")); len(got) != 1 || got[0].To != calendar.MustDate("2021-10-31") {
		t.Errorf("ended: %v", got)
	}
	if got := worked(p.schedule(p.To)); got != 1151*hour+45 { // 36 × 122 / 7 = 627:25 and 24 × 153 / 7 = 524:34, to a quarter of an hour
		t.Errorf("worked %s", got)
	}
}
