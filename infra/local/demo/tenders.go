// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	_ "embed" // the notice
	"net/http"
	"strconv"
	"strings"
)

// Tender is an invented tender, in the words of the API.
type Tender struct {
	Reference, Procedure, Published, Title string
	Framework                              bool
	CallOffOf                              string // reference of the framework
	Withdrawn                              string // day; empty where it went through
	Notice                                 bool   // sent as an eForms notice, see noticeXML
	Lots                                   []Lot
}

// Lot is a part of a tender, estimated in whole euros excl. VAT.
type Lot struct {
	ID, Title, CPV, Nature string
	Estimated              int
	SocialReturn           bool
	Form                   string
	Reserved               bool
	Exemption              string // reason; empty where there is none
	Awards                 []Award
}

// Award is a step in the award of a lot, in whole euros excl. VAT.
type Award struct {
	Day, State string // voorlopig, definitief or ingetrokken
	Firm       string // KvK number
	Value      int
}

const (
	european = "europees"
	national = "nationaal"
	several  = "meervoudigOnderhands"
	single   = "enkelvoudigOnderhands"

	works    = "werken"
	services = "diensten"
	supplies = "leveringen"

	requirement = "contracteis"
	criterion   = "gunningscriterium"

	provisional = "voorlopig"
	final       = "definitief"
	withdrawn   = "ingetrokken"
)

// social is a lot with Social Return as a contract requirement.
func social(id, title, cpv, nature string, estimated int, awards ...Award) Lot {
	return Lot{ID: id, Title: title, CPV: cpv, Nature: nature, Estimated: estimated, SocialReturn: true, Form: requirement, Awards: awards}
}

// scored is a lot with Social Return as an award criterion.
func scored(id, title, cpv, nature string, estimated int, awards ...Award) Lot {
	lot := social(id, title, cpv, nature, estimated, awards...)
	lot.Form = criterion
	return lot
}

// reserved is a lot for sheltered workshops only.
func reserved(id, title, cpv, nature string, estimated int, awards ...Award) Lot {
	lot := social(id, title, cpv, nature, estimated, awards...)
	lot.Reserved = true
	return lot
}

// plain is a lot without Social Return; above the threshold it has an exemption.
func plain(title, cpv, nature string, estimated int, exemption string, awards ...Award) Lot {
	return Lot{ID: "1", Title: title, CPV: cpv, Nature: nature, Estimated: estimated, Exemption: exemption, Awards: awards}
}

// Firms are the invented winners, by KvK number.
var Firms = map[string]string{
	"00001001": "De Groene Brink B.V.", "00001002": "Hoveniersbedrijf Sprengen V.O.F.", "00001003": "Schoonwerk Oost B.V.",
	"00001004": "Vervoer IJsseldal B.V.", "00001005": "Taxicentrale Kroondomein B.V.", "00001006": "Wegenbouw Heidestroom B.V.",
	"00001007": "Aannemersbedrijf Veluwehof B.V.", "00001008": "Thuisgenoot Zorg Coöperatie U.A.", "00001009": "Beveiliging Wachttoren B.V.",
	"00001010": "Textielhof Werkkleding B.V.", "00001011": "Flexkracht Veluwezoom B.V.", "00001012": "De Kansrijke Tafel Catering B.V.",
	"00001013": "Kringloop Kroonstad N.V.", "00001014": "Installatietechniek Warmoes B.V.",
	"00003001": "Softwarehuis Bitberg B.V.", "00003002": "Registeraccountants De Balans", "00003003": "Zouthandel Noordzout B.V.",
	"00003004": "Strooidienst Sneeuwwit B.V.", "00003005": "Drukkerij De Inktpot B.V.", "00003006": "Schildersbedrijf Kwastmeer B.V.",
	"00003007": "Energiebedrijf Windveer N.V.", "00003008": "Adviesbureau Klimaatwijzer B.V.", "00003009": "Bodemonderzoek Zandgrond B.V.",
	"00003010": "Verzekeraar Zeker Weten N.V.", "00003011": "Straatmeubilair Bankje B.V.", "00003012": "Tijdelijk Wonen Nederland B.V.",
	"00003013": "Ingenieursbureau Waterpas B.V.", "00003014": "Evenementenzorg Podium B.V.", "00003015": "Sanering Schoon Dak B.V.",
}

