// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"io"
	"strconv"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/present"
	"socialreturn/internal/sroi"
)

type entryAnswer struct {
	Seq           int                  `json:"nummer"`
	Kind          word[sroi.EntryKind] `json:"soort"`
	Booked        calendar.Date        `json:"boekDatum"`
	At            time.Time            `json:"vastgelegdOp"`
	Actor         actorAnswer          `json:"actor"`
	Amounts       []amountsAnswer      `json:"bedragen"`
	Period        calendar.Period      `json:"periode,omitzero"`
	Revision      int                  `json:"revisie,omitempty"`
	Submission    int                  `json:"indiening,omitempty"`
	Lines         int                  `json:"aantalRegels,omitempty"`
	LinesHash     string               `json:"regelsHash,omitempty"`
	DecisionsHash string               `json:"beoordelingenHash,omitempty"`
	Correction    string               `json:"correctie,omitempty"`
	Corrects      int                  `json:"corrigeert,omitempty"`
	Amendment     int                  `json:"wijziging,omitempty"`
	Reason        string               `json:"reden,omitempty"`
	Closes        int                  `json:"sluitJaar,omitempty"`
	Subject       string               `json:"onderwerpHash,omitempty"`
	Books         string               `json:"boekt"`
	Prev          string               `json:"vorigeHash,omitempty"`
	Hash          string               `json:"hash"`
}

type amountsAnswer struct {
	Year     int         `json:"jaar"`
	Obliged  money.Cents `json:"verplicht"`
	Pending  money.Cents `json:"ingediend"`
	Verified money.Cents `json:"goedgekeurd"`
	Rejected money.Cents `json:"afgekeurd"`
	Lines    int         `json:"teBeoordelen"`
	Asked    int         `json:"gevraagdeActiviteiten,omitempty"`
	Done     int         `json:"goedgekeurdeActiviteiten,omitempty"`
	// Capped is the part of Verified that a ceiling is on.
	Capped []cappedAnswer `json:"onderMaximum,omitempty"`
}

type cappedAnswer struct {
	Ceiling  string      `json:"maximum"`
	Verified money.Cents `json:"goedgekeurd"`
}

func cappedOf(c sroi.Capped) cappedAnswer { return cappedAnswer{c.Ceiling, c.Verified} }

func amountsOf(a sroi.YearAmounts) amountsAnswer {
	return amountsAnswer{
		Year: a.Year, Obliged: a.Obliged, Pending: a.Pending, Verified: a.Verified, Rejected: a.Rejected, Lines: a.Lines,
		Asked: a.Asked, Done: a.Done, Capped: each(a.Capped, cappedOf),
	}
}

func entryOf(e sroi.Entry) entryAnswer {
	return entryAnswer{
		Seq: e.Seq, Kind: word[sroi.EntryKind](e.Kind), Booked: e.Booked, At: e.At.UTC(), Actor: actorOf(e.Actor),
		Amounts: each(e.Amounts, amountsOf), Period: e.Period, Revision: e.Revision, Submission: e.Submission, Lines: e.Lines,
		LinesHash: e.LinesHash, DecisionsHash: e.DecisionsHash, Correction: e.Correction, Corrects: e.Corrects, Amendment: e.Amendment,
		Reason: reasonOf(e.Reason), Closes: e.Closes, Subject: e.Subject, Books: bookedBy(e), Prev: e.Prev, Hash: e.Hash,
	}
}

// bookedBy is where that is which a contract's entry books.
func bookedBy(e sroi.Entry) string {
	contract := "/v1/contracten/" + e.Owner
	switch {
	case e.Kind == sroi.ContractRegistered:
		return contract + "/sr-verplichting"
	case e.Kind == sroi.TurnoverReported:
		return contract + "/omzetopgaven"
	case e.Amendment > 0:
		return contract + "/wijzigingen"
	case e.Correction != "":
		return contract + "/correcties/" + e.Correction
	case !e.Period.IsZero():
		return contract + "/verantwoordingen/" + e.Period.String()
	}
	return contract
}

