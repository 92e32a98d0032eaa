// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// Account reads a contract with its balance, consistently, in one call. ErrAbsent.
func (t *Table) Account(ctx context.Context, id string) (app.Account, error) {
	read, _, err := t.accountWith(ctx, id)
	return read, err
}

// accountWith reads a contract with its balance, and other items beside them. The
// engine reads a batch item by item, not as of one moment: where an amendment came
// in between, it reads again, so that who books on the balance knows the contract
// that goes with it. ErrAbsent (the contract).
func (t *Table) accountWith(ctx context.Context, id string, others ...key) (app.Account, map[key]record, error) {
	head, balance := contractKey.key(id), balanceKey.key(id)
	if head.fault != nil {
		return app.Account{}, nil, fmt.Errorf("%w: %w", app.ErrAbsent, head.fault)
	}
	for try := range maxTries {
		if err := t.pause(ctx, try); err != nil {
			return app.Account{}, nil, err
		}
		found, err := t.getAll(ctx, append([]key{head, balance}, others...), true)
		if err != nil {
			return app.Account{}, nil, err
		}
		if found[head] == nil {
			return app.Account{}, nil, app.ErrAbsent
		}
		read, err := account(found[head], found[balance])
		if err != nil || read.Contract.Version == read.Balance.Amended+1 {
			return read, found, err
		}
	}
	return app.Account{}, nil, errConflict
}

// Contracts reads at most 100 contracts without their balances, in that order,
// consistently, in one call. ErrAbsent (any of them).
func (t *Table) Contracts(ctx context.Context, ids []string) ([]sroi.Contract, error) {
	keys := make([]key, len(ids))
	for i, id := range ids {
		keys[i] = contractKey.key(id)
	}
	found, err := t.getAll(ctx, keys, true)
	if err != nil {
		return nil, err
	}
	heads := make([]record, len(ids))
	for i, k := range keys {
		if heads[i] = found[k]; heads[i] == nil {
			return nil, app.ErrAbsent
		}
	}
	return decodeAll[sroi.Contract](heads, typeContract)
}

func account(head, balance record) (app.Account, error) {
	contract, err := decode[sroi.Contract](head, typeContract)
	if err != nil {
		return app.Account{}, err
	}
	fold, err := decode[sroi.Balance](balance, typeBalance)
	return app.Account{Contract: contract, Balance: fold}, err
}

// File reads a contract and its placements, consistently, in one call: the
// placements' keys follow the contract's. ErrAbsent.
func (t *Table) File(ctx context.Context, id string) (app.File, error) {
	prefix := contractTree.key(id)
	if prefix.fault != nil {
		return app.File{}, fmt.Errorf("%w: %w", app.ErrAbsent, prefix.fault)
	}
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(prefix)}, 0)
	if err != nil {
		return app.File{}, err
	}
	if len(found) == 0 || found[0].text("type") != typeContract {
		return app.File{}, app.ErrAbsent
	}
	contract, err := decode[sroi.Contract](found[0], typeContract)
	if err != nil {
		return app.File{}, err
	}
	placements, err := decodeAll[sroi.Placement](found[1:], typePlacement)
	return app.File{Contract: contract, Placements: placements}, err
}

