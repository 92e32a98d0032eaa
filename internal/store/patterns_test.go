// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

// wholeList walks a list page by page and holds every page but the last to be
// full and the last not to be empty.
func wholeList[T any](t testing.TB, limit int, read func(app.Page) ([]T, string, error)) []T {
	t.Helper()
	var all []T
	page := app.Page{Limit: limit}
	for {
		items, next, err := read(page)
		ok(t, err)
		all = append(all, items...)
		if next == "" {
			if len(items) == 0 && page.Cursor != "" {
				t.Fatal("the last page is empty")
			}
			return all
		}
		if len(items) != limit {
			t.Fatalf("a page of %d with a next one, want %d", len(items), limit)
		}
		page.Cursor = next
	}
}

func ids[T any](items []T, id func(T) string) string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = id(item)
	}
	return strings.Join(names, " ")
}

func wantText(t testing.TB, got, want string) {
	t.Helper()
	if got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestAuthority(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	_, err := table.Authority(ctx, apeldoorn)
	wantErr(t, err, app.ErrAbsent)
	wantErr(t, table.PutAuthority(ctx, authority(2)), app.ErrStale)
	ok(t, table.PutAuthority(ctx, authority(1)))
	ok(t, table.PutAuthority(ctx, authority(1))) // the very same again
	other := authority(1)
	other.Name = "Elders"
	wantErr(t, table.PutAuthority(ctx, other), app.ErrStale)
	ok(t, table.PutAuthority(ctx, authority(2)))
	wantErr(t, table.PutAuthority(ctx, authority(4)), app.ErrStale)
	got, err := table.Authority(ctx, apeldoorn)
	ok(t, err)
	same(t, got, authority(2))
}

func TestAuthoritiesOf(t *testing.T) {
	table, _ := open(t)
	read := func(desk string) func(app.Page) ([]sroi.Authority, string, error) {
		return func(p app.Page) ([]sroi.Authority, string, error) { return table.AuthoritiesOf(t.Context(), desk, p) }
	}
	name := func(a sroi.Authority) string { return string(a.ID) }
	wantText(t, ids(wholeList(t, 2, read("oost")), name), "")
	for i, desk := range []string{"oost", "oost", "oosterbeek", "oos", "oost", "oost"} {
		a := authority(1)
		a.ID, a.Desk = sroi.AuthorityID(fmt.Sprintf("1000000%d", i)), desk
		ok(t, table.PutAuthority(t.Context(), a))
	}
	for limit := 1; limit <= 5; limit++ {
		wantText(t, ids(wholeList(t, limit, read("oost")), name), "10000000 10000001 10000004 10000005")
	}
	wantText(t, ids(wholeList(t, 2, read("oos")), name), "10000003")
}

// Authorities of every desk are under each municipality and region that they ever
// lay in.
func TestAuthoritiesIn(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	name := func(id sroi.AuthorityID) string { return string(id) }
	in := func(area string) string {
		t.Helper()
		members, err := table.AuthoritiesIn(ctx, area)
		ok(t, err)
		return ids(members, name)
	}
	wantText(t, in("AM06"), "")
	for i, desk := range []string{"oost", "west", "oost"} {
		a := authority(1)
		a.ID, a.Desk = sroi.AuthorityID(fmt.Sprintf("1000000%d", i)), desk
		ok(t, table.PutAuthority(ctx, a))
	}
	nowhere := authority(1)
	nowhere.ID, nowhere.Kind, nowhere.Areas = "20000000", sroi.Province, nil
	ok(t, table.PutAuthority(ctx, nowhere))
	moved := authority(2)
	moved.ID, moved.Desk = "10000001", "west"
	moved.Areas = append(moved.Areas, moved.Areas[0])
	moved.Areas[0].To, moved.Areas[1].From = calendar.MustDate("2021-12-31"), calendar.MustDate("2022-01-01")
	moved.Areas[1].Municipality, moved.Areas[1].Region = "GM0150", "AM07"
	ok(t, table.PutAuthority(ctx, moved))
	wantText(t, in("AM06"), "10000000 10000001 10000002")
	wantText(t, in("GM0200"), "10000000 10000001 10000002")
	wantText(t, in("AM07")+" "+in("GM0150"), "10000001 10000001")
	wantText(t, in(string(nowhere.ID)), "")
	stale := moved
	stale.Areas = authority(1).Areas
	stale.Areas[0].Region = "AM08"
	wantErr(t, table.PutAuthority(ctx, stale), app.ErrStale)
	wantText(t, in("AM08"), "")
}

// An authority may have moved as often as the interface takes, each time from one
// municipality and region to others: one transaction holds them all.
func TestAnAuthorityOfManyAreas(t *testing.T) {
	table, _ := open(t)
	const many = 49 // the bound of internal/edge
	a := authority(1)
	a.Areas = nil
	for i := range many {
		a.Areas = append(a.Areas, sroi.AreaSpan{
			Span:         calendar.Span{From: calendar.NewDate(1950+i, 1, 1), To: calendar.NewDate(1950+i, 12, 31)},
			Municipality: fmt.Sprintf("GM%04d", i), Region: fmt.Sprintf("AM%02d", i),
		})
	}
	ok(t, table.PutAuthority(t.Context(), a))
	for _, area := range []string{"GM0000", "AM00", "GM0048", "AM48"} {
		members, err := table.AuthoritiesIn(t.Context(), area)
		ok(t, err)
		if !slices.Equal(members, []sroi.AuthorityID{a.ID}) {
			t.Errorf("%s: %v", area, members)
		}
	}
}

// A region of any number of authorities is read to its end, over pages of 1 MB,
// which large items make few.
func TestAuthoritiesInARegionOfManyPages(t *testing.T) {
	table, line := open(t)
	const many = 6
	for i := range many {
		id := fmt.Sprintf("%08d", i)
		ok(t, table.commit(t.Context(), put(memberKey.key("AM06", id), typePointer, reference{id}, text("weight", strings.Repeat("x", 390<<10)))))
	}
	line.start(nil)
	members, err := table.AuthoritiesIn(t.Context(), "AM06")
	ok(t, err)
	if len(members) != many || members[many-1] != "00000005" || line.calls()["Query"] < 2 {
		t.Errorf("%v in %d calls", members, line.calls()["Query"])
	}
}

func TestContracts(t *testing.T) {
	table, line := prepared(t)
	ctx := t.Context()
	addContract(t, table, "C2")
	line.start(nil)
	read, err := table.Contracts(ctx, []string{"C2", "C1"})
	ok(t, err)
	wantText(t, ids(read, func(c sroi.Contract) string { return c.ID }), "C2 C1")
	same(t, line.calls(), map[string]int{"BatchGetItem": 1})
	_, err = table.Contracts(ctx, []string{"C1", "C3"})
	wantErr(t, err, app.ErrAbsent)
	none, err := table.Contracts(ctx, nil)
	if ok(t, err); len(none) != 0 {
		t.Errorf("%v", none)
	}
}

func TestStatementsDue(t *testing.T) {
	table, line, m := submitted(t, 1)
	ctx := t.Context()
	there, later, other := app.Due{Contract: "C1", Period: q1}, app.Due{Contract: "C1", Period: calendar.MustPeriod("2022-Q2")}, app.Due{Contract: "C", Period: q1}
	line.start(nil)
	read, err := table.StatementsDue(ctx, []app.Due{later, there, other})
	ok(t, err)
	if len(read) != 1 {
		t.Errorf("%+v", read)
	}
	same(t, read[there], m.Statement)
	same(t, line.calls(), map[string]int{"BatchGetItem": 1})
}

func TestTender(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	first := tender("A", 1)
	_, err := table.CreateTender(ctx, first, tenderEntryOf(first))
	wantErr(t, err, app.ErrAbsent) // no such authority
	_, err = table.Tender(ctx, "A")
	wantErr(t, err, app.ErrAbsent)
	ok(t, table.PutAuthority(ctx, authority(1)))
	addTender(t, table, first)
	addTender(t, table, tender("AB", 1))

	again := first
	again.Title, again.Reference = "Iets anders", "AP-X"
	stored, err := table.CreateTender(ctx, again, tenderEntryOf(again))
	ok(t, err)
	same(t, stored, first)

	twin := tender("B", 1)
	twin.Reference = " ap-a "
	_, err = table.CreateTender(ctx, twin, tenderEntryOf(twin))
	wantErr(t, err, app.ErrTaken)
	_, err = table.Tender(ctx, "B")
	wantErr(t, err, app.ErrAbsent)

	second := tender("A", 2)
	ok(t, table.UpdateTender(ctx, second, tenderEntryOf(second)))
	ok(t, table.UpdateTender(ctx, second, tenderEntryOf(second)))
	other := second
	other.Title = "Iets anders"
	wantErr(t, table.UpdateTender(ctx, other, tenderEntryOf(other)), app.ErrStale)
	got, err := table.Tender(ctx, "A")
	ok(t, err)
	same(t, got, second)
	entries, err := table.TenderEntries(ctx, "A")
	ok(t, err)
	same(t, entries, []sroi.Entry{tenderEntryOf(first), tenderEntryOf(second)})
	if none, err := table.TenderEntries(ctx, "nergens"); err != nil || len(none) != 0 {
		t.Fatalf("%v %v", none, err)
	}
}

func TestClosedYearTakesNoTenderOrContract(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	closed := authority(2)
	closed.ClosedThrough = 2021
	ok(t, table.PutAuthority(ctx, closed))
	late := tender("T2", 1)
	_, err := table.CreateTender(ctx, late, tenderEntryOf(late))
	wantErr(t, err, app.ErrYearClosed)
	late.Published = calendar.MustDate("2022-01-01")
	_, err = table.CreateTender(ctx, late, tenderEntryOf(late)) // knows of no close
	wantErr(t, err, app.ErrStale)
	late.ClosedThrough = 2021
	addTender(t, table, late)
	_, err = table.CreateContract(ctx, newContract("C2")) // from 2022; knows of none either
	wantErr(t, err, app.ErrStale)
	informed := newContract("C2")
	informed.Balance = sroi.Balance{Contract: "C2"}
	for i, e := range informed.Entries {
		e.Closes = 2021
		informed.Balance, informed.Entries[i] = informed.Balance.Next(e)
	}
	_, err = table.CreateContract(ctx, informed)
	ok(t, err)
	closed.ClosedThrough, closed.Version = 2022, 3
	ok(t, table.PutAuthority(ctx, closed))
	_, err = table.CreateContract(ctx, newContract("C3"))
	wantErr(t, err, app.ErrYearClosed)
	behind := tender("T3", 1)
	behind.Published, behind.ClosedThrough = calendar.MustDate("2023-01-01"), 2021
	_, err = table.CreateTender(ctx, behind, tenderEntryOf(behind)) // knows of an earlier close only
	wantErr(t, err, app.ErrStale)
	stored, err := table.CreateContract(ctx, newContract("C2")) // a repeat still gets its answer
	ok(t, err)
	same(t, stored, contract("C2"))
}

func TestListTenders(t *testing.T) {
	table, _ := open(t)
	ok(t, table.PutAuthority(t.Context(), authority(1)))
	neighbour := authority(1)
	neighbour.ID = apeldoorn[:8]
	ok(t, table.PutAuthority(t.Context(), neighbour))
	read := func(q app.TenderQuery) func(app.Page) ([]sroi.Tender, string, error) {
		return func(p app.Page) ([]sroi.Tender, string, error) { return table.ListTenders(t.Context(), q, p) }
	}
	name := func(x sroi.Tender) string { return x.ID }
	yes, no := true, false
	wantText(t, ids(wholeList(t, 2, read(app.TenderQuery{Authority: apeldoorn})), name), "")
	for i, published := range []string{"2020-12-31", "2021-01-01", "2021-06-01", "2021-06-01", "2021-12-31", "2022-01-01", "2021-03-03"} {
		x := tender(fmt.Sprint("T", i), 1)
		x.Published = calendar.MustDate(published)
		if i%2 == 1 {
			x.Lots[0].SocialReturn = sroi.Proposed
		}
		if i == 6 {
			x.Authority = neighbour.ID
		}
		addTender(t, table, x)
	}
	for limit := 1; limit <= 7; limit++ {
		wantText(t, ids(wholeList(t, limit, read(app.TenderQuery{Authority: apeldoorn})), name), "T5 T4 T3 T2 T1 T0")
		wantText(t, ids(wholeList(t, limit, read(app.TenderQuery{Authority: apeldoorn, Year: 2021})), name), "T4 T3 T2 T1")
		wantText(t, ids(wholeList(t, limit, read(app.TenderQuery{Authority: apeldoorn, Social: &yes})), name), "T4 T2 T0")
		wantText(t, ids(wholeList(t, limit, read(app.TenderQuery{Authority: apeldoorn, Year: 2021, Social: &no})), name), "T3 T1")
	}
}

func TestListTendersFindsAFewAmongMany(t *testing.T) {
	table, _ := open(t)
	ok(t, table.PutAuthority(t.Context(), authority(1)))
	for i := range 230 {
		x := tender(fmt.Sprintf("T%03d", i), 1)
		if i%100 != 0 {
			x.Lots[0].SocialReturn = sroi.NotApplied
		}
		addTender(t, table, x)
	}
	yes := true
	found := wholeList(t, 2, func(p app.Page) ([]sroi.Tender, string, error) {
		return table.ListTenders(t.Context(), app.TenderQuery{Authority: apeldoorn, Social: &yes}, p)
	})
	wantText(t, ids(found, func(x sroi.Tender) string { return x.ID }), "T200 T100 T000")
}

func TestContract(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	ok(t, table.PutAuthority(ctx, authority(1)))
	_, err := table.CreateContract(ctx, newContract("A"))
	wantErr(t, err, app.ErrStale) // no such tender
	addTender(t, table, tender("T1", 1))
	_, err = table.Account(ctx, "A")
	wantErr(t, err, app.ErrAbsent)
	_, err = table.File(ctx, "A")
	wantErr(t, err, app.ErrAbsent)
	moved := newContract("A")
	moved.TenderVersion = 2
	_, err = table.CreateContract(ctx, moved)
	wantErr(t, err, app.ErrStale)

	n := newContract("A")
	n.OnePerLot = true
	created, err := table.CreateContract(ctx, n)
	ok(t, err)
	same(t, created, n.Contract)
	changed := n
	changed.Contract.Title = "Iets anders"
	stored, err := table.CreateContract(ctx, changed)
	ok(t, err)
	same(t, stored, n.Contract)

	twin := newContract("B")
	twin.Contract.Number = "c-a"
	_, err = table.CreateContract(ctx, twin)
	wantErr(t, err, app.ErrTaken)
	sameLot := newContract("B")
	sameLot.OnePerLot = true
	_, err = table.CreateContract(ctx, sameLot)
	wantErr(t, err, app.ErrTaken)
	addContract(t, table, "AB") // of a framework: the same lot again
	withdrawn := tender("T1", 2)
	wantErr(t, table.UpdateTender(ctx, withdrawn, tenderEntryOf(withdrawn), "2", "1"), app.ErrTaken)
	ok(t, table.UpdateTender(ctx, withdrawn, tenderEntryOf(withdrawn), "2"))

	account, err := table.Account(ctx, "A")
	ok(t, err)
	same(t, account, app.Account{Contract: n.Contract, Balance: n.Balance})
	entries, err := table.Entries(ctx, "A", 0, 10)
	ok(t, err)
	same(t, entries, n.Entries)
}

func TestAmend(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	addContract(t, table, "C1B")
	none, err := table.Amendments(ctx, "C1")
	ok(t, err)
	same(t, none, []sroi.Amendment{})
	ok(t, table.AddPlacement(ctx, placement("C1", 1)))
	first := amended(contract("C1"), newContract("C1").Balance)
	ok(t, table.Amend(ctx, first))
	ok(t, table.Amend(ctx, first)) // the very same again
	rival := first
	rival.Amendment.Act = "x"
	wantErr(t, table.Amend(ctx, rival), app.ErrStale)
	second := amended(first.Contract, first.Balance)
	behind := second
	behind.Balance, behind.Entry = first.Balance, first.Entry
	wantErr(t, table.Amend(ctx, behind), app.ErrStale) // the ledger moved on
	skips := amended(second.Contract, first.Balance)
	wantErr(t, table.Amend(ctx, skips), app.ErrStale) // the version in between was never written
	ok(t, table.Amend(ctx, second))

	list, err := table.Amendments(ctx, "C1")
	ok(t, err)
	same(t, list, []sroi.Amendment{first.Amendment, second.Amendment})
	file, err := table.File(ctx, "C1")
	ok(t, err)
	same(t, file, app.File{Contract: second.Contract, Placements: []sroi.Placement{placement("C1", 1)}})
	account, err := table.Account(ctx, "C1")
	ok(t, err)
	same(t, account, app.Account{Contract: second.Contract, Balance: second.Balance})
	listed, _, err := table.ListContracts(ctx, app.Owner{Authority: apeldoorn}, app.Page{Limit: 5})
	ok(t, err)
	same(t, listed[1].Contract, second.Contract)
	ledger, err := table.ContractLedger(ctx, "C1")
	ok(t, err)
	same(t, ledger.Contract, second.Contract)
	for n, want := range []sroi.Contract{contract("C1"), first.Contract, second.Contract} {
		same(t, ledger.ContractAfter(n), want)
	}
	wantText(t, sroi.Digest(ledger.ContractAfter(0)), ledger.Entries[0].Subject)
	for i, a := range ledger.Amendments {
		wantText(t, sroi.Digest(a), ledger.Entries[i+1].Subject)
		wantText(t, sroi.Digest(ledger.ContractAfter(a.Number)), a.Becomes)
	}
	mistaken := amended(second.Contract, second.Balance)
	mistaken.Amendment.Number = 1
	if err := table.Amend(ctx, mistaken); err == nil {
		t.Error("an amendment of another version was written")
	}
}

// A ledger that was read while the contract was amended is that of before, to the byte.
func TestLedgerOfAContractThatIsAmendedMeanwhile(t *testing.T) {
	table, line := prepared(t)
	first := amended(contract("C1"), newContract("C1").Balance)
	ok(t, table.Amend(t.Context(), first))
	before, err := table.ContractLedger(t.Context(), "C1")
	ok(t, err)
	same(t, before.Contract, first.Contract)
	second := amended(first.Contract, first.Balance)
	line.start(func(operation string, n int) fault {
		if operation != "Query" || n != 2 {
			return fault{}
		}
		return fault{before: func() { ok(t, table.Amend(context.Background(), second)) }}
	})
	ledger, err := table.ContractLedger(t.Context(), "C1")
	ok(t, err)
	same(t, ledger, before)
}

// A batch is not read as of one moment: half of it may be left over, and read after
// the contract was amended.
func TestAnAccountThatIsAmendedMeanwhile(t *testing.T) {
	for _, late := range []string{`"HEAD"`, `"BALANCE"`} {
		table, line := prepared(t)
		first := amended(contract("C1"), newContract("C1").Balance)
		line.start(func(operation string, n int) fault {
			switch {
			case operation != "BatchGetItem" || n > 2:
				return fault{}
			case n == 2:
				return fault{before: func() { ok(t, table.Amend(context.Background(), first)) }}
			}
			return fault{edit: func(body []byte) []byte { return leftOver(t, body, late) }}
		})
		read, err := table.Account(t.Context(), "C1")
		ok(t, err)
		same(t, read, app.Account{Contract: first.Contract, Balance: first.Balance})
		same(t, line.calls(), map[string]int{"BatchGetItem": 3, "TransactWriteItems": 1})
	}
}

// leftOver is a batch's answer that leaves the item with a sort key over.
func leftOver(t *testing.T, body []byte, sk string) []byte {
	t.Helper()
	answer, table, item := without(t, body, sk)
	answer.UnprocessedKeys = map[string]any{table: map[string]any{
		"ConsistentRead": true, "Keys": []any{map[string]json.RawMessage{"PK": item["PK"], "SK": item["SK"]}},
	}}
	return encoded(t, answer)
}

type batchAnswer struct {
	Responses       map[string][]map[string]json.RawMessage
	UnprocessedKeys map[string]any
}

// without takes the item with a sort key out of a batch's answer.
func without(t *testing.T, body []byte, sk string) (answer batchAnswer, table string, item map[string]json.RawMessage) {
	t.Helper()
	ok(t, json.Unmarshal(body, &answer))
	for table, items := range answer.Responses {
		i := slices.IndexFunc(items, func(item map[string]json.RawMessage) bool { return strings.Contains(string(item["SK"]), sk) })
		if i >= 0 {
			item = items[i]
			answer.Responses[table] = slices.Delete(items, i, i+1)
			return answer, table, item
		}
	}
	t.Fatalf("no %s in %s", sk, body)
	return answer, "", nil
}

func encoded(t *testing.T, answer any) []byte {
	t.Helper()
	body, err := json.Marshal(answer)
	ok(t, err)
	return body
}

func TestListContracts(t *testing.T) {
	table, _ := open(t)
	ok(t, table.PutAuthority(t.Context(), authority(1)))
	addTender(t, table, tender("T1", 1))
	read := func(o app.Owner) func(app.Page) ([]app.Account, string, error) {
		return func(p app.Page) ([]app.Account, string, error) { return table.ListContracts(t.Context(), o, p) }
	}
	name := func(a app.Account) string {
		if a.Contract.ID != a.Balance.Contract {
			t.Errorf("contract %s with the balance of %s", a.Contract.ID, a.Balance.Contract)
		}
		return a.Contract.ID
	}
	owners := []app.Owner{{Authority: apeldoorn}, {Supplier: supplier}, {Desk: oost}}
	for _, o := range owners {
		wantText(t, ids(wholeList(t, 2, read(o)), name), "")
	}
	for i, from := range []string{"2021-01-01", "2022-06-01", "2022-01-01", "2022-01-01"} {
		n := newContract(strings.Repeat("A", i+1))
		n.Contract.Term.From = calendar.MustDate(from)
		_, err := table.CreateContract(t.Context(), n)
		ok(t, err)
	}
	elsewhere := newContract("X")
	elsewhere.Contract.Supplier, elsewhere.Contract.Desk = "1234567", "oos"
	_, err := table.CreateContract(t.Context(), elsewhere)
	ok(t, err)
	for limit := 1; limit <= 5; limit++ {
		wantText(t, ids(wholeList(t, limit, read(owners[0])), name), "AA X AAAA AAA A")
		wantText(t, ids(wholeList(t, limit, read(owners[1])), name), "AA AAAA AAA A")
		wantText(t, ids(wholeList(t, limit, read(owners[2])), name), "AA AAAA AAA A")
	}
	for _, o := range []app.Owner{{}, {Desk: oost, Supplier: supplier}} {
		if _, _, err := table.ListContracts(t.Context(), o, app.Page{Limit: 1}); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}

func TestListContractsOverTwoBatches(t *testing.T) {
	table, line := open(t)
	ok(t, table.PutAuthority(t.Context(), authority(1)))
	addTender(t, table, tender("T1", 1))
	for i := range 61 {
		addContract(t, table, fmt.Sprint("C", i))
	}
	line.start(nil)
	found, next, err := table.ListContracts(t.Context(), app.Owner{Supplier: supplier}, app.Page{Limit: 60})
	ok(t, err)
	if len(found) != 60 || next == "" {
		t.Fatalf("%d contracts, next %q", len(found), next)
	}
	same(t, line.calls(), map[string]int{"Query": 1, "BatchGetItem": 2})
}

func TestPlans(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	addContract(t, table, "C1B")
	_, err := table.Prospect(ctx, "nergens")
	wantErr(t, err, app.ErrAbsent)
	_, err = table.Prospect(ctx, "#")
	wantErr(t, err, app.ErrAbsent)
	none, err := table.Prospect(ctx, "C1")
	ok(t, err)
	same(t, none, app.Prospect{Account: app.Account{Contract: contract("C1"), Balance: newContract("C1").Balance}})
	_, err = table.PlanRevision(ctx, "C1", 1)
	wantErr(t, err, app.ErrAbsent)

	head, revision := planned("C1", 1, 200)
	if err := table.SavePlan(ctx, head, app.PlanRevision{Contract: "C1", Version: 2}); err == nil {
		t.Error("a head of another revision was saved")
	}
	next, after := planned("C1", 2, 1)
	wantErr(t, table.SavePlan(ctx, next, after), app.ErrStale)
	ok(t, table.SavePlan(ctx, head, revision))
	ok(t, table.SavePlan(ctx, head, revision)) // the very same again
	other, otherwise := planned("C1", 1, 3)
	wantErr(t, table.SavePlan(ctx, other, otherwise), app.ErrStale)
	ok(t, table.SavePlan(ctx, next, after))

	got, err := table.Prospect(ctx, "C1")
	ok(t, err)
	same(t, got.Plan, next)
	neighbour, err := table.Prospect(ctx, "C1B")
	ok(t, err)
	if neighbour.Plan != nil {
		t.Errorf("a neighbour's plan: %+v", neighbour.Plan)
	}
	for version, want := range map[int]app.PlanRevision{1: revision, 2: after} {
		kept, err := table.PlanRevision(ctx, "C1", version)
		ok(t, err)
		same(t, kept, want)
	}
}

// A revision that is there is never written over, whatever the head says.
func TestARevisionOfAPlanStays(t *testing.T) {
	table, _ := prepared(t)
	head, revision := planned("C1", 1, 1)
	_, other := planned("C1", 1, 2)
	ok(t, table.commit(t.Context(), put(planRevisionKey.key("C1", padded(1, 4)), typePlanRevision, other)))
	wantErr(t, table.SavePlan(t.Context(), head, revision), app.ErrStale)
	kept, err := table.PlanRevision(t.Context(), "C1", 1)
	ok(t, err)
	same(t, kept, other)
}

func TestTwentyWritersOfOnePlan(t *testing.T) {
	table, _ := prepared(t)
	won := make(chan int, 20)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			head, revision := planned("C1", 1, i+1)
			switch err := table.SavePlan(t.Context(), head, revision); {
			case err == nil:
				won <- i + 1
			case !errors.Is(err, app.ErrStale):
				t.Error(err)
			}
		})
	}
	group.Wait()
	if len(won) != 1 {
		t.Fatalf("%d writers saved version 1", len(won))
	}
	kept, err := table.PlanRevision(t.Context(), "C1", 1)
	ok(t, err)
	if efforts := <-won; len(kept.Efforts) != efforts {
		t.Errorf("%d efforts kept, the winner had %d", len(kept.Efforts), efforts)
	}
}

