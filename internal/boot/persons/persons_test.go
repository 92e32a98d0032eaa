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
	if keys, err := Parse(many(long, maxKeys)); err != nil || len(keys) != maxKeys {
		t.Fatalf("%d keys are not taken: %v", maxKeys, err)
	}
	short := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 31))
	for _, bad := range []string{
		"", "[]", "{}", `{"1":"geheim!"}`, fmt.Sprintf(`{"1":%q}`, short), fmt.Sprintf(`{"0":%q}`, long), fmt.Sprintf(`{"een":%q}`, long),
		fmt.Sprintf(`{"1":%q,"1":%q}`, long, long), fmt.Sprintf(`{"1":%q,"01":%q}`, long, long), fmt.Sprintf(`{"+1":%q}`, long),
		fmt.Sprintf(`{"1":%q} {}`, long), fmt.Sprintf(`{"1":{"1":%q}}`, long), `{"1":null}`, many(long, maxKeys+1), strings.Repeat(" ", maxBytes) + many(long, 1),
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

func many(key string, n int) string {
	versions := make([]string, n)
	for i := range versions {
		versions[i] = fmt.Sprintf(`"%d":%q`, i+1, key)
	}
	return "{" + strings.Join(versions, ",") + "}"
}
