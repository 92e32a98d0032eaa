// SPDX-License-Identifier: EUPL-1.2

// Package aws carries the cloud template into the host that runs the same
// functions on one machine, so that both are laid out by one file.
package aws

import _ "embed"

// Template is template.yaml, the SAM template of the cloud deployment.
//
//go:embed template.yaml
var Template []byte
