package deskpage_test

import (
	"strings"
	"testing"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/deskpage/sample"
	"privacydesk/shared/domain/outbox"
)

// A letter on paper shows our own words as a quotation, without the signs of a mail.
func TestALetterOnPaperHasNoSignsOfAMail(t *testing.T) {
	text := "Guten Tag,\n\nIm Einzelnen:\n\n> Rechnungen bewahren wir auf,\n> zehn Jahre lang.\n>\n> Alles andere nicht.\n\nIhre Daten\n----------\n\nEine Kopie liegt bei."
	page := render(t, sample.Desk(), "de", sample.Sample{Screen: deskpage.Paper{Language: "de", Letter: outbox.Letter{Words: outbox.Words{Text: text}}}})
	if !strings.Contains(page, "<blockquote class=\"lines\">Rechnungen bewahren wir auf,\nzehn Jahre lang.\n\nAlles andere nicht.</blockquote>") || !strings.Contains(page, "<h3>Ihre Daten</h3>") {
		t.Error(page)
	}
}
