// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// A target and an achieved figure of the same code and period are series of
// their own, each with its revisions.
const (
	achieved = "achieved"
	intended = "intended"
)

func seriesOf(v sroi.IndicatorValue) string {
	if v.Intended {
		return intended
	}
	return achieved
}

func revisionKey(v sroi.IndicatorValue, number int) key {
	return indicatorKey.key(v.Area, v.Code, v.Period, seriesOf(v), padded(number, 4))
}

// AddIndicatorValue saves a revision, which must follow the stored ones. The
// very same revision again is no error. ErrStale.
func (t *Table) AddIndicatorValue(ctx context.Context, v sroi.IndicatorValue) error {
	writes := []write{put(revisionKey(v, v.Revision), typeIndicator, v).onceOn(absent, app.ErrStale)}
	if v.Revision != 1 {
		there := condition{expression: "attribute_exists(#PK)"}
		writes = append(writes, check(revisionKey(v, v.Revision-1), there, always(app.ErrStale)))
	}
	return t.commit(ctx, writes...)
}

// IndicatorRevisions lists all revisions of an area's value of a code and
// period, consistently: the achieved ones, then the intended ones, each oldest first.
func (t *Table) IndicatorRevisions(ctx context.Context, area, code, period string) ([]sroi.IndicatorValue, error) {
	r := reading{index: base, consistent: true, stretch: under(indicatorRevisions.key(area, code, period))}
	found, err := t.all(ctx, r, 0)
	if err != nil {
		return nil, err
	}
	return decodeAll[sroi.IndicatorValue](found, typeIndicator)
}

// IndicatorValues lists all revisions of all of an area's values, by code, period
// and series, each oldest first. The newest change may be a moment late.
func (t *Table) IndicatorValues(ctx context.Context, area string) ([]sroi.IndicatorValue, error) {
	found, err := t.all(ctx, reading{index: base, stretch: under(indicatorItems.key(area))}, 0)
	if err != nil {
		return nil, err
	}
	return decodeAll[sroi.IndicatorValue](found, typeIndicator)
}
