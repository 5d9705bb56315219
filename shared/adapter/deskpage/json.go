package deskpage

import (
	"encoding/json"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// shownRow is a row of a list for machines: what the screen shows, and no address.
type shownRow struct {
	Reference    string            `json:"reference"`
	Person       string            `json:"person,omitempty"`
	Kinds        []intake.Kind     `json:"kinds"`
	Unsure       bool              `json:"kinds_unsure,omitempty"`
	State        lifecycle.State   `json:"state"`
	Place        string            `json:"place,omitempty"`
	OnBehalfOf   intake.Behalf     `json:"on_behalf_of,omitempty"`
	Law          string            `json:"law,omitempty"`
	ReceivedAt   time.Time         `json:"received_at"`
	ClosedAt     time.Time         `json:"closed_at,omitzero"`
	DueAt        time.Time         `json:"due_at,omitzero"`
	Due          string            `json:"due,omitempty"`
	Left         int               `json:"working_days_left,omitempty"`
	Late         int               `json:"days_overdue,omitempty"`
	Stands       bool              `json:"clock_stands,omitempty"`
	WaitsUntil   string            `json:"waits_until,omitempty"`
	AppealOf     string            `json:"appeal_of,omitempty"`
	Assignee     string            `json:"assignee,omitempty"`
	Look         lifecycle.LookWhy `json:"look,omitempty"`
	Draft        draft.Stage       `json:"draft_stage,omitempty"`
	SendAt       time.Time         `json:"send_at,omitzero"`
	New          bool              `json:"new,omitempty"`
	Repeated     bool              `json:"repeated,omitempty"`
	Extended     bool              `json:"extended,omitempty"`
	LetterFailed bool              `json:"letter_failed,omitempty"`
	Held         bool              `json:"held,omitempty"`
	Reduced      bool              `json:"reduced,omitempty"`
}

func shown(r casework.Row) shownRow {
	s := shownRow{
		Reference: r.Reference, Person: r.Person, Kinds: append([]intake.Kind{}, r.Kinds...), Unsure: r.Unsure, State: r.State, Place: r.Place.String(), OnBehalfOf: r.OnBehalfOf, Law: r.Law.ID,
		ReceivedAt: r.ReceivedAt.UTC(), ClosedAt: r.ClosedAt.UTC(), DueAt: r.DueAt.UTC(), Due: dayText(r.Due), Left: r.Left, Late: r.Late, Stands: r.Paused, WaitsUntil: dayText(r.Until),
		AppealOf: r.AppealOf, Assignee: r.Assignee, Draft: r.Draft, SendAt: r.SendAt.UTC(), New: r.New, Repeated: r.Repeated, Extended: r.Extended, LetterFailed: r.LetterFailed, Held: r.Held, Reduced: r.Reduced,
	}
	if r.Look != nil {
		s.Look = r.Look.Why
	}
	return s
}

func shownRows(rows []casework.Row) []shownRow {
	all := []shownRow{}
	for _, r := range rows {
		all = append(all, shown(r))
	}
	return all
}

type shownCount struct {
	N    int  `json:"n"`
	More bool `json:"more,omitempty"` // at least so many
}

// MarshalJSON is the queue for machines.
func (p Queue) MarshalJSON() ([]byte, error) {
	out := struct {
		View     casework.View         `json:"view"`
		Today    string                `json:"today"`
		Counts   map[string]shownCount `json:"counts,omitempty"`
		Requests []shownRow            `json:"requests"`
		Next     string                `json:"next,omitempty"`
		Partly   bool                  `json:"partly,omitempty"`
		Unusable []string              `json:"unusable,omitempty"`
	}{p.of(), dayText(p.Today), nil, shownRows(p.Rows), p.Next, p.Partly, p.Unusable}
	if c := p.Counts; c != nil {
		out.Counts = map[string]shownCount{}
		for name, count := range map[string]casework.Count{"overdue": c.Overdue, "week": c.Week, "appeals": c.Appeals, "waiting": c.Waiting, "new": c.New} {
			out.Counts[name] = shownCount{count.N, count.More}
		}
	}
	return json.Marshal(out)
}

type shownAct struct {
	Act      string            `json:"act"`
	Of       string            `json:"of,omitempty"`
	Possible bool              `json:"possible"`
	Usual    bool              `json:"usual,omitempty"`
	Why      string            `json:"why,omitempty"` // it is not possible
	Facts    map[string]string `json:"facts,omitempty"`
	State    lifecycle.State   `json:"state,omitempty"` // after it
	DueAt    time.Time         `json:"due_at,omitzero"`
	Stands   bool              `json:"clock_stands,omitempty"`
	Letters  []outbox.Template `json:"letters,omitempty"`
}

type shownDate struct {
	Rule    string           `json:"rule"`
	Purpose deadline.Purpose `json:"purpose"`
	Kinds   []intake.Kind    `json:"kinds"`
	DueAt   time.Time        `json:"due_at"`
	Stands  bool             `json:"clock_stands,omitempty"`
	Because string           `json:"because"`
}

type shownLetter struct {
	Template outbox.Template `json:"template"`
	State    outbox.State    `json:"state"`
	DueAt    time.Time       `json:"due_at,omitzero"`
	SentAt   time.Time       `json:"sent_at,omitzero"`
	Subject  string          `json:"subject,omitempty"`
	Text     string          `json:"text,omitempty"`
}

type shownEntry struct {
	Seq     int               `json:"seq"`
	At      time.Time         `json:"at"`
	Event   string            `json:"event"`
	Actor   string            `json:"actor"`
	Officer string            `json:"officer,omitempty"`
	Facts   map[string]string `json:"facts,omitempty"`
	Words   string            `json:"words,omitempty"`
}

// shownFile is a file for machines. What may hold an address is not in it, but where the address is shown.
type shownFile struct {
	shownRow
	Address     string             `json:"address,omitempty"`
	Name        string             `json:"name,omitempty"`
	Details     string             `json:"details,omitempty"`
	WordsAre    string             `json:"words_are,omitempty"`
	Language    string             `json:"language,omitempty"`
	Source      intake.Source      `json:"source"`
	VerifiedAt  time.Time          `json:"verified_at,omitzero"`
	Checked     []intake.Check     `json:"checked,omitempty"`
	LinkedTo    string             `json:"linked_to,omitempty"`
	Waiting     *waiting.Waiting   `json:"waiting,omitempty"`
	Decision    *decision.Decision `json:"decision,omitempty"`
	Statement   string             `json:"statement,omitempty"`
	Holds       []request.KeptBack `json:"holds,omitempty"`
	EraseFrom   time.Time          `json:"erase_from,omitzero"`
	ExportUntil time.Time          `json:"export_until,omitzero"`
	ReducedAt   time.Time          `json:"reduced_at,omitzero"`
	KeptUntil   string             `json:"kept_until,omitempty"`
	LogUntil    string             `json:"log_kept_until,omitempty"`
	Seq         int                `json:"seq"`
	Acts        []shownAct         `json:"acts"`
	Dates       []shownDate        `json:"deadlines"`
	Letters     []shownLetter      `json:"letters"`
	History     []shownEntry       `json:"history"`
	Broken      string             `json:"history_broken,omitempty"`
	Others      []shownRow         `json:"others"`
}

// MarshalJSON is the file for machines.
func (p File) MarshalJSON() ([]byte, error) {
	q := p.File.Request
	out := shownFile{
		shownRow: shown(p.Row), Name: q.Name, Details: q.Details, Language: q.Language, Source: q.Source, VerifiedAt: q.VerifiedAt.UTC(), Checked: q.Checked, LinkedTo: q.LinkedTo,
		Waiting: q.Waiting, Decision: q.Decision, Statement: q.Statement, Holds: p.Holds, EraseFrom: q.EraseFrom.UTC(), ExportUntil: q.ExportUntil.UTC(), ReducedAt: q.ReducedAt.UTC(),
		KeptUntil: dayText(p.Kept.Until), LogUntil: dayText(p.Kept.Log), Seq: q.Head.Seq,
		Acts: []shownAct{}, Dates: []shownDate{}, Letters: []shownLetter{}, History: []shownEntry{}, Others: shownRows(p.Others),
	}
	if !q.Reduced() {
		out.WordsAre = p.File.Whose()
	}
	if !p.Until.IsZero() {
		out.Address = q.Address.Reveal()
	}
	if p.Broken != nil {
		out.Broken = p.Broken.Error()
	}
	for _, a := range p.Acts {
		out.Acts = append(out.Acts, shownAct{a.Code, a.Of, a.Possible, a.Usual, a.Why.Code, a.Why.Facts, a.State, a.DueAt.UTC(), a.Stands, a.Mails})
	}
	for _, d := range p.Dates {
		out.Dates = append(out.Dates, shownDate{d.Rule, d.Purpose, d.Kinds, d.Due.UTC(), d.Paused, deadline.Words(deadline.English, d.Explain())})
	}
	for _, l := range p.File.Letters {
		s := shownLetter{l.Template, l.State, time.Time{}, l.SentAt.UTC(), l.Subject, l.Text}
		if l.UnderWay() {
			s.DueAt = l.DueAt.UTC()
		}
		out.Letters = append(out.Letters, s)
	}
	for _, e := range p.File.Events {
		out.History = append(out.History, shownEntry{e.Seq, e.At.UTC(), e.Kind, e.Actor, audit.Officer(e), e.Facts, noteOf(e)})
	}
	return json.Marshal(out)
}
