// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"fmt"

	"socialreturn/internal/sroi"
)

// Entries lists a contract's ledger after a number, in order, with the contract
// and its balance.
func (s *Service) Entries(ctx context.Context, call Call, contract string, after, limit int) (Account, []sroi.Entry, error) {
	account, err := s.Contract(ctx, call, contract)
	if err != nil {
		return Account{}, nil, err
	}
	entries, err := s.Store.Entries(ctx, contract, after, limit)
	return account, entries, err
}

// TenderLedger reads a tender with its whole ledger.
func (s *Service) TenderLedger(ctx context.Context, call Call, id string) (sroi.Tender, []sroi.Entry, error) {
	tender, err := s.Tender(ctx, call, id)
	if err != nil {
		return sroi.Tender{}, nil, err
	}
	entries, err := s.Store.TenderEntries(ctx, id)
	return tender, entries, err
}

// Correction reads a correction with its contract, as the actor may see it.
func (s *Service) Correction(ctx context.Context, call Call, contract, id string) (sroi.Correction, Account, error) {
	account, err := s.Contract(ctx, call, contract)
	if err != nil {
		return sroi.Correction{}, Account{}, err
	}
	correction, err := s.Store.Correction(ctx, contract, id)
	if err != nil {
		return sroi.Correction{}, Account{}, hidden(err)
	}
	if !seesFindings(call.Actor.Role) && correction.Decision != nil {
		decision := discreet(*correction.Decision)
		correction.Decision = &decision
	}
	return correction, account, nil
}

func decode(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("app: a stored receipt cannot be read: %w", err)
	}
	return nil
}
