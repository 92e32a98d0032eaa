// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"io"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// NoticeKind is what a notice announces.
type NoticeKind string

// The kinds of notice that are read.
const (
	Competition NoticeKind = "competition" // a contract notice: tenders are invited
	Result      NoticeKind = "result"      // a contract award notice
)

// Notice is what an eForms notice says that matters here. Codes are as the
// eForms code lists write them, dates are the calendar dates as written, and
// amounts are euros net of VAT. What is absent or unusable has its zero value
// and is listed in Omitted.
type Notice struct {
	ID        string // BT-701
	Version   string // BT-757
	Kind      NoticeKind
	Type      string        // BT-02, such as "cn-social"
	Subtype   string        // OPP-070, such as "16"
	Procedure string        // BT-04, the same in every notice of one procedure
	Issued    calendar.Date // BT-05
	Language  string        // BT-702, three letters
	Title     string        // BT-21, in the notice's language where it has more
	Nature    ruleset.Nature
	CPV       string // BT-262, eight digits
	// ProcedureType is the procedure code (BT-105), such as "open".
	ProcedureType string
	Buyers        []Organisation

	EstimatedValue   *money.Cents // BT-27: of the procedure, options and renewals included
	FrameworkMaximum *money.Cents // BT-271, or BT-118 in a result
	TotalValue       *money.Cents // BT-161: of all contracts awarded in this notice

	Lots    []Lot
	Omitted []Omission
}

// Organisation is a buyer or winner as the notice writes it.
type Organisation struct {
	Ref        string   // within the notice, such as "ORG-0001"
	Name       string   // BT-500
	CompanyIDs []string // BT-501, as written; a Dutch one is often a KvK number
}

// Lot is one part of the procedure that is awarded apart.
type Lot struct {
	ID     string         // BT-137, such as "LOT-0001"
	Title  string         // BT-21
	Nature ruleset.Nature // BT-23
	CPV    string         // BT-262

	EstimatedValue   *money.Cents // BT-27: options and renewals included
	FrameworkMaximum *money.Cents // BT-271
	Framework        string       // BT-765: "none", "fa-wo-rc", "fa-w-rc" or "fa-mix"

	ReservedProcurement []string // BT-71: "none", "res-ws" (sheltered workshops), "res-pub-ser"
	ReservedExecution   string   // BT-736: "yes" or "no"
	StrategicGoals      []string // BT-06: "soc-obj" among them
	SocialObjectives    []string // BT-775: "opp" among them
	// SocialReturn is why the lot seems to carry a Social Return clause. It is a
	// suggestion: the percentage is never structured data, and a text may also
	// say that the clause does not apply. A person reads it and confirms.
	SocialReturn []Clue

	Duration  Duration      // BT-36: options and renewals included
	Starts    calendar.Date // BT-536
	Ends      calendar.Date // BT-537
	Unlimited bool          // BT-538 says that the term has no end

	Result *LotResult // nil in a competition, or where the result says nothing of the lot
}

// SuggestsSocialReturn tells whether any field speaks of Social Return.
func (l Lot) SuggestsSocialReturn() bool { return len(l.SocialReturn) > 0 }

// Clue is a field that speaks of Social Return.
type Clue struct {
	Field string // BT-775, BT-777 or BT-70
	Text  string // the code or text as written
}

// Duration is a number of calendar units; zero where there is none.
type Duration struct {
	Count int
	Unit  string // "DAY", "WEEK", "MONTH" or "YEAR"
}

// LotResult is what became of a lot.
type LotResult struct {
	Status           string       // BT-142: "selec-w" (awarded), "clos-nw" (closed without winner), "open-nw" (not yet decided)
	Reason           string       // BT-144: why it was not awarded
	FrameworkMaximum *money.Cents // BT-709
	Awards           []Award
}

// Award is one winning tender of a lot: the contract and who signs it. A
// framework may have several.
type Award struct {
	Contract  string        // within the notice, such as "CON-0001"
	Tender    string        // within the notice, such as "TEN-0001"
	Decided   calendar.Date // BT-1451
	Concluded calendar.Date // BT-145
	Winners   []Organisation
	Value     *money.Cents // BT-720: options and renewals included
}

// Omission is a field that was left out, and why.
type Omission struct {
	Field  string // the eForms business term, such as "BT-27"
	Lot    string // empty for the notice as a whole
	Code   string // one of the Omitted constants
	Detail string // in Dutch
}

// Why a field was left out.
const (
	OmittedMissing       = "missing"       // the notice does not say
	OmittedCurrency      = "currency"      // an amount in another currency than the euro
	OmittedInvalid       = "invalid"       // not in the form that eForms prescribes
	OmittedUnpublished   = "unpublished"   // withheld by the buyer
	OmittedUnsupported   = "unsupported"   // a code that means nothing here
	OmittedContradiction = "contradiction" // the notice contradicts itself
	OmittedShared        = "shared"        // holds for a group of lots together
)

// ReadNotice reads a contract notice or contract award notice (UBL, eForms
// SDK) of at most 1 MiB. What the notice lacks does not make it fail: it is
// listed in Omitted. The error is an *Error: ErrRead, ErrTooLarge, ErrLimit,
// ErrUnsafe, ErrEncoding, ErrSyntax, ErrNotNotice or ErrFormType.
func ReadNotice(r io.Reader) (Notice, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxNoticeBytes+1))
	if err != nil {
		return Notice{}, &Error{Code: ErrRead.Code, Detail: ErrRead.Detail, cause: err}
	}
	if len(data) > maxNoticeBytes {
		return Notice{}, ErrTooLarge
	}
	root, err := parseXML(data)
	if err != nil {
		return Notice{}, err
	}
	return readNotice(root)
}
