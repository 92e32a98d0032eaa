// SPDX-License-Identifier: EUPL-1.2

package verify

// Differences is differences, for the tests outside.
var Differences = differences
