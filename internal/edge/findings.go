// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"strings"
)

// Where in a request a fault is.
const (
	inBody   = "body"
	inPath   = "path"
	inQuery  = "query"
	inHeader = "header"
)

// finding is one thing wrong with a request, as a problem document lists it.
// Location is a JSON pointer into a JSON body, the name of a parameter or
// header, or a row and column of a CSV file.
type finding struct {
	In       string `json:"in"`
	Location string `json:"location"`
	Code     string `json:"code"`
	Detail   string `json:"detail"`
}

// findings is everything found wrong with a request, so that one answer names it all.
type findings struct {
	list   []finding
	more   int // beyond maxFound
	inBody map[string]bool
}

func (f *findings) add(in, location, code, detail string) {
	if len(f.list) == maxFound {
		f.more++
		return
	}
	f.list = append(f.list, finding{In: in, Location: location, Code: code, Detail: detail})
	if in == inBody {
		if f.inBody == nil {
			f.inBody = map[string]bool{}
		}
		f.inBody[location] = true
	}
}

// covers tells that something was found at a place in the body already, or at
// one that holds it, so that a second rule has nothing to add.
func (f *findings) covers(location string) bool {
	for end := len(location); end >= 0; end = strings.LastIndexByte(location[:end], '/') {
		if f.inBody[location[:end]] {
			return true
		}
	}
	return false
}

// err is the refusal that lists them, nil where there are none.
func (f *findings) err() error {
	if len(f.list) == 0 {
		return nil
	}
	detail := "De aanvraag bevat fouten; ze staan in errors."
	if f.more > 0 {
		detail = fmt.Sprintf("De aanvraag bevat fouten; de eerste %d staan in errors, er zijn er nog %d.", len(f.list), f.more)
	}
	return &refusal{status: statusInvalid, code: "ongeldige-invoer", detail: detail, found: f.list}
}
