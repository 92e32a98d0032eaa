// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// Decide decides lines of a submitted statement, or sends it back. When the
// last line is decided, the statement closes with one ledger entry.
func (s *Service) Decide(ctx context.Context, call Call, contract string, period calendar.Period, in DecideInput) (StatementFile, error) {
	d, err := s.desk(ctx, call, contract, period)
	if err != nil {
		return StatementFile{}, err
	}
	d.act, d.payload = call.act("decide/"+contract+"/"+period.String()), sroi.Digest([]any{in, call.Match})
	if done, err := d.repeated(ctx, in.Lines); done || err != nil {
		return d.StatementFile, err
	}
	if err := call.decidesOn(d.Statement); err != nil {
		return StatementFile{}, err
	}
	if d.Statement.State != sroi.Submitted {
		return StatementFile{}, refuse(Conflict, "niet-ingediend", "Deze verantwoording is niet ingediend, of al beoordeeld.")
	}
	if err := call.matches(d.Statement.Version); err != nil {
		return StatementFile{}, err
	}
	if d.register, err = s.registerOfLines(ctx, d.rules, d.Lines); err != nil {
		return StatementFile{}, err
	}
	if err := d.check(in); err != nil {
		return StatementFile{}, err
	}
	if in.SendBack != "" {
		return d.sendBack(ctx, in.SendBack)
	}
	for _, decision := range d.inOrder(in.Lines) {
		if err := d.decide(ctx, decision); err != nil {
			return StatementFile{}, err
		}
	}
	return d.close(ctx)
}

// inOrder is the decisions in the order in which they take of a limit: by start
// and number of the placement and the days of the line, so that the order of the
// lines changes no total.
func (d *desk) inOrder(decisions []LineDecision) []LineDecision {
	return slices.SortedStableFunc(slices.Values(decisions), func(a, b LineDecision) int {
		one, other := d.Lines[a.Line-1], d.Lines[b.Line-1]
		switch {
		case one.Placed == nil && other.Placed == nil:
			return 0
		case one.Placed == nil:
			return -1 // takes of no limit
		case other.Placed == nil:
			return 1
		}
		return cmp.Or(
			one.Placed.Start.Compare(other.Placed.Start),
			cmp.Compare(one.Claim.Placement.Number, other.Claim.Placement.Number),
			one.Span.From.Compare(other.Span.From),
		)
	})
}

// desk is a consultant's work on one statement.
type desk struct {
	StatementFile
	service      *Service
	call         Call
	file         File
	rules        *ruleset.RuleSet
	register     register // of the sellers of the lines
	balance      sroi.Balance
	act, payload string
	// earlier is what had been verified of a person when a line that is corrected now
	// was decided; nil when deciding: what was verified first stays first.
	earlier *[]ruleset.Earlier
}

// desk reads all that it takes, as of one moment in the contract's life: again,
// where an amendment came in between.
func (s *Service) desk(ctx context.Context, call Call, contract string, period calendar.Period) (d *desk, err error) {
	err = bounded(func() error {
		d, err = s.openDesk(ctx, call, contract, period)
		return err
	})
	return d, err
}

// openDesk is ErrStale where the contract was amended meanwhile.
func (s *Service) openDesk(ctx context.Context, call Call, contract string, period calendar.Period) (*desk, error) {
	file, rules, err := s.contractFile(ctx, call, contract)
	if err != nil {
		return nil, err
	}
	if err := call.may(sroi.Consultant); err != nil {
		return nil, err
	}
	statement, err := s.statementFile(ctx, call, contract, period)
	if err != nil {
		return nil, err
	}
	account, err := s.Store.Account(ctx, contract)
	if err == nil && account.Contract.Version != file.Contract.Version {
		err = ErrStale
	}
	return &desk{StatementFile: statement, service: s, call: call, file: file, rules: rules, balance: account.Balance}, err
}

// repeated tells that this very command was carried out, or cut short and then
// overtaken. It completes what a crash may have left of it: what a statement that
// was sent back still holds.
func (d *desk) repeated(ctx context.Context, lines []LineDecision) (bool, error) {
	if d.Statement.Act == d.act {
		if err := sameCommand(d.Statement.Payload, d.payload); err != nil || d.Statement.State != sroi.SentBack {
			return true, err
		}
		d.Decisions = nil
		return true, d.service.giveBack(ctx, d.call, d.Statement)
	}
	for _, decision := range d.Decisions {
		if decision.Act == d.act {
			if err := sameCommand(decision.Payload, d.payload); err != nil || d.Statement.State != sroi.Decided {
				return false, err
			}
			return true, d.byOthers(lines)
		}
	}
	return false, nil
}

