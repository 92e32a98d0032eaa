// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestLogNamesNobody seeds names, a date of birth, tokens and free texts through
// every input, and looks for them in the log.
func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	canaries := []string{canaryName, "1971-03", "19710329", "Bearer", "eyJ", "Wegenbouw", "urenstaat", "C-1", "perPage", "pietje", "111222333"}
	token := o.supplier()
	o.post(token, o.contract+"/plaatsingen", placementBody).want(201)
	for _, bad := range []ask{
		{method: "GET", path: "/v1/contracten/" + canaryName, token: token},
		{method: "GET", path: "/v1/" + canaryName, token: token},
		{method: "GET", path: "/v1/opdrachtgevers/111222333", token: o.officer()},
		{method: "GET", path: "/v1/indicatorwaarden/GM0200/" + canaryName + "/2022", token: o.officer()},
		{method: "GET", path: "/v1/contracten", query: "perPage=5&pietje=" + canaryName, token: token},
		{method: "GET", path: "/v1/contracten", token: token, accept: canaryName},
		{method: "GET", path: "/v1/contracten", token: canaryName},
		{method: "POST", path: o.contract + "/plaatsingen", token: token, key: canaryName, body: placementBody},
		{method: "POST", path: o.contract + "/plaatsingen", token: token, key: "k", body: `{"` + canaryName + `":1}`},
		{method: "POST", path: o.contract + "/plaatsingen", token: token, key: "k", media: canaryName, body: "x"},
		{method: "PATCH", path: o.tender, token: o.officer(), match: canaryName, body: `{"titel":"` + canaryName + `"}`},
		{method: canaryName, path: o.tender, token: o.officer()},
	} {
		bad.bad = true
		o.do(bad)
	}
	o.get(token, "/v1/contracten?perPage=5").want(200)
	logs := o.logs.String()
	for _, canary := range canaries {
		if strings.Contains(logs, canary) {
			t.Errorf("the log holds %q:\n%s", canary, logs)
		}
	}
	checkLines(t, logs)
}

func checkLines(t *testing.T, logs string) {
	t.Helper()
	want := []string{"actie", "actor", "herkomst", "object", "resultaat", "status", "tijdstip", "traceId"}
	for line := range strings.Lines(logs) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if got := slices.Sorted(maps.Keys(fields)); !slices.Equal(got, want) {
			t.Errorf("a line has the fields %v, want %v", got, want)
		}
		if fields["herkomst"] != "192.0.2.17" || !strings.HasSuffix(fields["tijdstip"].(string), "Z") {
			t.Errorf("line: %s", line)
		}
	}
}

func TestLogSaysWhoDidWhatToWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	created := w.post(w.officer(), "/v1/aanbestedingen", fmt.Sprintf(tenderBody, "k")).want(201)
	w.get(w.supplier(), created.headers["Location"]).want(403)
	lines := strings.Split(strings.TrimSpace(w.logs.String()), "\n")
	var made, refused map[string]any
	for at, into := range map[int]*map[string]any{2: &made, 3: &refused} {
		if err := json.Unmarshal([]byte(lines[at]), into); err != nil {
			t.Fatal(err)
		}
	}
	if made["actie"] != "registreerAanbesteding" || made["object"] != created.headers["Location"] || made["resultaat"] != "gelukt" || !strings.HasPrefix(made["actor"].(string), "inkoper:") {
		t.Errorf("made: %v", made)
	}
	if refused["actie"] != "leesAanbesteding" || refused["object"] != created.headers["Location"] || refused["resultaat"] != "geweigerd" || refused["status"] != 403.0 {
		t.Errorf("refused: %v", refused)
	}
}
