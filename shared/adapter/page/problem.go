package page

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/catalog"
)

// TooMany is the answer 429: one source has asked for too much. RetryAfter becomes the header of that name.
type TooMany struct {
	RetryAfter time.Duration
	OptedOut   []string // scopes that are out all the same
}

// Problem is the answer when something is wrong that no form field can correct: 400, 403, 405, 409, 413, 415, 500, 503.
// It never says what went wrong inside.
type Problem struct {
	Status    int
	Reference string   // the request's id, to be quoted when asking us; may be empty
	Sent      bool     // a form was sent: a 500 or 503 begins with the policy's own words for that
	OptedOut  []string // of a 500 or 503: scopes that are out all the same
}

// NotFound is the answer 404.
type NotFound struct{}

func (p TooMany) view(d *Desk, t *catalog.Texts) view {
	return view{shape: messageShape, title: t.Text("toomany.title"), retryAfter: p.RetryAfter, body: message{
		Mark:  markProblem,
		Lead:  t.Text(p.lead()) + " " + tryAgain(t, p.RetryAfter),
		Facts: someFact(t.Text("fact.stopped"), scopes(t, p.OptedOut)...),
		Notes: []string{t.Text("toomany.write", "email", d.Organisation.Contact)},
	}}
}

// Message says the same to a script.
func (p TooMany) Message(t *catalog.Texts) string {
	return t.Text(p.lead()) + " " + tryAgain(t, p.RetryAfter) + stopped(t, p.OptedOut)
}

// stopped says to a script which scopes are out all the same.
func stopped(t *catalog.Texts, out []string) (words string) {
	for _, scope := range scopes(t, out) {
		words += " " + t.Text("ask.held.done", "what", scope)
	}
	return words
}

func (p TooMany) lead() string {
	if len(p.OptedOut) > 0 {
		return "toomany.rest"
	}
	return "toomany.lead"
}

// tryAgain says when to try again, never too early.
func tryAgain(t *catalog.Texts, wait time.Duration) string {
	const long = 2 * time.Hour
	if wait > long {
		return t.Plural("toomany.hours", int((wait+time.Hour-1)/time.Hour))
	}
	return t.Plural("toomany.minutes", max(1, int((wait+time.Minute-1)/time.Minute)))
}

// problemTexts are the statuses that have words of their own; all others are told as a fault on our side.
var problemTexts = []struct {
	status      int
	title, lead string
}{
	{http.StatusBadRequest, "problem.400.title", "problem.400.lead"},
	{http.StatusForbidden, "problem.403.title", "problem.403.lead"},
	{http.StatusMethodNotAllowed, "problem.405.title", "problem.405.lead"},
	{http.StatusConflict, "status.conflict.title", "problem.409.lead"},
	{http.StatusRequestEntityTooLarge, "problem.413.title", "problem.413.lead"},
	{http.StatusUnsupportedMediaType, "problem.415.title", "problem.415.lead"},
}

func (p Problem) texts() (title, lead string) {
	for _, known := range problemTexts {
		if known.status == p.Status {
			return known.title, known.lead
		}
	}
	return "problem.500.title", "problem.500.lead"
}

func (p Problem) view(d *Desk, t *catalog.Texts) view {
	title, lead := p.texts()
	m := message{
		Mark: markProblem, Lead: d.apology(t, p) + t.Text(lead),
		Facts: someFact(t.Text("fact.stopped"), scopes(t, p.OptedOut)...),
		Notes: []string{t.Text("problem.write", "email", d.Organisation.Contact)},
		Links: []link{inLanguage(t, pathHome, "nav.home")},
	}
	if p.Reference != "" {
		m.Facts = append(m.Facts, fact{t.Text("fact.reference"), []string{p.Reference}})
	}
	return view{shape: messageShape, title: t.Text(title), body: m}
}

// apology is the policy's own sentence for a form that failed on our side.
func (d *Desk) apology(t *catalog.Texts, p Problem) string {
	if !p.Sent || p.Status < 500 {
		return ""
	}
	return d.wording(t).Failed + " "
}

func (NotFound) view(_ *Desk, t *catalog.Texts) view {
	return view{shape: messageShape, title: t.Text("notfound.title"), body: message{
		Mark:  markProblem,
		Lead:  t.Text("notfound.lead"),
		Links: []link{inLanguage(t, pathHome, "nav.home"), inLanguage(t, pathUnsubscribe, "badlink.form")},
	}}
}
