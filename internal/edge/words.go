// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"maps"
	"reflect"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// word is a code of the trade that stands on the wire as a Dutch word.
type word[T ~string] string

// MarshalText gives the Dutch word.
func (w word[T]) MarshalText() ([]byte, error) {
	if dutch, ok := dictionary[reflect.TypeFor[T]()].dutch[string(w)]; ok {
		return []byte(dutch), nil
	}
	return nil, fmt.Errorf("edge: no Dutch word for %T", T(w))
}

// UnmarshalText reads the Dutch word.
func (w *word[T]) UnmarshalText(text []byte) error {
	code, ok := dictionary[reflect.TypeFor[T]()].codes[string(text)]
	if !ok {
		return fmt.Errorf("edge: no word for a %T", T(""))
	}
	*w = word[T](code)
	return nil
}

func (w *word[T]) choices() []string { return dictionary[reflect.TypeFor[T]()].words }

// vocabulary is the words of one kind of code.
type vocabulary struct {
	dutch map[string]string // by code
	codes map[string]string // by Dutch word
	words []string          // in the order of the list
}

// pair is a code and its word.
type pair[T ~string] struct {
	code T
	word string
}

func words[T ~string](pairs ...pair[T]) (reflect.Type, vocabulary) {
	v := vocabulary{dutch: map[string]string{}, codes: map[string]string{}}
	for _, p := range pairs {
		v.dutch[string(p.code)], v.codes[p.word] = p.word, string(p.code)
		v.words = append(v.words, p.word)
	}
	return reflect.TypeFor[T](), v
}

// dictionary is every Dutch word of the wire that stands for a code.
var dictionary = func() map[reflect.Type]vocabulary {
	all := map[reflect.Type]vocabulary{}
	add := func(t reflect.Type, v vocabulary) { all[t] = v }
	addTenderWords(add)
	addContractWords(add)
	addAmendmentWords(add)
	addStatementWords(add)
	addReportWords(add)
	addPlanWords(add)
	addReasonWords(add)
	return all
}()

func addTenderWords(add func(reflect.Type, vocabulary)) {
	add(words(
		pair[sroi.AuthorityKind]{sroi.Municipality, "gemeente"},
		pair[sroi.AuthorityKind]{sroi.Province, "provincie"},
		pair[sroi.AuthorityKind]{sroi.WaterBoard, "waterschap"},
		pair[sroi.AuthorityKind]{sroi.Corporation, "woningcorporatie"},
		pair[sroi.AuthorityKind]{sroi.State, "rijk"},
		pair[sroi.AuthorityKind]{sroi.Private, "particulier"},
	))
	add(words(
		pair[sroi.Procedure]{sroi.European, "europees"},
		pair[sroi.Procedure]{sroi.National, "nationaal"},
		pair[sroi.Procedure]{sroi.NegotiatedSeveral, "meervoudigOnderhands"},
		pair[sroi.Procedure]{sroi.NegotiatedSingle, "enkelvoudigOnderhands"},
	))
	add(words(
		pair[sroi.SocialReturn]{sroi.Proposed, "voorgesteld"},
		pair[sroi.SocialReturn]{sroi.Applied, "ja"},
		pair[sroi.SocialReturn]{sroi.NotApplied, "nee"},
	))
	add(words(
		pair[sroi.ClauseForm]{sroi.Requirement, "contracteis"},
		pair[sroi.ClauseForm]{sroi.Criterion, "gunningscriterium"},
		pair[sroi.ClauseForm]{sroi.LotRule, "perceelregeling"},
	))
	add(words(
		pair[sroi.ExemptionReason]{sroi.NoLabour, "geenArbeidscomponent"},
		pair[sroi.ExemptionReason]{sroi.Disproportionate, "nietProportioneel"},
		pair[sroi.ExemptionReason]{sroi.TermTooShort, "looptijdTeKort"},
		pair[sroi.ExemptionReason]{sroi.Urgency, "spoed"},
		pair[sroi.ExemptionReason]{sroi.NationalFramework, "landelijkeRaamovereenkomst"},
		pair[sroi.ExemptionReason]{sroi.TooFewCandidates, "onvoldoendeKandidaten"},
	))
	add(words(
		pair[sroi.AwardState]{sroi.Provisional, "voorlopig"},
		pair[sroi.AwardState]{sroi.Final, "definitief"},
		pair[sroi.AwardState]{sroi.WithdrawnAward, "ingetrokken"},
	))
}

