// SPDX-License-Identifier: EUPL-1.2

// Command echo is a function that does what its event says.
package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do   string `json:"do"`
	Size int    `json:"size"`
}

func main() { lambda.Start(handle) }

func handle(ctx context.Context, e event) (map[string]string, error) {
	os.Stdout.WriteString("heard " + e.Do + "\n")
	switch e.Do {
	case "fail":
		return nil, errors.New("kapot")
	case "end":
		os.Exit(3)
	case "sleep":
		time.Sleep(time.Minute)
	}
	about, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return map[string]string{
		"request": about.AwsRequestID, "deadline": deadline.UTC().Format(time.RFC3339Nano),
		"given": os.Getenv("GIVEN"), "home": os.Getenv("HOME"), "filler": strings.Repeat("a", e.Size),
	}, nil
}
