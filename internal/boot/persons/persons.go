// SPDX-License-Identifier: EUPL-1.2

// Package persons fetches the secret that turns people into tokens. It is apart
// from boot so that only a function that needs it links the client.
package persons

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"socialreturn/internal/app"
	"socialreturn/internal/boot"
)

// FromSecret reads the keys from the secret that PERSON_KEY_SECRET names.
func FromSecret(ctx context.Context, env boot.Environment) (app.PersonKeys, error) {
	options := secretsmanager.Options{
		Region:      env("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY"), env("AWS_SESSION_TOKEN")),
	}
	if endpoint := env("AWS_ENDPOINT_URL_SECRETS_MANAGER"); endpoint != "" {
		options.BaseEndpoint = aws.String(endpoint)
	}
	secret, err := secretsmanager.New(options).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(env("PERSON_KEY_SECRET"))})
	if err != nil {
		return nil, fmt.Errorf("the person keys cannot be fetched: %w", err)
	}
	return Parse(aws.ToString(secret.SecretString))
}

const (
	minimum  = 32 // bytes of a key
	maxKeys  = 16 // each is a token to look up and to write with a placement
	maxBytes = 64 << 10
)

// Parse reads keys by version, such as {"1": "<base64>", "2": "<base64>"}: each
// at least 32 random bytes, and at most 16 of them. The highest version is the
// newest. Its errors never hold a key.
func Parse(secret string) (app.PersonKeys, error) {
	byVersion, err := members(secret)
	if err != nil {
		return nil, err
	}
	var keys app.PersonKeys
	for text, encoded := range byVersion {
		version, err := strconv.Atoi(text)
		if err != nil || version < 1 || strconv.Itoa(version) != text {
			return nil, errors.New("a version of the person keys is no positive number")
		}
		key, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(key) < minimum {
			return nil, fmt.Errorf("version %d of the person keys is no base64 of at least %d bytes", version, minimum)
		}
		keys = append(keys, app.PersonKey{Version: version, Secret: key})
	}
	if len(keys) == 0 || len(keys) > maxKeys {
		return nil, fmt.Errorf("there are %d person keys, not 1 to %d", len(keys), maxKeys)
	}
	slices.SortFunc(keys, func(a, b app.PersonKey) int { return b.Version - a.Version })
	return keys, nil
}

var errForm = errors.New("the person keys are no JSON object of version to key")

// members reads an object of texts. A name that stands in it twice is refused:
// which of the two is the key would be a guess.
func members(secret string) (map[string]string, error) {
	if len(secret) > maxBytes {
		return nil, fmt.Errorf("the person keys are longer than %d bytes", maxBytes)
	}
	var found map[string]string
	if json.Unmarshal([]byte(secret), &found) != nil {
		return nil, errForm
	}
	names := 0
	for tokens := json.NewDecoder(strings.NewReader(secret)); ; {
		token, err := tokens.Token()
		if err != nil { // the end: it was read as a whole above
			break
		}
		if _, text := token.(string); text {
			names++
		}
	}
	if names != 2*len(found) {
		return nil, errors.New("a version of the person keys stands there twice")
	}
	return found, nil
}
