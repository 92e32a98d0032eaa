// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"socialreturn/internal/sroi"
)

func terminal(t *testing.T, r sroi.Report, width int) []string {
	t.Helper()
	var out strings.Builder
	if err := Terminal(&out, r, width); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(out.String(), "\n") {
		t.Error("the last line does not end")
	}
	return strings.Split(strings.TrimSuffix(spaced(out.String()), "\n"), "\n")
}

func TestTerminalAlignsUnderTheColumns(t *testing.T) {
	r := closed()
	r.Rows = []sroi.Row{r.Rows[0], r.Rows[1], r.Rows[3], r.Rows[7]}
	want := map[int]string{
		120: `
Indicator                                 Behaald 2021  Behaald 2022          Verschil  Beoogd 2022            Doel
------------------------------------------------------------------------------------------------------------------------
Extra arbeidsplaatsen door Social Return           118           131               +13  ten minste 125 [1]     + bereikt
  Extra arbeidsplaatsen in fte                   87,31         98,46            +11,15  –                      –
Aandeel aanbestedingen met Social Return        51,7 %        58,1 %  +6,3 procentpunt  hoger dan in 2021 [2]  + bereikt
                                             15 van 29     18 van 31
Vrijgestelde waarde                        € 3.150.000   € 2.410.750        −€ 739.250  –                      –
`,
		70: `
Behaald 2021  Behaald 2022        Verschil  Beoogd 2022      Doel
----------------------------------------------------------------------
Extra arbeidsplaatsen door Social Return
         118           131             +13  ten minste       + bereikt
                                            125 [1]
  Extra arbeidsplaatsen in fte
       87,31         98,46          +11,15  –                –
Aandeel aanbestedingen met Social Return
      51,7 %        58,1 %            +6,3  hoger dan in     + bereikt
   15 van 29     18 van 31     procentpunt  2021 [2]
Vrijgestelde waarde
 € 3.150.000   € 2.410.750      −€ 739.250  –                –
`,
		40: `
Extra arbeidsplaatsen door Social Return
  Behaald 2021: 118
  Behaald 2022: 131
  Verschil: +13
  Beoogd 2022: ten minste 125 [1]
  Doel: + bereikt
  Extra arbeidsplaatsen in fte
    Behaald 2021: 87,31
    Behaald 2022: 98,46
    Verschil: +11,15

Aandeel aanbestedingen met Social Return
  Behaald 2021: 51,7 % (15 van 29)
  Behaald 2022: 58,1 % (18 van 31)
  Verschil: +6,3 procentpunt
  Beoogd 2022: hoger dan in 2021 [2]
  Doel: + bereikt

Vrijgestelde waarde
  Behaald 2021: € 3.150.000
  Behaald 2022: € 2.410.750
  Verschil: −€ 739.250
`,
	}
	for width, table := range want {
		got := strings.Join(terminal(t, r, width), "\n")
		if !strings.Contains(got, table) {
			t.Errorf("width %d: got\n%s\nwant\n%s", width, got, table)
		}
	}
}

func TestTerminalTellsStatusNotesAndAssumptions(t *testing.T) {
	all := strings.Join(terminal(t, apeldoorn(), 200), "\n")
	for _, want := range []string{
		"Social Return in Apeldoorn, 2022 vergeleken met 2021\n",
		"\n2022 is voorlopig. Er wachten nog 12 ingediende regels op een beoordeling. In totaal zijn 7 verantwoordingen nog niet",
		"\n2021 is definitief, afgesloten op 14 februari 2022. Er wachten geen regels op een beoordeling.\n",
		"\nGemaakt op 3 oktober 2022 om 14.05 uur, uit 1.482 mutaties tot en met c-2022-0173/14, geboekt op 30 september 2022.\n",
		"\n[5] Pas vanaf 2022 vastgelegd.\n",
		"\n- De normweek is 36 uur; de bron noemt er geen. (oost-nederland 2021-01-01)\n",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the terminal does not tell %q", want)
		}
	}
}

// At any width no line is too long, unless a single word is, and every figure
// of the report is there.
func TestTerminalStaysWithinItsWidth(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		width := rapid.IntRange(1, 220).Draw(rt, "width")
		r := apeldoorn()
		if rapid.Bool().Draw(rt, "closed") {
			r = closed()
		}
		r.Rows = r.Rows[:rapid.IntRange(0, len(r.Rows)).Draw(rt, "rows")]
		lines := terminal(t, r, width)
		for _, line := range lines {
			if n := utf8.RuneCountInString(line); n > width && width >= 40 {
				rt.Fatalf("width %d: %d in %q", width, n, line)
			}
		}
		squeezed := strings.Join(strings.Fields(strings.Join(lines, "")), "")
		for _, row := range r.Rows {
			text, _ := figureText(row, row.Current)
			if !strings.Contains(squeezed, strings.Join(strings.Fields(text), "")) {
				rt.Fatalf("width %d: no %s", width, text)
			}
		}
	})
}

func TestTerminalGetsNoControlCharacters(t *testing.T) {
	r := apeldoorn()
	r.Area.Name, r.Position.Last, r.Rows[0].Current.Source, r.Rows[0].Code = hostile, hostile, hostile, hostile
	r.Assumptions[0].Text, r.Assumptions[0].RuleSet = hostile, hostile
	for _, width := range []int{0, 30, 80, 200} {
		for _, line := range terminal(t, r, width) {
			if at := strings.IndexFunc(line, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) }); at >= 0 {
				t.Errorf("width %d: control character in %q", width, line)
			}
		}
	}
}
