// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"maps"
	"slices"
)

// Fork is an engine with the same tables, as they are now and with all their
// changes, under options of its own. What happens in the one is not seen in the
// other. The fork numbers its calls from one, and knows neither request tokens
// nor calls that are still to come.
func (e *Engine) Fork(options Options) *Engine {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	fork := New(options)
	for name, t := range e.tables {
		fork.tables[name] = t.fork()
	}
	return fork
}

// fork shares the items, which nobody changes, and copies the rest.
func (t *table) fork() *table {
	f := *t
	f.items = maps.Clone(t.items)
	f.changes = slices.Clip(t.changes)
	f.partitions = make(map[string]map[string][]place, len(t.partitions))
	for schema, partitions := range t.partitions {
		copied := make(map[string][]place, len(partitions))
		for hash, places := range partitions {
			copied[hash] = slices.Clone(places)
		}
		f.partitions[schema] = copied
	}
	return &f
}
