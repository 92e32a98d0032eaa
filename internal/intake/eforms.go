// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

const maxLots = 1000

// Paths below the root of every eForms notice.
const (
	extensionPath    = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension"
	namePath         = "cac:ProcurementProject/cbc:Name"
	naturePath       = "cac:ProcurementProject/cbc:ProcurementTypeCode"
	cpvPath          = "cac:ProcurementProject/cac:MainCommodityClassification/cbc:ItemClassificationCode"
	totalPath        = "cac:ProcurementProject/cac:RequestedTenderTotal"
	estimatedPath    = totalPath + "/cbc:EstimatedOverallContractAmount"
	frameworkMaxPath = totalPath + "/" + extensionPath + "/efbc:FrameworkMaximumAmount"
	additionalPath   = "cac:ProcurementProject/cac:ProcurementAdditionalType"
	periodPath       = "cac:ProcurementProject/cac:PlannedPeriod"
	reservedPath     = "cac:TenderingTerms/cac:TendererQualificationRequest/cac:SpecificTendererRequirement/cbc:TendererRequirementTypeCode"
	executionPath    = "cac:TenderingTerms/cac:ContractExecutionRequirement"
	systemPath       = "cac:TenderingProcess/cac:ContractingSystem/cbc:ContractingSystemTypeCode"
)

// noticeReader takes one notice from its tree.
type noticeReader struct {
	root          *element
	extension     *element
	notice        Notice
	organisations map[string]Organisation
}

func readNotice(root *element) (Notice, error) {
	kind, err := kindOf(root)
	if err != nil {
		return Notice{}, err
	}
	r := &noticeReader{root: root, extension: root.first(extensionPath)}
	r.notice.Kind = kind
	r.readHead()
	r.readProcedure()
	if fault := r.readLots(); fault != nil {
		return Notice{}, fault
	}
	if kind == Result {
		if fault := r.readResults(); fault != nil {
			return Notice{}, fault
		}
	}
	if len(r.notice.Omitted) > maxOmitted {
		return Notice{}, overLimit(fmt.Sprintf("In de aankondiging ontbreken meer dan %d gegevens.", maxOmitted))
	}
	return r.notice, nil
}

// kindOf goes by the root element, and refuses the other form types that share
// it: a modification or a direct award told beforehand is no result.
func kindOf(root *element) (NoticeKind, error) {
	kinds := map[string]NoticeKind{"ContractNotice": Competition, "ContractAwardNotice": Result}
	kind, known := kinds[root.name.Local]
	if !known || root.name.Space != "urn:oasis:names:specification:ubl:schema:xsd:"+root.name.Local+"-2" {
		return "", ErrNotNotice
	}
	if formType := root.first("cbc:NoticeTypeCode").attr("listName"); formType != "" && formType != string(kind) {
		return "", ErrFormType
	}
	return kind, nil
}

func (r *noticeReader) readHead() {
	n := &r.notice
	n.ID = r.required(r.root.first("cbc:ID").text(), "BT-701", "")
	n.Version = r.required(r.root.first("cbc:VersionID").text(), "BT-757", "")
	n.Type = r.required(r.root.first("cbc:NoticeTypeCode").text(), "BT-02", "")
	n.Subtype = r.required(r.extension.first("efac:NoticeSubType/cbc:SubTypeCode").text(), "OPP-070", "")
	n.Procedure = r.required(r.root.first("cbc:ContractFolderID").text(), "BT-04", "")
	n.Language = r.required(r.root.first("cbc:NoticeLanguageCode").text(), "BT-702", "")
	n.Issued = r.date(r.root.first("cbc:IssueDate"), "BT-05", "")
	r.organisations = map[string]Organisation{}
	for _, company := range r.extension.all("efac:Organizations/efac:Organization/efac:Company") {
		ref := company.first("cac:PartyIdentification/cbc:ID").text()
		r.organisations[ref] = Organisation{
			Ref:        ref,
			Name:       r.inLanguage(company.all("cac:PartyName/cbc:Name")),
			CompanyIDs: company.texts("cac:PartyLegalEntity/cbc:CompanyID"),
		}
	}
	n.Buyers = r.resolve(r.root.all("cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID"), "")
	if len(n.Buyers) == 0 {
		r.omit("OPT-300", "", OmittedMissing)
	}
}

