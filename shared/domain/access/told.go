package access

import (
	"slices"
	"time"

	"privacydesk/shared/domain/deadline"
)

// Item is something that a law wants told beside the data.
type Item string

// The items, by the points of Art. 15(1) GDPR.
const (
	Purposes   Item = "purposes"   // (a)
	Categories Item = "categories" // (b)
	Recipients Item = "recipients" // (c)
	Transfers  Item = "transfers"  // to other countries, and what safeguards them: Art. 15(2)
	Sale       Item = "sale"       // Cal. Civ. Code 1798.115
	Periods    Item = "periods"    // (d)
	Rights     Item = "rights"     // (e)
	Complaint  Item = "complaint"  // (f)
	Sources    Item = "sources"    // (g)
	Automated  Item = "automated"  // (h)
)

// items are in the order in which they are told.
var items = []Item{Purposes, Categories, Recipients, Sale, Transfers, Periods, Rights, Complaint, Sources, Automated}

// gdprs are those of the GDPR: what a person is told where no law of their place is
// known to say what.
var gdprs = []Item{Purposes, Categories, Recipients, Transfers, Periods, Rights, Complaint, Sources, Automated}

// laws say what is asked for, by the ids of law.yaml. A law that is not here gives
// people their data, and no more about it.
var laws = map[string]struct {
	clause string
	items  []Item
}{
	"gdpr":      {"Art. 15(1) and (2) GDPR", gdprs},
	"uk-gdpr":   {"Art. 15(1) and (2) UK GDPR", gdprs},
	"us-ca":     {"Cal. Civ. Code 1798.110, 1798.115; 11 CCR 7024", []Item{Purposes, Categories, Recipients, Sale, Sources}},
	"us-or":     {"ORS 646A.574", []Item{Recipients}},
	"us-de":     {"Delaware Code 6 12D-104", []Item{Recipients}},
	"us-mn":     {"Minnesota Statutes 325M.14", []Item{Recipients}},
	"us-md":     {"Maryland Commercial Law 14-4705", []Item{Recipients}},
	"br-lgpd":   {"Art. 9, 18 and 19 LGPD", []Item{Purposes, Recipients, Periods, Rights, Complaint, Sources, Automated}},
	"ch-fadp":   {"Art. 25(2) FADP", []Item{Purposes, Recipients, Transfers, Periods, Sources, Automated}},
	"ca-pipeda": {"PIPEDA, Schedule 1, 4.9", []Item{Purposes, Recipients, Sources}},
	"ca-qc":     {"sections 8 and 27 of the Quebec private sector act", []Item{Purposes, Recipients, Periods, Rights, Sources}},
	"cl-21719":  {"Art. 5 Ley 19.628", []Item{Purposes, Recipients, Periods, Sources, Automated}},
}

// Told is what a person must be told with their data.
type Told struct {
	Items   []Item
	Clauses []string // that ask for it; none where no law of the place is known
	Rights  []deadline.Kind
	Place   deadline.Jurisdiction
	// California wants categories named in its own words, each with who got it.
	California bool
}

// About says what must be told of a request that granted these kinds, by the law of the
// place on the day of its receipt. Nothing, where no access was granted or no law asks.
func About(e *deadline.Engine, granted []deadline.Kind, place deadline.Jurisdiction, received time.Time) Told {
	told := Told{Place: place}
	if !slices.Contains(granted, deadline.Access) {
		return told
	}
	ids, own := e.Laws(deadline.Access, place, received)
	wanted := map[Item]bool{}
	want := func(items []Item) {
		for _, i := range items {
			wanted[i] = true
		}
	}
	for _, id := range ids {
		law := laws[id]
		want(law.items)
		if own && law.clause != "" {
			told.Clauses = append(told.Clauses, law.clause)
		}
	}
	if !own {
		want(gdprs)
	}
	told.California, told.Rights = wanted[Sale], rightsUnder(ids)
	told.Items = slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return !wanted[i] })
	return told
}

// rights are those of Art. 15(1)(e) GDPR, and the one of Art. 20.
var rights = []deadline.Kind{deadline.Correction, deadline.Erasure, deadline.Restriction, deadline.Objection, deadline.Portability}

// rightsUnder are those that the laws give, as law.yaml has them; with none of these laws, all.
func rightsUnder(ids []string) []deadline.Kind {
	given := map[deadline.Kind]bool{}
	for _, r := range deadline.Default().Regimes {
		for _, c := range r.Clocks {
			for _, k := range c.Kinds {
				given[k] = given[k] || len(ids) == 0 || slices.Contains(ids, r.ID)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(rights), func(k deadline.Kind) bool { return !given[k] })
}

// Section is one thing that is told, in words.
type Section struct {
	Title string   `json:"title"`
	Lines []string `json:"lines"`
}
