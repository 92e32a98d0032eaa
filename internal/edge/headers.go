// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	mediaJSON  = "application/json"
	mediaPatch = "application/merge-patch+json"
	mediaCSV   = "text/csv"
	mediaHTML  = "text/html"
	mediaXML   = "application/xml"
	// mediaJSONL is no registered name, but the one that OpenAPI and most tools
	// have for JSON Lines; the registered json-seq wants control characters that
	// no text tool reads.
	mediaJSONL = "application/jsonl"

	charset = "; charset=utf-8"
)

// secure sets the headers that every answer has, refusals too.
func (r *request) secure(answer *response) {
	answer.set("API-Version", Version)
	answer.set("Cache-Control", "no-store")
	answer.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	answer.set("X-Content-Type-Options", "nosniff")
	answer.set("X-Frame-Options", "DENY")
	answer.set("Referrer-Policy", "no-referrer")
	if _, own := answer.headers["Content-Security-Policy"]; !own {
		answer.set("Content-Security-Policy", "frame-ancestors 'none'")
	}
	r.share(answer)
}

// share lets browsers of the allowed origins read the answer; the contract is
// for everyone.
func (r *request) share(answer *response) {
	answer.set("Vary", "Accept, Origin")
	switch origin := r.header("origin"); {
	case r.route != nil && r.route.open:
		answer.set("Access-Control-Allow-Origin", "*")
	case slices.Contains(r.CORSOrigins, origin):
		answer.set("Access-Control-Allow-Origin", origin)
	default:
		return
	}
	answer.set("Access-Control-Expose-Headers", "API-Version, ETag, Link, Location, Retry-After")
	if r.event.RequestContext.HTTP.Method == http.MethodOptions {
		answer.set("Access-Control-Allow-Methods", strings.Join(methodsOf(r.event.RawPath), ", "))
		answer.set("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Idempotency-Key, If-Match")
		answer.set("Access-Control-Max-Age", "3600")
	}
}

// preference is one part of an Accept header, its quality in thousandths.
type preference struct {
	media   string
	quality int
}

// accepted is the offer that the Accept header likes best; the first one where
// it has no preference. False where it takes none of them.
func accepted(header string, offers []string) (string, bool) {
	if header == "" {
		return offers[0], true
	}
	preferences := parseAccept(header)
	best, quality := "", 0
	for _, offer := range offers {
		if q := qualityOf(offer, preferences); q > quality {
			best, quality = offer, q
		}
	}
	return best, best != ""
}

// qualityOf takes the most specific preference that fits.
func qualityOf(offer string, preferences []preference) int {
	kind, _, _ := strings.Cut(offer, "/")
	quality, precision := 0, 0
	for _, p := range preferences {
		fits := 0
		switch p.media {
		case offer:
			fits = 3
		case kind + "/*":
			fits = 2
		case "*/*":
			fits = 1
		}
		if fits > precision {
			quality, precision = p.quality, fits
		}
	}
	return quality
}

// parseAccept reads media ranges and their quality; other parameters do not
// matter here, and what cannot be read prefers nothing.
func parseAccept(header string) []preference {
	var preferences []preference
	for part := range strings.SplitSeq(header, ",") {
		media, parameters, _ := strings.Cut(part, ";")
		p := preference{media: strings.ToLower(strings.TrimSpace(media)), quality: 1000}
		for parameter := range strings.SplitSeq(parameters, ";") {
			name, value, _ := strings.Cut(parameter, "=")
			if strings.EqualFold(strings.TrimSpace(name), "q") {
				p.quality = thousandths(strings.TrimSpace(value))
			}
		}
		preferences = append(preferences, p)
	}
	return preferences
}

// thousandths reads a quality from 0 to 1 with at most three decimals; what is
// none is not acceptable.
func thousandths(text string) int {
	whole, decimals, _ := strings.Cut(text, ".")
	n, err := strconv.ParseUint(whole+(decimals + "000")[:3], 10, 16)
	if err != nil || len(decimals) > 3 || n > 1000 {
		return 0
	}
	return int(n)
}