// check names every fault, and refuses a line that is decided already.
func (d *desk) check(in DecideInput) error {
	var found faults
	nothingLeft := in.SendBack == "" && len(d.Decisions) == len(d.Lines) // a zero report, or a close that was cut short
	if (in.SendBack == "") == (len(in.Lines) == 0) && !nothingLeft {
		found.add("/lines", "regels-of-terugsturen", "Beoordeel regels, of stuur terug met een opmerking.")
	}
	checkFreeText("/sendBack", in.SendBack, in.NoBSN, &found)
	seen := map[int]bool{}
	for i, decision := range in.Lines {
		at := "/lines/" + itoa(i)
		if decision.Line < 1 || decision.Line > len(d.Lines) || seen[decision.Line] {
			found.add(at+"/line", "regel-onbekend", "Deze regel bestaat niet, of staat twee keer in de beoordeling.")
			continue
		}
		seen[decision.Line] = true
		if _, decided := d.decision(decision.Line); !decided {
			d.checkRecognition(at, decision, &found)
		}
		d.checkDecision(at, decision, &found)
	}
	if err := found.err(); err != nil {
		return err
	}
	return d.byOthers(in.Lines)
}

// byOthers refuses lines that another command decided.
func (d *desk) byOthers(lines []LineDecision) error {
	var decided []string
	for _, line := range lines {
		if other, ok := d.decision(line.Line); ok && other.Act != d.act {
			decided = append(decided, itoa(line.Line))
		}
	}
	if decided == nil {
		return nil
	}
	return refuse(Conflict, "regel-al-beoordeeld", "Al beoordeeld: regel "+strings.Join(decided, ", ")+". Een oordeel wijzigt alleen door een correctie.")
}

func (d *desk) decision(line int) (sroi.Decision, bool) {
	for _, decision := range d.Decisions {
		if decision.Line == line {
			return decision, true
		}
	}
	return sroi.Decision{}, false
}

// checkDecision holds a decision to its line: what is approved lies within the claim.
func (d *desk) checkDecision(at string, in LineDecision, found *faults) {
	line := d.Lines[in.Line-1]
	checkFreeText(at+"/text", in.Text, in.NoBSN, found)
	if in.Verdict != sroi.Approved && (in.Reason == "" || strings.TrimSpace(in.Text) == "") {
		found.add(at+"/reason", "reden-ontbreekt", "Wie niet geheel goedkeurt, geeft een reden en een toelichting.")
	}
	d.checkApprover(at, line, in, found)
	parts := 0
	for _, given := range []bool{in.Hours != nil, in.Amount != nil, in.Spent != nil} {
		if given {
			parts++
		}
	}
	if (in.Verdict == sroi.ApprovedPartly) != (parts == 1) {
		found.add(at, "deel-onduidelijk", "Bij gedeeltelijke goedkeuring hoort precies één deel: uren per week en dagen, een bedrag of bestede uren; anders geen.")
		return
	}
	switch {
	case in.Hours != nil && line.Placed == nil,
		in.Amount != nil && line.Claim.Purchase == nil && !d.counts(line.Claim, ruleset.ActualCost, ruleset.Agreed),
		in.Spent != nil && !d.counts(line.Claim, ruleset.PerHour):
		found.add(at, "deel-past-niet", "Dit deel past niet bij de soort van de regel.")
	case in.Hours != nil && len(in.Hours) == 0:
		found.add(at+"/hours", "deel-onduidelijk", "Noem de dagen en uren die zijn goedgekeurd, of keur de regel af.")
	case in.Amount != nil && (*in.Amount < 0 || *in.Amount > claimedAmount(line.Claim)):
		found.add(at+"/amount", "boven-claim", "Goedkeuren kan tot het opgegeven bedrag.")
	case in.Spent != nil && (*in.Spent < 0 || *in.Spent > line.Claim.Activity.Hours):
		found.add(at+"/spent", "boven-claim", "Goedkeuren kan tot de opgegeven uren.")
	case in.Hours != nil && !covered(in.Hours, line.Placed.Hours):
		found.add(at+"/hours", "boven-claim", "Goedkeuren kan binnen de opgegeven dagen en tot de opgegeven uren per week.")
	}
}

// counts tells whether a claim is an activity of a block of one of these kinds.
func (d *desk) counts(claim sroi.Claim, kinds ...ruleset.Kind) bool {
	if claim.Activity == nil {
		return false
	}
	block, ok := d.rules.Block(d.file.blockOf(claim))
	return ok && slices.Contains(kinds, block.Kind)
}

