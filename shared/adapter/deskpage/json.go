package deskpage

import (
	"encoding/json"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

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
	casework.Row
	Address     string             `json:"address,omitempty"`
	Post        string             `json:"post,omitempty"`
	Telephone   string             `json:"telephone,omitempty"`
	Paper       bool               `json:"paper,omitempty"` // letters are posted
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
	KeptUntil   civil.Day          `json:"kept_until,omitzero"`
	LogUntil    civil.Day          `json:"log_kept_until,omitzero"`
	Seq         int                `json:"seq"`
	Acts        []shownAct         `json:"acts"`
	Dates       []shownDate        `json:"deadlines"`
	Letters     []shownLetter      `json:"letters"`
	Tasks       []ledger.Entry     `json:"system_tasks,omitempty"` // what other systems must do
	Attached    []attachment.File  `json:"files,omitempty"`
	History     []shownEntry       `json:"history"`
	Broken      string             `json:"history_broken,omitempty"`
	Others      []casework.Row     `json:"others"`
}

// MarshalJSON is the file for machines.
func (p File) MarshalJSON() ([]byte, error) {
	q := p.File.Request
	out := shownFile{
		Row: p.Row, Name: q.Name, Details: q.Details, Language: q.Language, Source: q.Source, VerifiedAt: q.VerifiedAt.UTC(), Checked: q.Checked, LinkedTo: q.LinkedTo,
		Paper: q.Paper, Waiting: q.Waiting, Decision: q.Decision, Statement: q.Statement, Holds: p.Holds, EraseFrom: q.EraseFrom.UTC(), ExportUntil: q.ExportUntil.UTC(), ReducedAt: q.ReducedAt.UTC(),
		KeptUntil: p.Kept.Until, LogUntil: p.Kept.Log, Seq: q.Head.Seq, Tasks: p.File.Systems, Attached: p.File.Files,
		Acts: []shownAct{}, Dates: []shownDate{}, Letters: []shownLetter{}, History: []shownEntry{}, Others: append([]casework.Row{}, p.Others...),
	}
	if !q.Reduced() {
		out.WordsAre = p.File.Whose()
	}
	if !p.Until.IsZero() {
		out.Address, out.Post, out.Telephone = q.Address.Reveal(), q.Contact.Post(), q.Contact.Telephone()
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
