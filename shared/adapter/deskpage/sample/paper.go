package sample

import (
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/staff"
)

func papers(lang string) []Sample {
	letter := outbox.Letter{
		SubjectID: reference, Seq: 3, Template: requestmail.Decision, QueuedAt: ago(1), DueAt: ago(1), WrittenAt: ago(1), Paper: true, State: outbox.ToPost,
		Words: outbox.Words{Subject: "Ihr Anliegen " + reference + ": unsere Antwort", Text: "Guten Tag,\n\n" +
			"wir haben über Ihr Anliegen entschieden. Dieser Brief sagt, was wir tun, was nicht, und was Sie dagegen unternehmen können.\n\n" +
			"Löschung\n--------\n\nWir geben dem teilweise statt. In unseren Worten:\n\n> Rechnungen bewahren wir acht Jahre auf.\n\n" +
			"- Beschwerde: bei der Aufsichtsbehörde Ihres Landes\n- Klage: vor Gericht\n\nBiosero, Inc.\n"},
	}
	posted := letter
	posted.State, posted.SentAt = outbox.Sent, ago(0)
	paper := deskpage.Paper{Reference: reference, Language: lang, To: "Jörg Stein\nHauptstraße 12\n01067 Dresden", Letter: letter}
	called := paper
	called.To, called.ByHand, called.Telephone, called.Letter = "Jörg Stein", true, "+49 351 4711", posted
	path := deskpage.PaperPath(reference, letter)
	return []Sample{
		{Name: "paper", Path: path, Screen: paper},
		{Name: "paper-by-hand", Path: path, Role: staff.Admin, Screen: called},
	}
}
