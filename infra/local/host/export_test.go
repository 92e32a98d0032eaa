// SPDX-License-Identifier: EUPL-1.2

package host

// EngineURL is where the engine answers, past every guard.
func (h *Host) EngineURL() string { return h.engine.URL }
