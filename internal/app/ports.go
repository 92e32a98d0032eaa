// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// What a store may answer besides a fault of its own. Store errors wrap these;
// everything else that it returns is internal.
var (
	// ErrAbsent: there is no such item.
	ErrAbsent = errors.New("app: absent")
	// ErrStale: the item moved on since it was read. Load again and decide again.
	ErrStale = errors.New("app: stale")
	// ErrTaken: something else has that place: a number, a reference, minutes, an invoice.
	ErrTaken = errors.New("app: taken")
	// ErrYearClosed: the authority closed that year.
	ErrYearClosed = errors.New("app: year closed")
	// ErrCursor: the cursor is none of ours.
	ErrCursor = errors.New("app: bad cursor")
	// ErrBusy: the store is throttled, out of reach or in conflict with others for
	// longer than it goes on trying. The same call may well succeed later.
	ErrBusy = errors.New("app: busy")
)

// Page asks for one page of a list.
type Page struct {
	Limit  int    // 1 to 100
	Cursor string // opaque; empty for the first
}

// Authorities keeps contracting authorities.
type Authorities interface {
	// Authority reads one. ErrAbsent.
	Authority(ctx context.Context, id sroi.AuthorityID) (sroi.Authority, error)
	// PutAuthority saves version a.Version, which must follow the stored one
	// (1: must be new), and that the authority lies in its areas. ErrStale.
	PutAuthority(ctx context.Context, a sroi.Authority) error
	// AuthoritiesOf lists a desk's authorities by id. ErrCursor.
	AuthoritiesOf(ctx context.Context, desk string, page Page) ([]sroi.Authority, string, error)
	// AuthoritiesIn names the authorities that ever lay in a municipality or region,
	// of whatever desk, by id, consistently.
	AuthoritiesIn(ctx context.Context, area string) ([]sroi.AuthorityID, error)
}

// TenderQuery selects an authority's tenders by date of publication.
type TenderQuery struct {
	Authority sroi.AuthorityID
	// Area selects all authorities in it that the actor may see, instead of one;
	// the store never sees it.
	Area   string
	Year   int   // of publication; zero: all
	Social *bool // with Social Return in any lot, or in none
}

// Tenders keeps tenders and their ledger.
type Tenders interface {
	// Tender reads one. ErrAbsent.
	Tender(ctx context.Context, id string) (sroi.Tender, error)
	// CreateTender saves a new tender and its first entry. Where the id exists
	// already it returns the stored tender and no error: the caller compares the
	// payload. ErrTaken (reference), ErrYearClosed (year of publication), ErrStale
	// (the authority closed a year that the tender does not know of).
	CreateTender(ctx context.Context, t sroi.Tender, e sroi.Entry) (sroi.Tender, error)
	// UpdateTender saves version t.Version, which must follow the stored one,
	// with its entry. From none of the lots freed may there be a contract. ErrStale,
	// ErrTaken (a lot freed).
	UpdateTender(ctx context.Context, t sroi.Tender, e sroi.Entry, freed ...string) error
	// ListTenders lists newest first. ErrCursor.
	ListTenders(ctx context.Context, q TenderQuery, page Page) ([]sroi.Tender, string, error)
	// TenderEntries reads a tender's whole ledger, consistently, in order.
	TenderEntries(ctx context.Context, id string) ([]sroi.Entry, error)
}

// Account is a contract with its balance.
type Account struct {
	Contract sroi.Contract
	Balance  sroi.Balance
}

// File is a contract with its placements.
type File struct {
	Contract   sroi.Contract
	Placements []sroi.Placement // by number
}

// Owner names whose contracts are listed: exactly one field is set.
type Owner struct {
	Authority sroi.AuthorityID
	Supplier  string
	Desk      string
}

// NewContract is what registering a contract writes, at once.
type NewContract struct {
	Contract sroi.Contract
	Balance  sroi.Balance
	Entries  []sroi.Entry // one, or two with an opening balance
	// TenderVersion is the version of the tender on which the award was read.
	TenderVersion int
	// OnePerLot refuses a second contract from the same lot (no framework).
	OnePerLot bool
}

// Change is what amending a contract writes, at once.
type Change struct {
	Contract  sroi.Contract // version must follow the stored one
	Amendment sroi.Amendment
	Balance   sroi.Balance // after Entry; the stored one must be that before it
	Entry     sroi.Entry
}

