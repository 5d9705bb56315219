package main

import (
	"log/slog"
	"net/http"
	"strings"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

const maxQuoted = 40 // characters of what a form sent

// warnings tell whoever built a form what of it had no effect, and the person
// that the address may hold a slip.
func (h *handler) warnings(t *catalog.Texts, in submission) []fault.FieldError {
	warnings := h.RedirectWarning(t, in.Redirect)
	var ids []string
	for _, topic := range h.Desk.Topics {
		ids = append(ids, topic.ID)
	}
	for _, topic := range in.unknown {
		warnings = append(warnings, fault.FieldError{Field: page.FieldTopic, Message: t.Text("warn.topic",
			"topic", person.CleanText(topic, maxQuoted), "topics", strings.Join(ids, ", "))})
	}
	return append(warnings, page.SlipWarning(t, in.Address, "received.slip.text")...)
}

// warn logs and counts a form that asks for something that we do not have. It names the site of the form alone.
func (h *handler) warn(r *http.Request, in submission) {
	ignored := len(in.unknown)
	if h.Misdirected(r, in.Redirect) {
		ignored++
	}
	h.figures.Report(boot.Figures{"FormValuesIgnored": float64(ignored)})
	if len(in.unknown) > 0 {
		slog.WarnContext(r.Context(), "form value ignored", "field", page.FieldTopic, "host", web.FormHost(r))
	}
}
