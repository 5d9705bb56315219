package deskpage

import (
	"slices"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/staff"
)

// files are all of a request, and what is left of those that went. What is not there yet is not shown.
func (p File) files(d *Desk, v Visit) part {
	t := v.Texts
	s := part{ID: "files", Title: t.Text("desk.files.title"), Links: p.fileActs(v), Table: &table{
		Caption: t.Text("desk.files.caption"), Empty: t.Text("desk.files.none"),
		Heads: []string{t.Text("desk.files.file"), t.Text("desk.files.for"), t.Text("desk.files.by"), t.Text("desk.files.size"), t.Text("desk.files.when"), t.Text("desk.files.sum")},
	}}
	for _, a := range byArrival(p.File.Files) {
		if a.StoredAt.IsZero() {
			continue
		}
		s.Table.Rows = append(s.Table.Rows, []cell{
			p.fileName(v, a), d.forWhom(t, a), {Text: d.addedBy(v, a)}, {Text: t.Size(a.Size)}, {Text: d.cameAndWent(t, v, a)}, {Text: a.SHA256},
		})
	}
	switch {
	case len(s.Table.Rows) > 0:
		s.Texts = []string{t.Text("desk.files.note")}
	case len(s.Links) == 0:
		return part{}
	}
	return s
}

func byArrival(files []attachment.File) []attachment.File {
	return slices.SortedStableFunc(slices.Values(files), func(a, b attachment.File) int { return a.StoredAt.Compare(b.StoredAt) })
}

// fileActs are what an officer can do about files.
func (p File) fileActs(v Visit) []link {
	q := p.File.Request
	if q.Reduced() {
		return nil
	}
	acts := []string{"file"}
	if slices.ContainsFunc(p.File.Files, func(a attachment.File) bool { return !a.For.FromPerson() && a.State == attachment.Stored }) {
		acts = append(acts, "replace", "remove")
	}
	var all []link
	for _, act := range acts {
		all = append(all, may(v, staff.Attach, link{ActPath(q.ID, act), v.Texts.Text("desk.form." + act)})...)
	}
	return all
}

// fileName is a file by its name, where it can be fetched, with whose place it takes, and what must not be overlooked.
func (p File) fileName(v Visit, a attachment.File) cell {
	t := v.Texts
	c := cell{Text: a.Name(), Head: true}
	if a.State == attachment.Stored && v.Account.Role.May(staff.RevealAddr) {
		c.Href = AttachedPath(a.Request, a.ID)
	}
	for _, other := range p.File.Files {
		switch {
		case other.ID == a.Replaces && a.Replaces != "":
			c.Note = t.Text("desk.files.replaces", "file", other.Name())
		case other.Replaces == a.ID && !other.StoredAt.IsZero():
			c.Note = t.Text("desk.files.replaced_by", "file", other.Name())
		}
	}
	if len(a.Found) > 0 {
		var names []string
		for _, kind := range a.Found {
			names = append(names, t.Named("desk.found.", kind))
		}
		c.Tags = []string{t.Text("desk.files.found", "what", strings.Join(names, ", "))}
	}
	return c
}

func (d *Desk) forWhom(t *catalog.Texts, a attachment.File) cell {
	c := cell{Text: t.Named("desk.files.for.", string(a.For))}
	if a.System != "" {
		c.Note = t.Text("desk.files.of", "system", d.systemName(t, a.System))
	}
	return c
}

func (d *Desk) addedBy(v Visit, a attachment.File) string {
	officer, by := strings.CutPrefix(a.By, audit.ByOfficer)
	switch {
	case by && officer != "":
		return who(v.Texts, v, strings.TrimPrefix(officer, ":"))
	case by: // of a reduced request
		return v.Texts.Text("desk.colleague")
	case a.For.FromPerson():
		return v.Texts.Text("desk.by.person")
	case a.System != "":
		return d.systemName(v.Texts, a.System)
	}
	return v.Texts.Text("desk.by.system")
}

func (d *Desk) cameAndWent(t *catalog.Texts, v Visit, a attachment.File) string {
	switch {
	case a.State == attachment.Stored:
		return t.Text("desk.files.stored", "date", d.moment(t, a.StoredAt, v.Now))
	case a.Held():
		return t.Text("desk.files.leaving")
	case a.State == attachment.Refused:
		return t.Text("desk.files.refused", "date", d.moment(t, a.GoneAt, v.Now))
	}
	return t.Text("desk.files.gone", "date", d.moment(t, a.GoneAt, v.Now))
}
