// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"fmt"
	"net/http"
	"strings"
)

// refusal is an answer that is an error, as the protocol writes it.
type refusal struct {
	status  int
	Type    string   `json:"__type"`
	Message string   `json:"message,omitempty"`
	Item    Item     `json:",omitempty"` // that lost its condition
	Reasons []reason `json:"CancellationReasons,omitempty"`
}

// reason says of one member of a transaction why it was cancelled, or that it
// was not the cause.
type reason struct {
	Code    string
	Message string `json:",omitempty"`
	Item    Item   `json:",omitempty"`
}

func (r *refusal) Error() string { return r.Type + ": " + r.Message }

const (
	ofService    = "com.amazonaws.dynamodb.v20120810#"
	ofValidation = "com.amazon.coral.validate#"
	ofTransport  = "com.amazon.coral.availability#"
)

func refuse(kind, message string) *refusal {
	return &refusal{status: http.StatusBadRequest, Type: ofService + kind, Message: message}
}

// invalid refuses a request as one that can never be carried out.
func invalid(format string, values ...any) *refusal {
	return &refusal{status: http.StatusBadRequest, Type: ofValidation + "ValidationException", Message: fmt.Sprintf(format, values...)}
}

// unknown refuses what DynamoDB may know and this model does not.
func unknown(format string, values ...any) *refusal {
	return invalid("not in the model: "+format, values...)
}

func noTable() *refusal {
	return refuse("ResourceNotFoundException", "Requested resource not found")
}

const lostCondition = "ConditionalCheckFailed"

func conditionLost(old Item) *refusal {
	r := refuse(lostCondition+"Exception", "The conditional request failed")
	r.Item = old
	return r
}

func cancelled(reasons []reason) *refusal {
	codes := make([]string, len(reasons))
	for i, r := range reasons {
		codes[i] = r.Code
	}
	r := refuse("TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons ["+strings.Join(codes, ", ")+"]")
	r.Reasons = reasons
	return r
}