// Tenders are the invented tenders of 2021 and 2022.
var Tenders = []Tender{
	{Reference: "2020-41", Procedure: european, Published: "2020-10-05", Title: "Groenonderhoud openbare ruimte 2021-2024", Lots: []Lot{
		social("P1", "Wijken noord", "77310000", services, 4_800_000,
			Award{"2021-01-08", provisional, "00001001", 4_620_000}, Award{"2021-01-29", final, "00001001", 4_620_000}),
		social("P2", "Wijken zuid", "77310000", services, 3_800_000,
			Award{"2021-01-08", provisional, "00001002", 3_690_000}, Award{"2021-01-29", final, "00001002", 3_690_000})}},
	{Reference: "2020-44", Procedure: european, Published: "2020-11-02", Title: "Schoonmaak gemeentelijke gebouwen", Lots: []Lot{
		social("1", "Schoonmaak gemeentelijke gebouwen", "90910000", services, 7_200_000,
			Award{"2021-01-22", provisional, "00001003", 6_960_000}, Award{"2021-02-12", final, "00001003", 6_960_000})}},
	{Reference: "2020-46", Procedure: european, Published: "2020-11-23", Title: "Doelgroepenvervoer", Lots: []Lot{
		social("P1", "Leerlingenvervoer", "60130000", services, 10_400_000, Award{"2021-03-05", final, "00001004", 10_100_000}),
		social("P2", "Wmo-vervoer", "60130000", services, 5_600_000, Award{"2021-03-05", final, "00001005", 5_400_000})}},
	{Reference: "2020-48", Procedure: european, Published: "2020-12-07", Title: "Softwarelicenties", Lots: []Lot{
		plain("Softwarelicenties", "48000000", supplies, 640_000, "geenArbeidscomponent", Award{"2021-02-26", final, "00003001", 612_400})}},
	{Reference: "2021-02", Procedure: national, Published: "2021-01-18", Title: "Herinrichting stationsplein", Lots: []Lot{
		social("1", "Herinrichting stationsplein", "45233000", works, 3_600_000, Award{"2021-04-09", final, "00001006", 3_380_000})}},
	{Reference: "2021-03", Procedure: european, Published: "2021-01-25", Title: "Accountantsdiensten", Lots: []Lot{
		plain("Accountantsdiensten", "79210000", services, 420_000, "nietProportioneel", Award{"2021-04-16", final, "00003002", 398_000})}},
	{Reference: "2021-04", Procedure: several, Published: "2021-02-01", Title: "Levering strooizout", Lots: []Lot{
		plain("Levering strooizout", "34927100", supplies, 85_000, "", Award{"2021-03-12", final, "00003003", 81_250})}},
	{Reference: "2021-05", Procedure: national, Published: "2021-02-08", Title: "Rioolvervanging", Lots: []Lot{
		social("1", "Rioolvervanging", "45232400", works, 1_900_000,
			Award{"2021-04-12", provisional, "00001006", 1_778_000}, Award{"2021-04-20", withdrawn, "", 0},
			Award{"2021-04-21", provisional, "00001007", 1_810_000}, Award{"2021-05-11", final, "00001007", 1_810_000})}},
	{Reference: "2021-06", Procedure: single, Published: "2021-02-10", Title: "Gladheidsbestrijding na sneeuwval", Lots: []Lot{
		plain("Gladheidsbestrijding", "90620000", services, 130_000, "spoed", Award{"2021-02-11", final, "00003004", 127_300})}},
	{Reference: "2021-08", Procedure: european, Published: "2021-01-11", Title: "Huishoudelijke ondersteuning Wmo", Lots: []Lot{
		social("1", "Huishoudelijke ondersteuning", "85310000", services, 16_800_000,
			Award{"2021-04-02", provisional, "00001008", 16_200_000}, Award{"2021-04-23", final, "00001008", 16_200_000})}},
	{Reference: "2021-09", Procedure: several, Published: "2021-02-15", Title: "Drukwerk", Lots: []Lot{
		plain("Drukwerk", "79810000", services, 60_000, "", Award{"2021-04-01", final, "00003005", 57_900})}},
	{Reference: "2021-11", Procedure: european, Published: "2021-02-22", Title: "Beveiliging en toezicht", Lots: []Lot{
		scored("1", "Beveiliging en toezicht", "79710000", services, 2_500_000, Award{"2021-05-28", final, "00001009", 2_360_000})}},
	{Reference: "2021-12", Procedure: several, Published: "2021-03-01", Title: "Schilderwerk gymzalen", Lots: []Lot{
		plain("Schilderwerk gymzalen", "45442100", works, 145_000, "", Award{"2021-05-07", final, "00003006", 139_900})}},
	{Reference: "2021-13", Procedure: several, Published: "2021-03-15", Title: "Bedrijfskleding", Lots: []Lot{
		reserved("1", "Bedrijfskleding", "18110000", supplies, 120_000, Award{"2021-05-21", final, "00001010", 118_000})}},
	{Reference: "2021-14", Procedure: european, Published: "2021-03-22", Title: "Elektriciteit en gas", Lots: []Lot{
		plain("Elektriciteit en gas", "65310000", supplies, 4_900_000, "landelijkeRaamovereenkomst", Award{"2021-07-02", final, "00003007", 4_730_000})}},
	{Reference: "2021-15", Procedure: national, Published: "2021-05-17", Title: "Fietsenstalling centrum", Withdrawn: "2021-09-01", Lots: []Lot{
		social("1", "Fietsenstalling centrum", "45223300", works, 1_040_000, Award{"2021-08-20", provisional, "00001006", 1_132_000})}},
	{Reference: "2021-16", Procedure: single, Published: "2021-04-12", Title: "Advies klimaatadaptatie", Lots: []Lot{
		plain("Advies klimaatadaptatie", "90713000", services, 48_000, "", Award{"2021-04-30", final, "00003008", 47_500})}},
	{Reference: "2021-17", Procedure: several, Published: "2021-04-26", Title: "Onderhoud speelplaatsen", Lots: []Lot{
		social("1", "Onderhoud speelplaatsen", "50870000", services, 96_000, Award{"2021-06-25", final, "00001002", 94_500})}},
	{Reference: "2021-19", Procedure: several, Published: "2021-08-30", Title: "Bodemonderzoek", Lots: []Lot{
		plain("Bodemonderzoek", "71351500", services, 92_000, "", Award{"2021-10-22", final, "00003009", 88_150})}},

	{Reference: "2021-22", Procedure: european, Published: "2021-09-13", Title: "Raamovereenkomst groot onderhoud wegen", Framework: true, Lots: []Lot{
		social("1", "Groot onderhoud wegen", "45233140", works, 12_000_000,
			Award{"2021-12-17", provisional, "00001006", 11_600_000}, Award{"2022-01-14", final, "00001006", 11_600_000})}},
	{Reference: "2021-24", Procedure: european, Published: "2021-10-04", Title: "Inhuur uitzendkrachten", Lots: []Lot{
		social("1", "Inhuur uitzendkrachten", "79620000", services, 8_400_000, Award{"2022-01-28", final, "00001011", 8_000_000})}},
	{Reference: "2021-25", Procedure: european, Published: "2021-10-18", Title: "Catering stadhuis", Lots: []Lot{
		social("1", "Catering stadhuis", "55520000", services, 1_560_000, Award{"2022-02-04", final, "00001012", 1_485_000})}},
	{Reference: "2021-26", Procedure: european, Published: "2021-10-25", Title: "Verzekeringen", Lots: []Lot{
		plain("Verzekeringen", "66510000", services, 700_000, "geenArbeidscomponent", Award{"2022-01-21", final, "00003010", 684_000})}},
	{Reference: "2022-01", Procedure: european, Published: "2022-01-10", Title: "Inzameling textiel en grofvuil", Lots: []Lot{
		social("1", "Inzameling textiel en grofvuil", "90511000", services, 6_200_000, Award{"2022-04-08", final, "00001013", 5_900_000})}},
	{Reference: "4f1d2c3b-0000-4000-8000-202200000002", Procedure: european, Published: "2022-01-17", Title: "Onderhoud begraafplaatsen", Notice: true, Lots: []Lot{
		social("LOT-0001", "Onderhoud begraafplaatsen", "77314000", services, 1_800_000, Award{"2022-04-22", final, "00001001", 1_730_000})}},
	{Reference: "2022-03", Procedure: several, Published: "2022-01-24", Title: "Straatmeubilair", Lots: []Lot{
		plain("Straatmeubilair", "34928400", supplies, 75_000, "", Award{"2022-03-04", final, "00003011", 72_600})}},
	{Reference: "2022-04", Procedure: national, Published: "2022-01-24", Title: "Renovatie zwembad", Lots: []Lot{
		social("1", "Renovatie zwembad", "45212212", works, 7_800_000,
			Award{"2022-04-08", provisional, "00001007", 7_500_000}, Award{"2022-04-29", final, "00001007", 7_500_000})}},
	{Reference: "2022-05", Procedure: national, Published: "2022-02-07", Title: "Verduurzaming scholen", Lots: []Lot{
		social("P1", "Isolatie", "45320000", works, 2_200_000, Award{"2022-05-13", final, "00001007", 2_120_000}),
		social("P2", "Installaties", "45330000", works, 2_800_000, Award{"2022-05-13", final, "00001014", 2_760_000})}},
	{Reference: "2022-06", Procedure: single, Published: "2022-03-14", Title: "Tijdelijke huisvesting noodopvang", Lots: []Lot{
		plain("Tijdelijke huisvesting noodopvang", "44211100", supplies, 850_000, "spoed", Award{"2022-03-25", final, "00003012", 838_000})}},
	{Reference: "2022-07", Procedure: european, Published: "2022-02-14", Title: "Dagbesteding en arbeidstoeleiding", Lots: []Lot{
		reserved("1", "Dagbesteding en arbeidstoeleiding", "85312400", services, 2_600_000, Award{"2022-06-10", final, "00001010", 2_530_000})}},
	{Reference: "2022-08", Procedure: several, Published: "2022-03-07", Title: "Circulair meubilair", Lots: []Lot{
		social("1", "Circulair meubilair", "39130000", supplies, 210_000, Award{"2022-05-06", final, "00001013", 204_000})}},
	{Reference: "2022-09", Procedure: national, Published: "2022-03-21", Title: "Ingenieursdiensten bruggen", Lots: []Lot{
		plain("Ingenieursdiensten bruggen", "71300000", services, 240_000, "onvoldoendeKandidaten", Award{"2022-06-17", final, "00003013", 231_000})}},
	{Reference: "2022-10", Procedure: european, Published: "2022-03-28", Title: "Parkeertoezicht", Lots: []Lot{
		scored("1", "Parkeertoezicht", "98351110", services, 1_980_000, Award{"2022-07-01", final, "00001009", 1_880_000})}},
	{Reference: "2022-11", Procedure: single, Published: "2022-04-04", Title: "Evenementenbeveiliging", Lots: []Lot{
		plain("Evenementenbeveiliging", "79710000", services, 45_000, "", Award{"2022-04-15", final, "00003014", 44_800})}},
	{Reference: "2022-12", Procedure: national, Published: "2022-05-09", Title: "Reconstructie fietspad", Lots: []Lot{
		social("1", "Reconstructie fietspad", "45233162", works, 960_000, Award{"2022-07-22", final, "00001006", 910_000})}},
	{Reference: "2022-13", Procedure: several, Published: "2022-06-13", Title: "Schoonmaak sporthallen", Lots: []Lot{
		social("1", "Schoonmaak sporthallen", "90910000", services, 205_000, Award{"2022-08-26", final, "00001003", 196_000})}},
	{Reference: "2022-14", Procedure: several, Published: "2022-01-10", Title: "Verkiezingsdrukwerk", Lots: []Lot{
		plain("Verkiezingsdrukwerk", "79810000", services, 70_000, "", Award{"2022-02-11", final, "00003005", 68_400})}},
	{Reference: "2022-15", Procedure: several, Published: "2022-05-16", Title: "Nadere opdracht ontsluitingsweg", CallOffOf: "2021-22", Lots: []Lot{
		social("1", "Ontsluitingsweg", "45233140", works, 1_240_000, Award{"2022-06-03", final, "00001006", 1_196_000})}},
	{Reference: "2022-16", Procedure: national, Published: "2022-05-30", Title: "Asbestsanering", Lots: []Lot{
		plain("Asbestsanering", "45262660", works, 310_000, "looptijdTeKort", Award{"2022-08-12", final, "00003015", 296_000})}},
	{Reference: "2022-17", Procedure: national, Published: "2022-09-26", Title: "Onderhoud gemalen", Lots: []Lot{
		social("1", "Onderhoud gemalen", "50511000", works, 1_280_000, Award{"2022-12-16", provisional, "00001014", 1_242_000})}},
	{Reference: "2022-18", Procedure: single, Published: "2022-09-05", Title: "Nadere opdracht wegmarkering", CallOffOf: "2021-22", Lots: []Lot{
		plain("Wegmarkering", "45233221", works, 90_000, "", Award{"2022-09-16", final, "00001006", 86_500})}},
}