func TestPlacements(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	addContract(t, table, "C1B")
	ok(t, table.AddPlacement(ctx, placement("C1B", 1)))
	file, err := table.File(ctx, "C1")
	ok(t, err)
	same(t, file, app.File{Contract: contract("C1"), Placements: []sroi.Placement{}})
	for _, n := range []int{10, 2, 1} {
		ok(t, table.AddPlacement(ctx, placement("C1", n)))
	}
	ok(t, table.AddPlacement(ctx, placement("C1", 2)))
	other := placement("C1", 2)
	other.Act = "x"
	wantErr(t, table.AddPlacement(ctx, other), app.ErrTaken)

	second := placement("C1", 2)
	second.Version, second.Schedule = 2, hours("2022-02-01")
	wantErr(t, table.UpdatePlacement(ctx, other), app.ErrStale)
	ok(t, table.UpdatePlacement(ctx, second))
	ok(t, table.UpdatePlacement(ctx, second))
	other.Version = 2
	wantErr(t, table.UpdatePlacement(ctx, other), app.ErrStale)
	unknown := placement("C1", 3)
	unknown.Version = 2
	wantErr(t, table.UpdatePlacement(ctx, unknown), app.ErrStale)

	file, err = table.File(ctx, "C1")
	ok(t, err)
	same(t, file.Placements, []sroi.Placement{placement("C1", 1), second, placement("C1", 10)})
}

