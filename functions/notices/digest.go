package main

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// digest writes the digest to the privacy officer.
func (m *mailer) digest(digest request.Digest) written {
	lang := m.desk.Requests.OfficerLanguage
	return written{Mail: m.digestLines(digest, catalog.For(lang)), name: string(request.MailDigest), lang: lang}
}

func (m *mailer) digestLines(digest request.Digest, texts *catalog.Texts) mail.Digest {
	out := mail.Digest{Overdue: digest.Overdue, DueSoon: digest.DueSoon, More: digest.More, DeskURL: m.baseURL + "/desk/requests"}
	for _, l := range digest.Lines {
		line := mail.DigestLine{
			Reference: l.Reference, Kinds: intake.Codes(l.Kinds), Place: l.Place.String(), Waiting: l.State == lifecycle.WaitingForPerson,
			Due: l.DueAt, Left: l.Left, Late: l.Late, Again: l.Again,
		}
		for _, part := range l.Due.Explain() {
			line.Why = append(line.Why, deadline.Words(texts, []deadline.Part{part}))
		}
		out.Lines = append(out.Lines, line)
	}
	for _, l := range digest.Looks {
		out.Looks = append(out.Looks, mail.DigestLook{Reference: l.Reference, Kinds: intake.Codes(l.Kinds), Why: string(l.Why), Closed: l.State.Closed(), Since: l.Since, Again: l.Again})
	}
	return out
}
