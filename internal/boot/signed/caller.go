// SPDX-License-Identifier: EUPL-1.2

// Package signed calls services of AWS in plain JSON over HTTPS, signed with
// Signature Version 4. It is for the few calls for which a client library would
// weigh more than the call.
package signed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const maxAnswer = 8 << 20 // bytes; the largest is that of a function, 6 MB

// Caller signs calls as one caller, in one region.
type Caller struct {
	Region      string
	Credentials aws.CredentialsProvider
	Client      *http.Client // its Timeout bounds a call
}

// Post sends a body as JSON to a service (as signatures name it: "sqs"), under a
// target where the service asks one, and gives the answer with its headers. An
// answer other than a success is an error with its status and code, never its text.
func (c Caller) Post(ctx context.Context, service, url, target string, body any) ([]byte, http.Header, error) {
	content, err := json.Marshal(body)
	if err != nil {
		return nil, nil, fmt.Errorf("signed: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(content))
	if err != nil {
		return nil, nil, fmt.Errorf("signed: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	if target != "" {
		request.Header.Set("X-Amz-Target", target)
	}
	credentials, err := c.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("signed: %w", err)
	}
	sum := sha256.Sum256(content)
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(sum[:]), service, c.Region, time.Now()); err != nil {
		return nil, nil, fmt.Errorf("signed: %w", err)
	}
	response, err := c.Client.Do(request)
	if err != nil {
		return nil, nil, fmt.Errorf("signed: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, nil, fmt.Errorf("signed: %w", err)
	}
	if response.StatusCode/100 != 2 {
		var fault struct {
			Type string `json:"__type"`
		}
		_ = json.Unmarshal(answer, &fault) // no JSON: then there is no code
		return nil, nil, fmt.Errorf("signed: %s answers %d %s", service, response.StatusCode, fault.Type)
	}
	return answer, response.Header, nil
}
