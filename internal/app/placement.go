// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// AddPlacement adds a person at work for a contract. Who the person is becomes
// a token here and goes no further.
func (s *Service) AddPlacement(ctx context.Context, call Call, contract string, in PlacementInput) (sroi.Placement, error) {
	if err := call.may(sroi.Supplier); err != nil {
		return sroi.Placement{}, err
	}
	act, payload := call.act("add-placement/"+contract), sroi.Digest(in.withoutPerson())
	var added sroi.Placement
	err := bounded(func() error {
		file, rules, err := s.contractFile(ctx, call, contract)
		if err != nil {
			return err
		}
		person, aliases, err := s.person(ctx, in.Person)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(file.Placements, func(p sroi.Placement) bool { return p.Act == act }); i >= 0 {
			added = file.Placements[i]
			if added.Person != person {
				return sameCommand(added.Payload, "")
			}
			return sameCommand(added.Payload, payload)
		}
		added = sroi.Placement{
			Contract: contract, Number: len(file.Placements) + 1, Person: person,
			Block: in.Block, Bonuses: in.Bonuses, Employer: in.Employer, Form: in.Form,
			Schedule: in.Schedule, Subsidised: in.Subsidised, LeftEmployer: in.LeftEmployer, Continues: in.Continues, Replaces: in.Replaces,
			Added: call.at(), Act: act, Payload: payload, Version: 1,
		}
		if err := checkPlacement(call, file, rules, in, added); err != nil {
			return err
		}
		block, _ := rules.Block(in.Block)
		added.Category = string(block.Category)
		return s.Store.AddPlacement(ctx, added, aliases...)
	})
	return added, err
}

// withoutPerson is what of the input may be hashed into an item: a plain hash of
// a name could be guessed.
func (in PlacementInput) withoutPerson() PlacementInput {
	in.Person = PersonInput{}
	return in
}

// person is the token under which the person is known, else the newest key's, and
// the tokens under which nobody is known yet. Whoever adds the placement records
// these, so that of two who meet a person at once, under other versions of the
// keys, the second finds the first one's answer. Where the keys disagree, as after
// one was dropped too early and came back, the oldest has the last word.
func (s *Service) person(ctx context.Context, in PersonInput) (person sroi.Token, aliases []sroi.Token, err error) {
	tokens := s.Persons.tokens(in)
	known, err := s.Store.KnownAs(ctx, tokens)
	if err != nil {
		return "", nil, err
	}
	person = tokens[0]
	for i, as := range known {
		if as == "" {
			aliases = append(aliases, tokens[i])
		} else {
			person = as
		}
	}
	return person, aliases, nil
}

// contractFile loads a contract that the actor may see, its placements, and its rules.
func (s *Service) contractFile(ctx context.Context, call Call, id string) (File, *ruleset.RuleSet, error) {
	file, err := s.Store.File(ctx, id)
	if err != nil {
		return File{}, nil, hidden(err)
	}
	if !call.seesContract(file.Contract) {
		return File{}, nil, absent()
	}
	rules, err := s.Rules.Pinned(file.Contract.Rules)
	if err != nil {
		return File{}, nil, err
	}
	return file.under(rules), rules, nil
}

// under puts the placements in the codes of the contract's rules, which may be
// others than those under which they were typed.
func (f File) under(rules *ruleset.RuleSet) File {
	f.Placements = slices.Clone(f.Placements)
	for i, p := range f.Placements {
		block := f.Contract.BlockIn(p.Block)
		f.Placements[i].Block, f.Placements[i].Bonuses = block, rules.BonusesFor(block, p.Bonuses)
	}
	return f
}

func checkPlacement(call Call, file File, rules *ruleset.RuleSet, in PlacementInput, p sroi.Placement) error {
	var found faults
	in.Person.check(call.Today(), &found)
	checkKvK("/employer/kvk", in.Employer.KvK, &found)
	checkName("/employer/name", in.Employer.Name, &found)
	checkSchedule(file.Contract, in.Schedule, &found)
	checkFacts(p, &found)
	if in.Replaces < 0 || in.Replaces > len(file.Placements) {
		found.add("/replaces", "plaatsing-onbekend", "De plaatsing die deze vervangt, bestaat niet.")
	}
	if len(found) > 0 {
		checkBlock(rules, in, &found)
		return found.err()
	}
	if err := valued(file, rules, p, &found); err != nil {
		return err
	}
	checkAges(file.Contract, rules, in, &found)
	return found.err()
}

// valued wants a placement that the rule set can value, with hours where they
// matter.
func valued(file File, rules *ruleset.RuleSet, p sroi.Placement, found *faults) error {
	whole := worth(file, p, file.Contract.Counted())
	for _, err := range []error{rules.HoursGiven(&whole), second(rules.PlacementValue(&whole))} {
		if err != nil && !found.addAll("", err) {
			return err
		}
	}
	return nil
}

