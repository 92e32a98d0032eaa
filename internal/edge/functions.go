// SPDX-License-Identifier: EUPL-1.2

package edge

// StreamFunction is the function that the table's stream feeds; see RollUp.
const StreamFunction = "roll-up"

// Functions are the functions of the HTTP API, by the names that the template
// deploys them under.
func Functions() map[string]func(Deps) Handler {
	return map[string]func(Deps) Handler{
		"register-tender":  RegisterTender,
		"award-contract":   AwardContract,
		"submit-proof":     SubmitProof,
		"verify-proof":     VerifyProof,
		"record-indicator": RecordIndicator,
		"keep-register":    KeepRegister,
		"close-year":       CloseYear,
		"report":           Report,
	}
}
