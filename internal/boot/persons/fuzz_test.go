// SPDX-License-Identifier: EUPL-1.2

package persons

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// FuzzParse: the keys that are read are whole, each version once, newest first,
// and read the same when written again. No error holds what was read.
func FuzzParse(f *testing.F) {
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("Kanarievogel"), 3))
	f.Add(many(key, 1))
	f.Add(many(key, maxKeys+1))
	f.Add(`{"1":"` + key + `","1":null}`)
	f.Fuzz(func(t *testing.T, secret string) {
		keys, err := Parse(secret)
		if err != nil {
			if keys != nil || len(err.Error()) > 200 || strings.Contains(err.Error(), key[:16]) {
				t.Fatalf("%v with %d keys", err, len(keys))
			}
			return
		}
		written := map[string]string{}
		for i, key := range keys {
			if len(key.Secret) < minimum || key.Version < 1 || i > 0 && keys[i-1].Version <= key.Version {
				t.Fatalf("key %d is version %d of %d bytes", i, key.Version, len(key.Secret))
			}
			written[strconv.Itoa(key.Version)] = base64.StdEncoding.EncodeToString(key.Secret)
		}
		text, err := json.Marshal(written)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(string(text))
		if err != nil || len(again) != len(keys) || len(keys) > maxKeys {
			t.Fatalf("%d keys are read again as %d: %v", len(keys), len(again), err)
		}
	})
}