func second[T any](_ T, err error) error { return err }

// worth asks what a placement is worth in a window.
func worth(file File, p sroi.Placement, window calendar.Span) ruleset.PlacementInput {
	return ruleset.PlacementInput{
		Block: p.Block, Bonuses: p.Bonuses, Form: p.Form, Schedule: p.Schedule, Counted: file.Contract.Counted(), Window: window,
		Subsidised: p.Subsidised, LeftEmployer: p.LeftEmployer, InternshipMonths: sroi.InternshipMonths(p, file.Placements),
	}
}

// checkFacts holds what is known of the person to the order of time.
func checkFacts(p sroi.Placement, found *faults) {
	checkSpans("/subsidised", p.Subsidised, func(s calendar.Span) calendar.Span { return s }, found)
	if len(p.Schedule) > 0 && !p.LeftEmployer.IsZero() && !p.LeftEmployer.Before(p.Start()) {
		found.add("/leftEmployer", "datums-verkeerd-om", "De laatste werkdag bij de werkgever ligt voor het begin van de plaatsing.")
	}
}

// checkSpans wants spans of days that follow each other and do not overlap.
func checkSpans[T any](at string, list []T, days func(T) calendar.Span, found *faults) {
	for i, item := range list {
		if span := days(item); span.Empty() {
			found.add(at+"/"+itoa(i)+"/to", "datums-verkeerd-om", "De laatste dag ligt voor de eerste.")
		}
		if i > 0 && !days(list[i-1]).End().Before(days(item).From) {
			found.add(at+"/"+itoa(i)+"/from", "overlap", "De perioden volgen op elkaar en overlappen niet.")
		}
	}
}

// checkBlock names an unknown target group also where other faults come first.
func checkBlock(rules *ruleset.RuleSet, in PlacementInput, found *faults) {
	if _, ok := rules.Block(in.Block); !ok {
		found.add("/block", ruleset.FaultUnknownBlock, "Dit bouwblok bestaat niet in de rekenregel van het contract.")
	}
}

func checkSchedule(contract sroi.Contract, schedule []ruleset.Hours, found *faults) {
	if len(schedule) == 0 {
		found.add("/schedule", "uren-ontbreken", "Geef ten minste een begindatum en de uren per week.")
		return
	}
	for i, hours := range schedule {
		if hours.PerWeek < 0 || hours.PerWeek > calendar.MaxWeek {
			found.add("/schedule/"+itoa(i)+"/perWeek", "uren-onmogelijk", "Geef tussen 0 en 60 uren per week.")
		}
	}
	checkSpans("/schedule", schedule, func(h ruleset.Hours) calendar.Span { return h.Span }, found)
	first, last := schedule[0].From, schedule[len(schedule)-1].End()
	if !(calendar.Span{From: first, To: last}).Overlaps(contract.Counted()) {
		found.add("/schedule/0/from", "buiten-contract", "De plaatsing valt geheel buiten het contract en zijn aanlooptijd.")
	}
}

// checkAges refuses an age bonus that the date of birth contradicts. With the
// desk's code there is no date of birth; then the consultant checks.
func checkAges(contract sroi.Contract, rules *ruleset.RuleSet, in PlacementInput, found *faults) {
	if in.Person.Code != "" {
		return
	}
	reference := in.Schedule[0].From
	if rules.PersonReference == ruleset.AtAward {
		reference = contract.Awarded
	}
	for i, code := range in.Bonuses {
		bonus, ok := rules.Bonus(code)
		if ok && bonus.MinimumAge > 0 && in.Person.Birth.ageOn(reference) < bonus.MinimumAge {
			found.add("/bonuses/"+itoa(i), "leeftijd-te-laag", "De geboortedatum past niet bij deze bonus op de peildatum "+reference.Dutch()+".")
		}
	}
}

// Placements lists a contract's placements by number.
func (s *Service) Placements(ctx context.Context, call Call, contract string) ([]sroi.Placement, error) {
	file, _, err := s.contractFile(ctx, call, contract)
	return file.Placements, err
}

// Placement reads one by its number.
func (s *Service) Placement(ctx context.Context, call Call, contract string, number int) (sroi.Placement, error) {
	file, _, err := s.contractFile(ctx, call, contract)
	if err != nil {
		return sroi.Placement{}, err
	}
	placement, ok := file.placement(number)
	if !ok {
		return sroi.Placement{}, absent()
	}
	return placement, nil
}

// placement finds a placement by its number.
func (f File) placement(number int) (sroi.Placement, bool) {
	if number < 1 || number > len(f.Placements) {
		return sroi.Placement{}, false
	}
	return f.Placements[number-1], true
}

