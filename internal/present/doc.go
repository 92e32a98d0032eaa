// SPDX-License-Identifier: EUPL-1.2

// Package present turns the council's report into what people read: a page
// (HTML), a spreadsheet (CSV) and a table for the terminal; and what its figures
// lead down to into pages: breakdowns, ledgers, statements, corrections and
// obligations, each amount with the receipt that explains it. Links between pages
// are relative.
//
// It computes no figure. It holds the Dutch words for every code of the report,
// so that page, spreadsheet, terminal and JSON use the same ones, and it rounds
// exact numbers once, for show.
//
// The pages are server-rendered HTML without JavaScript on the NL Design System.
// assets/html.css and assets/theme.css are trimmed copies that assets/trim.mjs
// makes; a municipality with a house style replaces theme.css only, by running
// trim.mjs with its own theme file.
package present