// Who goes by a token is known as one person for ever: the first placement that
// meets the token says as whom, all or nothing.
func TestKnownAs(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	known := func(want string, tokens ...sroi.Token) {
		t.Helper()
		got, err := table.KnownAs(ctx, tokens)
		ok(t, err)
		wantText(t, ids(got, func(as sroi.Token) string { return cmp.Or(string(as), "-") }), want)
	}
	of := func(number int, person sroi.Token) sroi.Placement {
		p := placement("C1", number)
		p.Person = person
		return p
	}
	known("")
	known("- -", "2.b", "1.a")
	ok(t, table.AddPlacement(ctx, of(1, "1.a"), "1.a"))
	known("- 1.a -", "2.b", "1.a", "1.ab") // a neighbour's token is not known
	ok(t, table.AddPlacement(ctx, of(2, "1.a"), "2.b", "1.a"))
	ok(t, table.AddPlacement(ctx, of(2, "1.a"), "2.b", "1.a")) // the very same again
	known("1.a 1.a", "2.b", "1.a")
	wantErr(t, table.AddPlacement(ctx, of(3, "3.c"), "3.c", "2.b"), app.ErrStale)
	known("-", "3.c") // all or nothing
	wantErr(t, table.AddPlacement(ctx, of(2, "3.c"), "3.c"), app.ErrTaken)
	known("-", "3.c")
	file, err := table.File(ctx, "C1")
	ok(t, err)
	wantText(t, ids(file.Placements, func(p sroi.Placement) string { return string(p.Person) }), "1.a 1.a")
	person, err := table.Person(ctx, "1.a")
	ok(t, err)
	same(t, person, app.PersonFile{})
	wantErr(t, second(table.KnownAs(ctx, []sroi.Token{"a#b"})), ErrKey)
}

