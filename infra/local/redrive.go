// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/host"
	"socialreturn/infra/redrive"
	"socialreturn/internal/boot/signed"
	"socialreturn/internal/edge"
)

// functionPatience is longer than the function roll-up may take.
const functionPatience = 90 * time.Second

// again redrives what stands in the failure queue of the running house or, where
// a queue is named, of the cloud, with the credentials of the environment.
func again(ctx context.Context, out io.Writer, arguments []string) error {
	flags := flag.NewFlagSet("redrive", flag.ContinueOnError)
	port := flags.Int("port", 8080, "poort waarop het huis draait")
	queue := flags.String("wachtrij", "", "URL van de wachtrij in de cloud; zonder: die van het huis op deze machine")
	function := flags.String("functie", "socialreturn-"+edge.StreamFunction, "naam van de functie in de cloud")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *queue == "" {
		err := redriver(out, host.QueueURL(fmt.Sprintf("http://127.0.0.1:%d", *port)), edge.StreamFunction, "").Run(ctx)
		if err != nil && ctx.Err() == nil && !errors.Is(err, redrive.ErrLeft) {
			return fmt.Errorf("het huis op poort %d antwoordt niet; start het met `make run`: %w", *port, err)
		}
		return err
	}
	found := cloudQueue.FindStringSubmatch(*queue)
	if found == nil {
		return fmt.Errorf("%q is geen URL van een SQS-wachtrij: https://sqs.<regio>.amazonaws.com/<account>/<naam>", *queue)
	}
	if os.Getenv("AWS_ACCESS_KEY_ID") == "" {
		return errors.New("zet eerst uw sleutels in de omgeving: eval \"$(aws configure export-credentials --format env)\"")
	}
	return redriver(out, *queue, *function, found[1]).Run(ctx)
}

var cloudQueue = regexp.MustCompile(`^https://sqs\.([a-z0-9-]+)\.amazonaws\.com/[0-9]{12}/[A-Za-z0-9_-]+$`)

// redriver works in a region of the cloud, or on the house of the queue where
// there is none.
func redriver(out io.Writer, queue, function, region string) redrive.Redriver {
	var lambda, streams string
	if region != "" {
		lambda = "https://lambda." + region + ".amazonaws.com"
		streams = "https://streams.dynamodb." + region + ".amazonaws.com"
	} else if house, err := url.Parse(queue); err == nil {
		lambda = house.Scheme + "://" + house.Host
		streams = lambda
	}
	config := engine.Config(streams)
	config.Region = cmp.Or(region, config.Region)
	return redrive.Redriver{
		Queue: signed.Queue{URL: queue, Caller: signed.Caller{
			Region: config.Region, Credentials: aws.NewCredentialsCache(config.Credentials), Client: &http.Client{Timeout: functionPatience},
		}},
		Endpoint: lambda, Function: function, Streams: dynamodbstreams.NewFromConfig(config), Out: out,
	}
}
