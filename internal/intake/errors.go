// SPDX-License-Identifier: EUPL-1.2

package intake

import "fmt"

// Error says why a notice cannot be read at all. Errors compare by code with
// errors.Is.
type Error struct {
	Code   string // stable, for programs
	Detail string // in Dutch, for people
	Line   int    // of the file, from 1; 0 where it is about the whole file
	cause  error
}

// The reasons for which a notice is refused.
var (
	ErrTooLarge  = &Error{Code: "tooLarge", Detail: "De aankondiging is groter dan 1 MiB."}
	ErrLimit     = &Error{Code: "limit", Detail: "De aankondiging is te omvangrijk."}
	ErrUnsafe    = &Error{Code: "unsafe", Detail: "De aankondiging bevat een DOCTYPE of entiteit; dat is niet toegestaan."}
	ErrEncoding  = &Error{Code: "encoding", Detail: "De aankondiging is niet in UTF-8 opgeslagen."}
	ErrSyntax    = &Error{Code: "syntax", Detail: "De aankondiging is geen geldige XML."}
	ErrNotNotice = &Error{Code: "notNotice", Detail: "Dit is geen aankondiging van een opdracht of van een gegunde opdracht volgens eForms."}
	ErrFormType  = &Error{Code: "formType", Detail: "Deze soort aankondiging wordt niet ingelezen; alleen aankondigingen van een opdracht en van een gegunde opdracht."}
	ErrRead      = &Error{Code: "read", Detail: "De aankondiging kon niet worden gelezen."}
)

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("Regel %d: %s", e.Line, e.Detail)
	}
	return e.Detail
}

// Is tells whether the target is an Error with the same code.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code
}

// Unwrap gives the error of the reader behind ErrRead.
func (e *Error) Unwrap() error { return e.cause }

func (e *Error) atLine(line int) *Error {
	located := *e
	located.Line = line
	return &located
}

func overLimit(detail string) *Error { return &Error{Code: ErrLimit.Code, Detail: detail} }