func TestStatementDraft(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	_, err := table.Statement(ctx, "C1", q1)
	wantErr(t, err, app.ErrAbsent)
	none := draft("C1", q1, 1, nil)
	ok(t, table.SaveDraft(ctx, none, nil))
	if read, decided, err := table.Revision(ctx, none); err != nil || len(read)+len(decided) != 0 {
		t.Fatalf("%v %v %v", read, decided, err)
	}
	list := lines(30)
	head := draft("C1", q1, 2, list)
	ok(t, table.SaveDraft(ctx, head, list))
	ok(t, table.SaveDraft(ctx, head, list))

	// A rival with the same number and other lines loses, and leaves the winner's whole.
	rival := lines(2)
	rival[0].Salt = "anders"
	wantErr(t, table.SaveDraft(ctx, draft("C1", q1, 2, rival), rival), app.ErrStale)
	got, err := table.Statement(ctx, "C1", q1)
	ok(t, err)
	same(t, got, head)
	read, _, err := table.Revision(ctx, head)
	ok(t, err)
	same(t, read, list)

	short := head
	short.Lines = 31
	if _, _, err := table.Revision(ctx, short); err == nil {
		t.Error("a line is missing and nobody says so")
	}
	if err := table.SaveDraft(ctx, short, list); err == nil {
		t.Error("a head of 31 lines is saved with 30")
	}
}

func TestThousandLines(t *testing.T) {
	table, line := prepared(t)
	list := lines(1000)
	head := draft("C1", q1, 1, list)
	line.start(nil)
	ok(t, table.SaveDraft(t.Context(), head, list))
	same(t, line.calls(), map[string]int{"BatchWriteItem": 40, "PutItem": 1})
	line.start(nil)
	read, _, err := table.Revision(t.Context(), head)
	ok(t, err)
	same(t, read, list)
	if pages := line.calls()["Query"]; pages < 2 {
		t.Errorf("%d pages: the megabyte was never reached", pages)
	}
}

func TestStatementsByPeriod(t *testing.T) {
	table, _ := prepared(t)
	addContract(t, table, "C1B")
	for _, p := range []string{"2022-H2", "2022-Q1", "2022-10", "2022-01", "2021-Q4", "2022-02"} {
		ok(t, table.SaveDraft(t.Context(), draft("C1", calendar.MustPeriod(p), 1, nil), nil))
	}
	ok(t, table.SaveDraft(t.Context(), draft("C1B", q1, 1, nil), nil))
	heads, err := table.Statements(t.Context(), "C1")
	ok(t, err)
	wantText(t, ids(heads, func(s sroi.Statement) string { return s.Period.String() }), "2021-Q4 2022-01 2022-Q1 2022-02 2022-H2 2022-10")
	if heads, err = table.Statements(t.Context(), "nergens"); err != nil || len(heads) != 0 {
		t.Fatalf("%v %v", heads, err)
	}
}

func TestMove(t *testing.T) {
	table, _, m := submitted(t, 2)
	ctx := t.Context()
	ok(t, table.Move(ctx, m)) // the very same again
	rival := m
	rival.Statement.Act = "x"
	wantErr(t, table.Move(ctx, rival), app.ErrStale)

	// The head fits, the balance does not: another entry came between.
	behind := moved(m.Statement, newContract("C1").Balance, sroi.Decided, sroi.StatementDecided)
	wantErr(t, table.Move(ctx, behind), app.ErrStale)
	// The balance is ahead of the stored one, or of another history.
	_, ahead, _ := correction("C1", "K1", m.Balance)
	wantErr(t, table.Move(ctx, moved(m.Statement, ahead, sroi.Decided, sroi.StatementDecided)), app.ErrStale)
	forked := m.Balance
	forked.Head = strings.Repeat("0", 64)
	wantErr(t, table.Move(ctx, moved(m.Statement, forked, sroi.Decided, sroi.StatementDecided)), app.ErrStale)
	got, err := table.Statement(ctx, "C1", q1)
	ok(t, err)
	same(t, got, m.Statement)

	next := moved(m.Statement, m.Balance, sroi.Decided, sroi.StatementDecided)
	ok(t, table.Move(ctx, next))
	account, err := table.Account(ctx, "C1")
	ok(t, err)
	same(t, account.Balance, next.Balance)
	entries, err := table.Entries(ctx, "C1", 1, 10)
	ok(t, err)
	same(t, entries, []sroi.Entry{m.Entry, next.Entry})
}

func TestQueue(t *testing.T) {
	table, _ := prepared(t)
	read := func(desk string, state sroi.StatementState) func(app.Page) ([]sroi.Statement, string, error) {
		return func(p app.Page) ([]sroi.Statement, string, error) {
			return table.Queue(t.Context(), app.DeskQuery{Desk: desk, State: state}, p)
		}
	}
	name := func(s sroi.Statement) string { return s.Contract + "/" + s.Period.String() }
	wantText(t, ids(wholeList(t, 1, read(oost, sroi.Submitted)), name), "")
	account := newContract("C1").Balance
	for i, p := range []string{"2022-Q1", "2022-Q2", "2022-Q3"} {
		head := draft("C1", calendar.MustPeriod(p), 1, nil)
		ok(t, table.SaveDraft(t.Context(), head, nil))
		m := moved(head, account, sroi.Submitted, sroi.StatementSubmitted)
		m.Statement.DecideBy = today.AddDays(30 - 10*i)
		ok(t, table.Move(t.Context(), m))
		account = m.Balance
	}
	ok(t, table.SaveDraft(t.Context(), draft("C1", calendar.MustPeriod("2021-Q4"), 1, nil), nil))
	near := draft("C2", q1, 1, nil)
	near.Desk = "oost-"
	ok(t, table.SaveDraft(t.Context(), near, nil))
	for limit := 1; limit <= 4; limit++ {
		wantText(t, ids(wholeList(t, limit, read(oost, sroi.Submitted)), name), "C1/2022-Q3 C1/2022-Q2 C1/2022-Q1")
		wantText(t, ids(wholeList(t, limit, read(oost, sroi.Draft)), name), "C1/2021-Q4")
	}
}

func TestSightings(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	seen := sroi.Sighting{SHA256: strings.Repeat("b", 64), Seen: today, Actor: actor, Act: act}
	ok(t, table.AddSighting(ctx, "C1", seen))
	later := seen
	later.Seen = today.AddDays(1)
	ok(t, table.AddSighting(ctx, "C1", later))
	first := seen
	first.SHA256 = strings.Repeat("a", 64)
	ok(t, table.AddSighting(ctx, "C1", first))
	ok(t, table.AddSighting(ctx, "C1B", seen))
	got, err := table.Sightings(ctx, "C1")
	ok(t, err)
	same(t, got, []sroi.Sighting{first, seen})
	if got, err = table.Sightings(ctx, "C"); err != nil || len(got) != 0 {
		t.Fatalf("%v %v", got, err)
	}
}

func TestAddDecision(t *testing.T) {
	table, _, m := submitted(t, 3)
	ctx, s := t.Context(), m.Statement
	ok(t, second(table.AddDecision(ctx, s, decision(2, act), nil)))
	again := decision(2, act)
	again.Salt = "anders"
	ok(t, second(table.AddDecision(ctx, s, again, nil))) // of the same act
	wantErr(t, second(table.AddDecision(ctx, s, decision(2, "x"), nil)), app.ErrTaken)

	ok(t, second(table.AddDecision(ctx, s, decision(1, act), hoursTake("C1", "h1", 0))))
	ok(t, second(table.AddDecision(ctx, s, decision(1, act), hoursTake("C1", "h1", 0))))
	wantErr(t, second(table.AddDecision(ctx, s, decision(3, act), hoursTake("C1", "h1", 0))), app.ErrStale) // the tally
	wantErr(t, second(table.AddDecision(ctx, s, decision(3, act), hoursTake("C1", "h2", 1))), app.ErrTaken)
	ok(t, second(table.AddDecision(ctx, s, decision(3, act), hoursTake("C1", "h1", 1)))) // the same holder

	read, decided, err := table.Revision(ctx, s)
	ok(t, err)
	same(t, read, lines(3))
	same(t, decided, []sroi.Decision{decision(1, act), decision(2, act), decision(3, act)})
	person, err := table.Person(ctx, sroi.Token(payload))
	ok(t, err)
	same(t, person, app.PersonFile{TallyVersion: 2, Takes: []app.Take{*hoursTake("C1", "h1", 0)}})
}

