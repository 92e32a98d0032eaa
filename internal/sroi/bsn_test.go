// SPDX-License-Identifier: EUPL-1.2

package sroi

import "testing"

func TestMayHoldBSN(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"":                            false,
		"111222333":                   true,
		"bsn 111222333.":              true,
		"1112.22.333":                 true,
		"111 222 333":                 true,
		"111-222-333":                 true,
		"10000008 is er een van acht": true, // 0·9+1·8 … −8 = 0
		"111222334":                   false,
		"0000000000":                  false,
		"000000000":                   false,
		"factuur 2022-0113":           false,
		"ordernummer 1112223331":      false, // ten digits stand not alone
		"12 111222333":                true,
		"111222333 12":                true,
		"één 111222333":               true,
		"06-12345678":                 false,
		"2021-01-03":                  false, // passes the test, but is a day
		"op 04-01-2021 gezien":        false,
		"4.1.2021 en 04.01.2021":      false,
		"20210103":                    true, // could be either
		"2021-13-02":                  true, // no day
		"0401 20 21":                  true,
	} {
		if got := MayHoldBSN(text); got != want {
			t.Errorf("MayHoldBSN(%q) = %v, want %v", text, got, want)
		}
	}
}