// Contracts keeps contracts, placements and balances.
type Contracts interface {
	// Account reads a contract and its balance, consistently. ErrAbsent.
	Account(ctx context.Context, id string) (Account, error)
	// Contracts reads at most 100 contracts without their balances, in that order,
	// consistently, in one call. ErrAbsent (any of them).
	Contracts(ctx context.Context, ids []string) ([]sroi.Contract, error)
	// File reads a contract and its placements, consistently. ErrAbsent.
	File(ctx context.Context, id string) (File, error)
	// CreateContract writes all of it or nothing. Where the id exists already it
	// returns the stored contract and no error: the caller compares the payload.
	// ErrTaken (contract number, or the lot), ErrStale (the tender moved on, or the
	// authority closed a year that the balance does not know of), ErrYearClosed (year
	// of the term's first day).
	CreateContract(ctx context.Context, n NewContract) (sroi.Contract, error)
	// Amend writes the next version of a contract, the amendment that keeps the
	// one before, and its entry, all or nothing. ErrStale.
	Amend(ctx context.Context, c Change) error
	// Amendments lists a contract's amendments by number, consistently.
	Amendments(ctx context.Context, contract string) ([]sroi.Amendment, error)
	// ListContracts lists by first day of the term, newest first. ErrCursor.
	ListContracts(ctx context.Context, o Owner, page Page) ([]Account, string, error)
	// AddPlacement saves a new placement under its number and, in the same stroke,
	// that who goes by one of the aliases is known as p.Person. ErrTaken (the
	// number), ErrStale (who goes by an alias is known as another).
	AddPlacement(ctx context.Context, p sroi.Placement, aliases ...sroi.Token) error
	// KnownAs reads, for each of the tokens that a person may go by, the one under
	// which that person is known, consistently, in one call; empty where none is.
	// Once known it never changes.
	KnownAs(ctx context.Context, tokens []sroi.Token) ([]sroi.Token, error)
	// UpdatePlacement saves version p.Version, which must follow the stored one. ErrStale.
	UpdatePlacement(ctx context.Context, p sroi.Placement) error
}

// PlanHead is the newest plan of a contract, without its efforts: what a forecast
// needs.
type PlanHead struct {
	Contract string      `json:"contract"`
	Version  int         `json:"version"` // from 1: of the revision too
	Rules    ruleset.Ref `json:"rules"`
	// What the plan came to when it was saved, and what it counted per period.
	Total   money.Cents    `json:"total"`
	Counted money.Cents    `json:"counted"`
	Periods []plan.Planned `json:"periods,omitempty"`
	Digest  string         `json:"digest"` // of the revision's efforts
	Saved   time.Time      `json:"saved"`
	Actor   sroi.Actor     `json:"actor"`
}

// PlanRevision is the efforts of a plan as they were given.
type PlanRevision struct {
	Contract string        `json:"contract"`
	Version  int           `json:"version"`
	Efforts  []plan.Effort `json:"efforts"`
}

// Prospect is a contract with its balance and its newest plan.
type Prospect struct {
	Account
	Plan *PlanHead // nil: none yet
}

// Plans keeps plans of contracts, every revision of them.
type Plans interface {
	// Prospect reads a contract, its balance and its newest plan, consistently, in
	// one call. ErrAbsent (the contract).
	Prospect(ctx context.Context, contract string) (Prospect, error)
	// SavePlan saves a revision and makes it the newest, all or nothing. The version
	// of both must follow the stored one (1: must be new). ErrStale.
	SavePlan(ctx context.Context, head PlanHead, revision PlanRevision) error
	// PlanRevision reads one. ErrAbsent.
	PlanRevision(ctx context.Context, contract string, version int) (PlanRevision, error)
}

// Transition moves a statement to another state and books it, all or nothing.
type Transition struct {
	Statement sroi.Statement // version must follow the stored one
	Balance   sroi.Balance   // after Entry; the stored one must be that before it
	Entry     sroi.Entry
}

// Due is a period that a contract must hand in a statement of.
type Due struct {
	Contract string
	Period   calendar.Period
}

// DeskQuery selects statements of a desk in one state.
type DeskQuery struct {
	Desk  string
	State sroi.StatementState
}

