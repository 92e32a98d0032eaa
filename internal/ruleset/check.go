// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"
	"maps"
	"slices"

	"socialreturn/internal/calendar"
)

// check notes what no format can say: references that lead nowhere, codes that
// occur twice, fields that do not fit the kind.
func (r *reader) check(d *document) {
	if d.Schema != schemaNumber {
		r.fault("/schema", "Dit programma leest alleen formaat %d.", schemaNumber)
	}
	if d.Validity.span().Empty() {
		r.fault("/validity/to", "De laatste dag ligt vóór de eerste.")
	}
	if week := d.NormWeek.Value; week == 0 || week > calendar.MaxWeek {
		r.fault("/normWeek/value", "Een normweek heeft meer dan 0 en ten hoogste %s uur.", calendar.MaxWeek.Dutch())
	}
	if d.MinimumWeek.Value > d.NormWeek.Value {
		r.fault("/minimumWeek/value", "Het minimum ligt boven de normweek.")
	}
	r.checkSources(d)
	r.checkObligation("/obligation/works", &d.Obligation.Works)
	r.checkObligation("/obligation/services", &d.Obligation.Services)
	r.checkObligation("/obligation/supplies", &d.Obligation.Supplies)
	r.checkUnique(d)
	for i := range d.Blocks {
		r.checkBlock(fmt.Sprintf("/blocks/%d", i), &d.Blocks[i])
	}
	r.checkBonuses(d)
	if limit := d.WorkedHoursLimit; limit != nil {
		if limit.Hours == 0 {
			r.fault("/workedHoursLimit/hours", "Een grens van nul uren laat niets tellen.")
		}
		r.checkAppliesTo("/workedHoursLimit/appliesTo", d, limit.AppliesTo, false)
	}
}

func (v validity) span() calendar.Span { return calendar.Span{From: v.From, To: v.To} }

// checkSources wants every source that a value names to exist.
func (r *reader) checkSources(d *document) {
	known := map[string]bool{}
	declare := func(at, id string) {
		if known[id] {
			r.fault(at, "%q is al de id van een bron of aanname.", id)
		}
		known[id] = true
	}
	for i, source := range d.Sources {
		declare(fmt.Sprintf("/sources/%d/id", i), source.ID)
	}
	for i, assumption := range d.Assumptions {
		declare(fmt.Sprintf("/assumptions/%d/id", i), assumption.ID)
	}
	for _, use := range d.sourcesUsed() {
		if !known[use.id] {
			r.fault(use.at, "%q staat niet in sources en niet in assumptions.", use.id)
		}
	}
}

// sourceUse is a place in the file that names a source.
type sourceUse struct{ at, id string }

// sourcesUsed lists every place that names a source, in the order of the file.
func (d *document) sourcesUsed() []sourceUse {
	var uses []sourceUse
	use := func(at, id string, sourceOf map[string]string) {
		uses = append(uses, sourceUse{at + "/source", id})
		for _, name := range slices.Sorted(maps.Keys(sourceOf)) {
			uses = append(uses, sourceUse{at + "/sourceOf/" + escape(name), sourceOf[name]})
		}
	}
	use("/validity", d.Validity.Source, d.Validity.SourceOf)
	use("/anchor", d.Anchor.Source, nil)
	use("/personReference", d.PersonReference.Source, nil)
	use("/normWeek", d.NormWeek.Source, nil)
	use("/dayCount", d.DayCount.Source, nil)
	use("/cadence", d.Cadence.Source, nil)
	use("/decideWithinDays", d.DecideWithinDays.Source, nil)
	use("/headStartMonths", d.HeadStartMonths.Source, nil)
	use("/minimumWeek", d.MinimumWeek.Source, nil)
	use("/extraJob", d.ExtraJob.Source, d.ExtraJob.SourceOf)
	for nature, rule := range d.Obligation.all() {
		at := "/obligation/" + string(nature)
		use(at, rule.Source, rule.SourceOf)
		if rule.Threshold != nil {
			for i, row := range rule.Threshold.EUThreshold {
				use(fmt.Sprintf("%s/threshold/euThreshold/%d", at, i), row.Source, nil)
			}
		}
	}
	if limit := d.WorkedHoursLimit; limit != nil {
		use("/workedHoursLimit", limit.Source, limit.SourceOf)
	}
	for i, block := range d.Blocks {
		at := fmt.Sprintf("/blocks/%d", i)
		use(at, block.Source, block.SourceOf)
		for j, share := range block.Recognitions {
			use(fmt.Sprintf("%s/recognitions/%d", at, j), share.Source, nil)
		}
	}
	for i, bonus := range d.Bonuses {
		use(fmt.Sprintf("/bonuses/%d", i), bonus.Source, bonus.SourceOf)
	}
	for i, evidence := range d.Evidence {
		use(fmt.Sprintf("/evidence/%d", i), evidence.Source, nil)
	}
	return uses
}

// checkUnique wants one block, bonus and kind of evidence per code.
func (r *reader) checkUnique(d *document) {
	seen := map[string]bool{}
	once := func(at, code string) {
		if seen[code] {
			r.fault(at, "De code %q komt al eerder voor.", code)
		}
		seen[code] = true
	}
	for i, block := range d.Blocks {
		once(fmt.Sprintf("/blocks/%d/code", i), block.Code)
	}
	for i, bonus := range d.Bonuses {
		once(fmt.Sprintf("/bonuses/%d/code", i), bonus.Code)
	}
	for i, evidence := range d.Evidence {
		once(fmt.Sprintf("/evidence/%d/code", i), evidence.Code)
	}
}

