// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"regexp"
	"sync"
)

// form is a regular expression that is compiled when it is first matched. There
// are dozens, and a function that starts meets three of them before its first
// answer.
type form struct{ compiled func() *regexp.Regexp }

// formOf panics at its first match where the pattern is not one.
func formOf(pattern string) form {
	return form{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })}
}

func (f form) MatchString(text string) bool { return f.compiled().MatchString(text) }
