// SPDX-License-Identifier: EUPL-1.2

package app

import (
	_ "embed" // the names of areas
	"encoding/csv"
	"strings"
	"sync"
)

// The labour market regions of 2023 to 2026 and every municipality since 2000.
// Source: the register of government organisations (TOOI), December 2022.
//
//go:embed areas.csv
var areasCSV string

var areaNames = sync.OnceValue(func() map[string]string {
	rows, err := csv.NewReader(strings.NewReader(areasCSV)).ReadAll()
	if err != nil {
		panic(err)
	}
	names := make(map[string]string, len(rows))
	for _, row := range rows[1:] {
		names[row[0]] = row[1]
	}
	return names
})

// AreaName is the name of a municipality or labour market region, empty where
// the code is unknown.
func AreaName(code string) string { return areaNames()[code] }