// noticeXML is the one tender that comes as an eForms notice.
//
//go:embed notice.xml
var noticeXML []byte

// tender plans the registration of every tender, its awards and its withdrawal.
func (p *player) tender() {
	for _, t := range Tenders {
		p.on(t.Published, "aanbesteding "+t.Reference, func(ctx context.Context) error {
			if t.Notice {
				return p.announce(ctx, t)
			}
			return p.register(ctx, t, t.sent(p.tenders), mediaJSON)
		})
		for _, lot := range t.Lots {
			for i, award := range lot.Awards {
				p.on(award.Day, "gunning "+t.Reference+" perceel "+lot.ID, func(ctx context.Context) error {
					return p.award(ctx, t, lot, i)
				})
			}
		}
		if t.Withdrawn != "" {
			p.on(t.Withdrawn, "aanbesteding "+t.Reference+" intrekken", func(ctx context.Context) error {
				return p.amend(ctx, t, object{"ingetrokken": true})
			})
		}
	}
}

func (p *player) register(ctx context.Context, t Tender, body any, media string) error {
	got, err := p.do(ctx, ask{
		who: officer, method: http.MethodPost, path: "/v1/aanbestedingen", body: body, media: media, key: "aanbesteding-" + t.Reference,
	})
	if err != nil {
		return err
	}
	var made struct{ ID string }
	p.counted("aanbesteding")
	if err := got.into(&made); err != nil {
		return err
	}
	p.tenders[t.Reference] = &held{made.ID, got.etag}
	return nil
}

