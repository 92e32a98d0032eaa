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
	if limit := d.PersonLimit; limit != nil {
		if (limit.Hours == 0) == (limit.Months == 0) {
			r.fault("/personLimit", "Hier staat precies een van hours en months.")
		}
		r.checkAppliesTo("/personLimit/appliesTo", d, limit.AppliesTo, PlacementEffort)
	}
	r.checkCeilings(d)
}

// checkCeilings wants each block under one ceiling at most.
func (r *reader) checkCeilings(d *document) {
	under := map[string]string{}
	for i, ceiling := range d.Ceilings {
		at := fmt.Sprintf("/ceilings/%d/appliesTo", i)
		r.checkAppliesTo(at, d, ceiling.AppliesTo, "")
		for j, code := range ceiling.AppliesTo {
			if other, taken := under[code]; taken && other != ceiling.Code {
				r.fault(fmt.Sprintf("%s/%d", at, j), "Het bouwblok %q valt al onder het plafond %s.", code, other)
			}
			under[code] = ceiling.Code
		}
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
	use("/areas", d.Areas.Source, nil)
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
	if d.Register != nil {
		use("/register", d.Register.Source, nil)
	}
	for nature, rule := range d.Obligation.all() {
		at := "/obligation/" + string(nature)
		use(at, rule.Source, rule.SourceOf)
		if rule.Threshold != nil {
			for i, row := range rule.Threshold.EUThreshold {
				use(fmt.Sprintf("%s/threshold/euThreshold/%d", at, i), row.Source, nil)
			}
		}
		for i, discount := range rule.Discounts {
			use(fmt.Sprintf("%s/discounts/%d", at, i), discount.Source, nil)
		}
	}
	if limit := d.PersonLimit; limit != nil {
		use("/personLimit", limit.Source, limit.SourceOf)
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
	for i, ceiling := range d.Ceilings {
		use(fmt.Sprintf("/ceilings/%d", i), ceiling.Source, ceiling.SourceOf)
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
	for i, ceiling := range d.Ceilings {
		once(fmt.Sprintf("/ceilings/%d/code", i), ceiling.Code)
	}
	for i, evidence := range d.Evidence {
		once(fmt.Sprintf("/evidence/%d/code", i), evidence.Code)
	}
}

func (r *reader) checkObligation(at string, rule *ObligationRule) {
	percentage, decided := rule.Kind == ByPercentage, rule.Kind == DecidedPerContract
	for _, field := range []struct {
		name           string
		given, allowed bool
		required       bool
	}{
		{"basis", rule.Basis != "", percentage || decided, percentage || decided},
		{"threshold", rule.Threshold != nil, percentage, percentage},
		{"percentages", rule.Percentages != nil, percentage, percentage},
		{"small", rule.Small != nil, percentage, false},
		{"minimumMonths", rule.MinimumMonths != 0, percentage, false},
		{"cap", rule.Cap != 0, percentage, false},
		{"floor", rule.Floor != 0, percentage || decided, false},
		{"discounts", rule.Discounts != nil, percentage, false},
	} {
		switch {
		case field.given && !field.allowed:
			r.fault(at+"/"+field.name, "Dit veld past niet bij de soort %s.", rule.Kind)
		case field.required && !field.given:
			r.fault(at+"/"+field.name, "Dit verplichte veld ontbreekt.")
		}
	}
	if rule.Threshold != nil {
		r.checkThreshold(at+"/threshold", rule.Threshold)
	}
	if rule.Small != nil && rule.Small.Activities == 0 {
		r.fault(at+"/small/activities", "Hier moet ten minste één activiteit staan.")
	}
	r.checkPercentages(at, rule.Percentages)
	for i, discount := range rule.Discounts {
		if slices.ContainsFunc(rule.Discounts[:i], func(d Discount) bool { return d.Level == discount.Level }) {
			r.fault(fmt.Sprintf("%s/discounts/%d/level", at, i), "%q staat er twee keer.", discount.Level)
		}
	}
}

// checkPercentages wants conditions that rise, and a last percentage without one.
func (r *reader) checkPercentages(at string, percentages []PercentageRule) {
	for i, percentage := range percentages {
		place, last := fmt.Sprintf("%s/percentages/%d/labourShareBelow", at, i), i == len(percentages)-1
		switch below := percentage.LabourShareBelow; {
		case last && below != 0:
			r.fault(place, "Het laatste percentage geldt zonder voorwaarde.")
		case !last && below == 0:
			r.fault(place, "Alleen het laatste percentage geldt zonder voorwaarde.")
		case !last && i > 0 && below <= percentages[i-1].LabourShareBelow:
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
	kind, placement := block.Kind, block.Kind.Effort() == PlacementEffort
	duration := placement && kind != PerPlacement
	r.checkFits(at+"/value", block.Value != 0, kind.hasValue(), kind)
	r.checkFits(at+"/proRata", block.ProRata != "", duration, kind)
	r.checkFits(at+"/weeks", block.Weeks != 0, kind == PerWeeks, kind)
	r.checkFits(at+"/forms", block.Forms != nil, placement, kind)
	r.checkFits(at+"/recognitions", block.Recognitions != nil, kind.Effort() == PurchaseEffort, kind)
	for _, field := range []struct {
		name           string
		given, allowed bool
	}{
		{"maxMonths", block.MaxMonths != 0, duration},
		{"duringSubsidy", block.DuringSubsidy, duration},
		{"sameEmployerMonths", block.SameEmployerMonths != 0, placement},
		{"payer", block.Payer != "", placement},
		{"dailyMaximum", block.DailyMaximum != 0, kind == PerHour},
	} {
		if field.given && !field.allowed {
			r.checkFits(at+"/"+field.name, true, false, kind)
		}
	}
	if kind == PerFulltimeYear && block.ProRata == DurationOnly || kind == PerMonth && block.ProRata == HoursAndDuration {
		r.fault(at+"/proRata", "%s past niet bij de soort %s.", block.ProRata, kind)
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
		if bonus.Replaces && !bonus.ProRata {
			r.fault(at+"/replaces", "Wat in plaats van het bouwblok komt, telt naar rato.")
		}
		if bonus.Replaces && bonus.Group != "" {
			r.fault(at+"/group", "Een toeslag in plaats van het bouwblok heeft geen groep: de hoogste telt al.")
		}
		r.checkAppliesTo(at+"/appliesTo", d, bonus.AppliesTo, PlacementEffort)
		if bonus.ProRata {
			r.checkPerYear(at+"/appliesTo", d, bonus.AppliesTo)
		}
		if bonus.Group == "" {
			continue
		}
		if other, seen := proRata[bonus.Group]; seen && other != bonus.ProRata {
			r.fault(at+"/proRata", "Toeslagen die elkaar vervangen tellen op dezelfde manier.")
		}
		proRata[bonus.Group] = bonus.ProRata
	}
}

// checkAppliesTo wants blocks that exist, once each, and of one kind of effort
// where that is given.
func (r *reader) checkAppliesTo(at string, d *document, codes []string, effort string) {
	for i, code := range codes {
		place := fmt.Sprintf("%s/%d", at, i)
		block := d.block(code)
		switch {
		case block == nil:
			r.fault(place, "Het bouwblok %q bestaat niet.", code)
		case effort != "" && block.Kind.Effort() != effort:
			r.fault(place, "Het bouwblok %q is geen %s.", code, effortInDutch[effort])
		case slices.Contains(codes[:i], code):
			r.fault(place, "%q staat er twee keer.", code)
		}
	}
}

// checkPerYear wants blocks per year, as a bonus pro rata is per year too.
func (r *reader) checkPerYear(at string, d *document, codes []string) {
	for i, code := range codes {
		if block := d.block(code); block != nil && block.Kind.Effort() == PlacementEffort && block.Kind != PerFulltimeYear && block.Kind != PerLearningYear {
			r.fault(fmt.Sprintf("%s/%d", at, i), "Een toeslag naar rato is per jaar, het bouwblok %q niet.", code)
		}
	}
}

// block is the block of a code; nil: none.
func (d *document) block(code string) *Block {
	for i := range d.Blocks {
		if d.Blocks[i].Code == code {
			return &d.Blocks[i]
		}
	}
	return nil
}
