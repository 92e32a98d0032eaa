// SPDX-License-Identifier: EUPL-1.2

package edge

// What comes in has a bound before anything is done with it: bytes, depth, elements,
// time. One over the bound is refused in a sentence; nothing is cut off or taken in
// part. TestBounds goes to each bound of this room and one over it; the tests of the
// other rooms do so for theirs.
//
//	Input                | Bound                                            | Refused with
//	body                 | maxBody; maxLargeBody for lines and plans        | 413 te-groot
//	coded body           | none is taken                                    | 415 inhoud-gecodeerd
//	depth of a body      | maxDepth                                         | 400 te-diep-genest
//	list                 | its own, at most maxList                         | 400 te-veel
//	names                | likewise                                         | 400 te-veel
//	elements of a body   | maxElements                                      | 400 te-veel
//	name given twice     | none                                             | 400 veld-dubbel
//	whole number         | nine digits                                      | 400 verkeerd-type
//	amount               | a biljoen, two decimals, no exponent             | 400 onjuiste-vorm
//	text                 | its own; UTF-8 without control characters        | 400 te-veel
//	faults               | maxFound in one answer, the rest counted         | 400 ongeldige-invoer
//	query                | maxQuery                                         | 400 te-veel
//	parameter            | once                                             | 400 parameter-dubbel
//	cursor               | 1000 bytes                                       | 400 te-veel
//	page                 | 100 items                                        | 400 te-veel
//	Accept               | maxAccept                                        | 400 te-veel
//	Idempotency-Key      | 64 visible characters                            | 400 idempotency-key-ontbreekt
//	If-Match             | nine digits                                      | 400 if-match-onjuist
//	token                | maxToken                                         | 401 token-ongeldig
//	claims               | maxClaimed of a kind                             | 401 token-ongeldig
//
// Headers together are bounded by the gateway (10,240 bytes), here and in the
// cloud; Origin and Content-Type are compared with what is known, and ids in a path
// with their form. In other rooms and beyond the door:
//
//	notice               | internal/intake: 1 MiB, 200,000 elements, 64 deep, 64 attributes, 64 KiB of text, no DOCTYPE, 1000 lots
//	spreadsheet          | internal/intake: 5 MiB, 5000 rows, 256 cells, 4 KiB a cell
//	rule file            | internal/ruleset: 16 deep, 500 items, 1000 characters of text
//	plan                 | internal/app: 256 KiB kept; infra/local/offline: 1 MiB read
//	person keys          | internal/boot/persons: 64 KiB, 16 keys
//	issuer               | fetchWithin, maxConfigurationBytes, maxKeySetBytes, maxKeys, maxRSA; no redirect
//	issuer's headers     | internal/boot: 64 KiB; 5 seconds a call
//	table                | internal/store: 3 seconds an attempt, 8 tries, 256 pages
//	function             | infra/aws/template.yaml: its Timeout; infra/local/gateway: 30 seconds and 6 MiB, both ways
//	stream               | infra/aws/template.yaml: 100 records a batch, 10 tries, a day
//	connection           | infra/local/host: 10 KiB of headers in 5 seconds, a request in 30, an answer in 90, two minutes of silence
const (
	maxBody      = 1 << 20 // bytes, decoded
	maxLargeBody = 5 << 20
	maxDepth     = 32      // of nested objects and arrays in a body
	maxList      = 1000    // elements of a list: each request type asks for that or less
	maxElements  = 100_000 // elements of all lists of a body: what is real is longer than it may be
	maxName      = 64      // bytes of an unknown name that an answer repeats
	maxFound     = 1000    // faults in one answer
	maxQuery     = 4 << 10 // bytes of a query string
	maxAccept    = 1 << 10 // bytes of an Accept header
	maxToken     = 8 << 10 // bytes
	maxClaimed   = 100     // authorities or scopes in one token

	maxConfigurationBytes = 64 << 10  // of an issuer
	maxKeySetBytes        = 256 << 10 // of an issuer
	maxKeys               = 100       // in a key set
	maxRSA                = 8192      // bits: a larger key makes each token slow to check
)
