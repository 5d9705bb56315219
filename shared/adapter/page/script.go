package page

import (
	"net/http"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// What pages say, for the JSON answers of the same routes.

// Message is the policy's own sentence, and what of the deletion is still to be done.
func (p Received) Message(d *Desk, t *catalog.Texts) string {
	message := d.wording(t).Received
	switch {
	case p.Held || p.Wait > 0:
		message += " " + p.NotTaken(t)
	case p.Erase:
		message += " " + sentences(t, "received.erase.title", "received.erase")
	}
	return message
}

// Message says what stopped.
func (p Unsubscribed) Message(t *catalog.Texts) string {
	title, _ := p.words()
	return t.Text(title, "topic", rowTitle(t, p.Subject)) + "."
}

// Message is the policy's own sentence, and whether a step is left.
func (p RequestReceived) Message(d *Desk, t *catalog.Texts) string {
	if p.instant() {
		return d.wording(t).Received + " " + t.Text("asked.instant.lead")
	}
	return d.wording(t).Received + " " + t.Text("asked.lead")
}

// SlipWarning says that an address may be misspelt, nothing where it looks right. The words name {address} and {meant}.
func SlipWarning(t *catalog.Texts, a person.Address, words string) []fault.FieldError {
	if a.Slip() == "" {
		return nil
	}
	return []fault.FieldError{{Field: FieldEmail, Message: t.Text(words, "address", a.Reveal(), "meant", a.Slip())}}
}

// Faults are what has to be fixed in a form: each in a sentence, and all in one message.
func Faults(t *catalog.Texts, errs []fault.FieldError) (message string, told []fault.FieldError) {
	said := []string{t.Text("form.problem") + "."}
	for _, e := range fieldErrors(errs).inOrder() {
		said = append(said, faultText(t, e))
	}
	for _, e := range errs {
		told = append(told, fault.FieldError{Field: e.Field, Reason: e.Reason, Message: faultText(t, fieldErrors([]fault.FieldError{e})[0]), Hint: e.Message})
	}
	return strings.Join(said, " "), told
}

// Message says what a problem is, in the words of its page.
func (p Problem) Message(d *Desk, t *catalog.Texts) string {
	if p.Status == http.StatusNotFound {
		return sentences(t, "notfound.title", "notfound.lead")
	}
	title, lead := p.texts()
	return d.apology(t, p) + sentences(t, title, lead) + stopped(t, p.OptedOut)
}

// Message says the same as the page.
func (p LinkProblem) Message(t *catalog.Texts) string {
	title, lead := p.texts()
	return sentences(t, title, lead)
}

// Message says the same as the page.
func (p RequestDisposed) Message(t *catalog.Texts) string {
	return sentences(t, "disposed.title", "disposed.lead")
}

// Refusal says why what a person tried changed nothing, as the status page does.
func (d *Desk) Refusal(t *catalog.Texts, err error, reference string) string {
	return t.Text("status.conflict.title") + ". " + t.Text(refusalKey(err), "email", d.Organisation.Contact, "reference", reference)
}

// OtherWords says that a confirmation came too late to change a request.
func (d *Desk) OtherWords(t *catalog.Texts) string {
	return t.Text("confirmed.other.title") + ". " + t.Text("confirmed.other.text", "email", d.Organisation.Contact)
}

func sentences(t *catalog.Texts, title, lead string) string {
	return t.Text(title) + ". " + t.Text(lead)
}
