// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"errors"
	"fmt"
)

// RedriveHandler brings ledgers up to date that were set aside.
type RedriveHandler func(ctx context.Context, asked Redriven) (RedriveAnswer, error)

// Redriven names the ledgers to bring up to date, at most MaxRedriven.
type Redriven struct {
	Ledgers []string `json:"grootboeken,omitempty"` // as in SetAside
}

// RedriveAnswer gives the causes of those that failed, by ledger. The others are
// up to date.
type RedriveAnswer struct {
	Failed map[string]string `json:"mislukt"`
}

// MaxRedriven bounds the ledgers of one call.
const MaxRedriven = 100

var errNotOne = errors.New("edge: this is no name of a ledger")

// Redrive is what the function roll-up does when it is called by hand, with
// names of ledgers instead of records. What fails is not set aside again: the
// message that the caller holds stays in the queue.
func Redrive(d Deps) RedriveHandler {
	return func(ctx context.Context, asked Redriven) (RedriveAnswer, error) {
		answer := RedriveAnswer{Failed: map[string]string{}}
		if len(asked.Ledgers) > MaxRedriven {
			return answer, fmt.Errorf("edge: %d ledgers, more than %d", len(asked.Ledgers), MaxRedriven)
		}
		var ledgers []string
		for _, ledger := range asked.Ledgers {
			if IsLedger(ledger) {
				ledgers = append(ledgers, ledger)
			} else {
				answer.Failed[ledger] = errNotOne.Error()
			}
		}
		failed := d.bringUpToDate(ctx, ledgers, nil)
		for _, ledger := range ledgers {
			d.logLedger(ctx, "herberekenGrootboek", ledger, failed[ledger])
			if err := failed[ledger]; err != nil {
				answer.Failed[ledger] = err.Error()
			}
		}
		return answer, nil
	}
}