func (r *noticeReader) readProcedure() {
	n := &r.notice
	n.Title = r.required(r.inLanguage(r.root.all(namePath)), "BT-21", "")
	n.Nature = r.nature(r.root, "")
	n.CPV = r.cpv(r.root, "")
	n.ProcedureType = r.required(r.root.code("cac:TenderingProcess/cbc:ProcedureCode", "procurement-procedure-type"), "BT-105", "")
	n.EstimatedValue = r.amount(r.root.first(estimatedPath), "BT-27", "")
	n.FrameworkMaximum = r.amountIfAny(r.root.first(frameworkMaxPath), "BT-271", "")
	if n.Kind == Result {
		result := r.extension.first("efac:NoticeResult")
		n.TotalValue = r.amount(result.first("cbc:TotalAmount"), "BT-161", "")
		if maximum := result.first("efbc:OverallMaximumFrameworkContractsAmount"); maximum != nil {
			n.FrameworkMaximum = r.amount(maximum, "BT-118", "")
		}
	}
}

func (r *noticeReader) readLots() *Error {
	seen := map[string]bool{}
	for _, at := range r.root.all("cac:ProcurementProjectLot") {
		id := at.first("cbc:ID")
		if id.attr("schemeName") != "Lot" {
			continue // a group of lots, or a part of a planned procedure
		}
		if id.text() == "" || seen[id.text()] {
			r.omit("BT-137", id.text(), OmittedInvalid)
			continue
		}
		seen[id.text()] = true
		if len(r.notice.Lots) == maxLots {
			return overLimit(fmt.Sprintf("De aankondiging telt meer dan %d percelen.", maxLots))
		}
		r.notice.Lots = append(r.notice.Lots, r.readLot(at, id.text()))
	}
	if len(r.notice.Lots) == 0 {
		r.omit("BT-137", "", OmittedMissing)
	}
	return nil
}

func (r *noticeReader) readLot(at *element, id string) Lot {
	lot := Lot{
		ID:                  id,
		Title:               r.required(r.inLanguage(at.all(namePath)), "BT-21", id),
		Nature:              r.nature(at, id),
		CPV:                 r.cpv(at, id),
		FrameworkMaximum:    r.amountIfAny(at.first(frameworkMaxPath), "BT-271", id),
		Framework:           r.required(at.code(systemPath, "framework-agreement"), "BT-765", id),
		ReservedProcurement: at.codes(reservedPath, "reserved-procurement"),
		ReservedExecution:   at.code(executionPath+"/cbc:ExecutionRequirementCode", "reserved-execution"),
		StrategicGoals:      at.codes(additionalPath+"/cbc:ProcurementTypeCode", "strategic-procurement"),
		SocialObjectives:    at.codes(additionalPath+"/cbc:ProcurementTypeCode", "social-objective"),
		SocialReturn:        socialReturnClues(at),
	}
	estimated := at.first(estimatedPath)
	lot.EstimatedValue = r.amountIfAny(estimated, "BT-27", id)
	r.readTerm(&lot, at.first(periodPath))
	if r.notice.Kind == Competition {
		r.expect(estimated != nil, "BT-27", id)
		r.expect(len(lot.ReservedProcurement) > 0, "BT-71", id)
		r.expect(lot.ReservedExecution != "", "BT-736", id)
	}
	return lot
}

// durationUnits are the units that eForms knows, as its code list writes them.
var durationUnits = []string{"DAY", "WEEK", "MONTH", "YEAR"}

func (r *noticeReader) readTerm(lot *Lot, period *element) {
	lot.Starts = r.dateIfAny(period.first("cbc:StartDate"), "BT-536", lot.ID)
	lot.Ends = r.dateIfAny(period.first("cbc:EndDate"), "BT-537", lot.ID)
	if !lot.Starts.IsZero() && !lot.Ends.IsZero() && lot.Ends.Before(lot.Starts) {
		r.omit("BT-537", lot.ID, OmittedContradiction)
		lot.Ends = calendar.Date{}
	}
	lot.Unlimited = period.first("cbc:DescriptionCode").text() == "UNLIMITED"
	measure := period.first("cbc:DurationMeasure")
	if measure == nil {
		told := period.first("cbc:EndDate") != nil || lot.Unlimited || r.notice.Kind == Result
		r.expect(told, "BT-36", lot.ID)
		return
	}
	count, err := strconv.ParseUint(measure.text(), 10, 16)
	unit := measure.attr("unitCode")
	if err != nil || count == 0 || !slices.Contains(durationUnits, unit) {
		r.omit("BT-36", lot.ID, OmittedInvalid)
		return
	}
	lot.Duration = Duration{Count: int(count), Unit: unit}
}

