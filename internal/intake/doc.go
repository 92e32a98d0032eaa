// SPDX-License-Identifier: EUPL-1.2

// Package intake turns files from outside into typed values: eForms notices
// of public tenders (ReadNotice) and a statement's lines from a spreadsheet's
// CSV (ReadLines). It judges shape only; whether a building block or a
// placement exists is for others to say.
//
// Nothing is guessed. What a notice lacks is listed beside what it holds, and a
// cell that can be read in two ways is refused with a sentence on how to write
// it. What a file contains is never repeated in a fault, since it may hold
// personal data: a fault says where to look.
package intake
