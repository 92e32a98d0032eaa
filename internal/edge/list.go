// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"net/http"

	"socialreturn/internal/app"
)

const defaultPerPage = 20

// paging asks for a page of a list.
type paging struct {
	PerPage *int   `json:"perPage,omitempty" validate:"omitempty,min=1,max=100"`
	Cursor  string `json:"cursor,omitempty" validate:"max=1000"`
}

func (p paging) page() app.Page {
	if p.PerPage == nil {
		return app.Page{Limit: defaultPerPage, Cursor: p.Cursor}
	}
	return app.Page{Limit: *p.PerPage, Cursor: p.Cursor}
}

// listed represents a page of a list under its name, with the way to the next.
func listed[T, W any](r *request, name string, items []T, next string, wire func(T) W) (*response, error) {
	answer, err := r.answer(http.StatusOK, map[string][]W{name: each(items, wire)})
	return r.linked(answer, next), err
}

// linked adds the way to the next page, where there is one.
func (r *request) linked(answer *response, next string) *response {
	if answer == nil || next == "" {
		return answer
	}
	return answer.set("Link", "<"+r.event.RawPath+r.nextQuery(next)+`>; rel="next"`)
}

// nextQuery asks for the next page of what was asked; empty where there is none.
func (r *request) nextQuery(next string) string {
	if next == "" {
		return ""
	}
	values := r.parseQuery()
	values.Set("cursor", next)
	return "?" + values.Encode()
}

// each is never nil, so that an empty list is [] on the wire.
func each[T, W any](items []T, wire func(T) W) []W {
	wired := make([]W, 0, len(items))
	for _, item := range items {
		wired = append(wired, wire(item))
	}
	return wired
}

// whole is one page with everything.
func whole[T, W any](r *request, name string, items []T, wire func(T) W) (*response, error) {
	return listed(r, name, items, "", wire)
}

// objectID is the id of a tender or contract in a path. One of another form
// names nothing, so the answer is that there is no such thing.
type objectID string

var objectForm = formOf(shapes["id"].pattern)
