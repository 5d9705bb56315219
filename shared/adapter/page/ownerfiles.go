package page

import (
	"strconv"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/attachment"
)

// files are what the system holds about the person, sent as files. What they hold is not shown.
func (p OwnerTask) files(t *catalog.Texts) *section {
	if p.Entry.TakesFile("") != nil {
		return nil
	}
	s := &section{Title: t.Text("owner.files"), Texts: []string{t.Text("owner.files.lead")}}
	var arrived []string
	for _, a := range p.Files {
		arrived = append(arrived, t.Text("owner.files.file", "name", a.Name(), "n", kilobytes(a.Size)))
	}
	if s.Facts = someFact(t.Text("owner.files.arrived"), arrived...); len(arrived) == 0 {
		s.Texts = append(s.Texts, t.Text("owner.files.none"))
	}
	switch {
	case p.Upload.open():
		form := p.Upload.form
		form.Label, form.Button, form.Accept = t.Text("file.label"), t.Text("file.send"), accepted(attachment.Answer)
		s.Texts, s.Upload = append(s.Texts, t.Text("owner.files.limits", "megabytes", megabytes, "n", most, "minutes", minutes)), &form
	case len(p.Files) < attachment.MaxSystem:
		s.Buttons = []button{{Action: p.Action, Hidden: []hidden{{FieldAction, ValueAddFile}, langField(t)}, Text: t.Text("owner.files.add"), Quiet: len(p.Files) > 0}}
	}
	return s
}

// most is how many files a system may send.
var most = strconv.Itoa(attachment.MaxSystem)

// notice says what became of a file.
func (p OwnerTask) notice(d *Desk, t *catalog.Texts) *notice {
	switch {
	case p.Full:
		return &notice{t.Text("owner.files.many.title"), t.Text("owner.files.many.text", "n", most, "email", d.Organisation.Contact)}
	case p.Upload != nil && p.Upload.File.State == attachment.Stored:
		return &notice{t.Text("owner.files.came.title"), t.Text("owner.files.came.text")}
	}
	return p.Upload.notice(t)
}

func kilobytes(size int64) string { return strconv.FormatInt((size+1023)/1024, 10) }
