// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/intake"
	"socialreturn/internal/money"
	"socialreturn/internal/present"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type statementPath struct {
	contractPath
	Period calendar.Period `json:"periode"`
}

func (p statementPath) location() string {
	return fmt.Sprintf("/v1/contracten/%s/verantwoordingen/%s", p.ID, p.Period)
}

// statementRequest is a draft. Its lines are numbered through: first the
// placements, then the purchases, then the activities.
type statementRequest struct {
	Placements []placementLine `json:"plaatsingen,omitempty" validate:"max=1000,dive"`
	Purchases  []purchaseLine  `json:"socialeInkopen,omitempty" validate:"max=1000,dive"`
	Activities []activityLine  `json:"activiteiten,omitempty" validate:"max=1000,dive"`
}

type lineRequest struct {
	Period   calendar.Period `json:"periode,omitzero"`
	Evidence []evidence      `json:"bewijsstukken,omitempty" validate:"max=50,dive"`
	Remark   string          `json:"toelichting,omitempty" validate:"max=2000"`
	NoBSN    bool            `json:"geenBsn,omitempty"`
}

type evidence struct {
	Kind   string `json:"soort" validate:"code"`
	Name   string `json:"naam" validate:"visible,max=200"`
	SHA256 string `json:"sha256" validate:"sha256"`
}

// What a line of each kind claims; also in answers.
type placementClaim struct {
	Number int              `json:"nummer" validate:"min=1,max=9999"`
	Worked calendar.Minutes `json:"gewerkteUren"`
}

type purchaseClaim struct {
	Block       string                    `json:"bouwblok" validate:"code"`
	Seller      string                    `json:"verkoper" validate:"kvk"`
	SellerName  string                    `json:"verkoperNaam" validate:"visible,max=200"`
	Recognition word[ruleset.Recognition] `json:"erkenning"`
	Order       string                    `json:"opdracht" validate:"visible,max=100"`
	Invoice     string                    `json:"factuur" validate:"visible,max=100"`
	InvoiceDate calendar.Date             `json:"factuurDatum"`
	Amount      money.Cents               `json:"bedrag"`
	LabourPart  *money.Cents              `json:"arbeidsdeel,omitempty"`
}

type activityClaim struct {
	Block       string           `json:"bouwblok" validate:"code"`
	Description string           `json:"omschrijving" validate:"visible,max=500"`
	Date        calendar.Date    `json:"datum"`
	Hours       calendar.Minutes `json:"uren,omitzero"`
	People      int              `json:"deelnemers,omitempty" validate:"min=0,max=100000"`
	Cost        *money.Cents     `json:"kosten,omitempty"`
	Agreed      *money.Cents     `json:"afgesproken,omitempty"`
	Motivation  string           `json:"motivering,omitempty" validate:"omitempty,visible,max=2000"`
}

type placementLine struct {
	placementClaim
	lineRequest
}

type purchaseLine struct {
	purchaseClaim
	lineRequest
}

type activityLine struct {
	activityClaim
	lineRequest
}

func (l lineRequest) claim(kind sroi.LineKind) sroi.Claim {
	claim := sroi.Claim{Kind: kind, Period: l.Period, Remark: l.Remark, NoBSN: l.NoBSN}
	for _, paper := range l.Evidence {
		claim.Evidence = append(claim.Evidence, sroi.Evidence{Kind: paper.Kind, Name: paper.Name, SHA256: paper.SHA256})
	}
	return claim
}

// claims are the lines in order, and for each the place it was sent in, in the
// names of statementRequest.
func (s statementRequest) claims() (claims []sroi.Claim, places []string) {
	for i, line := range s.Placements {
		claim := line.claim(sroi.PlacementLine)
		claim.Placement = &sroi.PlacementClaim{Number: line.Number, Worked: line.Worked}
		claims, places = append(claims, claim), append(places, "/Placements/"+strconv.Itoa(i))
	}
	for i, line := range s.Purchases {
		claim := line.claim(sroi.PurchaseLine)
		claim.Purchase = &sroi.PurchaseClaim{
			Block: line.Block, Seller: line.Seller, SellerName: line.SellerName, Recognition: ruleset.Recognition(line.Recognition),
			Order: line.Order, Invoice: line.Invoice, InvoiceDate: line.InvoiceDate, Amount: line.Amount, LabourPart: line.LabourPart,
		}
		claims, places = append(claims, claim), append(places, "/Purchases/"+strconv.Itoa(i))
	}
	for i, line := range s.Activities {
		claim := line.claim(sroi.ActivityLine)
		claim.Activity = &sroi.ActivityClaim{
			Block: line.Block, Description: line.Description, Date: line.Date, Hours: line.Hours, People: line.People,
			Cost: line.Cost, Agreed: line.Agreed, Motivation: line.Motivation,
		}
		claims, places = append(claims, claim), append(places, "/Activities/"+strconv.Itoa(i))
	}
	return claims, places
}

// lineOf splits "/lines/2/purchase/amount" into 2 and "/purchase/amount".
func lineOf(path string) (line int, rest string, ok bool) {
	below, ok := strings.CutPrefix(path, "/lines/")
	number, rest, _ := strings.Cut(below, "/")
	line, err := strconv.Atoi(number)
	return line, "/" + rest, ok && err == nil
}

