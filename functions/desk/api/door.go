// Package api is the desk's door for machines: what is due, the file of a
// request, and the acts by which it is answered, as JSON. IAM authorises every
// route. The history keeps the caller's id of IAM's and a digest of their name.
// It translates between HTTP and the domain, and holds no rule.
package api

import (
	"log/slog"
	"net/http"
	"time"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// Door is what the routes need.
type Door struct {
	Rights *request.Service
	Agenda agenda.Agenda
	Drifts Drifts
	Now    func() time.Time

	OptOuts      *optout.Service // only bounces need it
	Holds        *disposal.HoldKeeper
	Certificates Certificates
	Zone         *time.Location // of the days that an officer names
	Letter       Letter         // of an answer, before it goes; nil: previews have none
	Files        *filing.Service
	Attached     Attached
}

// patterns are the routes of template.yaml, which a test compares.
func (h *Door) patterns() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /api/requests":                web.Queries(h.list, "by", "after"),
		"GET /api/drift":                   web.Queries(h.drift),
		"GET /api/holds":                   web.Queries(h.listHolds),
		"POST /api/holds":                  web.Queries(h.placeHold),
		"POST /api/holds/{id}/{action}":    web.Queries(h.holdAct),
		"POST /api/bounces/lift":           web.Queries(h.liftBounce),
		"GET /api/certificates":            web.Queries(h.listCertificates, "before"),
		"POST /api/requests":               web.Queries(h.enter),
		"GET /api/requests/{id}":           web.Queries(h.show),
		"POST /api/requests/{id}/{action}": web.Queries(h.act),
	}
}

// Routes serve everything below /api, to callers whom IAM has let through.
func (h *Door) Routes() http.Handler {
	return web.Signed(web.Routes(h.patterns(), notFound).ServeHTTP, notFound)
}

func notFound(w http.ResponseWriter, r *http.Request) {
	refuse(w, r, fault.New(fault.NotFound, "There is nothing here."))
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	if fault.Status(err) >= 500 {
		slog.ErrorContext(r.Context(), "request failed", "code", fault.CodeOf(err), "error", err)
	}
	web.Refuse(w, err)
}

// file is a request as the officer sees it.
type file struct {
	Reference  string             `json:"reference"`
	Kinds      []intake.Kind      `json:"kinds"`
	Unsure     bool               `json:"kinds_unsure,omitempty"` // the person has still to say what they ask for
	State      lifecycle.State    `json:"state"`
	Address    string             `json:"address,omitempty"`
	Post       string             `json:"post,omitempty"` // the postal address, by lines
	Telephone  string             `json:"telephone,omitempty"`
	Paper      bool               `json:"paper,omitempty"`   // letters are posted
	ToPost     *time.Time         `json:"to_post,omitempty"` // since when a letter waits to be posted
	Name       string             `json:"name,omitempty"`
	Details    string             `json:"details,omitempty"`
	Place      string             `json:"place,omitempty"`
	OnBehalfOf intake.Behalf      `json:"on_behalf_of"`
	Language   string             `json:"language,omitempty"`
	Source     intake.Source      `json:"source"`
	ReceivedAt time.Time          `json:"received_at"`
	VerifiedAt *time.Time         `json:"verified_at,omitempty"`
	ClosedAt   *time.Time         `json:"closed_at,omitempty"`
	EraseFrom  *time.Time         `json:"erase_from,omitempty"` // the person is to be erased, from then on
	Holds      []request.KeptBack `json:"holds,omitempty"`      // legal holds that keep something of the person from being erased
	Checked    []intake.Check     `json:"checked,omitempty"`    // how an officer made sure who asks
	ReducedAt  *time.Time         `json:"reduced_at,omitempty"` // all but the log was disposed of
	DueAt      *time.Time         `json:"due_at,omitempty"`
	Deadlines  []deadlineView     `json:"deadlines"`
	LinkedTo   string             `json:"linked_to,omitempty"`
	AppealOf   string             `json:"appeal_of,omitempty"`
	Repeated   bool               `json:"repeated"`
	Waiting    *waiting.Waiting   `json:"waiting,omitempty"`
	Look       *look              `json:"look,omitempty"`
	Draft      *draft.Draft       `json:"draft,omitempty"` // what has been prepared, and what is on its way
	Decision   *decision.Decision `json:"decision,omitempty"`
	Statement  string             `json:"statement,omitempty"`
	MailFailed bool               `json:"mail_failed"`
	Mails      []outbox.Letter    `json:"mails"`
	Systems    []ledger.Entry     `json:"systems,omitempty"`  // what other systems must do
	Files      []attachment.File  `json:"files,omitempty"`    // what was added to it
	History    audit.History      `json:"history"`            // private values blanked
	Officers   map[int]string     `json:"officers,omitempty"` // who caused an entry, by its seq
	Broken     string             `json:"history_broken,omitempty"`

	// WordsAre says whose the name, the details and the place are: see
	// request.File.Whose. While they are nobody's, name and details stand under
	// Unconfirmed alone. Those of a confirmed request are what the person
	// confirmed, having seen all that was sent.
	WordsAre    string       `json:"words_are"`
	Unconfirmed *unconfirmed `json:"unconfirmed,omitempty"`

	// Words are the private values of entries, by seq and name: notes,
	// questions, reasons. The history itself has them as commitments only.
	Words map[int]map[string]string `json:"words,omitempty"`
}