func TestNoTakeForAStatementThatMovedOn(t *testing.T) {
	table, _, m := submitted(t, 1)
	back := moved(m.Statement, m.Balance, sroi.SentBack, sroi.StatementSentBack)
	ok(t, table.Move(t.Context(), back))
	wantErr(t, second(table.AddDecision(t.Context(), m.Statement, decision(1, act), hoursTake("C1", "h1", 0))), app.ErrStale)
	person, err := table.Person(t.Context(), sroi.Token(payload))
	ok(t, err)
	same(t, person, app.PersonFile{})
}

func TestInvoiceIsTakenOnce(t *testing.T) {
	table, _, m := submitted(t, 3)
	ctx, s := t.Context(), m.Statement
	ok(t, second(table.AddDecision(ctx, s, decision(1, act), invoiceTake("C1", "h1", "F-12"))))
	wantErr(t, second(table.AddDecision(ctx, s, decision(2, act), invoiceTake("C1", "h2", " f-12"))), app.ErrTaken)
	if _, decided, err := table.Revision(ctx, s); err != nil || len(decided) != 1 {
		t.Fatalf("%d decisions, %v", len(decided), err)
	}
	ok(t, second(table.AddDecision(ctx, s, decision(2, act), invoiceTake("C1", "h2", "F-13"))))
	ok(t, table.Release(ctx, []app.Take{*invoiceTake("C1", "h2", "F-12")})) // not its holder
	wantErr(t, second(table.AddDecision(ctx, s, decision(3, act), invoiceTake("C1", "h3", "F-12"))), app.ErrTaken)
	ok(t, table.Release(ctx, []app.Take{*invoiceTake("C1", "h1", "F-12"), *invoiceTake("C1", "h1", "F-99")}))
	ok(t, second(table.AddDecision(ctx, s, decision(3, act), invoiceTake("C1", "h3", "F-12"))))
}

func TestRelease(t *testing.T) {
	table, _, m := submitted(t, 3)
	ctx, s := t.Context(), m.Statement
	ok(t, table.Release(ctx, nil))
	ok(t, table.Release(ctx, []app.Take{*hoursTake("C1", "h1", 0)})) // nothing was taken
	person, err := table.Person(ctx, sroi.Token(payload))
	ok(t, err)
	same(t, person, app.PersonFile{})

	ok(t, second(table.AddDecision(ctx, s, decision(1, act), hoursTake("C1", "h1", 0))))
	ok(t, table.Release(ctx, []app.Take{*hoursTake("C1", "h2", 0)})) // not its holder
	person, err = table.Person(ctx, sroi.Token(payload))
	ok(t, err)
	same(t, person, app.PersonFile{TallyVersion: 1, Takes: []app.Take{*hoursTake("C1", "h1", 0)}})

	for range 2 { // a repeat changes nothing
		ok(t, table.Release(ctx, []app.Take{*hoursTake("C1", "h1", 0)}))
		person, err = table.Person(ctx, sroi.Token(payload))
		ok(t, err)
		same(t, person, app.PersonFile{TallyVersion: 2})
	}
	ok(t, second(table.AddDecision(ctx, s, decision(2, act), hoursTake("C1", "h2", 2))))
}

func TestReleaseOfMany(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	var takes []app.Take
	for i := range 12 {
		take := hoursTake(fmt.Sprint("C", i), "h", i)
		ok(t, table.commit(ctx, claim(*take)...))
		takes = append(takes, *take)
	}
	ok(t, table.Release(ctx, takes))
	person, err := table.Person(ctx, sroi.Token(payload))
	ok(t, err)
	same(t, person, app.PersonFile{TallyVersion: 24})
}

// A query is not read as of one moment either: whoever missed what was taken in
// between must know a tally of before.
func TestWhoMissedATakeDecidesNothing(t *testing.T) {
	table, line := open(t)
	take := func(contract string, tally int) error {
		return table.commit(t.Context(), claim(*hoursTake(contract, "h", tally))...)
	}
	ok(t, take("C2", 0))
	ok(t, take("C3", 1))
	line.start(func(operation string, n int) fault {
		switch {
		case operation != "Query" || n > 2:
			return fault{}
		case n == 2:
			return fault{before: func() { ok(t, take("C1", 2)); ok(t, take("C4", 3)) }}
		}
		return fault{edit: func(body []byte) []byte { return firstTwo(t, body) }}
	})
	person, err := table.Person(t.Context(), sroi.Token(payload))
	ok(t, err)
	if len(person.Takes) == 4 {
		t.Fatal("nothing was missed")
	}
	wantErr(t, take("C5", person.TallyVersion), app.ErrStale)
}

// firstTwo is a page that ends after its second item.
func firstTwo(t *testing.T, body []byte) []byte {
	t.Helper()
	var page struct {
		Items            []map[string]json.RawMessage
		LastEvaluatedKey map[string]json.RawMessage
	}
	ok(t, json.Unmarshal(body, &page))
	page.Items = page.Items[:2]
	page.LastEvaluatedKey = map[string]json.RawMessage{"PK": page.Items[1]["PK"], "SK": page.Items[1]["SK"]}
	return encoded(t, page)
}

func TestCorrection(t *testing.T) {
	table, _, m := submitted(t, 1)
	ctx := t.Context()
	_, err := table.Correction(ctx, "C1", "K1")
	wantErr(t, err, app.ErrAbsent)
	c, after, e := correction("C1", "K1", newContract("C1").Balance)
	_, err = table.AddCorrection(ctx, c, after, e, nil)
	wantErr(t, err, app.ErrStale)
	c, after, e = correction("C1", "K1", m.Balance)
	ok(t, table.commit(ctx, claim(*hoursTake("C1", "h1", 0))...))
	_, err = table.AddCorrection(ctx, c, after, e, hoursTake("C1", "h2", 1))
	wantErr(t, err, app.ErrTaken)
	_, err = table.AddCorrection(ctx, c, after, e, hoursTake("C1", "h1", 0))
	wantErr(t, err, app.ErrStale)
	less := hoursTake("C1", "h1", 1)
	less.Hours, less.Worked = nil, 0
	added, err := table.AddCorrection(ctx, c, after, e, less)
	ok(t, err)
	same(t, added, c)
	other := c
	other.Text = "iets anders"
	added, err = table.AddCorrection(ctx, other, after, e, less)
	ok(t, err)
	same(t, added, c)
	got, err := table.Correction(ctx, "C1", "K1")
	ok(t, err)
	same(t, got, c)
	person, err := table.Person(ctx, sroi.Token(payload))
	ok(t, err)
	same(t, person, app.PersonFile{TallyVersion: 2})
}

func TestEntries(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	b := newContract("C1").Balance
	for range 12 {
		var c sroi.Correction
		var e sroi.Entry
		c, b, e = correction("C1", fmt.Sprint("K", b.Seq), b)
		_, err := table.AddCorrection(ctx, c, b, e, nil)
		ok(t, err)
	}
	number := func(e sroi.Entry) string { return fmt.Sprint(e.Seq) }
	for _, c := range []struct {
		after, limit int
		want         string
	}{
		{0, 3, "1 2 3"}, {-1, 1, "1"}, {9, 100, "10 11 12 13"}, {12, 1, "13"}, {13, 5, ""}, {0, 0, ""}, {maxSeq, 1, ""}, {0, 13, "1 2 3 4 5 6 7 8 9 10 11 12 13"},
	} {
		got, err := table.Entries(ctx, "C1", c.after, c.limit)
		ok(t, err)
		wantText(t, ids(got, number), c.want)
	}
}

func TestLedgersOf(t *testing.T) {
	table, line, _ := submitted(t, 1)
	ctx := t.Context()
	addTender(t, table, tender("T2", 1))
	addContract(t, table, "C11")
	neighbour := authority(1)
	neighbour.ID = apeldoorn[:8]
	ok(t, table.PutAuthority(ctx, neighbour))
	theirs := tender("T0", 1)
	theirs.Authority = neighbour.ID
	addTender(t, table, theirs)
	for _, c := range []struct {
		after string
		limit int
		want  string
	}{
		{"", 20, "CONTRACT#C1 CONTRACT#C11 TENDER#T1 TENDER#T2"}, {"", 2, "CONTRACT#C1 CONTRACT#C11"},
		{"CONTRACT#C1", 1, "CONTRACT#C11"}, {"CONTRACT#C11", 1, "TENDER#T1"}, {"TENDER#T1", 20, "TENDER#T2"}, {"TENDER#T2", 20, ""},
		{"CONTRACT#C0", 1, "CONTRACT#C1"}, {"", 0, "CONTRACT#C1 CONTRACT#C11 TENDER#T1 TENDER#T2"},
	} {
		got, err := table.LedgersOf(ctx, apeldoorn, c.after, c.limit)
		ok(t, err)
		wantText(t, strings.Join(got, " "), c.want)
	}
	none, err := table.LedgersOf(ctx, "00000001009876543000", "", 20)
	if ok(t, err); len(none) != 0 {
		t.Errorf("another authority has %v", none)
	}
	_, err = table.LedgersOf(ctx, "", "", 20)
	wantErr(t, err, ErrKey)
	line.start(nil)
	_, err = table.LedgersOf(ctx, apeldoorn, "", 20)
	ok(t, err)
	same(t, line.calls(), map[string]int{"Query": 1})
}

