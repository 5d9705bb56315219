package api

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// act is the body of an officer's act; each reads what it needs.
type act struct {
	Officer     string            `json:"officer"` // who acts, by role, never a name; may be empty
	Kinds       []intake.Kind     `json:"kinds"`   // of verify, where the request does not say for sure; of amend
	Checked     []intake.Check    `json:"checked"` // of verify: how you made sure who asks
	Cause       deadline.Cause    `json:"cause"`
	Evidence    []intake.Proof    `json:"evidence"`
	Question    string            `json:"question"`
	Fee         *waiting.Fee      `json:"fee"`
	At          string            `json:"at"`     // of answer, appeal and disagree: when it came, of posted: when it was posted; a time or a day
	Reason      string            `json:"reason"` // of extend a code, of reopen a text
	Country     string            `json:"country" meant:"place"`
	Region      string            `json:"region" meant:"place"`
	Name        *string           `json:"name"`
	OnBehalfOf  intake.Behalf     `json:"on_behalf_of"`
	Language    string            `json:"language"`
	Outcome     decision.Outcome  `json:"outcome"`
	Grounds     []decision.Given  `json:"grounds"`
	Explanation string            `json:"explanation"`
	Answers     []decision.Answer `json:"answers"`    // of decide, draft and preview: one a kind, instead of one for all
	Replace     bool              `json:"replace"`    // of decide and draft: a colleague's draft that you have seen
	LookedFor   []string          `json:"looked_for"` // of decide, draft and send: the laws for which you have looked at the files for the person
	When        draft.When        `json:"when"`       // of send
	Of          int               `json:"of"`         // of sign, which needs it: the entry that asked for it (draft.way.seq), as the file showed it; of posted the letter's seq
	Statement   string            `json:"statement"`
	Reasons     string            `json:"reasons"` // of appeal
	CameBy      intake.Channel    `json:"came_by"` // of appeal and disagree, as at
	Note        string            `json:"note"`
	Mail        outbox.Template   `json:"mail"`
	Into        string            `json:"into"`       // of join: the earlier request, which stays
	Why         string            `json:"why"`        // of join, how you know that it is the same person; of system, that it was done
	Post        *string           `json:"post"`       // of amend: the postal address, by lines; empty removes it
	Telephone   *string           `json:"telephone"`  // of amend
	NotPosted   bool              `json:"not_posted"` // of posted: the letter is not needed any more
	System      string            `json:"system"`     // of system and tell: another system, and what it must do
	Task        ledger.Task       `json:"task"`
	State       ledger.State      `json:"state"` // of system, as records, ground and why
	Records     int               `json:"records"`
	Ground      string            `json:"ground"`
	For         attachment.For    `json:"for"`      // of file: for whom; the system is whose part of an answer it is
	Replaces    string            `json:"replaces"` // of file: the id of the one in whose place it comes
	File        string            `json:"file"`     // of arrived, fetch and remove: an id
}

// clean drops what no letter can hold and refuses what is too long: nobody's
// words are cut.
func (a *act) clean() error {
	for field, text := range map[string]*string{"question": &a.Question, "explanation": &a.Explanation, "statement": &a.Statement, "reasons": &a.Reasons, "note": &a.Note, "reason": &a.Reason, "ground": &a.Ground, "why": &a.Why} {
		if err := intake.Clean(field, text, intake.MaxOfficerText); err != nil {
			return err
		}
	}
	for i := range a.Answers {
		if err := intake.Clean("explanation", &a.Answers[i].Explanation, intake.MaxOfficerText); err != nil {
			return err
		}
	}
	return nil
}

// answers are those of decide: one a kind, or one for all kinds.
func (a *act) answers() ([]decision.Answer, error) {
	one := decision.Answer{Outcome: a.Outcome, Grounds: a.Grounds, Explanation: a.Explanation}
	switch {
	case len(a.Answers) == 0:
		return []decision.Answer{one}, nil
	case one.Outcome != "" || len(one.Grounds) > 0 || one.Explanation != "":
		return nil, fault.Field("answers", "both", "give answers, or one outcome with its grounds and explanation for all kinds, and not both")
	}
	return a.Answers, nil
}

// drafted are those of draft and preview: perhaps none.
func (a *act) drafted() ([]decision.Answer, error) {
	if len(a.Answers) == 0 && a.Outcome == "" && len(a.Grounds) == 0 && a.Explanation == "" {
		return nil, nil
	}
	return a.answers()
}

// over is the service for answers that go over a colleague's draft, or do not, and for
// which the files were looked at.
func (a *act) over(s *request.Service) *request.Service {
	service := *s
	service.Replaces, service.LookedFor = a.Replace, a.LookedFor
	return &service
}

// entered is how words came that the officer enters.
func (a *act) entered(s *request.Service) (intake.Entered, error) {
	at, err := intake.Moment("at", a.At, s.Law.Zone())
	return intake.Entered{Officer: a.Officer, At: at, By: a.CameBy}, err
}

