// SPDX-License-Identifier: EUPL-1.2

package model

import "strconv"

// Bytes to a unit ("Read and write capacity units" in the Developer Guide).
const (
	readUnit  = 4 << 10
	writeUnit = 1 << 10
)

// halves are capacity units, counted in halves: half a unit is the least that a
// read takes.
type halves int

// MarshalJSON writes units, as the protocol does.
func (h halves) MarshalJSON() ([]byte, error) {
	text := strconv.Itoa(int(h / 2))
	if h%2 == 1 {
		return []byte(text + ".5"), nil
	}
	return []byte(text + ".0"), nil
}

// up is size in units, begun ones included, and at least one.
func up(size, unit int) int { return max(1, (size+unit-1)/unit) }

// readHalves is what reading so many bytes takes.
func readHalves(size int, consistent bool) halves {
	units := halves(up(size, readUnit))
	if consistent {
		return 2 * units
	}
	return units
}

func writeHalves(size int) halves { return halves(2 * up(size, writeUnit)) }

// bill is what a call took of one table.
type bill struct {
	base    halves
	indexes map[string]halves
	// Of a transaction: which of the two kinds of units it took.
	transaction, reads bool
}

func (b *bill) index(name string, took halves) {
	if b.indexes == nil {
		b.indexes = make(map[string]halves)
	}
	b.indexes[name] += took
}

// write adds what it takes to put an item in the place of another, or of none.
// In an index it takes nothing where the item there stays as it is, one write
// where the item comes, goes or changes, and two where it moves ("Using Global
// Secondary Indexes" in the Developer Guide).
func (b *bill) write(t *table, old, item Item) {
	took := max(writeHalves(old.size()), writeHalves(item.size()))
	if b.transaction {
		took *= 2
	}
	b.base += took
	if old.same(item) {
		return
	}
	for _, x := range t.indexes {
		before, was := x.place(t, old)
		after, is := x.place(t, item)
		switch {
		case was && is && before == after:
			b.index(x.name, max(writeHalves(old.size()), writeHalves(item.size())))
		default:
			if was {
				b.index(x.name, writeHalves(old.size()))
			}
			if is {
				b.index(x.name, writeHalves(item.size()))
			}
		}
	}
}

// check adds what a condition on an item takes that the transaction leaves alone.
func (b *bill) check(item Item) { b.base += 2 * writeHalves(item.size()) }

// units is a number of units, which a transaction also gives by their kind.
type units struct {
	CapacityUnits      halves
	ReadCapacityUnits  *halves `json:",omitempty"`
	WriteCapacityUnits *halves `json:",omitempty"`
}

// consumed is a bill as the protocol writes it.
type consumed struct {
	TableName string
	units
	Table                  *units           `json:",omitempty"`
	GlobalSecondaryIndexes map[string]units `json:",omitempty"`
}

// checkDetail refuses a ReturnConsumedCapacity that does not exist.
func checkDetail(detail string) error {
	switch detail {
	case "", "NONE", "TOTAL", "INDEXES":
		return nil
	}
	return invalid("1 validation error detected: Value '%s' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]", detail)
}

// render is the bill in the detail that was asked for; nil for none.
func (b *bill) render(table, detail string) *consumed {
	if detail != "TOTAL" && detail != "INDEXES" {
		return nil
	}
	total := b.base
	for _, took := range b.indexes {
		total += took
	}
	c := &consumed{TableName: table, units: b.units(total)}
	if detail == "TOTAL" {
		return c
	}
	base := b.units(b.base)
	c.Table = &base
	for name, took := range b.indexes {
		if c.GlobalSecondaryIndexes == nil {
			c.GlobalSecondaryIndexes = make(map[string]units)
		}
		c.GlobalSecondaryIndexes[name] = b.units(took)
	}
	return c
}

func (b *bill) units(took halves) units {
	switch {
	case b.transaction && b.reads:
		return units{CapacityUnits: took, ReadCapacityUnits: &took}
	case b.transaction:
		return units{CapacityUnits: took, WriteCapacityUnits: &took}
	}
	return units{CapacityUnits: took}
}