func TestContractLedger(t *testing.T) {
	table, line, m := submitted(t, 2)
	ctx := t.Context()
	_, err := table.ContractLedger(ctx, "C")
	wantErr(t, err, app.ErrAbsent)
	ok(t, table.AddPlacement(ctx, placement("C1", 1)))
	ok(t, second(table.AddDecision(ctx, m.Statement, decision(1, act), nil)))
	back := moved(m.Statement, m.Balance, sroi.SentBack, sroi.StatementSentBack)
	ok(t, table.Move(ctx, back))
	second := lines(1)
	resubmitted := draft("C1", q1, 4, second)
	ok(t, table.SaveDraft(ctx, resubmitted, second))
	unsent := lines(3)
	ok(t, table.SaveDraft(ctx, draft("C1", calendar.MustPeriod("2022-Q2"), 1, unsent), unsent))
	again := moved(resubmitted, back.Balance, sroi.Submitted, sroi.StatementSubmitted)
	ok(t, table.Move(ctx, again))
	c, after, e := correction("C1", "K1", again.Balance)
	_, err = table.AddCorrection(ctx, c, after, e, nil)
	ok(t, err)

	line.start(nil)
	got, err := table.ContractLedger(ctx, "C1")
	ok(t, err)
	same(t, line.calls(), map[string]int{"Query": 4}) // 1, 2 revisions, corrections
	same(t, got, sroi.Ledger{
		Contract: contract("C1"),
		Entries:  []sroi.Entry{newContract("C1").Entries[0], m.Entry, back.Entry, again.Entry, e},
		Revisions: []sroi.Revision{
			{Period: q1, Number: 1, LinesHash: m.Statement.LinesHash, Lines: lines(2), Decisions: []sroi.Decision{decision(1, act)}},
			{Period: q1, Number: 4, LinesHash: resubmitted.LinesHash, Lines: second, Decisions: []sroi.Decision{}},
		},
		Corrections: []sroi.Correction{c},
	})
}

func TestContributions(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	for _, seq := range []int{2, 2, 1, 5, 4} {
		ok(t, table.PutContribution(ctx, contribution("CONTRACT#C1", seq)))
	}
	rival := contribution("CONTRACT#C1", 5)
	rival.Steps = nil
	ok(t, table.PutContribution(ctx, rival)) // as new as the stored one, but another: worked out anew
	got, err := table.Contributions(ctx, "GM0200", 2022)
	ok(t, err)
	same(t, got, []sroi.Contribution{rival})
	ok(t, table.PutContribution(ctx, contribution("CONTRACT#C1", 5)))
	rival.Seq = 4
	ok(t, table.PutContribution(ctx, rival)) // older: refused without error
	empty := contribution("TENDER#C1", 1)
	empty.Steps = nil
	ok(t, table.PutContribution(ctx, empty))
	for _, neighbour := range []sroi.Contribution{{Area: "GM02000", Year: 2022}, {Area: "GM0200", Year: 2023}} {
		neighbour.Source, neighbour.Seq = "CONTRACT#C1", 1
		ok(t, table.PutContribution(ctx, neighbour))
	}
	got, err = table.Contributions(ctx, "GM0200", 2022)
	ok(t, err)
	same(t, got, []sroi.Contribution{contribution("CONTRACT#C1", 5), empty})
	if got, err = table.Contributions(ctx, "GM0201", 2022); err != nil || len(got) != 0 {
		t.Fatalf("%v %v", got, err)
	}
	wantErr(t, table.PutContribution(ctx, contribution("AUTH#C1", 1)), ErrKey)
}

func TestSources(t *testing.T) {
	table, line, _ := submitted(t, 1)
	ctx := t.Context()
	addTender(t, table, tender("C1", 1)) // with the id of a contract
	addContract(t, table, "C11")
	none, err := table.Sources(ctx, nil)
	if ok(t, err); len(none.Contracts)+len(none.Tenders) != 0 {
		t.Fatalf("%v", none)
	}
	line.start(nil)
	names := []string{"CONTRACT#C1", "TENDER#C1", "TENDER#C11", "CONTRACT#C2"}
	got, err := table.Sources(ctx, names)
	ok(t, err)
	same(t, got, app.Sources{
		Contracts: map[string]sroi.Contract{"CONTRACT#C1": contract("C1")}, Tenders: map[string]sroi.Tender{"TENDER#C1": tender("C1", 1)},
	})
	for i := range 96 { // the whole page that may be asked
		names = append(names, fmt.Sprintf("CONTRACT#X%d", i))
	}
	if got, err = table.Sources(ctx, names); err != nil || len(got.Contracts) != 1 || len(got.Tenders) != 1 {
		t.Fatalf("%v %v", got, err)
	}
	same(t, line.calls(), map[string]int{"BatchGetItem": 2})
	for _, name := range []string{"AUTH#C1", "C1", "CONTRACT#", "TENDER#a#b"} {
		wantErr(t, second(table.Sources(ctx, []string{name})), ErrKey)
	}
}

func TestTotals(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	got, err := table.Total(ctx, "GM0200", 2022)
	ok(t, err)
	same(t, got, sroi.Total{Area: "GM0200", Year: 2022})
	wantErr(t, table.SwapTotal(ctx, total("GM0200", 2022, 2), nil), app.ErrStale)
	ok(t, table.SwapTotal(ctx, total("GM0200", 2022, 1), nil))
	ok(t, table.SwapTotal(ctx, total("GM0200", 2022, 1), nil))
	ok(t, table.SwapTotal(ctx, total("GM0200", 2022, 2), []sroi.Course{course("GM0200", 2022, "2022-03-05")}))
	wantErr(t, table.SwapTotal(ctx, total("GM0200", 2022, 4), []sroi.Course{course("GM0200", 2022, "2022-04-05")}), app.ErrStale)
	if _, found, err := table.FiguresOn(ctx, "GM0200", 2022, calendar.MustDate("2022-04-30")); err != nil || !found {
		t.Fatalf("%v %v", found, err)
	}
	ok(t, table.SwapTotal(ctx, total("GM0200", 2020, 1), nil))
	ok(t, table.SwapTotal(ctx, total("GM02000", 2021, 1), nil))
	totals, err := table.Totals(ctx, "GM0200", 2022, 2021, 2020, 2022)
	ok(t, err)
	same(t, totals, []app.AreaYear{
		{Total: total("GM0200", 2022, 2)}, {Total: sroi.Total{Area: "GM0200", Year: 2021}}, {Total: total("GM0200", 2020, 1)}, {Total: total("GM0200", 2022, 2)},
	})
	frozen := sroi.AreaClose{Area: "GM0200", Year: 2020, On: today, Figures: sroi.Figures{Jobs: 7}}
	ok(t, table.AddAreaClose(ctx, frozen))
	ok(t, table.AddAreaClose(ctx, sroi.AreaClose{Area: "GM0200", Year: 2020, On: today})) // frozen is frozen
	ok(t, table.AddAreaClose(ctx, sroi.AreaClose{Area: "AM06", Year: 2021, On: today}))
	totals, err = table.Totals(ctx, "GM0200", 2021, 2020)
	ok(t, err)
	same(t, totals, []app.AreaYear{{Total: sroi.Total{Area: "GM0200", Year: 2021}}, {Total: total("GM0200", 2020, 1), Closed: &frozen}})
	if none, err := table.Totals(ctx, "GM0200"); err != nil || len(none) != 0 {
		t.Fatalf("%v %v", none, err)
	}
	if err := table.SwapTotal(ctx, total("GM0200", 2022, 3), []sroi.Course{course("GM0200", 2021, "2022-04-05")}); err == nil {
		t.Error("a course of another year is saved")
	}
}

// A copy that is behind may have what was frozen of a year, and not yet the total
// that it was frozen of.
func TestATotalOfBeforeItsCloseIsReadAgain(t *testing.T) {
	table, line := open(t)
	figures := sroi.Figures{Jobs: 7}
	closed := total("GM0200", 2022, 1)
	closed.Closed = &sroi.ClosedYear{Figures: figures}
	ok(t, table.SwapTotal(t.Context(), closed, nil))
	frozen := sroi.AreaClose{Area: "GM0200", Year: 2022, On: today, Figures: figures, Version: 1}
	ok(t, table.AddAreaClose(t.Context(), frozen))
	want := []app.AreaYear{{Total: closed, Closed: &frozen}, {Total: sroi.Total{Area: "GM0200", Year: 2021}}}
	for behind, calls := range map[string]int{"": 1, `"YEAR#2022"`: 2} {
		line.start(func(_ string, n int) fault {
			if behind == "" || n > 1 {
				return fault{}
			}
			return fault{edit: func(body []byte) []byte {
				answer, _, _ := without(t, body, behind)
				return encoded(t, answer)
			}}
		})
		totals, err := table.Totals(t.Context(), "GM0200", 2022, 2021)
		ok(t, err)
		same(t, totals, want)
		same(t, line.calls(), map[string]int{"BatchGetItem": calls})
	}
}

