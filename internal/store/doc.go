// SPDX-License-Identifier: EUPL-1.2

// Package store keeps everything in one DynamoDB table, and is the only package
// that knows so. [Table] implements the ports of internal/app: one exported
// method per access pattern, one file per family of patterns.
//
// # Items
//
// Every item has PK, SK, type (what it is), v (format version, 1) and body (the
// domain struct as JSON), and beside these only what a condition, an index or a
// filter needs. Reading asserts type and v. The stream is filtered on type =
// entry and eventName INSERT: the inserted entry is the event. Nothing expires
// yet; the time-to-live attribute is called expires.
//
// The parts of a key are joined by #, so an id that contains one is refused
// before any call, as are an empty one and one over 200 bytes. Numbers are padded
// (n4: four digits), so that they sort. In <revision> the first eight
// hexadecimal digits of the lines' hash follow the number, so that two writers
// of the same number never overwrite each other's lines. A decision's key holds
// the number of the submission that it decides: what was decided before a
// statement was sent back does not return with it. A unique value and an
// invoice stand in their key as the SHA-256 of the text in lower case with
// single spaces: what people type may contain anything, and be long.
//
//	Type         | PK                                 | SK                                              | Attributes              | Go type
//	authority    | AUTH#<authority>                   | PROFILE                                         | version, closedThrough  | sroi.Authority
//	pointer      | AUTH#<authority>                   | TENDER#<tender>                                 |                         | reference
//	pointer      | AUTH#<authority>                   | CONTRACT#<contract>                             |                         | reference
//	pointer      | MEMBERS#<area>                     | AUTH#<authority>                                |                         | reference
//	reservation  | UNIQUE#<authority>#<kind>#<sha256> | UNIQUE                                          |                         | reference
//	tender       | TENDER#<tender>                    | HEAD                                            | version, social         | sroi.Tender
//	entry        | TENDER#<tender>                    | ENTRY#<n8>                                      |                         | sroi.Entry
//	reservation  | TENDER#<tender>                    | LOT#<lot>                                       |                         | reference
//	contract     | CONTRACT#<contract>                | HEAD                                            | version                 | sroi.Contract
//	amendment    | CONTRACT#<contract>                | AMENDMENT#<n4>                                  |                         | sroi.Amendment
//	placement    | CONTRACT#<contract>                | HEAD#PLACEMENT#<n4>                             | version                 | sroi.Placement
//	balance      | CONTRACT#<contract>                | BALANCE                                         | seq, head               | sroi.Balance
//	entry        | CONTRACT#<contract>                | ENTRY#<n8>                                      |                         | sroi.Entry
//	plan         | CONTRACT#<contract>                | PLAN                                            | version                 | app.PlanHead
//	planRevision | CONTRACT#<contract>                | PLAN#<n4>                                       |                         | app.PlanRevision
//	statement    | CONTRACT#<contract>                | STATEMENT#<period>                              | version                 | sroi.Statement
//	line         | CONTRACT#<contract>                | REV#<period>#<revision>#LINE#<n5>               |                         | sroi.Line
//	decision     | CONTRACT#<contract>                | REV#<period>#<revision>#DECISION#<n4>#<n5>      |                         | sroi.Decision
//	correction   | CONTRACT#<contract>                | CORRECTION#<correction>                         |                         | sroi.Correction
//	take         | CONTRACT#<contract>                | INVOICE#<sha256>                                | holder, released        | app.Take
//	take         | CONTRACT#<contract>                | DAY#<block>#<date>                              | holder, released        | app.Take
//	sighting     | CONTRACT#<contract>                | DOC#<sha256>                                    |                         | sroi.Sighting
//	alias        | PERSON#<person>                    | ALIAS                                           | as                      | reference
//	take         | PERSON#<person>                    | PERIOD#<period>#CONTRACT#<contract>#<n4>        | holder, released        | app.Take
//	tally        | PERSON#<person>                    | TALLY                                           | version                 | struct{}
//	contribution | AREA#<area>#YEAR#<year>            | CONTRACT#<contract>                             | seq, digest             | sroi.Contribution
//	contribution | AREA#<area>#YEAR#<year>            | TENDER#<tender>                                 | seq, digest             | sroi.Contribution
//	total        | AREA#<area>                        | YEAR#<year>                                     | version                 | sroi.Total
//	course       | AREA#<area>                        | YEAR#<year>#COURSE#<month>                      |                         | sroi.Course
//	indicator    | INDICATOR#<area>                   | <code>#<period or year>#<series>#<n4>           |                         | sroi.IndicatorValue
//	enterprise   | REGISTER#<register>                | SELLER#<kvk>                                    | version                 | sroi.Enterprise
//	enterprise   | REGISTER#<register>                | VERSION#<kvk>#<n4>                              |                         | sroi.Enterprise
//	yearClose    | AREA#<authority>                   | CLOSE#<year>                                    | version                 | sroi.YearClose
//	heads        | AREA#<authority>#CLOSE#<year>      | HEADS#<n4>                                      |                         | []sroi.ClosedLedger
//	areaClose    | AREA#<area>                        | CLOSED#<year>                                   |                         | sroi.AreaClose
//
// Two choices are for reading in one call: a placement's key follows its
// contract's, and a contract's entries adjoin its head (ENTRY#… < HEAD). What a
// register says of a seller stands in it as the newest, and once per version. A
// contract's amendments stand before both, so that neither reading pays for them.
// An alias says as whom the person who goes by a token is known: each version of
// the person keys gives a person another token, and one of them is the person's.
// It is written with the placement that first meets the token, never changes, and
// stands before what is taken, so that reading that does not pay for it.
//
// That an authority lies in a municipality and a region stands under each, since
// its desk knows its own alone: it is written with the authority and stays when that
// moves away, so that who reads it looks at the authority as well.
//
// The ledgers of a year's close, thousands perhaps, stand in numbered parts beside
// it, a hundred to a part; what its area was closed with stands where the totals
// are, so that a report reads both in one call.
//
// The two indexes are sparse and hold whole items:
//
//	Index   | PK                   | SK                           | On
//	byOwner | AUTH#<authority>     | TENDER#<date>#<tender>       | tender, by publication
//	byOwner | AUTH#<authority>     | CONTRACT#<date>#<contract>   | contract, by first day of its term
//	byOwner | SUPPLIER#<supplier>  | CONTRACT#<date>#<contract>   | pointer to a contract, likewise
//	byDesk  | DESK#<desk>#AUTH     | <authority>                  | authority
//	byDesk  | DESK#<desk>#CONTRACT | <date>#<contract>            | contract, by first day of its term
//	byDesk  | DESK#<desk>#<state>  | <date>#<contract>#<period>   | statement, by decision date when submitted, else by end of its period
//
// Sizes in bytes, of an ordinary item with a receipt of four steps; a plan of a
// contract of four years, with ten efforts; the heads of a hundred ledgers:
//
//	Sized      | Bytes
//	authority  | 313
//	tender     | 961
//	contract   | 1830
//	amendment  | 3098
//	placement  | 501
//	balance    | 299
//	entry      | 529
//	plan       | 1052
//	planRevision | 1637
//	statement  | 651
//	line       | 1381
//	decision   | 1308
//	take       | 379
//	tally      | 105
//	alias      | 234
//	enterprise | 359
//	yearClose  | 1235
//	heads      | 33766
//	areaClose  | 588
//
// # Access patterns
//
// Units count as follows, per item of a size in bytes. In the table, the units
// of a method are the sum of its terms, and … stands for as many as there are.
//
//	get, gets    read units ⌈size/4096⌉ of each item; an absent one counts as 1
//	query        read units ⌈sum of sizes/4096⌉ of each page of 1 MB, at least 1
//	½            half of that: read from an index, or where a moment late will do
//	put, puts    write units ⌈size/1024⌉ of each item
//	tx           2⌈size/1024⌉ of each item written, checked or counted up
//
// An item in an index costs ⌈size/1024⌉ more in it, once: also in a
// transaction. One whose index key changes, as that of a statement that changes
// state, costs that for the old place too.
//
//	Method             | Calls                         | Units
//	Authority          | 1 GetItem                     | get authority
//	PutAuthority       | 1 TransactWriteItems          | tx authority pointer…
//	AuthoritiesOf      | 1 Query                       | query½ authority…
//	AuthoritiesIn      | 1 Query                       | query pointer…
//	Tender             | 1 GetItem                     | get tender
//	CreateTender       | 1 TransactWriteItems          | tx tender entry pointer reservation authority
//	UpdateTender       | 1 TransactWriteItems          | tx tender entry reservation…
//	ListTenders        | 1 Query                       | query½ tender…
//	TenderEntries      | 1 Query                       | query entry…
//	Account            | 1 BatchGetItem                | gets contract balance
//	Contracts          | 1 BatchGetItem                | gets contract…
//	File               | 1 Query                       | query contract placement…
//	CreateContract     | 1 TransactWriteItems          | tx contract balance pointer reservation tender authority reservation entry…
//	Amend              | 1 TransactWriteItems          | tx amendment contract balance entry
//	Amendments         | 1 Query                       | query amendment…
//	ListContracts      | 1 Query 1 BatchGetItem        | query½ contract… + gets balance…
//	Prospect           | 1 BatchGetItem                | gets plan contract balance
//	SavePlan           | 1 TransactWriteItems          | tx plan planRevision
//	PlanRevision       | 1 GetItem                     | get planRevision
//	AddPlacement       | 1 TransactWriteItems          | tx placement alias…
//	KnownAs            | 1 BatchGetItem                | gets alias…
//	UpdatePlacement    | 1 PutItem                     | put placement
//	Statement          | 1 GetItem                     | get statement
//	Statements         | 1 Query                       | query statement…
//	StatementsDue      | 1 BatchGetItem                | gets statement…
//	Revision           | 1 Query                       | query decision… line…
//	SaveDraft          | ⌈lines/25⌉ BatchWriteItem 1 PutItem | puts line… + put statement
//	Move               | 1 TransactWriteItems          | tx statement balance entry
//	Queue              | 1 Query                       | query½ statement…
//	AddSighting        | 1 PutItem                     | put sighting
//	Sightings          | 1 Query                       | query sighting…
//	AddDecision        | 1 TransactWriteItems          | tx decision statement take tally
//	Release            | 1 TransactWriteItems          | tx take tally
//	Person             | 1 Query                       | query tally take…
//	AddCorrection      | 1 TransactWriteItems          | tx correction balance entry take tally
//	Correction         | 1 GetItem                     | get correction
//	Entries            | 1 Query                       | query entry…
//	Book               | 1 TransactWriteItems          | tx entry balance
//	ContractLedger     | 3+revisions Query | query entry… contract + query decision… line… + query amendment… + query correction…
//	LedgersOf          | 1 Query                       | query pointer…
//	PutContribution    | 1 PutItem                     | put contribution
//	Contributions      | 1 Query                       | query contribution…
//	Sources            | 1 BatchGetItem                | gets½ tender contract
//	Total              | 1 GetItem                     | get total
//	SwapTotal          | 1 TransactWriteItems          | tx total course…
//	Totals             | 1 BatchGetItem                | gets½ total… areaClose…
//	FiguresOn          | 1 Query                       | query½ course
//	AddIndicatorValue  | 1 TransactWriteItems          | tx indicator indicator
//	IndicatorRevisions | 1 Query                       | query indicator…
//	IndicatorValues    | 1 Query                       | query½ indicator…
//	Enterprise         | 1 GetItem                     | get enterprise
//	PutEnterprise      | 1 TransactWriteItems          | tx enterprise enterprise
//	EnterprisesOf      | 1 BatchGetItem                | gets enterprise…
//	Enterprises        | 1 Query                       | query½ enterprise…
//	YearClose          | 1 GetItem                     | get yearClose
//	PutYearClose       | 1 PutItem                     | put yearClose
//	YearClosesOf       | 1 Query                       | query½ yearClose…
//	AddClosedLedgers   | 1 PutItem                     | put heads
//	ClosedLedgers      | 1 Query                       | query heads…
//	AddAreaClose       | 1 PutItem                     | put areaClose
//
// Mind: a list reads one item more than its page, so that no page turns out empty,
// and one with a filter may take up to 16 queries of 100 items. A supplier's
// contracts come from pointers, so that their heads are read as well (gets
// contract…). A page of more than 50 of them takes two BatchGetItem. A placement
// of a person known under every token, a decision without a take, a release of an
// invoice, a total without a changed month, a first revision of an indicator and
// an authority outside all areas are a single PutItem at half the price.
// EnterprisesOf takes a BatchGetItem per hundred sellers. FiguresOn takes a second
// query where the day comes before all changes of its month, and one more for a
// month that became empty. ContractLedger takes one less where no entry is a
// correction and one less where the contract was never amended. Account and
// Prospect read again where it was amended meanwhile, and Totals where one is of
// before its close. Release makes its calls per take.
package store
