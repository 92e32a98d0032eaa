// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"socialreturn/internal/sroi"
)

const (
	// exportBytes bounds the contents of a page: far below the 6 MB of an answer,
	// also once its quotes are escaped. One item may go over it.
	exportBytes = 2 << 20
	// exportLedgers bounds the ledgers of a page, and so the calls that it takes.
	exportLedgers = 50
	// recordBytes is about what a record takes beside its content.
	recordBytes = 300
)

// Export is a page of exported ledgers: whole ones, but where one does not fit.
type Export struct {
	Records []sroi.Record
	Next    string // cursor of the next page, empty at the end
}

// place is the record with which a page of an export begins. Its text is the
// cursor: "CONTRACT#<id>/<entry>/<record>". The record of an entry itself is 0,
// the items that follow it count from 1.
type place struct {
	ledger        string
	entry, record int
}

func (p place) String() string { return fmt.Sprintf("%s/%d/%d", p.ledger, p.entry, p.record) }

// startOf is where a ledger begins.
func startOf(ledger string) place { return place{ledger: ledger, entry: 1} }

// parsePlace reads a cursor. ErrCursor.
func parsePlace(cursor string) (place, error) {
	parts := strings.Split(cursor, "/")
	if len(parts) != 3 {
		return place{}, ErrCursor
	}
	entry, wrongEntry := strconv.ParseUint(parts[1], 10, 30)
	record, wrongRecord := strconv.ParseUint(parts[2], 10, 30)
	p := place{parts[0], int(entry), int(record)}
	if wrongEntry != nil || wrongRecord != nil || p.entry < 1 || p.String() != cursor {
		return place{}, ErrCursor
	}
	return p, nil
}

// exporter fills a page.
type exporter struct {
	service *Service
	call    Call
	most    int   // records; zero: as many as fit
	from    place // records of its ledger before it were given
	size    int
	page    Export
}

// newExporter begins a page at a cursor, or at a ledger where there is none.
// ErrCursor.
func (s *Service) newExporter(call Call, first string, page Page) (*exporter, error) {
	x := &exporter{service: s, call: call, most: page.Limit, from: startOf(first)}
	var err error
	if page.Cursor != "" {
		x.from, err = parsePlace(page.Cursor)
	}
	return x, err
}

// add puts a record on the page, unless it was given before; false where the
// page is full, which then ends before the record.
func (x *exporter) add(r sroi.Record, at place) bool {
	if at.ledger == x.from.ledger && (at.entry < x.from.entry || at.entry == x.from.entry && at.record < x.from.record) {
		return true
	}
	size := len(r.Content) + recordBytes
	if n := len(x.page.Records); n > 0 && (n == x.most || x.size+size > exportBytes) {
		x.page.Next = at.String()
		return false
	}
	x.page.Records = append(x.page.Records, r)
	x.size += size
	return true
}

// ExportContract exports a contract's ledger with the items that it hashes, from
// the cursor on; a limit bounds the records of the page, zero leaves them as many
// as fit.
func (s *Service) ExportContract(ctx context.Context, call Call, id string, page Page) (Export, error) {
	account, err := s.Contract(ctx, call, id)
	if err != nil {
		return Export{}, err
	}
	x, err := s.newExporter(call, "CONTRACT#"+id, page)
	if err != nil || x.from.ledger != "CONTRACT#"+id {
		return Export{}, badCursor(ErrCursor)
	}
	_, err = x.contract(ctx, account)
	return x.page, err
}

// ExportTender exports a tender's ledger, like ExportContract.
func (s *Service) ExportTender(ctx context.Context, call Call, id string, page Page) (Export, error) {
	tender, err := s.Tender(ctx, call, id)
	if err != nil {
		return Export{}, err
	}
	x, err := s.newExporter(call, "TENDER#"+id, page)
	if err != nil || x.from.ledger != "TENDER#"+id {
		return Export{}, badCursor(ErrCursor)
	}
	_, err = x.tender(ctx, tender)
	return x.page, err
}