func addContractWords(add func(reflect.Type, vocabulary)) {
	add(words(
		pair[ruleset.Nature]{ruleset.Works, "werken"},
		pair[ruleset.Nature]{ruleset.Services, "diensten"},
		pair[ruleset.Nature]{ruleset.Supplies, "leveringen"},
	))
	add(words(
		pair[sroi.Phase]{sroi.Upcoming, "aankomend"},
		pair[sroi.Phase]{sroi.Running, "lopend"},
		pair[sroi.Phase]{sroi.Ended, "afgelopen"},
	))
	add(words(
		pair[obligationReason]{ruleset.ReasonApplies, "geldt"},
		pair[obligationReason]{ruleset.ReasonOffered, "aangeboden"},
		pair[obligationReason]{ruleset.ReasonBelowThreshold, "onderDrempel"},
		pair[obligationReason]{ruleset.ReasonActivity, "activiteit"},
		pair[obligationReason]{ruleset.ReasonTooShort, "looptijdTeKort"},
		pair[obligationReason]{ruleset.ReasonNatureExcluded, "aardUitgesloten"},
	))
	add(words(
		pair[ruleset.Stage]{ruleset.Estimated, "geraamd"},
		pair[ruleset.Stage]{ruleset.Current, "actueel"},
		pair[ruleset.Stage]{ruleset.Final, "definitief"},
	))
	add(words(
		pair[ruleset.DifferenceKind]{ruleset.DifferenceAdded, "toegevoegd"},
		pair[ruleset.DifferenceKind]{ruleset.DifferenceRemoved, "vervallen"},
		pair[ruleset.DifferenceKind]{ruleset.DifferenceChanged, "gewijzigd"},
	))
	add(words(
		pair[receiptKind]{ruleset.ObligationResult, "srVerplichting"},
		pair[receiptKind]{ruleset.DueResult, "verschuldigd"},
		pair[receiptKind]{ruleset.PlacementEffort, "plaatsing"},
		pair[receiptKind]{ruleset.PurchaseEffort, "inkoop"},
		pair[receiptKind]{ruleset.ActivityEffort, "activiteit"},
		pair[receiptKind]{ruleset.CorrectionResult, "correctie"},
		pair[receiptKind]{ruleset.RejectionResult, "afkeuring"},
	))
	add(words(
		pair[ruleset.Form]{ruleset.Employment, "dienstverband"},
		pair[ruleset.Form]{ruleset.AgencyWork, "uitzendwerk"},
		pair[ruleset.Form]{ruleset.Secondment, "detachering"},
		pair[ruleset.Form]{ruleset.LearningJob, "leerbaan"},
		pair[ruleset.Form]{ruleset.Internship, "stage"},
		pair[ruleset.Form]{ruleset.WorkExperience, "werkervaringsplek"},
	))
	add(words(
		pair[ruleset.Recognition]{ruleset.Recognised, "erkend"},
		pair[ruleset.Recognition]{ruleset.Aspirant, "aspirant"},
		pair[ruleset.Recognition]{ruleset.Sheltered, "sw"},
	))
	add(words(
		pair[sroi.Relation]{sroi.Contractor, "opdrachtnemer"},
		pair[sroi.Relation]{sroi.Subcontractor, "onderaannemer"},
		pair[sroi.Relation]{sroi.Agency, "uitzendbureau"},
		pair[sroi.Relation]{sroi.ShelteredWork, "swBedrijf"},
	))
}

func addAmendmentWords(add func(reflect.Type, vocabulary)) {
	add(words(
		pair[sroi.AmendmentKind]{sroi.AmendValue, "waarde"},
		pair[sroi.AmendmentKind]{sroi.AmendTerm, "looptijd"},
		pair[sroi.AmendmentKind]{sroi.AmendOption, "optie"},
		pair[sroi.AmendmentKind]{sroi.AmendCertificates, "certificaat"},
		pair[sroi.AmendmentKind]{sroi.AmendTurnover, "opgave"},
		pair[sroi.AmendmentKind]{sroi.AmendRules, "rekenregel"},
	))
	add(words(
		pair[sroi.AmendmentReason]{sroi.MoreWork, "meerwerk"},
		pair[sroi.AmendmentReason]{sroi.LessWork, "minderwerk"},
		pair[sroi.AmendmentReason]{sroi.Indexation, "indexering"},
		pair[sroi.AmendmentReason]{sroi.Extension, "verlenging"},
		pair[sroi.AmendmentReason]{sroi.EarlyEnd, "vroegtijdigEinde"},
		pair[sroi.AmendmentReason]{sroi.ForeseenOption, "voorzieneOptie"},
		pair[sroi.AmendmentReason]{sroi.CertificateChange, "certificaatGewijzigd"},
		pair[sroi.AmendmentReason]{sroi.RegistrationError, "registratiefout"},
		pair[sroi.AmendmentReason]{sroi.PolicyChange, "gewijzigdBeleid"},
	))
}

