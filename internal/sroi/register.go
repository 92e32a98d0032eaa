// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

// Enterprise is what a register of social enterprises says of a seller. Every
// version is kept, so that it can be shown what the register said when a line
// was decided.
type Enterprise struct {
	Register string           `json:"register"` // id, as rule sets name it
	KvK      string           `json:"kvk"`
	Name     string           `json:"name"`            // trade name
	Spans    []RecognisedSpan `json:"spans,omitempty"` // in order, not overlapping; none: never recognised
	Recorded time.Time        `json:"recorded"`        // of this version
	Actor    Actor            `json:"actor"`
	Version  int              `json:"version"` // from 1
}

// RecognisedSpan is what the seller is on some days, and who says so.
type RecognisedSpan struct {
	calendar.Span
	Recognition ruleset.Recognition `json:"recognition"`
	Source      string              `json:"source"` // in Dutch
}

// RecognisedOn is what the seller is on a day; empty where it is not recognised.
func (e Enterprise) RecognisedOn(day calendar.Date) ruleset.Recognition {
	for _, span := range e.Spans {
		if span.Contains(day) {
			return span.Recognition
		}
	}
	return ""
}
