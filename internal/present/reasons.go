// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"cmp"

	"socialreturn/internal/sroi"
)

// reasons are the codes of a reason in words. A code that two lists have means
// the same in both.
var reasons = map[string]string{
	string(sroi.MoreWork):          "meerwerk",
	string(sroi.LessWork):          "minderwerk",
	string(sroi.Indexation):        "indexering",
	string(sroi.Extension):         "verlenging",
	string(sroi.EarlyEnd):          "vroegtijdig einde",
	string(sroi.ForeseenOption):    "voorziene optie",
	string(sroi.CertificateChange): "certificaat gewijzigd",
	string(sroi.RegistrationError): "registratiefout",
	string(sroi.PolicyChange):      "gewijzigd beleid",

	string(sroi.NoEvidence):        "geen bewijs",
	string(sroi.HoursNotShown):     "uren niet aangetoond",
	string(sroi.WrongAmount):       "bedrag onjuist",
	string(sroi.WrongDate):         "datum onjuist",
	string(sroi.CountedTwice):      "dubbel geteld",
	string(sroi.NoTargetGroup):     "hoort niet tot een doelgroep",
	string(sroi.NotPaid):           "niet betaald",
	string(sroi.NotRecognised):     "verkoper niet erkend",
	string(sroi.OutsideAssignment): "hoort niet bij de opdracht",
	string(sroi.CountsNoMore):      "telt niet meer mee",
	string(sroi.Miscalculated):     "rekenfout",
	string(sroi.Objection):         "bezwaar",
	string(sroi.CourtRuling):       "uitspraak van de rechter",
	string(sroi.OtherReason):       "anders",

	string(sroi.TenderLate): "nagekomen",

	string(sroi.LimitReached):       "grens van de rekenregel bereikt",
	string(sroi.RecognitionDiffers): "verkoper anders erkend",
	string(sroi.RulesChanged):       "rekenregel gewisseld",
}

// reasonText is a reason in words. Only ours are shown: what else a code might say
// is not for a page.
func reasonText(code string) string {
	if code == "" {
		return dash
	}
	return cmp.Or(reasons[code], reasons[string(sroi.OtherReason)])
}
