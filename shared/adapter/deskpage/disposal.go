package deskpage

import (
	"strconv"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
)

// PathDisposal is the screen of what goes when.
const PathDisposal = "/desk/disposal"

// Disposal shows the schedule and the certificates, and answers whether a person was erased.
type Disposal struct {
	Rules        []schedule.Rule `json:"rules"`
	Certificates []Certificate   `json:"certificates"`
	Next         int             `json:"next,omitempty"` // ?before= of the certificates that follow
	Before       bool            `json:"-"`              // these are not the newest
	Erased       *Erased         `json:"erased,omitempty"`
	Typed        Typed           `json:"-"` // it holds an address
	Faults       []Fault         `json:"errors,omitempty"`
}

// Certificate is what a certificate says.
type Certificate struct {
	Seq     int            `json:"seq"`
	At      time.Time      `json:"at"`
	Class   schedule.Class `json:"class"`
	Deleted int            `json:"deleted"`
	Reduced int            `json:"reduced"`
	Cutoff  time.Time      `json:"cutoff"`
	Backups string         `json:"backups_until"`
	Last    bool           `json:"last"` // it ends a run
}

// Erased says what is known of a person who may have been erased.
type Erased struct {
	At       time.Time `json:"at,omitzero"` // of the last erasure; none: there was none
	OptOuts  int       `json:"opt_outs"`    // still kept of them, for they must not be written to
	Requests int       `json:"requests"`
}

func (s Disposal) view(d *Desk, v Visit) view {
	t, in := v.Texts, inputs{v.Texts, "erased", s.Typed, s.Faults}
	body := parts{Lead: []string{t.Text("desk.disposal.lead")}}
	body.Problem, body.Faults = in.summary()
	if s.Erased != nil {
		body.Head = []part{s.Erased.part(d, t)}
	}
	if !s.Before {
		body.Parts = append(body.Parts, part{ID: "erased", Title: t.Text("desk.disposal.ask"), Texts: []string{t.Text("desk.disposal.ask.text")}, Forms: []form{{
			Action: PathDisposal, Quiet: true, Button: t.Text("desk.disposal.ask.button"),
			Fields: []field{in.field("text", "address")},
		}}})
	}
	body.Parts = append(body.Parts, s.certificates(d, t))
	if !s.Before {
		body.Parts = append(body.Parts, s.schedule(t))
	}
	return view{shape: partsShape, title: t.Text("desk.disposal.title"), body: body, failed: len(s.Faults) > 0}
}

func (e Erased) part(d *Desk, t *catalog.Texts) part {
	p := part{Title: t.Text("desk.disposal.erased.no"), Texts: []string{t.Text("desk.disposal.erased.no.text")}}
	if !e.At.IsZero() {
		p = part{Title: t.Text("desk.disposal.erased.yes", "date", d.day(t, e.At)), Texts: []string{t.Text("desk.disposal.erased.yes.text")}}
	}
	p.Facts = []fact{
		{Label: t.Text("desk.disposal.erased.optouts"), Value: t.Number(e.OptOuts)}, {Label: t.Text("desk.disposal.erased.requests"), Value: t.Number(e.Requests)},
	}
	return p
}

func (s Disposal) certificates(d *Desk, t *catalog.Texts) part {
	list := &table{Caption: t.Text("desk.disposal.proofs.caption"), Empty: t.Text("desk.disposal.proofs.none"), Heads: []string{
		t.Text("desk.disposal.when"), t.Text("desk.disposal.what"), t.Text("desk.disposal.gone"), t.Text("desk.disposal.backups"),
	}}
	for _, c := range s.Certificates {
		list.Rows = append(list.Rows, []cell{
			{Head: true, Text: d.atTime(t, c.At), Note: t.Text("desk.disposal.number", "n", t.Number(c.Seq))}, {Text: proofClass(t, c)},
			{Text: d.proofGone(t, c)}, {Text: lawDay(t, c.Backups)},
		})
	}
	p := part{ID: "certificates", Title: t.Text("desk.disposal.proofs"), Table: list}
	if s.Next > 0 {
		p.Links = append(p.Links, link{PathDisposal + "?before=" + strconv.Itoa(s.Next), t.Text("desk.disposal.older")})
	}
	if s.Before {
		p.Links = append(p.Links, link{PathDisposal, t.Text("desk.disposal.newest")})
	}
	return p
}

func proofClass(t *catalog.Texts, c Certificate) string {
	if c.Class == disposal.AllClasses {
		return t.Text("desk.disposal.all")
	}
	return className(t, c.Class)
}

// proofGone is what was done, in words: a certificate that ends a run is about no record.
func (d *Desk) proofGone(t *catalog.Texts, c Certificate) string {
	switch {
	case c.Last:
		return t.Text("desk.disposal.end", "date", d.atTime(t, c.Cutoff))
	case c.Deleted > 0 && c.Reduced > 0:
		return t.Plural("desk.disposal.deleted", c.Deleted) + ", " + t.Plural("desk.disposal.reduced", c.Reduced)
	case c.Deleted > 0:
		return t.Plural("desk.disposal.deleted", c.Deleted)
	}
	return t.Plural("desk.disposal.reduced", c.Reduced)
}

func (s Disposal) schedule(t *catalog.Texts) part {
	list := &table{Caption: t.Text("desk.disposal.schedule.caption"), Heads: []string{
		t.Text("desk.disposal.record"), t.Text("desk.disposal.kept"), t.Text("desk.disposal.then"), t.Text("desk.disposal.because"),
	}}
	for _, r := range s.Rules {
		list.Rows = append(list.Rows, []cell{
			{Head: true, Text: className(t, r.Class), Note: t.Named("desk.from.", string(r.Class))}, {Text: period(t, r.Period)},
			{Text: t.Text("desk.disposal.action." + string(r.Action)), Note: t.Text("desk.disposal.how." + string(r.How))}, {Text: r.Why, Lang: catalog.Default},
		})
	}
	return part{ID: "schedule", Title: t.Text("desk.disposal.schedule"), Table: list}
}
