package deskpage

import (
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/staff"
)

// File is the screen of one request, GET /desk/requests/{id}.
type File struct {
	File   request.File
	Row    casework.Row        // as lists show it
	Today  civil.Day           // the organisation's
	Acts   []casework.Act      // none where the reader may not act
	Dates  []deadline.Deadline // those that run, the strictest first
	Holds  []request.KeptBack  // legal holds that keep something of the person
	Others []casework.Row      // confirmed requests of the same person, newest first
	Kept   requestlog.Kept     // of a closed request
	Until  time.Time           // until when the reader is shown the address; zero: they are not
	Broken *audit.Broken       // where the history is not what was written; nil: it holds
}

type fileBody struct {
	Stay    stay
	Why     fold
	Banners []banner
	Next    next
	Parts   []part
}

// stay is the line that stays in sight.
type stay struct {
	Reference, Kinds, Place string
	Date, Tone              string
	Others                  []string
	Tags                    []string
}

// banner is what must not be overlooked.
type banner struct {
	Text  string
	Wrong bool
	Links []link
	Form  *form
}

// next is what can be done with a file.
type next struct {
	Title      string
	Lead       string
	Usual      *offer
	Others     string
	Offers     []offer
	Not        string
	Impossible []fact
}

// offer is an act that is possible, and what it does.
type offer struct {
	link
	Effect []string
}

func (p File) view(d *Desk, v Visit) view {
	t := v.Texts
	body := fileBody{Stay: p.stay(d, v), Why: p.why(t), Banners: p.banners(d, v), Next: p.next(d, v)}
	body.Parts = kept(p.words(d, v), p.waits(d, t), p.files(d, v), p.checks(t), p.answer(d, v), p.systems(d, v), p.letters(d, v), p.dates(d, t), p.history(d, v), p.others(d, v))
	return view{shape: fileShape, title: t.Text("desk.file.title", "reference", p.File.Request.ID), body: body}
}

// stay says what it is about, and by when.
func (p File) stay(d *Desk, v Visit) stay {
	t, q := v.Texts, p.File.Request
	s := stay{Reference: q.ID, Kinds: askedFor(t, q.Kinds, q.KindsUnsure), Place: placeName(t, q.Place), Tags: tags(t, p.Row)}
	s.Date, s.Tone = p.date(d, t)
	if !q.State.Closed() {
		s.Others = append(s.Others, stateName(t, q.Kinds, q.State))
	}
	s.Others = append(s.Others, t.Text("desk.file.assigned", "who", assignee(t, v, q.Assignee)))
	return s
}

func (p File) date(d *Desk, t *catalog.Texts) (words, tone string) {
	q, due := p.File.Request, t.Day(p.Row.Due)
	switch {
	case q.State.Closed():
		return t.Text("desk.file.closed", "date", d.day(t, q.ClosedAt), "state", stateName(t, q.Kinds, q.State)), toneCalm
	case q.State == lifecycle.Unverified && q.AskedAt.IsZero(): // no link asks them
		return "", ""
	case q.State == lifecycle.Unverified:
		return t.Text("desk.file.confirm_by", "date", due), toneCalm
	case p.Row.Due.IsZero():
		return "", ""
	case p.Row.Paused:
		return t.Text("desk.file.stands", "date", due), toneCalm
	}
	words, tone = left(t, p.Row, p.Today)
	switch {
	case p.Row.Late > 0 && q.State == lifecycle.CarryingOut:
		return t.Text("desk.file.carry_overdue", "date", due, "late", words), tone
	case p.Row.Late > 0:
		return t.Text("desk.file.overdue", "date", due, "late", words), tone
	case q.State == lifecycle.CarryingOut:
		return t.Text("desk.file.carry_by", "date", due, "left", words), tone
	}
	return t.Text("desk.file.answer_by", "date", due, "left", words), tone
}

// why are the reasons for the date that counts.
func (p File) why(t *catalog.Texts) fold {
	for _, date := range p.Dates {
		if date.Rule == p.File.Request.DueRule {
			return fold{Summary: t.Text("desk.file.why"), Texts: []string{deadline.Words(t, date.Explain())}}
		}
	}
	return fold{}
}