// ExportAuthority exports all ledgers of an authority, by their names: contracts
// first. For whoever watches it.
func (s *Service) ExportAuthority(ctx context.Context, call Call, id sroi.AuthorityID, page Page) (Export, error) {
	if call.Actor.Role == sroi.Administrator {
		return Export{}, absent()
	}
	if _, err := s.Authority(ctx, call, id); err != nil {
		return Export{}, err
	}
	x, err := s.newExporter(call, "", page)
	if err != nil {
		return Export{}, badCursor(err)
	}
	if page.Cursor != "" {
		more, err := x.ledger(ctx, id, x.from.ledger)
		if err != nil || !more {
			return x.page, badCursor(err)
		}
	}
	names, err := s.Store.LedgersAfter(ctx, id, x.from.ledger, exportLedgers+1)
	if err != nil {
		return Export{}, err
	}
	for i, name := range names {
		if i == exportLedgers {
			x.page.Next = startOf(name).String()
			break
		}
		if more, err := x.ledger(ctx, id, name); err != nil || !more {
			return x.page, err
		}
	}
	return x.page, nil
}

// ledger exports a ledger of the authority by its name; false where the page is
// full. ErrCursor (no ledger of this authority).
func (x *exporter) ledger(ctx context.Context, authority sroi.AuthorityID, name string) (bool, error) {
	store := x.service.Store
	if id, is := strings.CutPrefix(name, "TENDER#"); is {
		tender, err := store.Tender(ctx, id)
		if err == nil && tender.Authority == authority {
			return x.tender(ctx, tender)
		}
		return false, cursorOr(err)
	}
	id, is := strings.CutPrefix(name, "CONTRACT#")
	if !is {
		return false, ErrCursor
	}
	account, err := store.Account(ctx, id)
	if err == nil && account.Contract.Authority == authority {
		return x.contract(ctx, account)
	}
	return false, cursorOr(err)
}

// cursorOr is that a cursor names nothing here, or what else went wrong.
func cursorOr(err error) error {
	if err == nil || KindOf(hidden(err)) == Absent {
		return ErrCursor
	}
	return err
}

// tender exports the entries of a tender's version; they hold all of it that
// figures depend on.
func (x *exporter) tender(ctx context.Context, tender sroi.Tender) (bool, error) {
	name := "TENDER#" + tender.ID
	entries, err := x.service.Store.TenderEntries(ctx, tender.ID)
	if err != nil {
		return false, err
	}
	for _, e := range entries[:min(tender.Version, len(entries))] {
		if !x.add(sroi.RecordedEntry(name, e), place{name, e.Seq, 0}) {
			return false, nil
		}
	}
	end := sroi.Record{Kind: sroi.BalanceRecord, Ledger: name, Entry: tender.Version, Hash: tender.Head}
	return x.add(end, place{name, tender.Version + 1, 0}), nil
}

// contract exports the entries that the balance is the fold of, each followed by
// the items that it commits to, and the balance.
func (x *exporter) contract(ctx context.Context, account Account) (bool, error) {
	file, err := x.service.exported(ctx, account)
	if err != nil {
		return false, err
	}
	file.foreign, file.discreet = !x.call.seesContract(account.Contract), !seesFindings(x.call.Actor.Role)
	for i, e := range file.Entries {
		if x.from.ledger == file.name && e.Seq < x.from.entry {
			continue
		}
		records, err := file.records(ctx, x.service.Store, i)
		if err != nil {
			return false, err
		}
		for n, r := range records {
			if !x.add(r, place{file.name, e.Seq, n}) {
				return false, nil
			}
		}
	}
	end := sroi.Recorded(sroi.BalanceRecord, file.name, file.balance.Seq, 0, file.balance)
	end.Hash = file.balance.Head
	return x.add(end, place{file.name, file.balance.Seq + 1, 0}), nil
}

