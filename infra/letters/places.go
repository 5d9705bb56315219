package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
)

// group are places whose people are told the same: one law, one authority, the same grounds and clauses.
type group struct {
	deadline.Jurisdiction // one of them
	places                []deadline.Jurisdiction
}

// familiar places stand for their groups, and come first.
var familiar = []string{"DE", "GB", "US-CA", "US-VA", "US-TX", "CH", "BR", "CL", "CA-QC", "CA-ON"}

// groups sorts all places that a form offers, and none, by what their people are told on a day. With a place it is
// that place's group, for which the place stands.
func groups(law *deadline.Engine, at time.Time, only string) ([]group, error) {
	var all []group
	index := map[string]int{}
	for _, p := range places() {
		print, err := fingerprint(law, p, at)
		if err != nil {
			return nil, err
		}
		i, known := index[print]
		if !known {
			i = len(all)
			index[print], all = i, append(all, group{Jurisdiction: p})
		}
		all[i].places = append(all[i].places, p)
		if only != "" && p.String() == only {
			all[i].Jurisdiction = p
		}
	}
	if only == "" {
		return all, nil
	}
	i := slices.IndexFunc(all, func(g group) bool { return g.String() == only })
	if i < 0 {
		return nil, fmt.Errorf("PLACE is a country, or a state or province, such as DE or US-CA; %q is none", only)
	}
	return all[i : i+1], nil
}

func places() []deadline.Jurisdiction {
	all := []deadline.Jurisdiction{{}}
	for _, c := range slices.Concat(catalog.For(catalog.Default).Countries(), catalog.Regions()) {
		country, region, _ := strings.Cut(c.Code, "-")
		all = append(all, deadline.Jurisdiction{Country: country, Region: region})
	}
	rank := func(p deadline.Jurisdiction) int {
		if i := slices.Index(familiar, p.String()); i >= 0 {
			return i
		}
		return len(familiar)
	}
	slices.SortStableFunc(all, func(a, b deadline.Jurisdiction) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// fingerprint is all by which the rules tell one place from another.
func fingerprint(law *deadline.Engine, p deadline.Jurisdiction, at time.Time) (string, error) {
	out := fmt.Sprint(decision.RemedyOf(p), decision.ComplaintRoute(p), slices.Contains(decision.Grounds(deadline.Access, p, decision.Refuse), decision.FeeUnpaid), deadline.Appeals(p))
	for _, k := range intake.Kinds() {
		for _, appeal := range []bool{false, true} {
			all, err := law.Deadlines(deadline.Case{Kinds: []intake.Kind{k}, Place: p, ReceivedAt: at, Appeal: appeal})
			if err != nil {
				return "", err
			}
			for _, d := range all {
				out += fmt.Sprint(d.Rule, d.Clause, d.Basis)
			}
		}
		for _, g := range grounds(k, p, decision.Refuse) {
			out += fmt.Sprint(g, clause(k, p, g))
		}
	}
	return out, nil
}

// grounds are those that can be given; what rests on a question that was not answered is apart.
func grounds(k intake.Kind, p deadline.Jurisdiction, o decision.Outcome) []decision.Ground {
	return slices.DeleteFunc(decision.Grounds(k, p, o), func(g decision.Ground) bool {
		return g == decision.EvidenceMissing || g == decision.FeeUnpaid
	})
}

// clause is what a ground cites at a place.
func clause(k intake.Kind, p deadline.Jurisdiction, g decision.Ground) string {
	f := decision.Facts{Kinds: []intake.Kind{k}, Place: p, Repeated: true}
	d, err := f.Check([]decision.Answer{{Outcome: decision.Refuse, Grounds: given(g), Explanation: "x"}}, time.Time{})
	if err != nil {
		return ""
	}
	return d.Answers[0].Grounds[0].Clause
}

// given names an exemption's clause, which is the officer's to name.
func given(grounds ...decision.Ground) []decision.Given {
	var all []decision.Given
	for _, g := range grounds {
		one := decision.Given{Ground: g}
		if g == decision.Exemption {
			one.Clause = "[…]"
		}
		all = append(all, one)
	}
	return all
}

func (g group) name() string {
	name := nameOf(g.Jurisdiction)
	if n := len(g.places) - 1; n > 0 {
		name += fmt.Sprintf(" +%d", n)
	}
	return name
}

func nameOf(p deadline.Jurisdiction) string {
	switch {
	case p.Country == "":
		return "no place given"
	case p.Region == "" && (p.Country == "US" || p.Country == "CA"):
		return catalog.For(catalog.Default).Place(p.Country, "") + " (state not given)"
	}
	name, _, _ := strings.Cut(catalog.For(catalog.Default).Place(p.Country, p.Region), ", ")
	return name
}
