package mail

import (
	"context"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
)

// Preview writes the letter of an answer before it goes, in any language: after is the request as it is then
// (request.Service.Preview). It is the letter that goes, but for its links: give the Writer Placeholders.
func (w *Writer) Preview(ctx context.Context, d Desk, after request.Request, language string) (Message, error) {
	after.Language = language
	all, err := w.Letters(ctx, []outbox.Item{{Letter: outbox.Letter{Template: requestmail.Decision, SubjectID: after.ID, Paper: after.Paper}, Subject: outbox.Subject{About: after}}})
	if err != nil {
		return Message{}, err
	}
	return d.Render(catalog.For(language), all[0])
}

// Placeholders are links that open nothing, as outbox.Words has them.
type Placeholders struct{ BaseURL string }

// The paths of links to a request.
const (
	PathStatus  = "/requests/status/"
	PathConfirm = "/requests/confirm/"
	PathExport  = "/requests/export/"
)

// Status implements Links.
func (p Placeholders) Status(string) (string, error) { return p.BaseURL + PathStatus + "…", nil }

// Confirm implements Links.
func (p Placeholders) Confirm(string, time.Time) (string, error) {
	return p.BaseURL + PathConfirm + "…", nil
}

// Export implements Links.
func (p Placeholders) Export(string, time.Time) (string, error) {
	return p.BaseURL + PathExport + "…", nil
}