func TestFiguresOn(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	ok(t, table.SwapTotal(ctx, total("GM0200", 2022, 1), []sroi.Course{
		course("GM0200", 2022, "2022-01-10", "2022-01-20"), course("GM0200", 2022, "2022-03-15", "2022-03-31"), course("GM0200", 2022, "2023-02-01"),
	}))
	ok(t, table.SwapTotal(ctx, total("GM0200", 2021, 1), []sroi.Course{course("GM0200", 2021, "2022-01-01")}))
	for _, c := range []struct{ day, from string }{
		{"2021-12-31", ""}, {"2022-01-09", ""}, {"2022-01-10", "2022-01-10"}, {"2022-01-19", "2022-01-10"}, {"2022-02-28", "2022-01-20"},
		{"2022-03-14", "2022-01-20"}, {"2022-03-15", "2022-03-15"}, {"2022-12-31", "2022-03-31"}, {"2023-01-31", "2022-03-31"}, {"2023-02-01", "2023-02-01"},
	} {
		got, found, err := table.FiguresOn(ctx, "GM0200", 2022, calendar.MustDate(c.day))
		ok(t, err)
		want := sroi.Figures{}
		if c.from != "" {
			want = course("GM0200", 2022, c.from).Days[0].Figures
		}
		if found != (c.from != "") || got.Persons != want.Persons {
			t.Errorf("%s: %v %d persons, want %d", c.day, found, got.Persons, want.Persons)
		}
	}
}

func TestIndicators(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	wantErr(t, table.AddIndicatorValue(ctx, indicator("GM0200", "banen", "2022", 2, true)), app.ErrStale)
	for _, v := range []sroi.IndicatorValue{
		indicator("GM0200", "banen", "2022", 1, true), indicator("GM0200", "banen", "2022", 2, true), indicator("GM0200", "banen", "2022", 1, false),
		indicator("GM0200", "banen", "2022-Q1", 1, false), indicator("GM0200", "banen2", "2022", 1, false), indicator("GM02", "banen", "2022", 1, false),
	} {
		ok(t, table.AddIndicatorValue(ctx, v))
		ok(t, table.AddIndicatorValue(ctx, v))
	}
	other := indicator("GM0200", "banen", "2022", 2, true)
	other.Source = "anders"
	wantErr(t, table.AddIndicatorValue(ctx, other), app.ErrStale)
	wantErr(t, table.AddIndicatorValue(ctx, indicator("GM0200", "banen", "2022", 4, true)), app.ErrStale)
	wantErr(t, table.AddIndicatorValue(ctx, indicator("GM0200", "banen", "2022", 0, true)), ErrKey)

	name := func(v sroi.IndicatorValue) string {
		return fmt.Sprint(v.Code, "/", v.Period, "/", v.Intended, "/", v.Revision)
	}
	revisions, err := table.IndicatorRevisions(ctx, "GM0200", "banen", "2022")
	ok(t, err)
	wantText(t, ids(revisions, name), "banen/2022/false/1 banen/2022/true/1 banen/2022/true/2")
	values, err := table.IndicatorValues(ctx, "GM0200")
	ok(t, err)
	wantText(t, ids(values, name), "banen/2022/false/1 banen/2022/true/1 banen/2022/true/2 banen/2022-Q1/false/1 banen2/2022/false/1")
	if values, err = table.IndicatorValues(ctx, "GM0"); err != nil || len(values) != 0 {
		t.Fatalf("%v %v", values, err)
	}
}

func TestEnterprise(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	wantErr(t, second(table.Enterprise(ctx, "oost", "12345678", 0)), app.ErrAbsent)
	wantErr(t, table.PutEnterprise(ctx, enterprise("oost", "12345678", 2)), app.ErrStale)
	first := enterprise("oost", "12345678", 1)
	ok(t, table.PutEnterprise(ctx, first))
	ok(t, table.PutEnterprise(ctx, first)) // the very same again
	other := first
	other.Name = "Anders"
	wantErr(t, table.PutEnterprise(ctx, other), app.ErrStale)
	other.Version, other.Spans = 2, nil
	ok(t, table.PutEnterprise(ctx, other))
	wantErr(t, table.PutEnterprise(ctx, enterprise("oost", "12345678", 2)), app.ErrStale)
	for version, want := range map[int]sroi.Enterprise{0: other, 1: first, 2: other} { // every version stays
		got, err := table.Enterprise(ctx, "oost", "12345678", version)
		ok(t, err)
		same(t, got, want)
	}
	for _, none := range []struct {
		register, kvk string
		version       int
	}{{"oost", "12345678", 3}, {"oos", "12345678", 0}, {"oost", "1234567", 0}} {
		wantErr(t, second(table.Enterprise(ctx, none.register, none.kvk, none.version)), app.ErrAbsent)
	}
}

func TestEnterprises(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	name := func(e sroi.Enterprise) string { return fmt.Sprint(e.KvK, "/", e.Version) }
	read := func(register string) func(app.Page) ([]sroi.Enterprise, string, error) {
		return func(p app.Page) ([]sroi.Enterprise, string, error) { return table.Enterprises(ctx, register, p) }
	}
	wantText(t, ids(wholeList(t, 2, read("oost")), name), "")
	for _, kvk := range []string{"00000003", "00000001", "00000002", "00000004"} {
		ok(t, table.PutEnterprise(ctx, enterprise("oost", kvk, 1)))
	}
	ok(t, table.PutEnterprise(ctx, enterprise("oost", "00000002", 2)))
	ok(t, table.PutEnterprise(ctx, enterprise("ooster", "00000009", 1)))
	for limit := 1; limit <= 5; limit++ {
		wantText(t, ids(wholeList(t, limit, read("oost")), name), "00000001/1 00000002/2 00000003/1 00000004/1")
	}
	_, _, err := table.Enterprises(ctx, "oost", app.Page{Limit: 2, Cursor: "geen"})
	wantErr(t, err, app.ErrCursor)

	var sellers []string
	for i := range 150 { // more than one batch, most of them unknown
		sellers = append(sellers, fmt.Sprintf("%08d", i))
	}
	found, err := table.EnterprisesOf(ctx, "oost", sellers)
	ok(t, err)
	wantText(t, ids(found, name), "00000001/1 00000002/2 00000003/1 00000004/1")
	if found, err = table.EnterprisesOf(ctx, "nergens", sellers[:1]); err != nil || len(found) != 0 {
		t.Fatalf("%v %v", found, err)
	}
}

func TestADayOfAnActivityIsTakenOnce(t *testing.T) {
	table, _, m := submitted(t, 3)
	ctx, s := t.Context(), m.Statement
	ok(t, second(table.AddDecision(ctx, s, decision(1, act), dayTake("C1", "h1", "MA", "2022-02-01"))))
	wantErr(t, second(table.AddDecision(ctx, s, decision(2, act), dayTake("C1", "h2", "MA", "2022-02-01"))), app.ErrTaken)
	ok(t, second(table.AddDecision(ctx, s, decision(2, act), dayTake("C1", "h2", "MA", "2022-02-02")))) // another day
	ok(t, table.Release(ctx, []app.Take{*dayTake("C1", "h2", "MA", "2022-02-01")}))                     // not its holder
	wantErr(t, second(table.AddDecision(ctx, s, decision(3, act), dayTake("C1", "h3", "MA", "2022-02-01"))), app.ErrTaken)
	ok(t, table.Release(ctx, []app.Take{*dayTake("C1", "h1", "MA", "2022-02-01")}))
	ok(t, second(table.AddDecision(ctx, s, decision(3, act), dayTake("C1", "h3", "MA", "2022-02-01"))))
	both := dayTake("C1", "h4", "MA", "2022-02-03")
	both.Seller, both.Invoice = supplier, "F-1"
	if err := second(table.AddDecision(ctx, s, decision(3, "anders"), both)); err == nil {
		t.Fatal("a take is of one thing")
	}
}

func TestYearClose(t *testing.T) {
	table, _ := open(t)
	ctx := t.Context()
	_, err := table.YearClose(ctx, apeldoorn, 2022)
	wantErr(t, err, app.ErrAbsent)
	none, err := table.YearClosesOf(ctx, apeldoorn)
	ok(t, err)
	same(t, none, []sroi.YearClose{})
	wantErr(t, table.PutYearClose(ctx, yearClose(2)), app.ErrStale)
	ok(t, table.PutYearClose(ctx, yearClose(1)))
	ok(t, table.PutYearClose(ctx, yearClose(2)))
	wantErr(t, table.PutYearClose(ctx, yearClose(4)), app.ErrStale)
	other := yearClose(1)
	other.Year = 2021
	ok(t, table.PutYearClose(ctx, other))
	foreign := yearClose(1)
	foreign.Authority = apeldoorn[:8]
	ok(t, table.PutYearClose(ctx, foreign))
	got, err := table.YearClose(ctx, apeldoorn, 2022)
	ok(t, err)
	same(t, got, yearClose(2))
	// What stands beside a close is none: its ledgers, the area's year.
	ok(t, table.AddClosedLedgers(ctx, apeldoorn, 2022, 1, closedLedgers(1)))
	ok(t, table.AddAreaClose(ctx, sroi.AreaClose{Area: string(apeldoorn), Year: 2022, On: today}))
	list, err := table.YearClosesOf(ctx, apeldoorn)
	ok(t, err)
	same(t, list, []sroi.YearClose{other, yearClose(2)})
}

