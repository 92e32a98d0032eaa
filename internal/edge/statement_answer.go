// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// statementAnswer is a statement without its lines.
type statementAnswer struct {
	Contract    string                    `json:"contract"`
	Authority   sroi.AuthorityID          `json:"opdrachtgever"`
	Supplier    string                    `json:"opdrachtnemer"`
	Period      calendar.Period           `json:"periode"`
	State       word[sroi.StatementState] `json:"status"`
	Revision    int                       `json:"revisie"`
	Lines       int                       `json:"aantalRegels"`
	Incomplete  int                       `json:"onvolledigeRegels"`
	Claimed     money.Cents               `json:"opgegeven"`
	Verified    money.Cents               `json:"goedgekeurd"`
	Rejected    money.Cents               `json:"afgekeurd"`
	Submission  int                       `json:"indieningen"`
	SubmittedOn calendar.Date             `json:"indienDatum,omitzero"`
	DecideBy    calendar.Date             `json:"uiterlijkeBeslisDatum,omitzero"`
	Comment     string                    `json:"opmerking,omitempty"`
	Version     int                       `json:"versie"`
}

func statementOf(s sroi.Statement) statementAnswer {
	return statementAnswer{
		Contract: s.Contract, Authority: s.Authority, Supplier: s.Supplier, Period: s.Period,
		State: word[sroi.StatementState](s.State), Revision: s.Revision, Lines: s.Lines, Incomplete: s.Incomplete,
		Claimed: s.Claimed, Verified: s.Verified, Rejected: s.Rejected, Submission: s.Submission,
		SubmittedOn: s.SubmittedOn, DecideBy: s.DecideBy, Comment: s.Comment, Version: s.Version,
	}
}

// fileAnswer is a statement with its lines, as they were sent in.
type fileAnswer struct {
	statementAnswer
	Placements []placementLineAnswer `json:"plaatsingen"`
	Purchases  []purchaseLineAnswer  `json:"socialeInkopen"`
	Activities []activityLineAnswer  `json:"activiteiten"`
}

// lineAnswer is what became of a line.
type lineAnswer struct {
	Line     int              `json:"regel"`
	Period   calendar.Period  `json:"periode,omitzero"`
	Evidence []evidenceAnswer `json:"bewijsstukken"`
	Remark   string           `json:"toelichting,omitempty"`
	NoBSN    bool             `json:"geenBsn,omitempty"`
	From     calendar.Date    `json:"van"`
	To       calendar.Date    `json:"totEnMet"`
	Year     int              `json:"jaar"`
	Value    money.Cents      `json:"waarde"`
	Receipt  *receiptAnswer   `json:"berekening"`
	Missing  []string         `json:"ontbreekt"`
	Notices  []string         `json:"opmerkingen"`
	Findings []findingAnswer  `json:"bevindingen"`
	Decision *decisionAnswer  `json:"beoordeling,omitempty"`
}

type placementLineAnswer struct {
	lineAnswer
	placementClaim
}

type purchaseLineAnswer struct {
	lineAnswer
	purchaseClaim
}

type activityLineAnswer struct {
	lineAnswer
	activityClaim
}

type evidenceAnswer struct {
	evidence
	Seen *seenAnswer `json:"gezien,omitempty"`
}

type seenAnswer struct {
	Date calendar.Date   `json:"datum"`
	Role word[sroi.Role] `json:"rol"`
}

type findingAnswer struct {
	Code   string `json:"code"`
	Detail string `json:"toelichting"`
}

func findingOf(f sroi.Finding) findingAnswer { return findingAnswer{Code: f.Code, Detail: f.Detail} }

// decisionAnswer is a decision on a line.
type decisionAnswer struct {
	Line        int                       `json:"regel"`
	Verdict     word[sroi.LineVerdict]    `json:"oordeel"`
	Reason      string                    `json:"reden,omitempty"`
	Text        string                    `json:"toelichting,omitempty"`
	Hours       []hours                   `json:"urenschema,omitzero"`
	Amount      *money.Cents              `json:"bedrag,omitempty"`
	Spent       *calendar.Minutes         `json:"bestedeUren,omitempty"`
	ApprovedBy  string                    `json:"goedgekeurdDoor,omitempty"`
	Recognition word[ruleset.Recognition] `json:"erkenning,omitempty"`
	Value       money.Cents               `json:"waarde"`
	Receipt     *receiptAnswer            `json:"berekening"`
	Findings    []findingAnswer           `json:"bevindingen"`
	Booked      calendar.Date             `json:"boekDatum"`
	At          time.Time                 `json:"beoordeeldOp"`
	Actor       actorAnswer               `json:"actor"`
}

