// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"
	"regexp"
	"strings"
)

// Published is the SHA-256 of each published file by its path, such as
// friesland/2016-07-01.json. Contracts may have pinned it, so it is never edited:
// a mistake becomes a new version.
type Published map[string]string

var publishedLine = regexp.MustCompile(`^([0-9a-f]{64})  data/(\S+)$`)

// ParsePublished reads the list of published files, in the format of sha256sum
// with paths from the folder of the list. The error names the first line that
// cannot be read, or that stands there twice.
func ParsePublished(list []byte) (Published, error) {
	published := Published{}
	for i, line := range strings.Split(strings.TrimRight(string(list), "\n"), "\n") {
		if line == "" {
			continue
		}
		parts := publishedLine.FindStringSubmatch(line)
		if parts == nil || published[parts[2]] != "" {
			return nil, fmt.Errorf("lijst van gepubliceerde rekenregels: regel %d is onleesbaar of staat er twee keer", i+1)
		}
		published[parts[2]] = parts[1]
	}
	return published, nil
}

// Line is what the list says of a version once it is published.
func (rs *RuleSet) Line() string { return rs.ref.SHA256 + "  data/" + rs.Path() }
