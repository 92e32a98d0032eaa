// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/template"
)

func record(name, kind string) events.DynamoDBEventRecord {
	return events.DynamoDBEventRecord{EventName: name, Change: events.DynamoDBStreamRecord{
		NewImage: map[string]events.DynamoDBAttributeValue{
			"type": events.NewStringAttribute(kind), "seq": events.NewNumberAttribute("7"),
		},
	}}
}

func TestFilterOfTheTemplate(t *testing.T) {
	parsed, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := compile(parsed.Streams[0].Filters)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		record events.DynamoDBEventRecord
		want   bool
	}{
		"new entry":             {record("INSERT", "entry"), true},
		"changed entry":         {record("MODIFY", "entry"), false},
		"removed entry":         {record("REMOVE", "entry"), false},
		"new total":             {record("INSERT", "total"), false},
		"without a type":        {events.DynamoDBEventRecord{EventName: "INSERT"}, false},
		"type of a longer name": {record("INSERT", "entry2"), false},
	}
	for name, test := range tests {
		if got := compiled.match(test.record); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestFilters(t *testing.T) {
	tests := map[string]struct {
		patterns []string
		want     bool
	}{
		"none lets all through":       {nil, true},
		"one of two filters":          {[]string{`{"eventName":["MODIFY"]}`, `{"eventName":["INSERT"]}`}, true},
		"one of two values":           {[]string{`{"eventName":["MODIFY","INSERT"]}`}, true},
		"both conditions":             {[]string{`{"eventName":["INSERT"],"dynamodb":{"NewImage":{"type":{"S":["total"]}}}}`}, false},
		"no values":                   {[]string{`{"eventName":[]}`}, false},
		"a number is no text":         {[]string{`{"dynamodb":{"NewImage":{"seq":{"S":["7"]}}}}`}, false},
		"an attribute that is absent": {[]string{`{"dynamodb":{"NewImage":{"other":{"S":[""]}}}}`}, false},
	}
	for name, test := range tests {
		compiled, err := compile(test.patterns)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := compiled.match(record("INSERT", "entry")); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestFiltersThatAreNotUnderstood(t *testing.T) {
	for pattern, want := range map[string]string{
		`{`:                              "JSON",
		`[]`:                             "eventName",
		`"INSERT"`:                       "lijsten",
		`{"eventname":["INSERT"]}`:       "eventname",
		`{"eventName":"INSERT"}`:         "eventName",
		`{"eventName":[{"prefix":"I"}]}`: "prefix",
		`{"dynamodb":{"OldImage":{"type":{"S":["entry"]}}}}`: "OldImage",
		`{"dynamodb":{"NewImage":{"seq":{"N":["7"]}}}}`:      "seq.N",
		`{"dynamodb":{"NewImage":{"type":["entry"]}}}`:       "NewImage.type",
	} {
		_, err := compile([]string{`{"eventName":["INSERT"]}`, pattern})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "filter 2") {
			t.Errorf("%s: error is %v, want one about %s", pattern, err, want)
		}
	}
}
