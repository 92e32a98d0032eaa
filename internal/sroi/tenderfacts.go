// SPDX-License-Identifier: EUPL-1.2

package sroi

// AwardBy finds the award that a command made.
func (t *Tender) AwardBy(act string) (Award, bool) {
	for _, lot := range t.Lots {
		for _, award := range lot.Awards {
			if award.Act == act {
				return award, true
			}
		}
	}
	return Award{}, false
}

// Facts is what figures need of the tender as it stands.
func (t *Tender) Facts(authority Authority) TenderFacts {
	facts := TenderFacts{
		Authority: Authority{ID: authority.ID, Kind: authority.Kind, Areas: authority.Areas},
		Procedure: t.Procedure, CallOff: t.CallOffOf != "", Withdrawn: t.Withdrawn,
	}
	for _, lot := range t.Lots {
		l := LotFacts{
			SocialReturn: lot.SocialReturn, Reserved: lot.Reserved, Exempt: lot.Exemption != nil,
			Above: lot.AboveThreshold != nil && *lot.AboveThreshold,
		}
		if award, ok := lot.Awarded(); ok && award.State == Final {
			l.Final, l.Value = award.Date, award.Value
		}
		facts.Lots = append(facts.Lots, l)
	}
	return facts
}