// claimedAmount is the amount of an invoice, a cost or an arrangement.
func claimedAmount(claim sroi.Claim) money.Cents {
	switch {
	case claim.Purchase != nil:
		return claim.Purchase.Amount
	case claim.Activity.Agreed != nil:
		return *claim.Activity.Agreed
	case claim.Activity.Cost != nil:
		return *claim.Activity.Cost
	}
	return 0
}

// covered tells whether the part lies within the whole: its days, and no more
// hours on any of them.
func covered(part, whole []ruleset.Hours) bool {
	for i, hours := range part {
		if hours.Empty() || hours.To.IsZero() || hours.PerWeek < 0 || i > 0 && !part[i-1].To.Before(hours.From) {
			return false
		}
		days := 0
		for _, allowed := range sroi.Within(whole, hours.Span) {
			if hours.PerWeek > allowed.PerWeek {
				return false
			}
			days += allowed.Days()
		}
		if days != hours.Days() {
			return false
		}
	}
	return true
}

// decide writes the decision on one line, taking what it uses up. It tries
// again where the person's tally moved on, and not where the statement did.
func (d *desk) decide(ctx context.Context, in LineDecision) error {
	if other, ok := d.decision(in.Line); ok && other.Act == d.act {
		return nil
	}
	var decision sroi.Decision
	err := bounded(func() error {
		var take *Take
		var err error
		if decision, take, err = d.weigh(ctx, d.Lines[in.Line-1], in); err != nil {
			return err
		}
		decision, err = d.service.Store.AddDecision(ctx, d.Statement, decision, take)
		switch {
		case errors.Is(err, ErrTaken):
			return d.taken(in.Line)
		case errors.Is(err, ErrStale):
			return d.unmoved(ctx)
		}
		if err == nil { // by this act at the same moment, maybe
			err = sameCommand(decision.Payload, d.payload)
		}
		return err
	})
	if err != nil {
		return err
	}
	d.Decisions = append(d.Decisions, decision)
	slices.SortFunc(d.Decisions, func(a, b sroi.Decision) int { return a.Line - b.Line })
	return nil
}

// unmoved is ErrStale while the statement is as it was, so that it was the
// person's tally that moved on; there is no use in trying again otherwise.
func (d *desk) unmoved(ctx context.Context) error {
	head, err := d.service.Store.Statement(ctx, d.Statement.Contract, d.Statement.Period)
	switch {
	case err != nil:
		return hidden(err)
	case head.Version != d.Statement.Version:
		return stale(ErrStale)
	}
	return ErrStale
}

func (d *desk) taken(line int) error {
	return refuse(Conflict, "al-geteld", fmt.Sprintf("Regel %d is al door een ander beoordeeld, of hetzelfde is al eerder goedgekeurd in een andere verantwoording van dit contract.", line))
}

// weigh works out what a decision is worth and what it takes.
func (d *desk) weigh(ctx context.Context, line sroi.Line, in LineDecision) (sroi.Decision, *Take, error) {
	decision := sroi.Decision{
		Line: in.Line, Verdict: in.Verdict, Reason: string(in.Reason), Text: in.Text, Hours: in.Hours, Amount: in.Amount, Spent: in.Spent,
		ApprovedBy: in.ApprovedBy,
		Booked:     d.call.Today(), At: d.call.at(), Actor: d.call.actor(), Act: d.act, Payload: d.payload, Salt: d.service.Salt(),
	}
	var err error
	if in.Verdict == sroi.Rejected {
		decision.Receipt, err = d.rules.ExplainRejection(ruleset.RejectionInput{Claimed: line.Value})
		return decision, nil, err
	}
	var take *Take
	switch {
	case line.Claim.Placement != nil:
		take, err = d.weighPlacement(ctx, line, &decision)
	case line.Claim.Purchase != nil:
		take, err = d.weighPurchase(line, &decision)
	default:
		take, err = d.weighActivity(line, &decision)
	}
	if err != nil {
		return decision, nil, err
	}
	decision.Value = min(decision.Receipt.Result, line.Value)
	return decision, take, nil
}