// socialReturnClues finds the fields of a lot that speak of Social Return: the
// objective that is Social Return by definition, and the two free texts in
// which buyers write the clause.
func socialReturnClues(lot *element) []Clue {
	var clues []Clue
	if slices.Contains(lot.codes(additionalPath+"/cbc:ProcurementTypeCode", "social-objective"), "opp") {
		clues = append(clues, Clue{Field: "BT-775", Text: "opp"})
	}
	for _, text := range lot.texts(additionalPath + "/cbc:ProcurementType") {
		if namesSocialReturn(text) {
			clues = append(clues, Clue{Field: "BT-777", Text: text})
		}
	}
	for _, text := range lot.texts(executionPath + "/cbc:Description") {
		if namesSocialReturn(text) {
			clues = append(clues, Clue{Field: "BT-70", Text: text})
		}
	}
	return clues
}

// namesSocialReturn looks at whole words, so that a line break or hyphen
// between the words does not hide them.
func namesSocialReturn(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) })
	for i, word := range words {
		if word == "sroi" || word == "socialreturn" || word == "return" && i > 0 && words[i-1] == "social" {
			return true
		}
	}
	return false
}

func (r *noticeReader) nature(at *element, lot string) ruleset.Nature {
	switch nature := ruleset.Nature(at.code(naturePath, "contract-nature")); nature {
	case ruleset.Works, ruleset.Services, ruleset.Supplies:
		return nature
	case "":
		r.omit("BT-23", lot, OmittedMissing)
	default:
		r.omit("BT-23", lot, OmittedUnsupported)
	}
	return ""
}

func (r *noticeReader) cpv(at *element, lot string) string {
	code := at.code(cpvPath, "cpv")
	if code == "" {
		r.omit("BT-262", lot, OmittedMissing)
		return ""
	}
	if len(code) != 8 || strings.Trim(code, "0123456789") != "" {
		r.omit("BT-262", lot, OmittedInvalid)
		return ""
	}
	return code
}

// amount is a sum in euros; an absent one is an omission.
func (r *noticeReader) amount(at *element, field, lot string) *money.Cents {
	r.expect(at != nil, field, lot)
	return r.amountIfAny(at, field, lot)
}

func (r *noticeReader) amountIfAny(at *element, field, lot string) *money.Cents {
	if at == nil {
		return nil
	}
	value, err := money.Parse(at.text())
	switch {
	case at.text() == "-1": // how eForms masks an amount that is withheld
		r.omit(field, lot, OmittedUnpublished)
	case at.attr("currencyID") != "EUR":
		r.omit(field, lot, OmittedCurrency)
	case err != nil || value < 0:
		r.omit(field, lot, OmittedInvalid)
	default:
		return &value
	}
	return nil
}

// date is the calendar date as written: "2026-01-01+01:00" is 1 January
// wherever one reads it. An absent date is an omission.
func (r *noticeReader) date(at *element, field, lot string) calendar.Date {
	r.expect(at != nil, field, lot)
	return r.dateIfAny(at, field, lot)
}

func (r *noticeReader) dateIfAny(at *element, field, lot string) calendar.Date {
	if at == nil {
		return calendar.Date{}
	}
	text := at.text()
	written, offset := text[:min(len(text), 10)], text[min(len(text), 10):]
	date, err := calendar.ParseDate(written)
	switch {
	case written == "1970-01-01": // how eForms masks a date that is withheld
		r.omit(field, lot, OmittedUnpublished)
	case err != nil || !isOffset(offset):
		r.omit(field, lot, OmittedInvalid)
	default:
		return date
	}
	return calendar.Date{}
}

// isOffset tells whether the text is an offset of XML Schema: "", "Z" or "+01:00".
func isOffset(s string) bool {
	if s == "" || s == "Z" {
		return true
	}
	return len(s) == 6 && (s[0] == '+' || s[0] == '-') && s[3] == ':' &&
		strings.Trim(s[1:3]+s[4:], "0123456789") == ""
}

// inLanguage is the text in the notice's language, or else the first.
func (r *noticeReader) inLanguage(at []*element) string {
	var first string
	for _, name := range at {
		if name.attr("languageID") == r.notice.Language && name.text() != "" {
			return name.text()
		}
		first = cmp.Or(first, name.text())
	}
	return first
}

// resolve finds the organisations that are referred to. One without a name or
// number is kept, and what it lacks is an omission.
func (r *noticeReader) resolve(refs []*element, lot string) []Organisation {
	var found []Organisation
	for _, at := range refs {
		organisation, known := r.organisations[at.text()]
		if !known {
			r.omit("OPT-200", lot, OmittedMissing)
			continue
		}
		r.expect(organisation.Name != "", "BT-500", lot)
		r.expect(len(organisation.CompanyIDs) > 0, "BT-501", lot)
		found = append(found, organisation)
	}
	return found
}