// who is named in the records: the role that the officer gives, and who IAM
// says that they are. Neither holds an address (audit.CheckRole). Invalid: the
// role could.
func (h *Door) who(r *http.Request, role string) (string, error) {
	role = person.CleanText(role, 64)
	if err := audit.CheckRole(role); err != nil {
		return "", err
	}
	names := slices.DeleteFunc([]string{role, web.Caller(r).Who(h.Rights.Key.Officer)}, func(name string) bool { return name == "" })
	return strings.Join(names, "/"), nil
}

// acts are the operations of POST /api/requests/{id}/{action}.
var acts = map[string]func(*request.Service, *http.Request, string, act) (request.Request, error){
	"verify": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Verify(r.Context(), id, a.Officer, intake.Verification{Checked: a.Checked, Kinds: a.Kinds})
	},
	"ask": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Ask(r.Context(), id, a.Officer, waiting.Waiting{Cause: a.Cause, Proofs: a.Evidence, Question: a.Question, Fee: a.Fee})
	},
	"answer": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		at, err := intake.Moment("at", a.At, s.Law.Zone())
		if err != nil {
			return request.Request{}, err
		}
		return s.Answer(r.Context(), id, a.Officer, at)
	},
	"amend": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		m, err := a.amendment()
		if err == nil && (a.Post != nil || a.Telephone != nil) {
			m.Contact, err = a.contact(r.Context(), s, id)
		}
		if err != nil {
			return request.Request{}, err
		}
		return s.Amend(r.Context(), id, a.Officer, m)
	},
	"join": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Join(r.Context(), id, a.Officer, a.Into, a.Why)
	},
	"reopen": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Reopen(r.Context(), id, a.Officer, a.Reason)
	},
	"extend": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Extend(r.Context(), id, a.Officer, deadline.Reason(a.Reason), a.Explanation)
	},
	"decide": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		answers, err := a.answers()
		if err != nil {
			return request.Request{}, err
		}
		return a.over(s).Decide(r.Context(), id, a.Officer, answers...)
	},
	"draft": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		answers, err := a.drafted()
		if err != nil {
			return request.Request{}, err
		}
		return a.over(s).SaveDraft(r.Context(), id, a.Officer, answers...)
	},
	"send": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return a.over(s).Send(r.Context(), id, a.Officer, a.When)
	},
	"callback": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.CallBack(r.Context(), id, a.Officer)
	},
	"sign": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Sign(r.Context(), id, a.Officer, a.Of)
	},
	"erase": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Erase(r.Context(), id, a.Officer)
	},
	"disagree": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		came, err := a.entered(s)
		if err != nil {
			return request.Request{}, err
		}
		return s.Disagree(r.Context(), id, audit.AsOfficer(a.Officer), a.Statement, came)
	},
	"appeal": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		came, err := a.entered(s)
		if err != nil {
			return request.Request{}, err
		}
		return s.Appeal(r.Context(), id, a.Reasons, came)
	},
	"note": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Note(r.Context(), id, a.Officer, a.Note)
	},
	"seen": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Seen(r.Context(), id, a.Officer)
	},
	"posted": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		on, err := intake.Moment("at", a.At, s.Law.Zone())
		if err != nil {
			return request.Request{}, err
		}
		return s.Posted(r.Context(), id, a.Officer, a.Of, a.Mail, on, a.NotPosted)
	},
	"mail": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.MailAgain(r.Context(), id, a.Officer, a.Mail)
	},
	"resend": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Resend(r.Context(), id, audit.AsOfficer(a.Officer))
	},
	"withdraw": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Withdraw(r.Context(), id, audit.AsOfficer(a.Officer))
	},
	"system": settle(ledger.Set),
	"tell":   settle(ledger.Again),
	"expire": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Expire(r.Context(), id, audit.AsOfficer(a.Officer))
	},
}

// signable are the acts that may wait for the signature of another.
var signable = []string{"decide", "send", "ask", "erase"}

// act carries an officer's act out and answers with the file as it is then: 202
// where it waits for the signature of another.
func (h *Door) act(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("action") == "preview" {
		h.preview(w, r)
		return
	}
	if do, known := fileActs[r.PathValue("action")]; known {
		h.fileAct(w, r, do)
		return
	}
	do, known := acts[r.PathValue("action")]
	if !known {
		all := append(slices.Collect(maps.Keys(acts)), slices.Collect(maps.Keys(fileActs))...)
		slices.Sort(all)
		refuse(w, r, fault.New(fault.NotFound, "Unknown action; must be one of %s.", strings.Join(all, ", ")))
		return
	}
	a, err := h.read(r)
	if err != nil {
		refuse(w, r, err)
		return
	}
	q, err := do(h.Rights, r, r.PathValue("id"), a)
	if err != nil {
		refuse(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "officer acted", "request", q.ID, "act", r.PathValue("action"), "state", q.State)
	status := http.StatusOK
	if slices.Contains(signable, r.PathValue("action")) && q.Draft.ToSign() {
		status = http.StatusAccepted
	}
	h.showFile(w, r, q.ID, status)
}

// read reads the body of an act, and who acts.
func (h *Door) read(r *http.Request) (act, error) {
	var a act
	err := web.ReadJSON(r, &a)
	if err == nil {
		err = a.clean()
	}
	if err == nil {
		a.Officer, err = h.who(r, a.Officer)
	}
	return a, err
}