func addStatementWords(add func(reflect.Type, vocabulary)) {
	add(words(
		pair[sroi.StatementState]{sroi.Draft, "concept"},
		pair[sroi.StatementState]{sroi.SentBack, "teruggestuurd"},
		pair[sroi.StatementState]{sroi.Submitted, "ingediend"},
		pair[sroi.StatementState]{sroi.Decided, "beoordeeld"},
	))
	add(words(
		pair[sroi.LineKind]{sroi.PlacementLine, "plaatsing"},
		pair[sroi.LineKind]{sroi.PurchaseLine, "inkoop"},
		pair[sroi.LineKind]{sroi.ActivityLine, "activiteit"},
	))
	add(words(
		pair[sroi.LineVerdict]{sroi.Approved, "goedgekeurd"},
		pair[sroi.LineVerdict]{sroi.ApprovedPartly, "deelsGoedgekeurd"},
		pair[sroi.LineVerdict]{sroi.Rejected, "afgekeurd"},
	))
	add(words(
		pair[sroi.Role]{sroi.Officer, "inkoper"},
		pair[sroi.Role]{sroi.Supplier, "opdrachtnemer"},
		pair[sroi.Role]{sroi.Consultant, "adviseur"},
		pair[sroi.Role]{sroi.Auditor, "auditor"},
		pair[sroi.Role]{sroi.Administrator, "beheerder"},
	))
	add(words(
		pair[sroi.EntryKind]{sroi.TenderRegistered, "aanbestedingGeregistreerd"},
		pair[sroi.EntryKind]{sroi.TenderChanged, "aanbestedingGewijzigd"},
		pair[sroi.EntryKind]{sroi.TenderAwarded, "perceelGegund"},
		pair[sroi.EntryKind]{sroi.ContractRegistered, "contractGeregistreerd"},
		pair[sroi.EntryKind]{sroi.OpeningBooked, "beginstandGeboekt"},
		pair[sroi.EntryKind]{sroi.StatementSubmitted, "verantwoordingIngediend"},
		pair[sroi.EntryKind]{sroi.StatementWithdrawn, "verantwoordingIngetrokken"},
		pair[sroi.EntryKind]{sroi.StatementSentBack, "verantwoordingTeruggestuurd"},
		pair[sroi.EntryKind]{sroi.StatementDecided, "verantwoordingBeoordeeld"},
		pair[sroi.EntryKind]{sroi.Corrected, "gecorrigeerd"},
		pair[sroi.EntryKind]{sroi.ContractAmended, "contractGewijzigd"},
		pair[sroi.EntryKind]{sroi.TurnoverReported, "omzetOpgegeven"},
		pair[sroi.EntryKind]{sroi.RulesMoved, "rekenregelGewisseld"},
		pair[sroi.EntryKind]{sroi.YearClosed, "jaarAfgesloten"},
	))
	add(words(
		pair[sroi.RecordKind]{sroi.EntryRecord, "mutatie"},
		pair[sroi.RecordKind]{sroi.ContractRecord, "contract"},
		pair[sroi.RecordKind]{sroi.AmendmentRecord, "wijziging"},
		pair[sroi.RecordKind]{sroi.LineRecord, "regel"},
		pair[sroi.RecordKind]{sroi.DecisionRecord, "beoordeling"},
		pair[sroi.RecordKind]{sroi.CorrectionRecord, "correctie"},
		pair[sroi.RecordKind]{sroi.BalanceRecord, "stand"},
	))
}