func (r *reader) checkObligation(at string, rule *ObligationRule) {
	if rule.Basis != ByPercentage {
		if rule.Threshold != nil || rule.Percentages != nil || rule.Cap != 0 || rule.MinimumMonths != 0 {
			r.fault(at+"/basis", "Drempel, looptijd, percentage en maximum horen alleen bij percentage.")
		}
		return
	}
	if rule.Threshold == nil {
		r.fault(at+"/threshold", "Dit verplichte veld ontbreekt.")
	} else {
		r.checkThreshold(at+"/threshold", rule.Threshold)
	}
	if rule.Percentages == nil {
		r.fault(at+"/percentages", "Dit verplichte veld ontbreekt.")
	}
	for i, percentage := range rule.Percentages {
		place, last := fmt.Sprintf("%s/percentages/%d/labourShareBelow", at, i), i == len(rule.Percentages)-1
		switch below := percentage.LabourShareBelow; {
		case last && below != 0:
			r.fault(place, "Het laatste percentage geldt zonder voorwaarde.")
		case !last && below == 0:
			r.fault(place, "Alleen het laatste percentage geldt zonder voorwaarde.")
		case !last && i > 0 && below <= rule.Percentages[i-1].LabourShareBelow:
			r.fault(place, "De voorwaarden lopen op van laag naar hoog.")
		}
	}
}

func (r *reader) checkThreshold(at string, threshold *Threshold) {
	if (threshold.Amount != 0) == (threshold.EUThreshold != nil) {
		r.fault(at, "Hier staat precies een van amount en euThreshold.")
	}
	for i, row := range threshold.EUThreshold {
		place := fmt.Sprintf("%s/euThreshold/%d", at, i)
		if row.To.Before(row.From) {
			r.fault(place+"/to", "De laatste dag ligt vóór de eerste.")
		}
		if i > 0 && !row.From.After(threshold.EUThreshold[i-1].To) {
			r.fault(place+"/from", "Deze regel begint niet na het einde van de vorige.")
		}
	}
}

func (r *reader) checkBlock(at string, block *Block) {
	effort := block.Kind.Effort()
	r.checkFits(at+"/value", block.Value != 0, block.Kind.hasValue(), block.Kind)
	r.checkFits(at+"/proRata", block.ProRata != "", effort == PlacementEffort, block.Kind)
	r.checkFits(at+"/forms", block.Forms != nil, effort == PlacementEffort, block.Kind)
	r.checkFits(at+"/recognitions", block.Recognitions != nil, effort == PurchaseEffort, block.Kind)
	if effort != PlacementEffort && block.MaxMonths != 0 {
		r.checkFits(at+"/maxMonths", true, false, block.Kind)
	}
	if block.Kind == PerFulltimeYear && block.ProRata == DurationOnly || block.Kind == PerMonth && block.ProRata == HoursAndDuration {
		r.fault(at+"/proRata", "%s past niet bij de soort %s.", block.ProRata, block.Kind)
	}
	for i, form := range block.Forms {
		if slices.Contains(block.Forms[:i], form) {
			r.fault(fmt.Sprintf("%s/forms/%d", at, i), "%q staat er twee keer.", form)
		}
	}
	for i, share := range block.Recognitions {
		if slices.ContainsFunc(block.Recognitions[:i], func(s RecognitionShare) bool { return s.Recognition == share.Recognition }) {
			r.fault(fmt.Sprintf("%s/recognitions/%d/recognition", at, i), "%q staat er twee keer.", share.Recognition)
		}
	}
}

func (r *reader) checkFits(at string, present, wanted bool, kind Kind) {
	switch {
	case wanted && !present:
		r.fault(at, "Dit veld is verplicht bij de soort %s.", kind)
	case present && !wanted:
		r.fault(at, "Dit veld past niet bij de soort %s.", kind)
	}
}

// maxBonuses keeps the value of a placement with every bonus within the exact
// arithmetic.
const maxBonuses = 64

func (r *reader) checkBonuses(d *document) {
	if len(d.Bonuses) > maxBonuses {
		r.fault("/bonuses", "Meer dan %d toeslagen zijn niet mogelijk.", maxBonuses)
	}
	proRata := map[string]bool{}
	for i, bonus := range d.Bonuses {
		at := fmt.Sprintf("/bonuses/%d", i)
		if bonus.Value == 0 {
			r.fault(at+"/value", "Een toeslag van nul telt niet.")
		}
		r.checkAppliesTo(at+"/appliesTo", d, bonus.AppliesTo, bonus.ProRata)
		if bonus.Group == "" {
			continue
		}
		if other, seen := proRata[bonus.Group]; seen && other != bonus.ProRata {
			r.fault(at+"/proRata", "Toeslagen die elkaar vervangen tellen op dezelfde manier.")
		}
		proRata[bonus.Group] = bonus.ProRata
	}
}

// checkAppliesTo wants placement blocks, and where a bonus counts pro rata,
// blocks per year, as the bonus is per year too.
func (r *reader) checkAppliesTo(at string, d *document, codes []string, perYear bool) {
	for i, code := range codes {
		place := fmt.Sprintf("%s/%d", at, i)
		n := slices.IndexFunc(d.Blocks, func(b Block) bool { return b.Code == code })
		switch {
		case n < 0:
			r.fault(place, "Het bouwblok %q bestaat niet.", code)
		case d.Blocks[n].Kind.Effort() != PlacementEffort:
			r.fault(place, "Het bouwblok %q is geen plaatsing.", code)
		case perYear && d.Blocks[n].Kind == PerMonth:
			r.fault(place, "Een toeslag naar rato is per jaar, het bouwblok %q per maand.", code)
		case slices.Contains(codes[:i], code):
			r.fault(place, "%q staat er twee keer.", code)
		}
	}
}
