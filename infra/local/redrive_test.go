// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"socialreturn/infra/redrive"
)

// What stays in the queue and a run that is broken off end the command with a fault.
func TestRedriveEndsWithAFault(t *testing.T) {
	if code := exitCode(redrive.ErrLeft); code != 1 {
		t.Errorf("exit code %d", code)
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if err := again(ctx, io.Discard, []string{"-port", "1"}); err == nil || !strings.HasPrefix(err.Error(), "afgebroken; wat niet is herberekend blijft in de wachtrij") {
		t.Errorf("%v", err)
	}
}

func TestRedriveSaysWhatIsMissing(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	for arguments, want := range map[string]string{
		"-port 1":                             "start het met `make run`",
		"-wachtrij https://example.org/queue": "geen URL van een SQS-wachtrij",
		"-wachtrij http://sqs.eu-west-1.amazonaws.com/123456789012/q":  "geen URL van een SQS-wachtrij",
		"-wachtrij https://sqs.eu-west-1.amazonaws.com/123456789012/q": "zet eerst uw sleutels in de omgeving",
	} {
		if err := again(t.Context(), io.Discard, strings.Fields(arguments)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", arguments, err)
		}
	}
}