// Statements keeps statements, their lines and evidence sightings.
type Statements interface {
	// Statement reads the head of a period's statement, consistently. ErrAbsent.
	Statement(ctx context.Context, contract string, p calendar.Period) (sroi.Statement, error)
	// Statements lists a contract's statement heads by period.
	Statements(ctx context.Context, contract string) ([]sroi.Statement, error)
	// StatementsDue reads the heads of at most 100 statements, consistently, in one
	// call; those that are not there are not in it.
	StatementsDue(ctx context.Context, due []Due) (map[Due]sroi.Statement, error)
	// Revision reads the lines and decisions of a statement's revision, by line number, consistently.
	Revision(ctx context.Context, s sroi.Statement) ([]sroi.Line, []sroi.Decision, error)
	// SaveDraft writes the lines of a new revision first and then swaps the head
	// to it; a crash in between leaves the old revision whole. The head's version
	// must follow the stored one (1: must be new). ErrStale.
	SaveDraft(ctx context.Context, s sroi.Statement, lines []sroi.Line) error
	// Move books a transition. ErrStale.
	Move(ctx context.Context, t Transition) error
	// Queue lists a desk's statements in a state: submitted ones by decision
	// date, others by period, oldest first. ErrCursor.
	Queue(ctx context.Context, q DeskQuery, page Page) ([]sroi.Statement, string, error)
	// AddSighting records that evidence of a contract was seen; a repeat changes nothing.
	AddSighting(ctx context.Context, contract string, s sroi.Sighting) error
	// Sightings lists a contract's sightings by hash.
	Sightings(ctx context.Context, contract string) ([]sroi.Sighting, error)
}

// Take is a claim on something that can be used once: a person's hours in a
// period, or an invoice or a day of an activity within a contract. Of a person
// an empty Hours and Worked releases.
type Take struct {
	Contract string `json:"contract"`
	// Holder is "<period of the statement>/<submission>". A later submission of
	// the statement may take again; only the same one releases.
	Holder string `json:"holder"`

	// Of a person's hours: keyed by person, Period, contract and placement.
	Person    sroi.Token       `json:"person,omitempty"`
	Period    calendar.Period  `json:"period,omitzero"`
	Placement int              `json:"placement,omitempty"`
	Span      calendar.Span    `json:"span,omitzero"`
	Hours     []ruleset.Hours  `json:"hours,omitempty"`
	Worked    calendar.Minutes `json:"worked,omitempty"`
	// TallyVersion is the version of the person's tally when it was read; zero: none yet.
	TallyVersion int `json:"-"`

	// Of an invoice: keyed by seller and number, within the contract.
	Seller  string `json:"seller,omitempty"`
	Invoice string `json:"invoice,omitempty"`

	// Of a day of an activity, where that has a maximum: keyed by block and day,
	// within the contract.
	Block string        `json:"block,omitempty"`
	Day   calendar.Date `json:"day,omitzero"`

	Released bool `json:"released,omitempty"`
}

// PersonFile is everything taken of a person, over all contracts.
type PersonFile struct {
	TallyVersion int // zero: nothing was ever taken
	Takes        []Take
}

// Decisions keeps decisions, takes and corrections.
type Decisions interface {
	// AddDecision writes an immutable decision on a line of the statement's
	// revision, and its take if any, all or nothing. Where one of the same act is
	// there already it returns that one and no error. ErrTaken (decided otherwise, or taken by another
	// holder), ErrStale (the person's tally moved on).
	AddDecision(ctx context.Context, s sroi.Statement, d sroi.Decision, take *Take) (sroi.Decision, error)
	// Release gives takes back (send-back). A take of another holder is left alone.
	Release(ctx context.Context, takes []Take) error
	// Person reads what is taken of a person, consistently.
	Person(ctx context.Context, person sroi.Token) (PersonFile, error)
	// AddCorrection writes a correction with its entry, and its take if any, all
	// or nothing. Where its id exists already it returns the stored correction and
	// no error. ErrStale, ErrTaken.
	AddCorrection(ctx context.Context, c sroi.Correction, b sroi.Balance, e sroi.Entry, take *Take) (sroi.Correction, error)
	// Correction reads one. ErrAbsent.
	Correction(ctx context.Context, contract, id string) (sroi.Correction, error)
}

// Ledgers reads ledgers, consistently, and books what is an entry and no more.
type Ledgers interface {
	// Entries lists a contract's entries after a number, in order.
	Entries(ctx context.Context, contract string, after, limit int) ([]sroi.Entry, error)
	// Book books an entry on a contract that books nothing beside it, with the
	// balance after it. ErrStale.
	Book(ctx context.Context, after sroi.Balance, e sroi.Entry) error
	// ContractLedger reads all of a contract that its figures are made of. ErrAbsent.
	ContractLedger(ctx context.Context, id string) (sroi.Ledger, error)
	// LedgersOf lists at most limit (0: all) of an authority's ledgers after a name,
	// in order of names, consistently: "CONTRACT#<id>" and "TENDER#<id>".
	LedgersOf(ctx context.Context, authority sroi.AuthorityID, after string, limit int) ([]string, error)
}

// Sources are the contracts and tenders that contributions come from, by
// Contribution.Source. What is absent is in neither.
type Sources struct {
	Contracts map[string]sroi.Contract
	Tenders   map[string]sroi.Tender
}