// ChangePlacement changes the agreed hours from a day on, ends the placement, or
// changes what is known of the person, under If-Match.
func (s *Service) ChangePlacement(ctx context.Context, call Call, contract string, number int, change PlacementChange) (sroi.Placement, error) {
	file, rules, err := s.contractFile(ctx, call, contract)
	if err != nil {
		return sroi.Placement{}, err
	}
	if err := call.may(sroi.Supplier); err != nil {
		return sroi.Placement{}, err
	}
	placement, ok := file.placement(number)
	if !ok {
		return sroi.Placement{}, absent()
	}
	if err := call.matches(placement.Version); err != nil {
		return sroi.Placement{}, err
	}
	changed, err := changedPlacement(file, rules, placement, change)
	if err != nil {
		return sroi.Placement{}, err
	}
	last, err := s.handedInUntil(ctx, placement)
	if err != nil {
		return sroi.Placement{}, err
	}
	if !last.Before(placement.Start()) && !sameFacts(placement, changed, last) {
		changed.FactsChanged = call.Today()
	}
	return changed, stale(s.Store.UpdatePlacement(ctx, changed))
}

// handedInUntil is the last day of what is with the consultant or decided, of what
// was handed in since a placement was there; zero where nothing is.
func (s *Service) handedInUntil(ctx context.Context, p sroi.Placement) (calendar.Date, error) {
	statements, err := s.Store.Statements(ctx, p.Contract)
	var last calendar.Date
	for _, head := range statements {
		waits := head.State == sroi.Submitted || head.State == sroi.Decided
		if end := head.Period.Span().To; waits && !head.SubmittedOn.Before(calendar.On(p.Added)) && end.After(last) {
			last = end
		}
	}
	return last, err
}

// sameFacts tells whether statements up to a day reckon alike with both. Hours that
// are told in two spans instead of one are the same.
func sameFacts(a, b sroi.Placement, day calendar.Date) bool {
	alone := func(p sroi.Placement) []ruleset.Hours { return until(sroi.Beside(p, nil, 0), day) }
	return slices.Equal(alone(a), alone(b)) && a.LeftEmployer == b.LeftEmployer && (len(a.Subsidised) == 0) == (len(b.Subsidised) == 0) &&
		slices.Equal(spansUntil(a.Subsidised, day), spansUntil(b.Subsidised, day))
}

// spansUntil are spans cut after a day; what follows at once goes on.
func spansUntil(spans []calendar.Span, day calendar.Date) []calendar.Span {
	var before []calendar.Span
	for _, span := range spans {
		cut, n := span.Intersect(calendar.Span{From: span.From, To: day}), len(before)
		switch {
		case cut.Empty():
		case n > 0 && before[n-1].To.AddDays(1) == cut.From:
			before[n-1].To = cut.To
		default:
			before = append(before, cut)
		}
	}
	return before
}

func changedPlacement(file File, rules *ruleset.RuleSet, p sroi.Placement, change PlacementChange) (sroi.Placement, error) {
	var found faults
	if len(change.Schedule) == 0 && change.EndsOn.IsZero() && change.Subsidised == nil && change.LeftEmployer == nil {
		found.add("/schedule", "niets-te-wijzigen", "Geef nieuwe uren, een einddatum, loonkostensubsidie of de laatste werkdag bij de werkgever.")
		return p, found.err()
	}
	if change.Subsidised != nil {
		p.Subsidised = *change.Subsidised
	}
	if change.LeftEmployer != nil {
		p.LeftEmployer = *change.LeftEmployer
	}
	if len(change.Schedule) > 0 {
		checkSchedule(file.Contract, change.Schedule, &found)
		p.Schedule = append(until(p.Schedule, change.Schedule[0].From.AddDays(-1)), change.Schedule...)
	}
	if !change.EndsOn.IsZero() {
		if change.EndsOn.Before(p.Schedule[0].From) {
			found.add("/endsOn", "datums-verkeerd-om", "De plaatsing eindigt voor haar begin.")
		} else {
			p.Schedule = until(p.Schedule, change.EndsOn)
		}
	}
	checkFacts(p, &found)
	if err := found.err(); err != nil {
		return p, err
	}
	if err := valued(file, rules, p, &found); err != nil {
		return p, err
	}
	p.Version++
	return p, found.err()
}

// until is the schedule cut after a day.
func until(schedule []ruleset.Hours, day calendar.Date) []ruleset.Hours {
	var kept []ruleset.Hours
	for _, hours := range schedule {
		if hours.From.After(day) {
			break
		}
		if hours.End().After(day) {
			hours.To = day
		}
		kept = append(kept, hours)
	}
	return kept
}

var errNotSupplied = errors.New("app: a line without its kind")