// Parts of thousands of ledgers come back whole and in order, over pages of 1 MB.
func TestClosedLedgers(t *testing.T) {
	table, line := open(t)
	ctx := t.Context()
	none, err := table.ClosedLedgers(ctx, apeldoorn, 2022)
	ok(t, err)
	same(t, none, [][]sroi.ClosedLedger{})
	var parts [][]sroi.ClosedLedger
	for n := 1; n <= 5; n++ {
		parts = append(parts, closedLedgers(700+n))
		ok(t, table.AddClosedLedgers(ctx, apeldoorn, 2022, n, parts[n-1]))
	}
	ok(t, table.AddClosedLedgers(ctx, apeldoorn, 2021, 1, closedLedgers(1)))
	wantErr(t, table.AddClosedLedgers(ctx, apeldoorn, 2022, 5, closedLedgers(1)), app.ErrStale)
	line.start(nil)
	got, err := table.ClosedLedgers(ctx, apeldoorn, 2022)
	ok(t, err)
	same(t, got, parts)
	if line.calls()["Query"] < 2 {
		t.Error("it all came on one page")
	}
}

func TestBook(t *testing.T) {
	table, _, m := submitted(t, 1)
	ctx := t.Context()
	after, e := closing(newContract("C1").Balance)
	wantErr(t, table.Book(ctx, after, e), app.ErrStale) // a statement was handed in meanwhile
	after, e = closing(m.Balance)
	ok(t, table.Book(ctx, after, e))
	ok(t, table.Book(ctx, after, e)) // the very same again
	account, err := table.Account(ctx, "C1")
	ok(t, err)
	same(t, account.Balance, after)
	if account.Balance.ClosedThrough != 2022 {
		t.Error("the balance does not know that the year is closed")
	}
	decided := moved(m.Statement, m.Balance, sroi.Decided, sroi.StatementDecided)
	wantErr(t, table.Move(ctx, decided), app.ErrStale) // the fence
	ok(t, table.Move(ctx, moved(m.Statement, after, sroi.Decided, sroi.StatementDecided)))
	e.Owner = "C2"
	if table.Book(ctx, after, e) == nil {
		t.Error("the entry is another contract's")
	}
}

func TestIdsThatAreNoneAreRefusedBeforeAnyCall(t *testing.T) {
	table, line := prepared(t)
	ctx := t.Context()
	line.start(nil)
	for _, id := range []string{"", "A#HEAD", strings.Repeat("x", 201), "a\xff"} {
		bad := newContract(id)
		badLine := decision(100_000, act)
		for name, err := range map[string]error{
			"Tender":        second(table.Tender(ctx, id)),
			"Account":       second(table.Account(ctx, id)),
			"File":          second(table.File(ctx, id)),
			"Ledger":        second(table.ContractLedger(ctx, id)),
			"Statements":    second(table.Statements(ctx, id)),
			"StatementsDue": second(table.StatementsDue(ctx, []app.Due{{Contract: id, Period: q1}})),
			"Contracts":     second(table.Contracts(ctx, []string{"C1", id})),
			"AuthoritiesIn": second(table.AuthoritiesIn(ctx, id)),
			"Create":        second(table.CreateContract(ctx, bad)),
			"AddPlacement":  table.AddPlacement(ctx, placement(id, 1)),
			"AddDecision":   second(table.AddDecision(ctx, draft("C1", q1, 1, nil), badLine, nil)),
			"Person":        second(table.Person(ctx, sroi.Token(id))),
			"Totals":        second(table.Totals(ctx, id, 2022)),
			"Contributions": second(table.Contributions(ctx, "GM0200", 20222)),
			"AddSighting":   table.AddSighting(ctx, "C1", sroi.Sighting{SHA256: id}),
			"Enterprise":    second(table.Enterprise(ctx, "oost", id, 0)),
			"EnterprisesOf": second(table.EnterprisesOf(ctx, id, []string{"12345678"})),
			"LedgersOf":     second(table.LedgersOf(ctx, sroi.AuthorityID(id), "", 0)),
			"YearClose":     second(table.YearClose(ctx, sroi.AuthorityID(id), 2022)),
			"ClosedLedgers": second(table.ClosedLedgers(ctx, sroi.AuthorityID(id), 2022)),
			"AddAreaClose":  table.AddAreaClose(ctx, sroi.AreaClose{Area: id, Year: 2022}),
		} {
			if !errors.Is(err, ErrKey) {
				t.Errorf("%s of %.10q: %v", name, id, err)
			}
			if len(id) > 1 && err != nil && strings.Contains(err.Error(), id) {
				t.Errorf("%s tells the id: %v", name, err)
			}
		}
	}
	if calls := line.calls(); len(calls) != 0 {
		t.Errorf("calls were made: %v", calls)
	}
}

func TestForeignAndMangledCursors(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	other := tender("T2", 1)
	addTender(t, table, other)
	_, cursor, err := table.ListTenders(ctx, app.TenderQuery{Authority: apeldoorn}, app.Page{Limit: 1})
	ok(t, err)
	if _, _, err = table.ListTenders(ctx, app.TenderQuery{Authority: apeldoorn}, app.Page{Limit: 1, Cursor: cursor}); err != nil {
		t.Fatal(err)
	}
	read := map[string]func(string) error{
		"other authority": func(c string) error {
			_, _, err := table.ListTenders(ctx, app.TenderQuery{Authority: "12345678"}, app.Page{Limit: 1, Cursor: c})
			return err
		},
		"other year": func(c string) error {
			_, _, err := table.ListTenders(ctx, app.TenderQuery{Authority: apeldoorn, Year: 2021}, app.Page{Limit: 1, Cursor: c})
			return err
		},
		"other list": func(c string) error {
			_, _, err := table.ListContracts(ctx, app.Owner{Authority: apeldoorn}, app.Page{Limit: 1, Cursor: c})
			return err
		},
		"cut":     func(c string) error { return tenders(ctx, table, c[:len(c)-3]) },
		"padded":  func(c string) error { return tenders(ctx, table, c+"=") },
		"foreign": func(string) error { return tenders(ctx, table, "eyJhIjoxfQ") },
		"garbage": func(string) error { return tenders(ctx, table, "%00#") },
	}
	for name, call := range read {
		if err := call(cursor); !errors.Is(err, app.ErrCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func tenders(ctx context.Context, table *Table, cursor string) error {
	_, _, err := table.ListTenders(ctx, app.TenderQuery{Authority: apeldoorn}, app.Page{Limit: 1, Cursor: cursor})
	return err
}

func TestCursorStaysInItsPartition(t *testing.T) {
	r := reading{index: byOwner, stretch: under(tendersPrefix.key(string(apeldoorn)))}
	for name, at := range map[string]position{
		"another item's key": {List: r.fingerprint(), Sort: "TENDER#2021-01-01#T1", PK: "PERSON#x", SK: "TALLY"},
		"outside the list":   {List: r.fingerprint(), Sort: "CONTRACT#2021-01-01#T1", PK: "TENDER#T1", SK: "HEAD"},
		"no sort key":        {List: r.fingerprint(), PK: "TENDER#T1", SK: "HEAD"},
		"endless":            {List: r.fingerprint(), Sort: "TENDER#" + strings.Repeat("x", 1100), PK: "TENDER#T1", SK: "HEAD"},
	} {
		forged := r.cursor(record{"OwnerSK": text("", at.Sort).value, "PK": text("", at.PK).value, "SK": text("", at.SK).value})
		if err := r.start(forged, tenderKey); !errors.Is(err, app.ErrCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := r.cursor(record{"OwnerSK": text("", "TENDER#2021-01-01#T1").value, "PK": text("", "TENDER#T1").value, "SK": text("", "HEAD").value})
	ok(t, r.start(good, tenderKey))
	names := make([]string, 0, 4)
	for name, value := range r.after {
		names = append(names, name+"="+record{"x": value}.text("x"))
	}
	slices.Sort(names)
	wantText(t, strings.Join(names, " "), "OwnerPK=AUTH#"+string(apeldoorn)+" OwnerSK=TENDER#2021-01-01#T1 PK=TENDER#T1 SK=HEAD")
}

// What was decided and taken for a submission that was sent back does not come
// back with the next submission of the very same revision, which may take again;
// and a late release for the earlier one leaves the later one's take alone.
func TestALaterSubmissionStartsAfresh(t *testing.T) {
	table, _, m := submitted(t, 1)
	ctx, first := t.Context(), m.Statement
	ok(t, second(table.AddDecision(ctx, first, decision(1, act), hoursTake("C1", "h1", 0))))
	back := moved(first, m.Balance, sroi.SentBack, sroi.StatementSentBack)
	ok(t, table.Move(ctx, back))
	newer := back.Statement
	newer.Submission = first.Submission + 1
	again := moved(newer, back.Balance, sroi.Submitted, sroi.StatementSubmitted)
	ok(t, table.Move(ctx, again))
	_, decided, err := table.Revision(ctx, again.Statement)
	ok(t, err)
	same(t, decided, []sroi.Decision{})
	take := hoursTake("C1", "h1", 1)
	take.Holder = "h1/2"
	ok(t, second(table.AddDecision(ctx, again.Statement, decision(1, "other"), take)))
	ok(t, table.Release(ctx, []app.Take{*hoursTake("C1", "h1", 0)}))
	person, err := table.Person(ctx, sroi.Token(payload))
	ok(t, err)
	if len(person.Takes) != 1 || person.Takes[0].Holder != "h1/2" {
		t.Fatalf("%+v", person)
	}
}
