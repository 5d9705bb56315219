package mail

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// systems are the other systems that had to do it too, and how far each has come (Art. 19 GDPR).
func (m RequestLetter) systems(d Desk, t *catalog.Texts, answer []catalog.SystemTask) []part {
	var parts []part
	for _, task := range append(answer, t.Systems(d.Systems, m.Request.Tasks)...) {
		parts = append(parts, part{Text: task.Lead}, part{Items: task.Items})
	}
	if len(parts) == 0 {
		return nil
	}
	parts = append([]part{{Heading: t.Text("systems.title")}}, parts...)
	if m.Request.State == lifecycle.CarryingOut {
		parts = append(parts, part{Text: t.Text("systems.wait")})
	}
	return parts
}

func (m RequestLetter) export(d Desk, t *catalog.Texts) []part {
	if m.Export.Until.IsZero() {
		return nil
	}
	parts := []part{{Heading: t.Text("status.export.title")}, {Text: t.Text("status.export.lead", "date", t.Day(m.Export.Until))}}
	if own := access.Parts(nil, m.Request.Files)[0]; len(own.Files) > 0 {
		parts = append(parts, part{Text: t.Part(d.Systems, d.Organisation.Contact, own)})
	}
	return append(parts, part{Link: &link{t.Text("status.export.link"), m.Export.URL}})
}

// parts are what the answer holds of each system, and what it does not include.
func (m RequestLetter) parts(d Desk, t *catalog.Texts) []catalog.SystemTask {
	if m.Request.Decision == nil || !intake.Exports(m.Request.Decision.Granted(true)) {
		return nil
	}
	return t.Parts(d.Systems, d.Organisation.Contact, access.Parts(m.Request.Tasks, m.Request.Files), m.Request.OwnData())
}