// tenderEntryAnswer is an entry of a tender: what the tender was from then on,
// as far as figures depend on it.
type tenderEntryAnswer struct {
	Seq       int                  `json:"nummer"`
	Kind      word[sroi.EntryKind] `json:"soort"`
	Booked    calendar.Date        `json:"boekDatum"`
	At        time.Time            `json:"vastgelegdOp"`
	Actor     actorAnswer          `json:"actor"`
	Procedure word[sroi.Procedure] `json:"procedure,omitempty"`
	CallOff   bool                 `json:"nadereOpdracht"`
	Withdrawn bool                 `json:"ingetrokken"`
	Lots      []lotFactsAnswer     `json:"percelen"`
	Reason    string               `json:"reden,omitempty"`
	Closes    int                  `json:"sluitJaar,omitempty"`
	Books     string               `json:"boekt"`
	Prev      string               `json:"vorigeHash,omitempty"`
	Hash      string               `json:"hash"`
}

type lotFactsAnswer struct {
	SocialReturn word[sroi.SocialReturn] `json:"socialReturn"`
	Reserved     bool                    `json:"voorbehouden"`
	Above        bool                    `json:"bovenDrempel"`
	Exempt       bool                    `json:"vrijgesteld"`
	Final        calendar.Date           `json:"gunningsDatum,omitzero"`
	Value        money.Cents             `json:"waarde"`
}

func lotFactsOf(l sroi.LotFacts) lotFactsAnswer {
	return lotFactsAnswer{
		SocialReturn: word[sroi.SocialReturn](l.SocialReturn), Reserved: l.Reserved, Above: l.Above, Exempt: l.Exempt, Final: l.Final, Value: l.Value,
	}
}

func tenderEntryOf(e sroi.Entry) tenderEntryAnswer {
	return tenderEntryAnswer{
		Seq: e.Seq, Kind: word[sroi.EntryKind](e.Kind), Booked: e.Booked, At: e.At.UTC(), Actor: actorOf(e.Actor),
		Procedure: word[sroi.Procedure](e.Tender.Procedure), CallOff: e.Tender.CallOff, Withdrawn: e.Tender.Withdrawn,
		Lots: each(e.Tender.Lots, lotFactsOf), Reason: reasonOf(e.Reason), Closes: e.Closes, Books: "/v1/aanbestedingen/" + e.Owner, Prev: e.Prev, Hash: e.Hash,
	}
}

// listTenderEntries gives a tender's whole ledger: it has an entry for each step
// of the award.
func listTenderEntries(r *request) (*response, error) {
	at := path[tenderPath](r)
	if r.offer == mediaJSONL {
		return r.exported(func(page app.Page) (app.Export, error) {
			return r.Service.ExportTender(r.ctx, r.call, string(at.ID), page)
		})
	}
	if err := r.refused(); err != nil {
		return nil, err
	}
	tender, entries, err := r.Service.TenderLedger(r.ctx, r.call, string(at.ID))
	if err != nil {
		return nil, err
	}
	if r.offer == mediaHTML {
		return r.page(func(w io.Writer) error { return present.TenderLedgerHTML(w, tender, entries) })
	}
	return whole(r, "mutaties", entries, tenderEntryOf)
}

// listEntries pages through a ledger; its cursor is the number of the last
// entry that was given.
func listEntries(r *request) (*response, error) {
	at := path[contractPath](r)
	if r.offer == mediaJSONL {
		return r.exported(func(page app.Page) (app.Export, error) {
			return r.Service.ExportContract(r.ctx, r.call, at.contract(), page)
		})
	}
	asked := query[paging](r)
	after := 0
	if asked.Cursor != "" {
		n, err := strconv.ParseUint(asked.Cursor, 10, 30)
		if err != nil {
			r.found.add(inQuery, "cursor", "onjuiste-cursor", "Gebruik de cursor uit de Link-header van de vorige pagina.")
		}
		after = int(n)
	}
	if err := r.refused(); err != nil {
		return nil, err
	}
	limit := asked.page().Limit
	account, entries, err := r.Service.Entries(r.ctx, r.call, at.contract(), after, limit+1)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(entries) > limit {
		entries = entries[:limit]
		next = strconv.Itoa(entries[limit-1].Seq)
	}
	if r.offer == mediaHTML {
		return r.page(func(w io.Writer) error {
			return present.LedgerHTML(w, account.Contract, account.Balance, entries, r.nextQuery(next))
		})
	}
	return listed(r, "mutaties", entries, next, entryOf)
}