// weighPlacement leaves of the claim what the person's other verified hours
// allow: below the norm on each day, over all contracts.
func (d *desk) weighPlacement(ctx context.Context, line sroi.Line, decision *sroi.Decision) (*Take, error) {
	person, err := d.service.Store.Person(ctx, line.Placed.Person)
	if err != nil {
		return nil, err
	}
	take := &Take{
		Contract: d.Statement.Contract, Holder: d.holder(), Person: line.Placed.Person,
		Period: d.periodOf(line), Placement: line.Claim.Placement.Number, Span: line.Span, Worked: line.Claim.Placement.Worked, TallyVersion: person.TallyVersion,
	}
	var input ruleset.PlacementInput
	if err := decode(line.Receipt.Input, &input); err != nil {
		return nil, err
	}
	asked := line.Placed.Hours
	if decision.Verdict == sroi.ApprovedPartly {
		asked = decision.Hours
	}
	others := takenElsewhere(person, take)
	take.Hours = worked(sroi.Below(asked, d.rules.NormWeek, others.hours))
	take.Worked = inProportion(take.Worked, take.Hours, line.Placed.Hours)
	input.Earlier = ruleset.Merge(others.earlier)
	if d.earlier != nil {
		input.Earlier = *d.earlier
	}
	if decision.Verdict == sroi.ApprovedPartly || !slices.Equal(take.Hours, asked) {
		input.Approved = take.Hours
	}
	if decision.Receipt, err = d.rules.ExplainPlacement(input); err != nil {
		return nil, err
	}
	explainLimit(line, decision, !slices.Equal(take.Hours, asked), others.foreign)
	decision.Hours = take.Hours
	return take, nil
}

// worked is a schedule without the spans of no hours; never nil, for nil would
// leave everything.
func worked(schedule []ruleset.Hours) []ruleset.Hours {
	kept := []ruleset.Hours{}
	for _, hours := range schedule {
		if hours.PerWeek > 0 {
			kept = append(kept, hours)
		}
	}
	return kept
}

// inProportion is the part of the hours worked that belongs to the approved part
// of the claimed schedule, rounded up.
func inProportion(total calendar.Minutes, approved, claimed []ruleset.Hours) calendar.Minutes {
	whole := sroi.Expected(claimed)
	if whole == 0 {
		return total
	}
	return (total*sroi.Expected(approved) + whole - 1) / whole
}

// elsewhere is what other lines hold of a person.
type elsewhere struct {
	hours   []ruleset.Hours   // in the days of the line
	earlier []ruleset.Earlier // on any day
	foreign bool              // any of it on another contract
}

func takenElsewhere(person PersonFile, own *Take) elsewhere {
	var others elsewhere
	for _, take := range person.Takes {
		if take.Released || take.Contract == own.Contract && take.Placement == own.Placement && take.Period == own.Period {
			continue
		}
		if n := len(take.Hours); n > 0 {
			span := calendar.Span{From: take.Hours[0].From, To: take.Hours[n-1].End()}
			others.earlier = append(others.earlier, ruleset.Earlier{Span: span, Worked: take.Worked})
		}
		inside := sroi.Within(take.Hours, own.Span)
		others.hours = append(others.hours, inside...)
		others.foreign = others.foreign || take.Contract != own.Contract
	}
	return others
}

// findingElsewhere marks a decision that other contracts bear on; see shownTo.
const findingElsewhere = "elders-geteld"

// explainLimit says when a limit leaves less than was approved. What the
// supplier reads does not tell that someone is counted elsewhere.
func explainLimit(line sroi.Line, decision *sroi.Decision, reduced, foreign bool) {
	if foreign {
		decision.Findings = append(decision.Findings, sroi.Finding{
			Code: findingElsewhere, Detail: "Van deze persoon zijn ook uren geteld op een ander contract; samen tellen zij tot de grenzen van de rekenregel.",
		})
	}
	if decision.Verdict == sroi.Approved && (reduced || decision.Receipt.Result < line.Value) {
		decision.Verdict, decision.Reason = sroi.ApprovedPartly, string(sroi.LimitReached)
		decision.Text = strings.TrimSpace(decision.Text + " Een grens uit de rekenregel laat minder toe dan is opgegeven.")
	}
}

// sendBack makes the statement a draft again, with the comment, and gives back
// what was taken.
func (d *desk) sendBack(ctx context.Context, comment string) (StatementFile, error) {
	head := d.Statement
	head.Comment, head.Act, head.Payload = comment, d.act, d.payload
	moved, err := d.service.reopen(ctx, d.call, d.balance, head, sroi.SentBack, sroi.StatementSentBack)
	if err != nil {
		return StatementFile{}, err
	}
	d.Statement, d.Decisions = moved, nil
	return d.StatementFile, d.service.giveBack(ctx, d.call, moved)
}

