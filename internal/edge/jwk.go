// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
)

const minRSA = 2048 // bits

var errKeySet = errors.New("edge: the issuer publishes no key set with keys for signatures that are taken")

// publicKeys are an issuer's keys by their id; under "" stand all of them, for a
// token that names none.
type publicKeys map[string][]crypto.PublicKey

// webKey is a key of a JSON Web Key Set (RFC 7517) of the two kinds that the
// algorithms need (RFC 7518, 6.2 and 6.3).
type webKey struct {
	Type  string `json:"kty"`
	ID    string `json:"kid"`
	Use   string `json:"use"`
	Alg   string `json:"alg"`
	N     string `json:"n"`
	E     string `json:"e"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

// parseKeys reads a key set. Keys of other kinds and uses are passed over, as
// the standard asks; a set without any that fits is none.
func parseKeys(data []byte) (publicKeys, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(data, &set) != nil || len(set.Keys) > maxKeys {
		return nil, errKeySet
	}
	keys := publicKeys{}
	for _, raw := range set.Keys {
		var key webKey
		if json.Unmarshal(raw, &key) != nil {
			continue
		}
		if public := key.public(); public != nil {
			keys[""] = append(keys[""], public)
			if key.ID != "" {
				keys[key.ID] = append(keys[key.ID], public)
			}
		}
	}
	if len(keys) == 0 {
		return nil, errKeySet
	}
	return keys, nil
}

// public is the key itself; nil where it is none that signs tokens here.
func (k webKey) public() crypto.PublicKey {
	if k.Use != "" && k.Use != "sig" || k.Alg != "" && !slices.Contains(algorithms, k.Alg) {
		return nil
	}
	switch {
	case k.Type == "RSA":
		return k.rsa()
	case k.Type == "EC" && k.Curve == "P-256":
		return k.p256()
	}
	return nil
}

func (k webKey) rsa() crypto.PublicKey {
	modulus, errN := base64.RawURLEncoding.DecodeString(k.N)
	exponent, errE := base64.RawURLEncoding.DecodeString(k.E)
	if errN != nil || errE != nil || len(modulus) > maxRSA/8 || len(exponent) > 4 {
		return nil
	}
	n, e := new(big.Int).SetBytes(modulus), new(big.Int).SetBytes(exponent).Int64()
	if n.BitLen() < minRSA || n.Bit(0) == 0 || e < 3 || e%2 == 0 || e >= 1<<31 {
		return nil
	}
	return &rsa.PublicKey{N: n, E: int(e)}
}

func (k webKey) p256() crypto.PublicKey {
	x, errX := base64.RawURLEncoding.DecodeString(k.X)
	y, errY := base64.RawURLEncoding.DecodeString(k.Y)
	if errX != nil || errY != nil || len(x) != 32 || len(y) != 32 {
		return nil
	}
	const uncompressed = 4
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{uncompressed}, x, y))
	if err != nil { // no point of the curve
		return nil
	}
	return public
}
