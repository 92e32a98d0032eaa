// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"fmt"

	"socialreturn/internal/sroi"
)

// Entries lists a contract's ledger after a number, in order.
func (s *Service) Entries(ctx context.Context, call Call, contract string, after, limit int) ([]sroi.Entry, error) {
	if _, err := s.Contract(ctx, call, contract); err != nil {
		return nil, err
	}
	return s.Store.Entries(ctx, contract, after, limit)
}

func decode(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("app: a stored receipt cannot be read: %w", err)
	}
	return nil
}