// announce sends the notice; what it only suggests, the officer then confirms.
func (p *player) announce(ctx context.Context, t Tender) error {
	if err := p.register(ctx, t, noticeXML, mediaXML); err != nil {
		return err
	}
	var lots []object
	for _, lot := range t.Lots {
		lots = append(lots, object{"id": lot.ID, "socialReturn": yes(lot.SocialReturn), "vorm": lot.Form})
	}
	return p.amend(ctx, t, object{"percelen": lots})
}

// amend changes a tender.
func (p *player) amend(ctx context.Context, t Tender, change object) error {
	tender := p.tenders[t.Reference]
	got, err := p.do(ctx, ask{
		who: officer, method: http.MethodPatch, path: "/v1/aanbestedingen/" + tender.id, body: change, media: mediaPatch, match: tender.etag,
	})
	tender.etag = got.etag
	return err
}

// award takes step i in the award of a lot.
func (p *player) award(ctx context.Context, t Tender, lot Lot, i int) error {
	tender, step := p.tenders[t.Reference], lot.Awards[i]
	sent := object{"perceel": lot.ID, "stand": step.State, "datum": step.Day}
	if step.State != withdrawn {
		sent["opdrachtnemer"], sent["opdrachtnemerNaam"], sent["waarde"] = step.Firm, Firms[step.Firm], euros(step.Value)
	}
	got, err := p.do(ctx, ask{
		who: officer, method: http.MethodPost, path: "/v1/aanbestedingen/" + tender.id + "/gunningen", body: sent,
		key: strings.Join([]string{"gunning", t.Reference, lot.ID, strconv.Itoa(i + 1)}, "-"), match: tender.etag,
	})
	if err != nil {
		return err
	}
	tender.etag = got.etag
	p.counted("gunning")
	return nil
}