// linesSent reads the lines as JSON or CSV, and remembers where each came from.
func linesSent(r *request) []sroi.Claim {
	if r.media == mediaCSV {
		return rowsSent(r)
	}
	claims, places := body[statementRequest](r).claims()
	r.relocate = func(path string) (in, location, rest string) {
		if line, below, ok := lineOf(path); ok && line < len(places) {
			return "", "", places[line] + below
		}
		return "", "", path
	}
	return claims
}

// rowsSent reads the lines from a spreadsheet.
func rowsSent(r *request) []sroi.Claim {
	lines, faults := intake.ReadLines(bytes.NewReader(r.content))
	for _, fault := range faults {
		r.found.add(inBody, cellOf(fault), codeOf(fault.Code, fileCodes), fault.Detail)
	}
	kinds := map[sroi.LineKind]reflect.Type{
		sroi.PlacementLine: reflect.TypeFor[placementLine](),
		sroi.PurchaseLine:  reflect.TypeFor[purchaseLine](),
		sroi.ActivityLine:  reflect.TypeFor[activityLine](),
	}
	r.relocate = func(path string) (in, location, rest string) {
		line, below, ok := lineOf(path)
		if !ok || line >= len(lines) {
			return "", "", path
		}
		location = "rij " + strconv.Itoa(lines[line].Row)
		if wire := wirePath(kinds[lines[line].Claim.Kind], below); wire != "" {
			location += " (" + strings.TrimPrefix(wire, "/") + ")"
		}
		return inBody, location, ""
	}
	return each(lines, func(line intake.Line) sroi.Claim { return line.Claim })
}

// cellOf says where in a spreadsheet a fault is.
func cellOf(fault intake.RowFault) string {
	if fault.Row == 0 {
		return ""
	}
	place := "rij " + strconv.Itoa(fault.Row)
	if fault.Letter != "" {
		place += ", kolom " + fault.Letter
	}
	if fault.Column != "" {
		place += " (" + fault.Column + ")"
	}
	return place
}

func saveStatement(r *request) (*response, error) {
	at, claims := path[statementPath](r), linesSent(r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	file, isNew, err := r.Service.SaveStatement(r.ctx, r.call, at.contract(), at.Period, claims)
	if err != nil {
		return nil, err
	}
	answer, err := fileOf(file)
	if err != nil {
		return nil, err
	}
	return r.put(isNew, at.location(), file.Statement.Version, answer)
}

func readStatement(r *request) (*response, error) {
	at := path[statementPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	file, err := r.Service.Statement(r.ctx, r.call, at.contract(), at.Period)
	if err != nil {
		return nil, err
	}
	if r.offer == mediaHTML {
		return r.statementPage(file)
	}
	answer, err := fileOf(file)
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, file.Statement.Version, answer)
}

// statementPage shows a statement under the name of its contract.
func (r *request) statementPage(file app.StatementFile) (*response, error) {
	account, err := r.Service.Contract(r.ctx, r.call, file.Statement.Contract)
	if err != nil {
		return nil, err
	}
	page, err := r.page(func(w io.Writer) error {
		return present.StatementHTML(w, account.Contract, file.Statement, file.Lines, file.Decisions)
	})
	if err != nil {
		return nil, err
	}
	return page.versioned(file.Statement.Version), nil
}

func submitStatement(r *request) (*response, error) {
	return moveStatement(r, r.Service.SubmitStatement)
}

func withdrawStatement(r *request) (*response, error) {
	return moveStatement(r, r.Service.WithdrawStatement)
}

// moveStatement is a command without a body. What is wrong with a line is said
// by the line's number.
func moveStatement(r *request, move func(context.Context, app.Call, string, calendar.Period) (sroi.Statement, error)) (*response, error) {
	at := path[statementPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	r.relocate = func(path string) (in, location, rest string) {
		if line, _, ok := lineOf(path); ok {
			return inBody, "regel " + strconv.Itoa(line+1), ""
		}
		return "", "", path
	}
	statement, err := move(r.ctx, r.call, at.contract(), at.Period)
	if err != nil {
		return nil, err
	}
	return r.created(at.location(), statement.Version, statementOf(statement))
}

type periodAnswer struct {
	Period    calendar.Period  `json:"periode"`
	From      calendar.Date    `json:"van"`
	To        calendar.Date    `json:"totEnMet"`
	Statement *statementAnswer `json:"verantwoording,omitempty"`
}

func periodOf(p app.PeriodState) periodAnswer {
	answer := periodAnswer{Period: p.Period, From: p.Span.From, To: p.Span.To}
	if p.Statement != nil {
		statement := statementOf(*p.Statement)
		answer.Statement = &statement
	}
	return answer
}

func listPeriods(r *request) (*response, error) {
	at := path[contractPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	periods, err := r.Service.Statements(r.ctx, r.call, at.contract())
	if err != nil {
		return nil, err
	}
	return whole(r, "perioden", periods, periodOf)
}

// readTemplate gives the empty spreadsheet of a statement.
func readTemplate(r *request) (*response, error) {
	if err := r.refused(); err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := intake.WriteTemplate(&file); err != nil {
		return nil, err
	}
	answer := &response{status: http.StatusOK, mediaType: mediaCSV + charset, body: file.Bytes()}
	return answer.set("Content-Disposition", `attachment; filename="verantwoording.csv"`), nil
}
