package decision

import "privacydesk/shared/domain/deadline"

// Offer is a ground that fits, for whoever chooses among them.
type Offer struct {
	Ground  Ground `json:"ground"`
	Clause  string `json:"clause,omitempty"`       // that the letter cites unless the officer names another
	Refusal bool   `json:"refusal_only,omitempty"` // not for a grant in part
	Named   bool   `json:"needs_clause,omitempty"` // the officer must name the clause
}

// Offers are the grounds that fit a kind of request. One that is repeated is offered
// where the request is marked so.
func (f Facts) Offers(k deadline.Kind) []Offer {
	var all []Offer
	for _, g := range Grounds(k, f.Place, Refuse) {
		r, _ := find(g, k, f.Place)
		if g != RepeatedRequest || f.Repeated {
			all = append(all, Offer{g, r.cite(f.Place), r.refusal, g == Exemption})
		}
	}
	return all
}
