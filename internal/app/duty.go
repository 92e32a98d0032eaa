// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"socialreturn/internal/sroi"
)

// prepares adds the actor to those who prepared a statement.
func (c Call) prepares(preparers []string) []string {
	i, known := slices.BinarySearch(preparers, c.Actor.ID)
	if known {
		return preparers
	}
	return slices.Insert(slices.Clone(preparers), i, c.Actor.ID)
}

// decidesOn keeps who prepared a statement from deciding on it, in whatever role:
// one person may have several.
func (c Call) decidesOn(s sroi.Statement) error {
	if slices.Contains(s.PreparedBy, c.Actor.ID) {
		return refuse(Forbidden, "eigen-verantwoording", "U heeft deze verantwoording zelf opgesteld of ingediend. Een ander beoordeelt haar.")
	}
	return nil
}

// decidesOnAny does so for an amount of a contract: it stands in for any of its
// statements.
func (s *Service) decidesOnAny(ctx context.Context, call Call, contract string) error {
	statements, err := s.Store.Statements(ctx, contract)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if err := call.decidesOn(statement); err != nil {
			return err
		}
	}
	return nil
}

// functionsOf are what the one who acts in a role is called, in letters only:
// naming it as the approver is approving one's own act.
var functionsOf = map[sroi.Role][]string{
	sroi.Officer:    {"inkoper", "ikzelf", "zelf", "ik", "mijzelf"},
	sroi.Consultant: {"adviseur", "adviseursocialreturn", "ikzelf", "zelf", "ik", "mijzelf"},
}

// checkOther wants the function of someone else as the approver of what a role does.
func checkOther(field, approver string, role sroi.Role, found *faults) {
	if slices.Contains(functionsOf[role], letters(approver)) {
		found.add(field, "goedkeurder-zelf", "Wie iets voorlegt, keurt het niet zelf goed. Noem de functie van wie dat wel doet.")
	}
}
