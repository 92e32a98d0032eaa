// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"encoding/json"
	"net/http"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// recordAnswer is a line of an exported ledger. What it holds is the very bytes
// of which the hash was taken, in the names of the store.
type recordAnswer struct {
	Kind    word[sroi.RecordKind] `json:"soort"`
	Ledger  string                `json:"grootboek"`
	Entry   int                   `json:"nummer"`
	Item    int                   `json:"volgnummer,omitempty"`
	Hash    string                `json:"hash"`
	Content json.RawMessage       `json:"inhoud,omitempty"`
}

// endAnswer is the last line of a page: how many records it has, and the cursors
// of this page and the next, so that pages put together can be checked too.
type endAnswer struct {
	Kind    string `json:"soort"` // endOfPage
	From    string `json:"vanaf,omitempty"`
	Next    string `json:"volgende,omitempty"`
	Records int    `json:"records"`
}

const endOfPage = "einde"

func recordOf(r sroi.Record) recordAnswer {
	return recordAnswer{
		Kind: word[sroi.RecordKind](r.Kind), Ledger: r.Ledger, Entry: r.Entry, Item: r.Item, Hash: r.Hash, Content: r.Content,
	}
}

// exportAuthority exports all ledgers of an authority.
func exportAuthority(r *request) (*response, error) {
	at := path[authorityPath](r)
	return r.exported(func(page app.Page) (app.Export, error) { return r.Service.ExportAuthority(r.ctx, r.call, at.ID, page) })
}

// exported represents a page of an export as JSON Lines.
func (r *request) exported(export func(app.Page) (app.Export, error)) (*response, error) {
	asked := query[paging](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	page := app.Page{Cursor: asked.Cursor}
	if asked.PerPage != nil {
		page.Limit = *asked.PerPage
	}
	found, err := export(page)
	if err != nil {
		return nil, err
	}
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for _, record := range found.Records {
		if err := encoder.Encode(recordOf(record)); err != nil {
			return nil, err
		}
	}
	end := endAnswer{Kind: endOfPage, From: asked.Cursor, Next: found.Next, Records: len(found.Records)}
	if err := encoder.Encode(end); err != nil {
		return nil, err
	}
	return r.linked(&response{status: http.StatusOK, mediaType: mediaJSONL, body: lines.Bytes()}, found.Next), nil
}