// AreaYear is an area's year as it is, and as it was closed.
type AreaYear struct {
	Total  sroi.Total
	Closed *sroi.AreaClose // nil: not closed
}

// OfTwoMoments tells whether the total is of before what was frozen of it, so that
// their difference would be no correction.
func (y AreaYear) OfTwoMoments() bool { return y.Closed != nil && y.Total.Version < y.Closed.Version }

// Rollups keeps contributions and totals.
type Rollups interface {
	// PutContribution saves a contribution unless this very one or a later
	// sequence is stored; that is no error.
	PutContribution(ctx context.Context, c sroi.Contribution) error
	// Contributions reads all of an area's year, consistently.
	Contributions(ctx context.Context, area string, year int) ([]sroi.Contribution, error)
	// Sources reads the heads of at most 100 contributions' contracts and tenders,
	// by Contribution.Source. The newest change may be a moment late.
	Sources(ctx context.Context, names []string) (Sources, error)
	// Total reads a total; its Version is zero where there is none.
	Total(ctx context.Context, area string, year int) (sroi.Total, error)
	// SwapTotal saves version t.Version, which must follow the stored one, with
	// the changed months of its course, all or nothing. ErrStale.
	SwapTotal(ctx context.Context, t sroi.Total, changed []sroi.Course) error
	// Totals reads the totals of several years, with what was frozen of them, in one
	// call; absent totals have version zero.
	Totals(ctx context.Context, area string, years ...int) ([]AreaYear, error)
	// FiguresOn reads a year's figures as they stood at the end of a day; false where there were none yet.
	FiguresOn(ctx context.Context, area string, year int, day calendar.Date) (sroi.Figures, bool, error)
}

// Registers keeps what registers of social enterprises say of sellers.
type Registers interface {
	// Enterprise reads a version of a seller's entry, consistently; the newest
	// where version is zero. ErrAbsent.
	Enterprise(ctx context.Context, register, kvk string, version int) (sroi.Enterprise, error)
	// PutEnterprise saves version e.Version, which must follow the stored one (1:
	// must be new); earlier versions stay. ErrStale.
	PutEnterprise(ctx context.Context, e sroi.Enterprise) error
	// EnterprisesOf reads the newest entries of those sellers, by KvK number, that
	// the register knows, consistently, in any order.
	EnterprisesOf(ctx context.Context, register string, sellers []string) ([]sroi.Enterprise, error)
	// Enterprises lists the newest entries by KvK number. ErrCursor.
	Enterprises(ctx context.Context, register string, page Page) ([]sroi.Enterprise, string, error)
}

// Indicators keeps recorded figures.
type Indicators interface {
	// AddIndicatorValue saves a revision, which must follow the stored ones. ErrStale.
	AddIndicatorValue(ctx context.Context, v sroi.IndicatorValue) error
	// IndicatorRevisions lists all revisions of an area's value of a code and period, oldest first.
	IndicatorRevisions(ctx context.Context, area, code, period string) ([]sroi.IndicatorValue, error)
	// IndicatorValues lists all revisions of each of an area's values, each oldest first.
	IndicatorValues(ctx context.Context, area string) ([]sroi.IndicatorValue, error)
}

// YearCloses keeps the closes of years.
type YearCloses interface {
	// YearClose reads one, consistently. ErrAbsent.
	YearClose(ctx context.Context, id sroi.AuthorityID, year int) (sroi.YearClose, error)
	// PutYearClose saves version c.Version, which must follow the stored one (1:
	// must be new). ErrStale.
	PutYearClose(ctx context.Context, c sroi.YearClose) error
	// YearClosesOf lists those of an authority by year.
	YearClosesOf(ctx context.Context, id sroi.AuthorityID) ([]sroi.YearClose, error)
	// AddClosedLedgers saves part n, from 1, of the ledgers of a close, for good.
	// ErrStale: there is a part n already.
	AddClosedLedgers(ctx context.Context, id sroi.AuthorityID, year, n int, ledgers []sroi.ClosedLedger) error
	// ClosedLedgers reads all parts, consistently, in order.
	ClosedLedgers(ctx context.Context, id sroi.AuthorityID, year int) ([][]sroi.ClosedLedger, error)
	// AddAreaClose freezes an area's year, unless that was done before; that is no error.
	AddAreaClose(ctx context.Context, c sroi.AreaClose) error
}

// Store is all of it, as internal/store provides.
type Store interface {
	Authorities
	Tenders
	Contracts
	Plans
	Statements
	Decisions
	Ledgers
	Rollups
	Registers
	Indicators
	YearCloses
}
