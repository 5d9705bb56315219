package deskpage

import (
	"strconv"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/staff"
)

// files are what the person has added. What is not there yet is not shown.
func (p File) files(d *Desk, v Visit) part {
	t := v.Texts
	all := &table{Caption: t.Text("desk.files.title"), Heads: []string{t.Text("desk.files.file"), t.Text("desk.files.for"), t.Text("desk.files.size"), t.Text("desk.files.when"), t.Text("desk.files.sum")}}
	for _, a := range p.File.Files {
		if a.StoredAt.IsZero() {
			continue
		}
		name := cell{Text: a.Name(), Head: true}
		if a.Held() && v.Account.Role.May(staff.RevealAddr) {
			name.Href = FilePath(a.Request) + "/files/" + a.ID
		}
		all.Rows = append(all.Rows, []cell{
			name, {Text: t.Named("desk.files.for.", string(a.For))}, {Text: kilobytes(t, a.Size)}, {Text: d.cameAndWent(t, v, a)}, {Text: a.SHA256},
		})
	}
	if len(all.Rows) == 0 {
		return part{}
	}
	return part{ID: "files", Title: t.Text("desk.files.title"), Texts: []string{t.Text("desk.files.note")}, Table: all}
}

func kilobytes(t *catalog.Texts, size int64) string {
	return t.Text("desk.files.kb", "n", strconv.FormatInt((size+1023)/1024, 10))
}

func (d *Desk) cameAndWent(t *catalog.Texts, v Visit, a attachment.File) string {
	if a.Held() {
		return t.Text("desk.files.stored", "date", d.moment(t, a.StoredAt, v.Now))
	}
	return t.Text("desk.files.gone", "date", d.moment(t, a.GoneAt, v.Now))
}
