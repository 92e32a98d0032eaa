// SPDX-License-Identifier: EUPL-1.2

package persons

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	long := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	keys, err := Parse(fmt.Sprintf(`{"1":%q,"3":%q,"2":%q}`, long, long, long))
	if err != nil || len(keys) != 3 || keys[0].Version != 3 || keys[2].Version != 1 || len(keys[0].Secret) != 32 {
		t.Fatalf("%v %v", keys, err)
	}
	short := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 31))
	for _, bad := range []string{
		"", "[]", "{}", `{"1":"geheim!"}`, fmt.Sprintf(`{"1":%q}`, short), fmt.Sprintf(`{"0":%q}`, long), fmt.Sprintf(`{"een":%q}`, long),
	} {
		keys, err := Parse(bad)
		if err == nil || keys != nil {
			t.Errorf("%s gives %v", bad, keys)
		}
		if err != nil && (strings.Contains(err.Error(), short) || strings.Contains(err.Error(), "geheim")) {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}
