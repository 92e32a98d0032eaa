// SPDX-License-Identifier: EUPL-1.2

// Package demo plays two years of Social Return of a municipality through the
// HTTP API: tenders, awards, contracts, placements, purchases, statements,
// decisions, corrections and the close of the first years. Everything in it is invented: firms, people,
// numbers and amounts.
package demo

import (
	"context"
	"net/http"

	"socialreturn/infra/local/issuer"
)

// Whose house the demo is.
const (
	Authority = "00000009990200000000" // invented OIN
	Area      = "GM0200"               // Apeldoorn
	Region    = "AM06"                 // Stedendriehoek en Noordwest Veluwe
	Desk      = "stedendriehoek"
	RuleSet   = "oost-nederland"
	Register  = "oost-nederland" // of social enterprises, as the rule set names it
	// Supplier is the KvK number of a supplier that has work to do.
	Supplier = "00001001"
)

const scopes = "socialreturn:lezen socialreturn:schrijven"

var (
	administrator = issuer.Claims{Subject: "demo-beheerder", Role: "beheerder", Scope: scopes}
	officer       = issuer.Claims{Subject: "demo-inkoper", Role: "inkoper", Authorities: []string{Authority}, Scope: scopes}
	consultant    = issuer.Claims{Subject: "demo-adviseur", Role: "adviseur", Desk: Desk, Scope: scopes}
)

func supplier(kvk string) issuer.Claims {
	return issuer.Claims{Subject: "demo-opdrachtnemer-" + kvk, Role: "opdrachtnemer", KvK: kvk, Scope: scopes}
}

// object is a JSON object as it is sent.
type object map[string]any

// settle sets up the municipality and what its council intends.
func (p *player) settle() {
	p.on("2020-09-28", "de gemeente inrichten", func(ctx context.Context) error {
		_, err := p.do(ctx, ask{who: administrator, method: http.MethodPut, path: "/v1/opdrachtgevers/" + Authority, body: object{
			"naam": "Gemeente Apeldoorn (demonstratie)", "soort": "gemeente", "bureau": Desk, "rekenregel": RuleSet,
			"gebieden": []object{{"van": "2000-01-01", "gemeente": Area, "arbeidsmarktregio": Region}},
		}})
		return err
	})
	for _, figure := range figures {
		p.on(figure.Day, figure.Code+" "+figure.Year+" vastleggen", func(ctx context.Context) error {
			_, err := p.do(ctx, ask{
				who: officer, method: http.MethodPut, body: figure.sent(),
				path: "/v1/indicatorwaarden/" + Area + "/" + figure.Code + "/" + figure.Year,
			})
			return err
		})
	}
}

// figure is a target, or an achieved figure that was measured elsewhere.
type figure struct {
	Day, Code, Year           string
	Kind, State               string // beoogd or behaald; gemeten, nietGemeten or nogNietBekend
	Value, Qualifier, Reading string
	Source, Remark            string
}

func (f figure) sent() object {
	sent := object{"soort": f.Kind, "stand": f.State, "bron": f.Source}
	for name, value := range map[string]string{"waarde": f.Value, "voorbehoud": f.Qualifier, "lezing": f.Reading, "opmerking": f.Remark} {
		if value != "" {
			sent[name] = value
		}
	}
	return sent
}

const (
	budget   = "Programmabegroting 2022, 1.1.5"
	yearbook = "Jaarstukken 2020, telling van het bureau"
)

var figures = []figure{
	{Day: "2021-02-15", Code: "extra-arbeidsplaatsen", Year: "2020", Kind: "behaald", State: "gemeten", Value: "84", Qualifier: "ongeveer",
		Source: yearbook, Remark: "Uit de eigen lijsten van het bureau, niet uit dit systeem."},
	{Day: "2021-02-15", Code: "aandeel-aanbestedingen", Year: "2020", Kind: "behaald", State: "gemeten", Value: "41.2", Source: yearbook},
	{Day: "2021-02-15", Code: "opdrachten-impactondernemers", Year: "2020", Kind: "behaald", State: "gemeten", Value: "6", Qualifier: "ruim", Source: yearbook},
	{Day: "2021-02-15", Code: "opdrachtnemers-sociale-inkoop", Year: "2020", Kind: "behaald", State: "nietGemeten", Source: yearbook},
	{Day: "2021-11-12", Code: "extra-arbeidsplaatsen", Year: "2022", Kind: "beoogd", State: "gemeten", Value: "125", Reading: "tenMinste", Source: budget},
	{Day: "2021-11-12", Code: "aandeel-aanbestedingen", Year: "2022", Kind: "beoogd", State: "gemeten", Reading: "meerDanVorigJaar", Source: budget},
	{Day: "2021-11-12", Code: "opdrachtnemers-sociale-inkoop", Year: "2022", Kind: "beoogd", State: "gemeten", Reading: "meerDanVorigJaar",
		Source: "Programmabegroting 2022, 1.1.4"},
	{Day: "2021-11-12", Code: "opdrachten-impactondernemers", Year: "2022", Kind: "beoogd", State: "gemeten", Reading: "meerDanVorigJaar",
		Source: "Programmabegroting 2022, 1.1.4"},
}
