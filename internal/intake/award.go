// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"fmt"
	"slices"

	"socialreturn/internal/money"
)

const (
	maxResults = maxLots
	maxAwards  = 10_000 // contract × tender × lot: a group of lots multiplies them
	maxLooks   = 50_000 // contract × group, of each lot: where awards may be
)

// bid is a tender of a result notice.
type bid struct {
	at    *element
	lot   string // a lot, or a group of lots
	party string
}

// outcome holds the parts of a result notice by their identifiers.
type outcome struct {
	contracts map[string]*element
	bids      map[string]bid
	parties   map[string][]Organisation
	won       map[[2]string][]string // tenders, by contract and lot or group of lots
	groups    map[string][]string    // groups that a lot belongs to
	awards    int
	looks     int
}

// bounded tells that there are not too many awards, nor places to look for them.
func (o *outcome) bounded() bool { return o.awards <= maxAwards && o.looks <= maxLooks }

// readResults joins results, contracts, tenders and parties. The date of
// cac:TenderResult is not read: the schema demands one there, and eForms fills
// it with a dummy.
func (r *noticeReader) readResults() *Error {
	at := r.extension.first("efac:NoticeResult")
	results := at.all("efac:LotResult")
	if len(results) > maxResults {
		return overLimit(fmt.Sprintf("De aankondiging telt meer dan %d resultaten.", maxResults))
	}
	parts := r.readOutcome(at)
	ofLot := map[string][]*element{}
	for _, result := range results {
		id := result.first("efac:TenderLot/cbc:ID").text()
		ofLot[id] = append(ofLot[id], result)
	}
	for i := range r.notice.Lots {
		lot := &r.notice.Lots[i]
		switch its := ofLot[lot.ID]; len(its) {
		case 0:
			r.omit("BT-142", lot.ID, OmittedMissing)
		case 1:
			lot.Result = r.readLotResult(its[0], lot.ID, parts)
		default: // which of them holds cannot be told
			r.omit("BT-142", lot.ID, OmittedContradiction)
		}
		delete(ofLot, lot.ID)
		if !parts.bounded() {
			return overLimit(fmt.Sprintf("De aankondiging telt meer dan %d gunningen, of verwijst er te vaak naar.", maxAwards))
		}
	}
	if len(ofLot) > 0 {
		r.omit("BT-13713", "", OmittedContradiction)
	}
	return nil
}

func (r *noticeReader) readOutcome(at *element) *outcome {
	parts := &outcome{
		contracts: map[string]*element{},
		bids:      map[string]bid{},
		parties:   map[string][]Organisation{},
		won:       map[[2]string][]string{},
		groups:    map[string][]string{},
	}
	for _, tender := range at.all("efac:LotTender") {
		parts.bids[tender.first("cbc:ID").text()] = bid{
			at:    tender,
			lot:   tender.first("efac:TenderLot/cbc:ID").text(),
			party: tender.first("efac:TenderingParty/cbc:ID").text(),
		}
	}
	for _, party := range at.all("efac:TenderingParty") {
		parts.parties[party.first("cbc:ID").text()] = r.resolve(party.all("efac:Tenderer/cbc:ID"), "")
	}
	for _, contract := range at.all("efac:SettledContract") {
		id := contract.first("cbc:ID").text()
		parts.contracts[id] = contract
		for _, tender := range distinct(contract.texts("efac:LotTender/cbc:ID")) {
			key := [2]string{id, parts.bids[tender].lot}
			parts.won[key] = append(parts.won[key], tender)
		}
	}
	for _, group := range r.root.all("cac:TenderingTerms/cac:LotDistribution/cac:LotsGroup") {
		id := group.first("cbc:LotsGroupID").text()
		for _, lot := range distinct(group.texts("cac:ProcurementProjectLotReference/cbc:ID")) {
			parts.groups[lot] = append(parts.groups[lot], id)
		}
	}
	return parts
}

// distinct keeps the first of equal texts.
func distinct(texts []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(texts, func(text string) bool {
		again := seen[text]
		seen[text] = true
		return again
	})
}

func (r *noticeReader) readLotResult(at *element, lot string, parts *outcome) *LotResult {
	result := &LotResult{
		Status: r.unmasked(at.code("cbc:TenderResultCode", "winner-selection-status"), "BT-142", lot),
		Reason: at.code("efac:DecisionReason/efbc:DecisionReasonCode", "non-award-justification"),
		FrameworkMaximum: r.amountIfAny(
			at.first("efac:FrameworkAgreementValues/cbc:MaximumValueAmount"), "BT-709", lot),
	}
	seen := map[string]bool{}
	scopes := distinct(append([]string{lot}, parts.groups[lot]...))
	contracts := at.texts("efac:SettledContract/cbc:ID")
	for _, id := range contracts {
		contract, known := parts.contracts[id]
		if !known || seen[id] {
			r.omit("OPT-315", lot, OmittedInvalid)
			continue
		}
		seen[id] = true
		awards := r.readAwards(contract, lot, scopes, parts)
		if len(awards) == 0 {
			r.omit("BT-3202", lot, OmittedContradiction)
		}
		result.Awards = append(result.Awards, awards...)
		if !parts.bounded() {
			break // the notice is refused
		}
	}
	if result.Status == "selec-w" {
		r.expect(len(contracts) > 0, "OPT-315", lot)
	}
	return result
}

// unmasked passes a code on, unless the buyer withholds it or it is absent.
func (r *noticeReader) unmasked(code, field, lot string) string {
	if code == "unpublished" {
		r.omit(field, lot, OmittedUnpublished)
		return ""
	}
	return r.required(code, field, lot)
}

// readAwards gives the tenders of a contract that are for one of the scopes: the
// lot, or a group that holds it. A contract may cover other lots too.
func (r *noticeReader) readAwards(contract *element, lot string, scopes []string, parts *outcome) []Award {
	parts.looks += len(scopes)
	var awards []Award
	common := Award{
		Contract:  contract.first("cbc:ID").text(),
		Decided:   r.date(contract.first("cbc:AwardDate"), "BT-1451", lot),
		Concluded: r.date(contract.first("cbc:IssueDate"), "BT-145", lot),
	}
	for _, scope := range scopes {
		for _, id := range parts.won[[2]string{common.Contract, scope}] {
			parts.awards++
			tender := parts.bids[id]
			award := common
			award.Tender = id
			award.Winners = parts.parties[tender.party]
			award.Value = r.awardValue(tender, lot)
			r.expect(len(award.Winners) > 0, "OPT-301", lot)
			awards = append(awards, award)
		}
	}
	return awards
}

// awardValue is the value of a tender for the lot. That of a tender for a group
// is the whole group's, so it is not given as the lot's.
func (r *noticeReader) awardValue(tender bid, lot string) *money.Cents {
	if tender.lot != lot {
		r.omit("BT-720", lot, OmittedShared)
		return nil
	}
	return r.amount(tender.at.first("cac:LegalMonetaryTotal/cbc:PayableAmount"), "BT-720", lot)
}
