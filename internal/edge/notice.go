// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"

	"socialreturn/internal/app"
	"socialreturn/internal/intake"
	"socialreturn/internal/sroi"
)

type noticeQuery struct {
	Authority sroi.AuthorityID `json:"opdrachtgever,omitempty" validate:"omitempty,authority"`
}

// noticeSent reads a tender from an eForms notice. Whose it is, is not guessed
// from the notice: it is the officer's own authority, or the one named.
func noticeSent(r *request) (app.TenderInput, error) {
	asked := query[noticeQuery](r)
	if asked.Authority == "" {
		if len(r.call.Actor.Authorities) == 1 {
			asked.Authority = r.call.Actor.Authorities[0]
		} else {
			r.found.add(inQuery, "opdrachtgever", "opdrachtgever-ontbreekt", "U handelt voor meer opdrachtgevers: noem er een met ?opdrachtgever=.")
		}
	}
	if err := r.refused(); err != nil {
		return app.TenderInput{}, err
	}
	notice, err := intake.ReadNotice(bytes.NewReader(r.content))
	if err != nil {
		return app.TenderInput{}, r.unreadNotice(err)
	}
	if notice.Issued.IsZero() {
		r.found.add(inBody, "BT-05", "datum-ontbreekt", "De aankondiging heeft geen bruikbare datum van verzending; voer de aanbesteding als JSON in.")
	}
	if len(notice.Lots) == 0 {
		r.found.add(inBody, "BT-137", "perceel-ontbreekt", "De aankondiging heeft geen percelen; voer de aanbesteding als JSON in.")
	}
	return tenderFrom(notice, asked.Authority), r.refused()
}

func (r *request) unreadNotice(err error) error {
	unread, ok := errors.AsType[*intake.Error](err)
	if !ok {
		return err
	}
	if errors.Is(unread, intake.ErrTooLarge) {
		return refuse(http.StatusRequestEntityTooLarge, "te-groot", unread.Detail)
	}
	r.found.add(inBody, "", codeOf(unread.Code, fileCodes), unread.Error())
	return r.found.err()
}

// tenderFrom takes over what a notice says. Every lot waits for a person to say
// whether it has Social Return: also one of which the notice says nothing.
func tenderFrom(notice intake.Notice, authority sroi.AuthorityID) app.TenderInput {
	in := app.TenderInput{
		Authority: authority, Reference: notice.Procedure, Title: notice.Title, Procedure: procedureOf(notice),
		Published: notice.Issued, Notice: notice.ID,
	}
	if in.Reference == "" {
		in.Reference = notice.ID
	}
	for _, o := range notice.Omitted {
		in.Omitted = append(in.Omitted, sroi.Omission{Field: o.Field, Lot: o.Lot, Code: o.Code, Detail: o.Detail})
	}
	for _, lot := range notice.Lots {
		taken := app.LotInput{
			ID: lot.ID, Title: lot.Title, CPV: lot.CPV, Nature: lot.Nature, Estimated: lot.EstimatedValue, SocialReturn: sroi.Proposed,
			Reserved: slices.Contains(lot.ReservedProcurement, "res-ws") || lot.ReservedExecution == "yes",
		}
		if lot.SuggestsSocialReturn() {
			taken.ProposedBy = lot.SocialReturn[0].Field
		} else {
			in.Omitted = append(in.Omitted, sroi.Omission{Field: "BT-775", Lot: lot.ID, Code: intake.OmittedMissing,
				Detail: "De aankondiging zegt niet of dit perceel Social Return heeft. Bevestig het zelf."})
		}
		in.Framework = in.Framework || lot.Framework != "" && lot.Framework != "none"
		in.Lots = append(in.Lots, taken)
	}
	return in
}

// procedureOf tells national notices, whose subtype starts with E, from
// European ones; without a subtype it does not guess.
func procedureOf(notice intake.Notice) sroi.Procedure {
	switch {
	case notice.Subtype == "":
		return ""
	case strings.HasPrefix(notice.Subtype, "E"):
		return sroi.National
	}
	return sroi.European
}
