// SPDX-License-Identifier: EUPL-1.2

// Command minimal is the least that a function with a table and an identity
// provider can be: what a function of the house is measured against.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func main() {
	client := dynamodb.New(dynamodb.Options{
		Region: os.Getenv("AWS_REGION"), BaseEndpoint: aws.String(os.Getenv("AWS_ENDPOINT_URL_DYNAMODB")),
		Credentials: credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), ""),
	})
	if err := fetchKeys(); err != nil {
		log.Fatal(err)
	}
	lambda.Start(func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		found, err := client.GetItem(ctx, &dynamodb.GetItemInput{
			TableName: aws.String(os.Getenv("TABLE_NAME")), ConsistentRead: aws.Bool(true),
			Key: map[string]types.AttributeValue{
				"PK": &types.AttributeValueMemberS{Value: "AUTH#" + event.PathParameters["id"]},
				"SK": &types.AttributeValueMemberS{Value: "PROFILE"},
			},
		})
		if err != nil {
			return events.APIGatewayV2HTTPResponse{}, err
		}
		body, _ := found.Item["body"].(*types.AttributeValueMemberS)
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Body: body.Value}, nil
	})
}

// fetchKeys trusts the system's roots, as a function does whose SSL_CERT_FILE
// knows only those of the store.
func fetchKeys() error {
	roots := x509.NewCertPool()
	for _, bundle := range []string{"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt"} {
		if pem, err := os.ReadFile(bundle); err == nil {
			roots.AppendCertsFromPEM(pem)
			break
		}
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	answer, err := client.Get(os.Getenv("OIDC_ISSUER") + "/jwks")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var keys struct{ Keys []json.RawMessage }
	return json.NewDecoder(answer.Body).Decode(&keys)
}