// unconfirmed are words that anybody can have sent in the person's name.
type unconfirmed struct {
	Name    string `json:"name,omitempty"`
	Details string `json:"details,omitempty"`
}

type deadlineView struct {
	Rule    string           `json:"rule"`
	Purpose deadline.Purpose `json:"purpose"`
	DueAt   time.Time        `json:"due_at"`
	Paused  bool             `json:"paused"`
	Because string           `json:"because"`
}

func (h *Door) show(w http.ResponseWriter, r *http.Request) {
	h.showFile(w, r, r.PathValue("id"), http.StatusOK)
}

func (h *Door) showFile(w http.ResponseWriter, r *http.Request, id string, status int) {
	f, err := h.Rights.Store.File(r.Context(), id)
	if err != nil {
		refuse(w, r, err)
		return
	}
	q := f.Request
	var held []request.KeptBack
	if h.Rights.Holds != nil && !q.Reduced() {
		if held, err = h.Rights.Holds.KeptBack(r.Context(), &q); err != nil {
			refuse(w, r, err)
			return
		}
	}
	out := file{
		Holds:     held,
		Reference: q.ID, Kinds: append([]intake.Kind{}, q.Kinds...), Unsure: q.KindsUnsure, State: q.State, Address: q.Address.Reveal(), Post: q.Contact.Post(), Telephone: q.Contact.Telephone(), Paper: q.Paper, ToPost: when(q.ToPost), Name: q.Name, Details: q.Details, WordsAre: f.Whose(),
		Place: q.Place.String(), OnBehalfOf: q.OnBehalfOf, Language: q.Language, Source: q.Source, ReceivedAt: q.ReceivedAt.UTC(),
		VerifiedAt: when(q.VerifiedAt), Checked: q.Checked, ClosedAt: when(q.ClosedAt), EraseFrom: when(q.EraseFrom), ReducedAt: when(q.ReducedAt), LinkedTo: q.LinkedTo, AppealOf: q.AppealOf, Repeated: q.Repeated,
		Waiting: q.Waiting, Look: lookOf(q.Look), Draft: q.Draft, Decision: q.Decision, Statement: q.Statement, MailFailed: !q.MailFailedAt.IsZero(), Mails: f.Letters, Systems: f.Systems, Files: f.Files,
		History: audit.History{Head: q.Head, Entries: f.Events}, Deadlines: []deadlineView{}, Officers: map[int]string{}, Words: map[int]map[string]string{},
	}
	if out.WordsAre == intake.WordsUnconfirmed && q.Name+q.Details != "" {
		out.Name, out.Details, out.Unconfirmed = "", "", &unconfirmed{q.Name, q.Details}
	}
	for _, e := range f.Events {
		if who := audit.Officer(e); who != "" {
			out.Officers[e.Seq] = who
		}
		if said := wordsOf(e); len(said) > 0 {
			out.Words[e.Seq] = said
		}
	}
	if err := audit.Verify(f.Events, q.Head); err != nil {
		out.Broken = err.Error()
		slog.ErrorContext(r.Context(), "history verification failed", "request", q.ID, "error", err)
	}
	if !q.State.Closed() {
		out.DueAt = when(q.DueAt)
		out.Deadlines = h.deadlines(q)
	}
	web.WriteJSON(w, status, out)
}

// wordsOf are the private values of an entry that are there; who caused it
// stands under officers. What was sent before it was confirmed is left out: the
// file says itself what the person confirmed of it.
func wordsOf(e audit.Entry) map[string]string {
	said := map[string]string{}
	for name, p := range e.Private {
		sent := e.Kind == string(lifecycle.EventReceived) && (name == "name" || name == "details")
		if value, there := p.Reveal(); there && name != "officer" && !sent {
			said[name] = value
		}
	}
	return said
}

func (h *Door) deadlines(q request.Request) []deadlineView {
	list := []deadlineView{}
	all, err := h.Rights.Deadlines(q)
	if err != nil {
		return list
	}
	for _, d := range all {
		list = append(list, deadlineView{d.Rule, d.Purpose, d.Due.UTC(), d.Paused, deadline.Words(deadline.English, d.Explain())})
	}
	return list
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