// giveBack releases what the decisions on a submission hold that was sent back or
// withdrawn. It reads them once that is booked: from then on nothing more can be
// taken for it, and what slipped in before is seen. A repeat changes nothing.
func (s *Service) giveBack(ctx context.Context, call Call, head sroi.Statement) error {
	lines, decisions, err := s.Store.Revision(ctx, head)
	if err != nil || len(decisions) == 0 {
		return err
	}
	file, rules, err := s.contractFile(ctx, call, head.Contract)
	if err != nil {
		return err
	}
	d := &desk{StatementFile: StatementFile{Statement: head, Lines: lines, Decisions: decisions}, service: s, call: call, file: file, rules: rules}
	return s.Store.Release(ctx, d.takes())
}

// takes are what the decisions so far hold, released.
func (d *desk) takes() []Take {
	var takes []Take
	for _, decision := range d.Decisions {
		if decision.Verdict != sroi.Rejected {
			takes = append(takes, d.takesOf(d.Lines[decision.Line-1])...)
		}
	}
	return takes
}

// holder names the submission that takes.
func (d *desk) holder() string {
	return fmt.Sprintf("%s/%d", d.Statement.Period, d.Statement.Submission)
}

// takesOf is what a line may hold, released: one take, or none for an activity
// whose day has no maximum.
func (d *desk) takesOf(line sroi.Line) []Take {
	take := Take{Contract: d.Statement.Contract, Holder: d.holder(), Released: true}
	switch {
	case line.Claim.Placement != nil:
		take.Person, take.Placement, take.Period, take.Span = line.Placed.Person, line.Claim.Placement.Number, d.periodOf(line), line.Span
	case line.Claim.Purchase != nil:
		take.Seller, take.Invoice = line.Claim.Purchase.Seller, line.Claim.Purchase.Invoice
	case countsOnceADay(d.rules, d.file.present(line.Claim).Activity):
		take.Block, take.Day = d.file.takenAs(line.Claim.Activity.Block), line.Claim.Activity.Date
	default:
		return nil
	}
	return []Take{take}
}

// periodOf is the period that a line is about.
func (d *desk) periodOf(line sroi.Line) calendar.Period {
	if line.Claim.Period.IsZero() {
		return d.Statement.Period
	}
	return line.Claim.Period
}

// close books the decisions once every line has one. Where some are missing it
// looks again, for others may have decided them meanwhile: whoever decides last
// sees them all. Whoever loses the race to close finds the statement closed.
func (d *desk) close(ctx context.Context) (StatementFile, error) {
	fresh := len(d.Decisions) == len(d.Lines)
	err := bounded(func() error {
		if !fresh {
			again, err := d.service.desk(ctx, d.call, d.Statement.Contract, d.Statement.Period)
			if err != nil {
				return err
			}
			if open := again.Statement.State == sroi.Submitted || again.Statement.State == sroi.Decided; !open || again.Statement.Submission != d.Statement.Submission {
				return stale(ErrStale) // what was decided counts for nothing
			}
			d.StatementFile, d.balance = again.StatementFile, again.balance
		}
		fresh = false
		if d.Statement.State != sroi.Submitted || len(d.Decisions) < len(d.Lines) {
			return nil
		}
		head, entry := d.closing()
		after, sealed := d.balance.Next(entry)
		if err := d.service.Store.Move(ctx, Transition{Statement: head, Balance: after, Entry: sealed}); err != nil {
			return err
		}
		d.Statement = head
		return nil
	})
	return d.StatementFile, err
}

func (d *desk) closing() (sroi.Statement, sroi.Entry) {
	head := d.Statement
	head.State, head.Version = sroi.Decided, head.Version+1
	head.Act, head.Payload, head.DecisionsHash = d.act, d.payload, sroi.DigestAll(d.Decisions)
	var amounts []sroi.YearAmounts
	for i, line := range d.Lines {
		verified := d.Decisions[i].Value
		head.Verified += verified
		head.Rejected += line.Value - verified
		amounts = append(amounts, d.file.verified(d.rules, line, d.Decisions[i]).Plus(sroi.YearAmounts{
			Pending: -line.Value, Rejected: line.Value - verified, Lines: -1,
		}))
	}
	return head, sroi.Entry{
		Kind: sroi.StatementDecided, Booked: d.call.Today(), At: d.call.at(), Actor: d.call.actor(), Amounts: sroi.SumByYear(amounts),
		Period: head.Period, Revision: head.Revision, Submission: head.Submission, Lines: head.Lines,
		LinesHash: head.LinesHash, DecisionsHash: head.DecisionsHash,
	}
}