// next says what can be done. The acts were tried by the domain; here they are only put into words.
func (p File) next(d *Desk, v Visit) next {
	t := v.Texts
	n := next{Title: t.Text("desk.next")}
	switch {
	case !v.Account.Role.May(staff.Handle):
		n.Lead = t.Text("desk.next.read")
		return n
	case p.File.Request.State == lifecycle.CarryingOut:
		n.Lead = t.Text("desk.next.systems")
	case p.File.Request.Draft.ToSign():
		n.Lead = t.Text("desk.next.sign")
	case p.File.Request.Draft.OnItsWay():
		n.Lead = t.Text("desk.next.way")
	}
	seen := map[string]bool{}
	for _, a := range p.Acts {
		if !mayAct(v, a) {
			continue
		}
		label := p.label(t, a)
		switch {
		case seen[label]:
		case a.Possible && p.leads(a) != "":
			seen[label] = true
			o := offer{link{p.leads(a), label}, p.effect(d, t, a)}
			if a.Usual {
				n.Usual = &o
			} else {
				n.Offers = append(n.Offers, o)
			}
		}
	}
	for _, a := range p.Acts {
		label := p.label(t, a)
		if a.Possible || seen[label] || !mayAct(v, a) || p.quiet(a) {
			continue
		}
		seen[label] = true
		n.Impossible = because(n.Impossible, label, refused(d, t, a))
	}
	return p.titled(t, n)
}

// because adds what is not possible. What has the same reason is named together.
func because(all []fact, label, reason string) []fact {
	for i := range all {
		if all[i].Value == reason {
			all[i].Label += " · " + label
			return all
		}
	}
	return append(all, fact{Label: label, Value: reason})
}

func (p File) titled(t *catalog.Texts, n next) next {
	if len(n.Offers) > 0 {
		n.Others = t.Text("desk.next.others")
		if n.Usual == nil && n.Lead == "" {
			n.Lead, n.Others = t.Text("desk.next.nothing"), ""
		}
	}
	if len(n.Offers) == 0 && n.Usual == nil && n.Lead == "" {
		n.Lead = t.Text("desk.next.done")
	}
	if len(n.Impossible) > 0 {
		n.Not = t.Text("desk.next.not")
	}
	return n
}

func mayAct(v Visit, a casework.Act) bool {
	switch a.Code {
	case "erase":
		return v.Account.Role.May(staff.Erase)
	case "system", "tell":
		return v.Account.Role.May(staff.SetSystems)
	}
	return v.Account.Role.May(staff.Handle)
}

// label is what an act is called. Those of one form are called alike.
func (p File) label(t *catalog.Texts, a casework.Act) string {
	switch a.Code {
	case "draft":
		return t.Text("desk.act.decide")
	case "decide":
		return t.Text("desk.act.decide." + a.Of)
	case "send", "sign", "callback":
		return t.Text("desk.act." + a.Code)
	case "seen":
		return t.Text("desk.banner.seen")
	case "ask":
		return t.Text("desk.form.ask." + a.Of)
	case "posted":
		_, template, _ := strings.Cut(a.Of, "-")
		return t.Text("desk.form.posted") + ": " + t.Named("desk.lettername.", template)
	}
	return t.Text("desk.form." + a.Code)
}

// leads is where an act is done; "": elsewhere on this screen, or by machines alone.
func (p File) leads(a casework.Act) string {
	id := p.File.Request.ID
	switch a.Code {
	case "draft":
		return DecidePath(id)
	case "send":
		return LetterPath(id)
	case "sign":
		return SignPath(id)
	case "ask", "posted":
		return ActPath(id, a.Code) + "?of=" + a.Of
	case "decide", "callback":
		return ""
	}
	return ActPath(id, a.Code)
}

// effect is what an act does to the date, and which letters go. What is decided depends on the answer.
func (p File) effect(d *Desk, t *catalog.Texts, a casework.Act) []string {
	if a.Code == "draft" || a.Code == "send" || a.Code == "sign" || a.Code == "amend" {
		return nil
	}
	if len(a.Mails) == 0 && a.DueAt.Equal(a.Before) && a.State == p.File.Request.State {
		return nil
	}
	return CourseOf(&p.File.Request, a.Outcome).words(d, t)
}

// quiet are acts that nobody would look for in a file as it is.
func (p File) quiet(a casework.Act) bool {
	switch a.Why.Code {
	case "no_draft", "nothing_to_sign", "on_its_way", "to_sign", "gone", "own", "confirmed": // a banner tells it, or the state
		return true
	case "done", "mail_never_due", "mail_sent", "mail_under_way", "mail_resend", "erasure_not_asked", "reduced":
		return true
	case "state":
		return p.File.Request.State.Decided() || a.Code != "decide" && a.Code != "ask" && a.Code != "extend"
	}
	return p.File.Request.State.Decided() && a.Code != "reopen" && a.Code != "erase"
}

func refused(d *Desk, t *catalog.Texts, a casework.Act) string {
	return Refusal{Code: a.Why.Code, Facts: a.Why.Facts, Message: a.Why.Code}.words(d, t)
}

// behalf says for whom it is asked, "" for themselves.
func behalf(t *catalog.Texts, b intake.Behalf) string {
	if b == "" || b == intake.Self {
		return ""
	}
	return t.Text("desk.behalf." + string(b))
}