func addReportWords(add func(reflect.Type, vocabulary)) {
	add(words(
		pair[sroi.Measured]{sroi.HasValue, "gemeten"},
		pair[sroi.Measured]{sroi.NotMeasured, "nietGemeten"},
		pair[sroi.Measured]{sroi.NotYetKnown, "nogNietBekend"},
	))
	add(words(
		pair[sroi.Qualifier]{sroi.Exactly, "precies"},
		pair[sroi.Qualifier]{sroi.Nearly, "bijna"},
		pair[sroi.Qualifier]{sroi.About, "ongeveer"},
		pair[sroi.Qualifier]{sroi.Over, "ruim"},
	))
	add(words(
		pair[sroi.Reading]{sroi.AtLeast, "tenMinste"},
		pair[sroi.Reading]{sroi.MoreThanBefore, "meerDanVorigJaar"},
		pair[sroi.Reading]{sroi.HigherThanValue, "hogerDanWaarde"},
	))
	add(words(
		pair[sroi.Verdict]{sroi.NoTarget, "geenDoel"},
		pair[sroi.Verdict]{sroi.Reached, "bereikt"},
		pair[sroi.Verdict]{sroi.NotReached, "nietBereikt"},
		pair[sroi.Verdict]{sroi.Undetermined, "nogNietTeZeggen"},
	))
	add(words(
		pair[sroi.Unit]{sroi.UnitCount, "aantal"},
		pair[sroi.Unit]{sroi.UnitFTE, "voltijdjaren"},
		pair[sroi.Unit]{sroi.UnitPercent, "procent"},
		pair[sroi.Unit]{sroi.UnitEuro, "euro"},
	))
	add(words(
		pair[sroi.CloseState]{sroi.ClosePrepared, "voorbereid"},
		pair[sroi.CloseState]{sroi.CloseBegun, "begonnen"},
		pair[sroi.CloseState]{sroi.CloseFrozen, "vastgesteld"},
	))
}

// obligationReason and receiptKind are plain texts in internal/ruleset.
type (
	obligationReason string
	receiptKind      string
)

// cadenceWord says how often a contract reports.
func cadenceWord(c calendar.Cadence) string {
	switch c {
	case calendar.Monthly:
		return "maandelijks"
	case calendar.HalfYearly:
		return "halfjaarlijks"
	}
	return "perKwartaal"
}

// addReasonWords adds the reasons of decisions, corrections and late changes.
func addReasonWords(add func(reflect.Type, vocabulary)) {
	add(words(
		pair[sroi.DecisionReason]{sroi.NoEvidence, "geen-bewijs"},
		pair[sroi.DecisionReason]{sroi.HoursNotShown, "uren-niet-aangetoond"},
		pair[sroi.DecisionReason]{sroi.WrongAmount, "bedrag-onjuist"},
		pair[sroi.DecisionReason]{sroi.WrongDate, "datum-onjuist"},
		pair[sroi.DecisionReason]{sroi.CountedTwice, "dubbel-geteld"},
		pair[sroi.DecisionReason]{sroi.NoTargetGroup, "geen-doelgroep"},
		pair[sroi.DecisionReason]{sroi.NotPaid, "niet-betaald"},
		pair[sroi.DecisionReason]{sroi.NotRecognised, "niet-erkend"},
		pair[sroi.DecisionReason]{sroi.OutsideAssignment, "buiten-opdracht"},
		pair[sroi.DecisionReason]{sroi.CountsNoMore, "telt-niet-meer-mee"},
		pair[sroi.DecisionReason]{sroi.Miscalculated, "rekenfout"},
		pair[sroi.DecisionReason]{sroi.Objection, "bezwaar"},
		pair[sroi.DecisionReason]{sroi.CourtRuling, "uitspraak-rechter"},
		pair[sroi.DecisionReason]{sroi.OtherReason, "anders"},
	))
	add(words(
		pair[sroi.TenderReason]{sroi.TenderMisregistered, "registratiefout"},
		pair[sroi.TenderReason]{sroi.TenderLate, "nagekomen"},
		pair[sroi.TenderReason]{sroi.TenderObjection, "bezwaar"},
		pair[sroi.TenderReason]{sroi.TenderCourtRuling, "uitspraak-rechter"},
		pair[sroi.TenderReason]{sroi.TenderOtherReason, "anders"},
	))
	add(words(
		pair[sroi.OwnReason]{sroi.LimitReached, "grens-bereikt"},
		pair[sroi.OwnReason]{sroi.RecognitionDiffers, "erkenning-anders"},
		pair[sroi.OwnReason]{sroi.RulesChanged, "rekenregel-gewijzigd"},
	))
}

// reasonWords are those of every list of reasons that an entry or decision may
// have its reason from; a code that two lists have is the same word in both.
var reasonWords = func() map[string]string {
	all := map[string]string{}
	for _, list := range []reflect.Type{
		reflect.TypeFor[sroi.AmendmentReason](), reflect.TypeFor[sroi.DecisionReason](),
		reflect.TypeFor[sroi.TenderReason](), reflect.TypeFor[sroi.OwnReason](),
	} {
		maps.Copy(all, dictionary[list].dutch)
	}
	return all
}()

// reasonOf is the word of a reason that was booked; empty of none.
func reasonOf(code string) string { return codeOf(code, reasonWords) }