type actorAnswer struct {
	Role word[sroi.Role] `json:"rol"`
	ID   string          `json:"id"`
}

func actorOf(a sroi.Actor) actorAnswer { return actorAnswer{Role: word[sroi.Role](a.Role), ID: a.ID} }

func decisionOf(d sroi.Decision) (*decisionAnswer, error) {
	receipt, err := receiptOf(d.Receipt)
	answer := &decisionAnswer{
		Line: d.Line, Verdict: word[sroi.LineVerdict](d.Verdict), Reason: reasonOf(d.Reason), Text: d.Text,
		Amount: d.Amount, Spent: d.Spent, Value: d.Value, Receipt: receipt, Findings: each(d.Findings, findingOf),
		ApprovedBy: d.ApprovedBy, Recognition: word[ruleset.Recognition](d.Recognition),
		Booked: d.Booked, At: d.At.UTC(), Actor: actorOf(d.Actor),
	}
	if d.Hours != nil {
		answer.Hours = each(d.Hours, hoursOf)
	}
	return answer, err
}

// fileOf represents a statement as it was sent in: lines by kind, with what
// became of each.
func fileOf(f app.StatementFile) (fileAnswer, error) {
	answer := fileAnswer{
		statementAnswer: statementOf(f.Statement),
		Placements:      []placementLineAnswer{}, Purchases: []purchaseLineAnswer{}, Activities: []activityLineAnswer{},
	}
	seen := make(map[string]sroi.Sighting, len(f.Sightings))
	for _, s := range f.Sightings {
		seen[s.SHA256] = s
	}
	decided := make(map[int]sroi.Decision, len(f.Decisions))
	for _, d := range f.Decisions {
		decided[d.Line] = d
	}
	for _, line := range f.Lines {
		common, err := lineAnswerOf(line, seen)
		if err != nil {
			return answer, err
		}
		if d, ok := decided[line.Number]; ok {
			if common.Decision, err = decisionOf(d); err != nil {
				return answer, err
			}
		}
		answer.add(line.Claim, common)
	}
	return answer, nil
}

func (f *fileAnswer) add(claim sroi.Claim, common lineAnswer) {
	switch {
	case claim.Placement != nil:
		f.Placements = append(f.Placements, placementLineAnswer{common, placementClaim{
			Number: claim.Placement.Number, Worked: claim.Placement.Worked,
		}})
	case claim.Purchase != nil:
		p := claim.Purchase
		f.Purchases = append(f.Purchases, purchaseLineAnswer{common, purchaseClaim{
			Block: p.Block, Seller: p.Seller, SellerName: p.SellerName, Recognition: word[ruleset.Recognition](p.Recognition),
			Order: p.Order, Invoice: p.Invoice, InvoiceDate: p.InvoiceDate, Amount: p.Amount, LabourPart: p.LabourPart,
		}})
	case claim.Activity != nil:
		a := claim.Activity
		f.Activities = append(f.Activities, activityLineAnswer{common, activityClaim{
			Block: a.Block, Description: a.Description, Date: a.Date, Hours: a.Hours, People: a.People,
			Cost: a.Cost, Agreed: a.Agreed, Motivation: a.Motivation,
		}})
	}
}

func lineAnswerOf(line sroi.Line, seen map[string]sroi.Sighting) (lineAnswer, error) {
	receipt, err := receiptOf(line.Receipt)
	return lineAnswer{
		Line: line.Number, Period: line.Claim.Period, Remark: line.Claim.Remark, NoBSN: line.Claim.NoBSN,
		From: line.Span.From, To: line.Span.To, Year: line.Year, Value: line.Value, Receipt: receipt,
		Missing: each(line.Missing, same[string]), Notices: each(line.Notices, same[string]), Findings: each(line.Findings, findingOf),
		Evidence: each(line.Claim.Evidence, func(e sroi.Evidence) evidenceAnswer {
			answer := evidenceAnswer{evidence: evidence{Kind: e.Kind, Name: e.Name, SHA256: e.SHA256}}
			if s, ok := seen[e.SHA256]; ok {
				answer.Seen = &seenAnswer{Date: s.Seen, Role: word[sroi.Role](s.Actor.Role)}
			}
			return answer
		}),
	}, err
}
