package main

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// act is the body of an officer's act; each reads what it needs.
type act struct {
	Officer     string           `json:"officer"` // who acts, by role, never a name; may be empty
	Kinds       []intake.Kind    `json:"kinds"`   // of verify, where the request does not say for sure
	Cause       deadline.Cause   `json:"cause"`
	Evidence    []intake.Proof   `json:"evidence"`
	Question    string           `json:"question"`
	Fee         *request.Fee     `json:"fee"`
	Reason      deadline.Reason  `json:"reason"`
	Outcome     decision.Outcome `json:"outcome"`
	Grounds     []decision.Given `json:"grounds"`
	Explanation string           `json:"explanation"`
	Statement   string           `json:"statement"`
	Note        string           `json:"note"`
	Mail        outbox.Template  `json:"mail"`
}

// clean drops what no letter can hold and refuses what is too long: nobody's
// words are cut.
func (a *act) clean() error {
	for field, text := range map[string]*string{"question": &a.Question, "explanation": &a.Explanation, "statement": &a.Statement, "note": &a.Note} {
		if err := clean(field, text, request.MaxOfficerText); err != nil {
			return err
		}
	}
	return nil
}

// clean keeps the lines of a text: a letter has paragraphs.
func clean(field string, text *string, limit int) error {
	lines := strings.Split(strings.ReplaceAll(*text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = person.CleanText(line, web.MaxJSON)
	}
	*text = strings.TrimSpace(strings.Join(lines, "\n"))
	return request.CheckLength(field, *text, limit)
}

// who is named in the records: the role that the officer gives, and who IAM
// says that they are. Neither holds an address (request.CheckRole). Invalid: the
// role could.
func (h *handler) who(r *http.Request, role string) (string, error) {
	role = person.CleanText(role, 64)
	if err := request.CheckRole(role); err != nil {
		return "", err
	}
	names := slices.DeleteFunc([]string{role, web.Caller(r).Who(h.rights.Key.Officer)}, func(name string) bool { return name == "" })
	return strings.Join(names, "/"), nil
}

// acts are the operations of POST /desk/requests/{id}/{action}.
var acts = map[string]func(*request.Service, *http.Request, string, act) (request.Request, error){
	"verify": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Verify(r.Context(), id, a.Officer, a.Kinds)
	},
	"ask": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Ask(r.Context(), id, a.Officer, request.Waiting{Cause: a.Cause, Proofs: a.Evidence, Question: a.Question, Fee: a.Fee})
	},
	"answer": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Answer(r.Context(), id, a.Officer)
	},
	"extend": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Extend(r.Context(), id, a.Officer, a.Reason, a.Explanation)
	},
	"decide": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Decide(r.Context(), id, a.Officer, decision.Decision{Outcome: a.Outcome, Grounds: a.Grounds, Explanation: a.Explanation})
	},
	"erase": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Erase(r.Context(), id, a.Officer)
	},
	"disagree": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Disagree(r.Context(), id, request.ByOfficer+":"+a.Officer, a.Statement)
	},
	"note": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Note(r.Context(), id, a.Officer, a.Note)
	},
	"seen": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Seen(r.Context(), id, a.Officer)
	},
	"mail": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.MailAgain(r.Context(), id, a.Officer, a.Mail)
	},
	"resend": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Resend(r.Context(), id, request.ByOfficer+":"+a.Officer)
	},
	"withdraw": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Withdraw(r.Context(), id, request.ByOfficer+":"+a.Officer)
	},
	"expire": func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Expire(r.Context(), id, request.ByOfficer+":"+a.Officer)
	},
}

// act carries an officer's act out and answers with the file as it is then.
func (h *handler) act(w http.ResponseWriter, r *http.Request) {
	do, known := acts[r.PathValue("action")]
	if !known {
		refuse(w, r, fault.New(fault.NotFound, "Unknown action; must be one of %s.", strings.Join(slices.Sorted(maps.Keys(acts)), ", ")))
		return
	}
	var a act
	err := web.ReadJSON(r, &a)
	if err == nil {
		err = a.clean()
	}
	if err == nil {
		a.Officer, err = h.who(r, a.Officer)
	}
	if err != nil {
		refuse(w, r, err)
		return
	}
	q, err := do(h.rights, r, r.PathValue("id"), a)
	if err != nil {
		refuse(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "officer acted", "request", q.ID, "act", r.PathValue("action"), "state", q.State)
	h.showFile(w, r, q.ID)
}
