// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// LineKind is what a line of a statement claims.
type LineKind string

// The kinds of line.
const (
	PlacementLine LineKind = "placement"
	PurchaseLine  LineKind = "purchase"
	ActivityLine  LineKind = "activity"
)

// Claim is one line of a statement as the supplier wrote it. Exactly one of
// Placement, Purchase and Activity is set, as Kind says.
type Claim struct {
	Kind LineKind `json:"kind"`
	// Period is the period the line is about, where that is an earlier one than
	// the statement's; zero otherwise.
	Period    calendar.Period `json:"period,omitzero"`
	Placement *PlacementClaim `json:"placement,omitempty"`
	Purchase  *PurchaseClaim  `json:"purchase,omitempty"`
	Activity  *ActivityClaim  `json:"activity,omitempty"`
	Evidence  []Evidence      `json:"evidence,omitempty"`
	Remark    string          `json:"remark,omitempty"`
	// NoBSN confirms that a number in the free text that passes the 11-test is
	// no citizen service number.
	NoBSN bool `json:"noBsn,omitempty"`
}

// PlacementClaim names a placement of the contract and the hours worked in it.
type PlacementClaim struct {
	Number int              `json:"number"` // of the placement, from 1
	Worked calendar.Minutes `json:"worked"` // in the line's period
}

// PurchaseClaim is an invoice of a social enterprise or sheltered-employment company.
type PurchaseClaim struct {
	Block       string              `json:"block"`
	Seller      string              `json:"seller"`     // KvK number
	SellerName  string              `json:"sellerName"` // trade name
	Recognition ruleset.Recognition `json:"recognition"`
	Order       string              `json:"order"` // reference; invoices with one order are one assignment
	Invoice     string              `json:"invoice"`
	InvoiceDate calendar.Date       `json:"invoiceDate"`
	Amount      money.Cents         `json:"amount"`               // excl. VAT
	LabourPart  *money.Cents        `json:"labourPart,omitempty"` // of Amount
}

// ActivityClaim is a societal activity, training, or custom arrangement.
type ActivityClaim struct {
	Block       string           `json:"block"`
	Description string           `json:"description"`
	Date        calendar.Date    `json:"date"`
	Hours       calendar.Minutes `json:"hours,omitempty"`  // of all people together
	People      int              `json:"people,omitempty"` // who took part; asked where a day has a maximum per person
	Cost        *money.Cents     `json:"cost,omitempty"`   // excl. VAT
	Agreed      *money.Cents     `json:"agreed,omitempty"` // the amount agreed with the consultant
	// Motivation is why a custom arrangement is worth what was agreed.
	Motivation string `json:"motivation,omitempty"`
}

// Evidence is what is known of a paper: never the paper itself.
type Evidence struct {
	Kind   string `json:"kind"`   // as the rule set names it
	Name   string `json:"name"`   // of the file
	SHA256 string `json:"sha256"` // 64 lower-case hexadecimal digits
}
