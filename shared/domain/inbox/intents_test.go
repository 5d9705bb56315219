package inbox_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/inbox"
)

// What people write, and what is meant: sure intents, and behind "?" those of
// which nothing may be guessed.
func TestWishes(t *testing.T) {
	for subject, want := range map[string]string{
		// Erasure.
		"Delete my data!": "erase", "Please remove all my data": "erase", "remove all my data": "erase", "Request for erasure of personal data": "erase",
		"Right to be forgotten": "erase", "GDPR Art. 17 request": "erase", "account deletion request": "erase", "I want my account deleted": "erase",
		"Delete everything you have about me": "erase", "please wipe my records": "erase", "I no longer use this account please delete my data": "erase",
		"Can you delete my account?": "erase", "Delete my data without undue delay": "erase", "Forget me": "erase",
		"Datenlöschung": "erase", "Löschantrag": "erase", "Bitte Löschung meiner Daten": "erase", "Antrag auf Löschung gemäß Art. 17 DSGVO": "erase",
		"Loeschung meiner personenbezogenen Daten": "erase", "Löschen Sie bitte meine Daten": "erase", "Bitte meine Daten löschen": "erase", "Kundenkonto löschen": "erase",
		"Löschbegehren nach DSGVO": "erase", "Löschungsersuchen": "erase", "Recht auf Vergessenwerden": "erase", "Ich möchte, dass Sie alle meine Daten löschen": "erase",
		"Würden Sie bitte meine Daten löschen?": "erase", "Accountlöschung": "erase",
		"derecho de supresión": "erase", "Solicitud de supresión de mis datos": "erase", "Ejercicio del derecho de supresión": "erase", "Borrar mis datos": "erase", "Solicito eliminar mis datos personales": "erase",
		"Derecho al olvido": "erase", "Eliminen mi cuenta por favor": "erase", "Effacement de mes données": "erase", "Supprimez mon compte": "erase",
		"GDPR deletion request": "erase", "Delete me from your database": "erase", "Cancellazione dei miei dati": "erase", "Exclusão dos meus dados": "erase", "Verwijdering van mijn gegevens": "erase",

		// Access.
		"Derecho de acceso": "see", "DSAR": "see", "Auskunft nach Art. 15": "see", "Auskunftsersuchen": "see", "Selbstauskunft": "see", "Datenauskunft gem. Art. 15 DSGVO": "see",
		"Bitte um Auskunft über meine gespeicherten Daten": "see", "Auskunft": "see", "Subject access request": "see", "Please send me a copy of my data": "see", "Send me my data": "see",
		"What data do you hold about me?": "see", "Welche Daten haben Sie über mich?": "see", "Request to know (CCPA)": "see", "Kopie meiner Daten": "see", "Datenkopie": "see",
		"Solicitud de acceso a mis datos personales": "see", "Quiero una copia de mis datos": "see", "Droit d'accès": "see", "Diritto di accesso": "see", "Inzageverzoek": "see",
		"I would like to see all personal information you have": "see",

		// Others.
		"Correction of my name": "correct", "Berichtigung meiner Anschrift": "correct", "Derecho de rectificación": "correct", "My address is wrong, please change my address": "correct",
		"Data portability request": "carry", "Datenübertragbarkeit": "carry", "Derecho a la portabilidad": "carry",
		"Restriction of processing": "restrict", "Einschränkung der Verarbeitung meiner Daten": "restrict", "Limitación del tratamiento": "restrict",
		"I withdraw my consent": "withdraw", "Widerruf meiner Einwilligung": "withdraw", "Revocación del consentimiento": "withdraw",

		// Objection.
		"Werbewiderspruch gemäß Art. 21 Abs. 2 DSGVO": "object", "Objection against direct marketing according to Art. 21(2) GDPR": "object", "Widerspruch gegen Werbung": "object",
		"Ich widerspreche der Nutzung meiner Daten zu Werbezwecken": "object", "Oposición al uso de mis datos con fines publicitarios": "object", "I object to direct marketing": "object",
		"No more marketing emails please": "object", "Keine Werbung mehr!": "object", "Bitte keine weiteren Newsletter": "object", "No quiero recibir más publicidad": "object",
		"Please remove me from your mailing list": "object", "Unsubscribe": "object", "Stop sending me emails": "object", "Do not contact me": "object", "Abmeldung vom Newsletter": "object", "Darme de baja": "object",
		"Bitte kontaktieren Sie mich nicht mehr": "object", "No me envíen más correos": "object", "Je ne veux plus recevoir de publicité": "object", "Take my address off the newsletter list": "object",
		"Oposición": "contest", "Derecho de oposición": "contest", "Widerspruch nach Art. 21 DSGVO": "contest", "Objection to processing": "contest", "Me opongo al tratamiento de mis datos": "contest",

		// Sale.
		"Do not sell or share my personal information": "no-sale", "DO NOT SELL MY INFO": "no-sale", "Don't share my data": "no-sale", "Don’t sell my data": "no-sale", "Opt-out of sale/sharing": "no-sale",
		"Stop selling my personal information": "no-sale", "Bitte meine Daten nicht verkaufen": "no-sale", "Keine Weitergabe meiner Daten an Dritte": "no-sale", "No vendan ni compartan mis datos": "no-sale",
		"CCPA: do not sell": "no-sale", "Sie dürfen meine Daten nicht weiterverkaufen": "no-sale", "No venda mi información personal": "no-sale",

		// Automated decisions.
		"Opt out of automated decision-making": "no-robot", "Opt-out of ADMT": "no-robot", "I object to automated decisions": "no-robot", "GDPR Art. 22": "no-robot", "No automated decisions about me": "no-robot",
		"Widerspruch gegen automatisierte Entscheidungen": "no-robot", "Art. 22 DSGVO": "no-robot", "Me opongo a decisiones automatizadas": "no-robot", "Automated decision": "? no-robot", "Request for human review": "no-robot",

		// Complaints.
		"Data protection complaint": "complain", "Complaint about how you use my personal data": "complain", "Complaint under section 164A DPA 2018": "complain", "Privacy complaint": "complain",
		"Datenschutzbeschwerde": "complain", "Beschwerde wegen Datenschutz": "complain", "Queja sobre protección de datos": "complain", "Reclamación por el tratamiento de mis datos": "complain",
		"Complaint": "? complain", "Complaint about my order": "? complain", "Beschwerde": "? complain",

		// Several.
		"Access to and deletion of my data": "erase see", "Auskunft und Löschung meiner Daten": "erase see", "Do not sell my data and delete my account": "no-sale erase",

		// A "not": what is meant is what is left.
		"Do NOT delete my account, send me my data": "see", "Send me a copy of my data but don't delete my account": "see", "Bitte löschen Sie mein Konto nicht, sondern senden Sie mir eine Kopie meiner Daten": "see",
		"No borren mi cuenta, quiero una copia de mis datos": "see", "Don't send me my data - just delete my account": "erase",
		"Nicht löschen, nur Auskunft": "see", "Instead of deleting my data, restrict processing": "restrict", "Correct my data rather than deleting it": "correct", "Not a deletion request: I want access to my data": "see",
		"Please do not delete my data": "? erase", "Bitte meine Daten nicht löschen": "? erase", "I do not object": "? contest", "Please do not unsubscribe me": "? object",

		// Not clear.
		"How do I delete my account?": "? erase", "Have you deleted my data?": "? erase", "Wann wird mein Konto gelöscht?": "? erase", "Access denied on your website": "? see", "Is this correct?": "? correct",
		"Question about deletion": "? erase", "Remove me": "? erase object", "Widerruf": "? withdraw", "Widerspruch gegen Rechnung 4711": "? contest", "Löschung meiner Daten? Senden Sie mir eine Kopie meiner Daten.": "see ? erase",
		"": "", "undeletedness": "", "Question": "", "Hello": "", "Invoice 4711": "", "Ich habe keine E-Mail bekommen": "", "Re: your offer": "", "I did not get your email": "", "Feuerlöscher": "", "Lösung für Ihr Problem": "",
	} {
		if got := shown(inbox.IntentsOf(subject)); got != want {
			t.Errorf("%q: %q, want %q", subject, got, want)
		}
	}
}

// More of them, in seven languages, under what they mean: what is about
// something else, taken back or behind a "not" is never sure.
func TestSubjects(t *testing.T) {
	text, err := os.ReadFile("testdata/subjects.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if heading, is := strings.CutPrefix(line, "#"); is {
			want = strings.TrimSpace(heading)
		} else if got := shown(inbox.IntentsOf(line)); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func shown(w inbox.Intents) string {
	texts := func(list []inbox.Intent) []string {
		var all []string
		for _, intent := range list {
			all = append(all, string(intent))
		}
		return all
	}
	all := texts(w.Sure)
	if len(w.Maybe) > 0 {
		all = append(append(all, "?"), slices.Sorted(slices.Values(texts(w.Maybe)))...)
	}
	return strings.Join(all, " ")
}