// CreateContract writes all of a new contract or nothing, or returns the
// contract that has the id already. ErrTaken (contract number, or the lot),
// ErrStale (the tender moved on, or another year was closed meanwhile),
// ErrYearClosed (year of the term's first day), ErrAbsent (the authority).
func (t *Table) CreateContract(ctx context.Context, n app.NewContract) (sroi.Contract, error) {
	c := n.Contract
	authority, start := string(c.Authority), c.Term.From.String()
	writes := []write{
		contractItem(c).on(absent, always(errExists)),
		balanceItem(n.Balance),
		put(contractPointerKey.key(authority, c.ID), typePointer, reference{c.ID}).
			in(byOwner, contractsOfSupplier.key(c.Supplier, start, c.ID)),
		reserve(uniqueKey.key(authority, contractNumber, fingerprint(c.Number)), c.ID),
		check(tenderKey.key(c.Tender), condition{"#version = :version", []attribute{number("version", n.TenderVersion)}}, always(app.ErrStale)),
		checkOpen(c.Authority, c.Term.From.Year(), n.Balance.ClosedThrough),
	}
	lot := put(lotKey.key(c.Tender, c.Lot), typeReservation, reference{c.ID}) // of a framework: the newest call-off
	if n.OnePerLot {
		lot = reserve(lotKey.key(c.Tender, c.Lot), c.ID)
	}
	writes = append(writes, lot)
	for i, e := range n.Entries {
		if e.Seq != i+1 {
			return sroi.Contract{}, errors.New("store: the entries of a new contract are not numbered from 1")
		}
		writes = append(writes, entryItem(c.ID, e))
	}
	if n.Balance.Contract != c.ID || n.Balance.Seq != len(n.Entries) {
		return sroi.Contract{}, errors.New("store: the balance of a new contract is not that after its entries")
	}
	err := t.commit(ctx, writes...)
	if stored, exists := existing(err); exists {
		return decode[sroi.Contract](stored, typeContract)
	}
	return c, err
}

// contractItem is a contract as it is now, with its place in the indexes.
func contractItem(c sroi.Contract) write {
	start := c.Term.From.String()
	return put(contractKey.key(c.ID), typeContract, c, number("version", c.Version)).
		in(byOwner, contractsOfAuthority.key(string(c.Authority), start, c.ID)).
		in(byDesk, contractsOfDesk.key(c.Desk, start, c.ID))
}

// Amend writes the next version of a contract, the amendment that keeps the one
// before, and its entry, all or nothing. The very same amendment again is no
// error. ErrStale.
func (t *Table) Amend(ctx context.Context, c app.Change) error {
	before := condition{"#version = :version", []attribute{number("version", c.Contract.Version-1)}}
	amendment := put(amendmentKey.key(c.Amendment.Contract, padded(c.Amendment.Number, 4)), typeAmendment, c.Amendment)
	if c.Amendment.Contract != c.Contract.ID || c.Amendment.Number != c.Contract.Version-1 {
		amendment.fault = errors.New("store: the amendment is not that of the contract's version")
	}
	return t.commit(ctx, append([]write{
		amendment.onceOn(absent, app.ErrStale), contractItem(c.Contract).on(before, always(app.ErrStale)),
	}, book(c.Balance, c.Entry)...)...)
}

// Amendments lists a contract's amendments by number, consistently.
func (t *Table) Amendments(ctx context.Context, contract string) ([]sroi.Amendment, error) {
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(amendments.key(contract))}, 0)
	if err != nil {
		return nil, err
	}
	return decodeAll[sroi.Amendment](found, typeAmendment)
}

func balanceItem(b sroi.Balance) write {
	return put(balanceKey.key(b.Contract), typeBalance, b, number("seq", b.Seq), text("head", b.Head))
}

// entryItem is a contract's entry. The balance, on which every command
// conditions, numbers entries; a second one with the number cannot come about,
// and its own condition makes sure.
func entryItem(contract string, e sroi.Entry) write {
	w := put(entryKey.key(contract, padded(e.Seq, 8)), typeEntry, e).on(absent, always(app.ErrStale))
	if e.Owner != contract {
		w.fault = errors.New("store: the entry is another contract's")
	}
	return w
}

// book is the balance after an entry, which must be that of the stored balance;
// and the entry. ErrStale.
func book(after sroi.Balance, e sroi.Entry) []write {
	before := condition{"#seq = :seq AND #head = :head", []attribute{number("seq", after.Seq-1), text("head", e.Prev)}}
	balance := balanceItem(after).on(before, always(app.ErrStale))
	if after.Seq != e.Seq || after.Head != e.Hash {
		balance.fault = errors.New("store: the balance is not that after the entry")
	}
	return []write{balance, entryItem(after.Contract, e)}
}

// ListContracts lists by first day of the term, newest first. What the index
// holds of a contract is used as it is, a moment late where it was just amended;
// balances are read consistently. ErrCursor.
func (t *Table) ListContracts(ctx context.Context, o app.Owner, page app.Page) ([]app.Account, string, error) {
	r, items, err := contractsOf(o)
	if err != nil {
		return nil, "", err
	}
	found, next, err := t.list(ctx, r, page, items)
	if err != nil {
		return nil, "", err
	}
	accounts, err := t.accounts(ctx, found)
	return accounts, next, err
}

