// SPDX-License-Identifier: EUPL-1.2

// Package issuer is an OpenID Connect issuer for development: it signs
// whatever claims it is asked to sign. It exists on one machine only; in the
// cloud the tokens come from the municipality's own identity provider.
package issuer

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	keyBits  = 2048
	pemBlock = "PRIVATE KEY"
)

// Claims is what a token says about its bearer. Empty fields are left out.
type Claims struct {
	Subject     string   `json:"sub"`
	Role        string   `json:"rol,omitempty"`
	Authorities []string `json:"opdrachtgever,omitempty"`
	KvK         string   `json:"kvk,omitempty"`
	Desk        string   `json:"bureau,omitempty"`
	Scope       string   `json:"scope,omitempty"`
}

// Issuer answers the discovery and key requests below its address, and signs
// tokens with the one key that it has.
type Issuer struct {
	address  string
	path     string
	audience string
	key      *rsa.PrivateKey
	keyID    string
	now      func() time.Time
}

// New is an issuer at an address such as http://127.0.0.1:8080/issuer. Its key
// is kept in keyFile, which is made when it is not there; without a file the
// key lives as long as the issuer.
func New(address, audience, keyFile string, now func() time.Time) (*Issuer, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	key, err := loadKey(keyFile)
	if err != nil {
		return nil, fmt.Errorf("issuer: sleutel %s: %w", keyFile, err)
	}
	fingerprint := sha256.Sum256(x509.MarshalPKCS1PublicKey(&key.PublicKey))
	return &Issuer{
		address: address, path: parsed.Path, audience: audience,
		key: key, keyID: encode(fingerprint[:8]), now: now,
	}, nil
}

// loadKey reads the key, or makes one and keeps it for its owner's eyes only.
func loadKey(file string) (*rsa.PrivateKey, error) {
	if file == "" {
		return rsa.GenerateKey(rand.Reader, keyBits)
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(file)
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != pemBlock {
		return nil, errors.New("geen PEM met een " + pemBlock)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, isRSA := parsed.(*rsa.PrivateKey)
	if !isRSA {
		return nil, fmt.Errorf("geen RSA-sleutel maar %T", parsed)
	}
	return key, nil
}

func makeKey(file string) (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: pemBlock, Bytes: encoded}), 0o600)
}

// ServeHTTP answers discovery and keys; anything else below the address is not
// found.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch strings.TrimPrefix(r.URL.Path, i.path) {
	case "/.well-known/openid-configuration":
		answer(w, map[string]any{
			"issuer": i.address, "jwks_uri": i.address + "/jwks",
			"authorization_endpoint": i.address + "/authorize", "token_endpoint": i.address + "/token",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	case "/jwks":
		answer(w, map[string]any{"keys": []map[string]string{{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": i.keyID,
			"n": encode(i.key.N.Bytes()), "e": encode(big.NewInt(int64(i.key.E)).Bytes()),
		}}})
	default:
		http.NotFound(w, r)
	}
}

// Token signs the claims for as long as lifetime, from now on.
func (i *Issuer) Token(claims Claims, lifetime time.Duration) (string, error) {
	now := i.now()
	payload, err := json.Marshal(struct {
		Issuer   string `json:"iss"`
		Audience string `json:"aud"`
		Issued   int64  `json:"iat"`
		Expires  int64  `json:"exp"`
		Claims
	}{i.address, i.audience, now.Unix(), now.Add(lifetime).Unix(), claims})
	if err != nil {
		return "", fmt.Errorf("issuer: %w", err)
	}
	header := `{"alg":"RS256","typ":"JWT","kid":"` + i.keyID + `"}`
	signed := encode([]byte(header)) + "." + encode(payload)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, i.key, crypto.SHA256, digest[:])
	if err != nil {
		return "", fmt.Errorf("issuer: %w", err)
	}
	return signed + "." + encode(signature), nil
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func answer(w http.ResponseWriter, document map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(document) // fails only when the client has left
}