// exportFile is a contract on its way out. Lines are read when their entry comes.
type exportFile struct {
	sroi.Ledger
	name    string
	balance sroi.Balance
	// foreign is of another desk than the reader's: no more than the chain is shown.
	// discreet leaves out what may tell of persons elsewhere.
	foreign, discreet bool
}

// exported reads a contract at one moment: the balance first, then amendments
// until they are those of the contract, and then the entries, of which it needs
// those up to the balance.
func (s *Service) exported(ctx context.Context, account Account) (*exportFile, error) {
	id := account.Contract.ID
	for range attempts {
		amendments, err := s.Store.Amendments(ctx, id)
		if err != nil {
			return nil, err
		}
		if len(amendments)+1 == account.Contract.Version {
			entries, err := s.Store.Entries(ctx, id, 0, account.Balance.Seq)
			return &exportFile{
				Ledger: sroi.Ledger{Contract: account.Contract, Amendments: amendments, Entries: entries},
				name:   "CONTRACT#" + id, balance: account.Balance,
			}, err
		}
		if account, err = s.Store.Account(ctx, id); err != nil {
			return nil, err
		}
	}
	return nil, refuse(Unavailable, "te-druk", "Er wordt door velen tegelijk aan gewerkt. Probeer het zo nog eens.")
}

// records are an entry's, and those of the items that it commits to.
func (f *exportFile) records(ctx context.Context, store Store, i int) ([]sroi.Record, error) {
	e := f.Entries[i]
	records := []sroi.Record{sroi.RecordedEntry(f.name, e)}
	add := func(kind sroi.RecordKind, item int, value any) {
		records = append(records, sroi.Recorded(kind, f.name, e.Seq, item, value))
	}
	switch {
	case e.Kind == sroi.ContractRegistered:
		add(sroi.ContractRecord, 1, f.ContractAfter(0))
	case e.Amendment > 0:
		add(sroi.AmendmentRecord, 1, f.Amendments[e.Amendment-1])
		add(sroi.ContractRecord, 1, f.ContractAfter(e.Amendment))
	case e.Correction != "":
		correction, err := store.Correction(ctx, f.Contract.ID, e.Correction)
		if err != nil {
			return nil, err
		}
		add(sroi.CorrectionRecord, 1, correction)
	case e.LinesHash != "":
		lines, decisions, err := store.Revision(ctx, sroi.Statement{
			Contract: f.Contract.ID, Period: e.Period, Revision: e.Revision, LinesHash: e.LinesHash, Lines: e.Lines, Submission: e.Submission,
		})
		if err != nil {
			return nil, err
		}
		if e.Kind == sroi.StatementDecided {
			lines = nil
		} else {
			decisions = nil
		}
		if f.gave(e, i) {
			lines = nil
		}
		for n, line := range lines {
			add(sroi.LineRecord, n+1, line)
		}
		for n, decision := range decisions {
			add(sroi.DecisionRecord, n+1, decision)
		}
	}
	return f.shown(records), nil
}

// gave tells whether an earlier entry submitted the same lines.
func (f *exportFile) gave(e sroi.Entry, before int) bool {
	return slices.ContainsFunc(f.Entries[:before], func(other sroi.Entry) bool { return e.SameLines(other) })
}

// shown leaves out what the reader may not see. It goes by the kind of item
// alone: were only items with a finding left out, that would tell of the finding.
func (f *exportFile) shown(records []sroi.Record) []sroi.Record {
	for i := range records {
		switch records[i].Kind {
		case sroi.LineRecord, sroi.DecisionRecord, sroi.CorrectionRecord:
			if f.discreet || f.foreign {
				records[i].Content = nil
			}
		case sroi.ContractRecord, sroi.AmendmentRecord:
			if f.foreign {
				records[i].Content = nil
			}
		}
	}
	return records
}