func contractsOf(o app.Owner) (reading, *layout, error) {
	switch {
	case o.Authority != "" && o.Supplier == "" && o.Desk == "":
		return reading{index: byOwner, backward: true, stretch: under(contractsPrefix.key(string(o.Authority)))}, contractKey, nil
	case o.Supplier != "" && o.Authority == "" && o.Desk == "":
		return reading{index: byOwner, backward: true, stretch: under(supplierContractsPrefix.key(o.Supplier))}, contractPointerKey, nil
	case o.Desk != "" && o.Authority == "" && o.Supplier == "":
		return reading{index: byDesk, backward: true, stretch: under(deskContractsPrefix.key(o.Desk))}, contractKey, nil
	}
	return reading{}, nil, errors.New("store: contracts are listed of exactly one owner")
}

// accounts completes contracts, or pointers to them, in their order.
func (t *Table) accounts(ctx context.Context, listed []record) ([]app.Account, error) {
	heads := make(map[key]record, len(listed))
	order := make([]string, len(listed))
	var missing []key
	for i, item := range listed {
		_, parts, err := parseKey(item.key())
		if err != nil {
			return nil, err
		}
		order[i] = parts[len(parts)-1]
		missing = append(missing, balanceKey.key(order[i]))
		if head := contractKey.key(order[i]); item.key() == head {
			heads[head] = item
		} else {
			missing = append(missing, head)
		}
	}
	found, err := t.getAll(ctx, missing, true)
	if err != nil {
		return nil, err
	}
	maps.Copy(heads, found)
	accounts := make([]app.Account, len(order))
	for i, id := range order {
		if accounts[i], err = account(heads[contractKey.key(id)], heads[balanceKey.key(id)]); err != nil {
			return nil, err
		}
	}
	return accounts, nil
}

// AddPlacement saves a new placement under its number and, in the same stroke,
// that who goes by one of the aliases is known as p.Person. The very same
// placement again is no error. ErrTaken (the number), ErrStale (who goes by an
// alias is known as another).
func (t *Table) AddPlacement(ctx context.Context, p sroi.Placement, aliases ...sroi.Token) error {
	writes := []write{placementItem(p).onceOn(absent, app.ErrTaken)}
	as := text("as", string(p.Person))
	unknown := condition{"attribute_not_exists(#PK) OR #as = :as", []attribute{as}}
	for _, token := range aliases {
		alias := put(aliasKey.key(string(token)), typeAlias, reference{string(p.Person)}, as)
		writes = append(writes, alias.on(unknown, always(app.ErrStale)))
	}
	return t.commit(ctx, writes...)
}

// KnownAs reads, for each of the tokens that a person may go by, the one under
// which that person is known, consistently; empty where none is.
func (t *Table) KnownAs(ctx context.Context, tokens []sroi.Token) ([]sroi.Token, error) {
	keys := make([]key, len(tokens))
	for i, token := range tokens {
		keys[i] = aliasKey.key(string(token))
	}
	found, err := t.getAll(ctx, keys, true)
	if err != nil {
		return nil, err
	}
	known := make([]sroi.Token, len(tokens))
	for i, k := range keys {
		alias, exists := found[k]
		if !exists {
			continue
		}
		person, err := decode[reference](alias, typeAlias)
		if err != nil {
			return nil, err
		}
		known[i] = sroi.Token(person.ID)
	}
	return known, nil
}

// UpdatePlacement saves version p.Version, which must follow the stored one.
// The very same version again is no error. ErrStale.
func (t *Table) UpdatePlacement(ctx context.Context, p sroi.Placement) error {
	before := condition{"#version = :version", []attribute{number("version", p.Version-1)}}
	return t.commit(ctx, placementItem(p).onceOn(before, app.ErrStale))
}

func placementItem(p sroi.Placement) write {
	return put(placementKey.key(p.Contract, padded(p.Number, 4)), typePlacement, p, number("version", p.Version))
}
