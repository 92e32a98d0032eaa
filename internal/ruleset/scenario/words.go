// SPDX-License-Identifier: EUPL-1.2

package scenario

import "socialreturn/internal/ruleset"

// The words of scenarios are those of the wire; a test in internal/edge holds
// them together.
var (
	Natures = map[string]ruleset.Nature{"werken": ruleset.Works, "diensten": ruleset.Services, "leveringen": ruleset.Supplies}
	Kinds   = map[string]string{"plaatsing": ruleset.PlacementEffort, "inkoop": ruleset.PurchaseEffort, "activiteit": ruleset.ActivityEffort}
	Forms   = map[string]ruleset.Form{
		"dienstverband": ruleset.Employment, "uitzendwerk": ruleset.AgencyWork, "detachering": ruleset.Secondment,
		"leerbaan": ruleset.LearningJob, "stage": ruleset.Internship, "werkervaringsplek": ruleset.WorkExperience,
	}
	Recognitions = map[string]ruleset.Recognition{"erkend": ruleset.Recognised, "aspirant": ruleset.Aspirant, "sw": ruleset.Sheltered}
	Stages       = map[string]ruleset.Stage{"geraamd": ruleset.Estimated, "actueel": ruleset.Current, "definitief": ruleset.Final}
	Reasons      = map[string]string{
		"geldt": ruleset.ReasonApplies, "aangeboden": ruleset.ReasonOffered, "onderDrempel": ruleset.ReasonBelowThreshold,
		"activiteit": ruleset.ReasonActivity, "looptijdTeKort": ruleset.ReasonTooShort, "aardUitgesloten": ruleset.ReasonNatureExcluded,
	}
	// NoVersions are why a date selects no version.
	NoVersions = map[string]error{"nogNietVanKracht": ruleset.ErrNotYetInForce, "vervallen": ruleset.ErrEnded}
	// Codes are the codes of faults on the wire.
	Codes = map[string]string{
		"bouwblok-onbekend":         ruleset.FaultUnknownBlock,
		"bouwblok-van-andere-soort": ruleset.FaultWrongKind,
		"vorm-niet-toegestaan":      ruleset.FaultForm,
		"bonus-onbekend":            ruleset.FaultUnknownBonus,
		"bonus-niet-bij-bouwblok":   ruleset.FaultBonusNotForBlock,
		"bonus-dubbel":              ruleset.FaultDuplicateBonus,
		"verplicht":                 ruleset.FaultRequired,
		"datums-verkeerd-om":        ruleset.FaultOrder,
		"uren-onmogelijk":           ruleset.FaultHours,
		"buiten-periode":            ruleset.FaultOutsideWindow,
		"meer-dan-rooster":          ruleset.FaultAboveSchedule,
		"bedrag-onmogelijk":         ruleset.FaultRange,
		"arbeidsdeel-te-groot":      ruleset.FaultLabourPart,
		"erkenning-niet-toegestaan": ruleset.FaultRecognition,
		"aard-onbekend":             ruleset.FaultUnknownNature,
		"drempel-onbekend":          ruleset.FaultNoThreshold,
		"onder-minimumpercentage":   ruleset.FaultBelowFloor,
		"bonus-voorwaarde":          ruleset.FaultBonusCondition,
		"stand-past-niet":           ruleset.FaultStage,
		"certificaat-onjuist":       ruleset.FaultCertificate,
	}
)