func (t Tender) sent(known map[string]*held) object {
	sent := object{
		"opdrachtgever": Authority, "kenmerk": t.Reference, "titel": t.Title, "procedure": t.Procedure, "publicatieDatum": t.Published,
	}
	if t.Framework {
		sent["raamovereenkomst"] = true
	}
	if framework := known[t.CallOffOf]; framework != nil {
		sent["nadereOpdrachtVan"] = framework.id
	}
	var lots []object
	for _, lot := range t.Lots {
		lots = append(lots, lot.sent())
	}
	sent["percelen"] = lots
	return sent
}

func (l Lot) sent() object {
	sent := object{
		"id": l.ID, "titel": l.Title, "cpv": l.CPV, "aard": l.Nature, "geraamdeWaarde": euros(l.Estimated), "socialReturn": yes(l.SocialReturn),
	}
	if l.SocialReturn {
		sent["vorm"] = l.Form
	}
	if l.Reserved {
		sent["voorbehouden"] = true
	}
	if l.Exemption != "" {
		sent["vrijstelling"] = object{
			"reden": l.Exemption, "toelichting": exemptionTexts[l.Exemption], "goedgekeurdDoor": "Concernmanager Inkoop",
		}
	}
	return sent
}

var exemptionTexts = map[string]string{
	"geenArbeidscomponent":       "Er wordt geen werk verricht waarvoor iemand kan worden geplaatst.",
	"nietProportioneel":          "Het werk vraagt om bevoegden; de inspanning staat niet in verhouding tot de opdracht.",
	"looptijdTeKort":             "Het werk duurt zes weken, te kort voor een plaatsing.",
	"spoed":                      "Er was geen tijd voor een plan van aanpak.",
	"landelijkeRaamovereenkomst": "De voorwaarden zijn landelijk vastgelegd; Social Return loopt via de landelijke overeenkomst.",
	"onvoldoendeKandidaten":      "Het bureau heeft voor dit vak geen kandidaten.",
}

func yes(b bool) string {
	if b {
		return "ja"
	}
	return "nee"
}

// euros is the wire form of whole euros.
func euros(whole int) string { return strconv.Itoa(whole) + ".00" }
