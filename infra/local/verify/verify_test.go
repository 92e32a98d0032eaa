// SPDX-License-Identifier: EUPL-1.2

package verify_test

import (
	"bytes"
	"strings"
	"testing"

	"socialreturn/infra/local/verify"
	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

func (h *house) check(export string, heads []byte) (verify.Result, error) {
	if heads == nil {
		return verify.Check(strings.NewReader(export), nil, h.Rules)
	}
	return verify.Check(strings.NewReader(export), bytes.NewReader(heads), h.Rules)
}

// accepted wants an export to be right.
func (h *house) accepted(export string, heads []byte) verify.Result {
	h.t.Helper()
	result, err := h.check(export, heads)
	if err != nil {
		h.t.Fatal(err)
	}
	return result
}

func TestAHistoryHolds(t *testing.T) {
	h := newHouse(t)
	one, _ := h.history()
	h.today = "2023-02-01"
	h.close(2022)
	heads := h.heads(2022)
	export := h.export(actor(sroi.Auditor), everything, 0)
	result := h.accepted(export, heads)
	if !result.Year.Confirmed || result.Contracts != 2 || result.Tenders != 3 || len(result.Unchecked) != 0 || len(result.Year.Later) != 0 {
		t.Errorf("%+v", result)
	}
	h.today = "2023-03-01"
	h.correct(one, app.CorrectionInput{Corrects: 7, Year: 2022, Delta: -cents("500")})
	export = h.export(actor(sroi.Auditor), everything, 0)
	result = h.accepted(export, heads)
	var out strings.Builder
	if err := result.Print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"5 grootboeken, van 2 contracten en 3 aanbestedingen", "3 beoordelingen", "22 rekenbewijzen nagerekend",
		"GM0200 2022 van opdrachtgever 00000001001234567000, afgesloten op 1 februari 2023", "de bevroren cijfers volgen eruit",
		"gewerkte tijd, in voltijdjaren" + strings.Repeat(" ", 31) + "0,28 (2718576000/9786873600)\n",
		"mutatie 15, 1 maart 2023: Gecorrigeerd, goedgekeurd - € 500\n", "bevroren € 17.400, nu € 16.900",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}
