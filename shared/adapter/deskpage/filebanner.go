package deskpage

import (
	"slices"
	"strconv"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
)

// banners are what must be seen before anything is done, the gravest first.
func (p File) banners(d *Desk, v Visit) []banner {
	t, q := v.Texts, p.File.Request
	var all []banner
	if p.Broken != nil {
		all = append(all, banner{Wrong: true, Text: t.Text("desk.banner.broken", "entry", strconv.Itoa(p.Broken.Seq))})
	}
	all = append(all, p.left(d, t)...)
	all = append(all, p.onTheWay(d, v)...)
	if !q.MailFailedAt.IsZero() {
		all = append(all, banner{Wrong: true, Text: t.Text("desk.banner.letter_failed", "date", d.day(t, q.MailFailedAt))})
	}
	for _, h := range p.Holds {
		all = append(all, banner{Text: t.Text("desk.banner.hold", "hold", h.Hold, "what", keeps(t, h), "reason", h.Reason), Links: []link{{"/desk/holds", t.Text("desk.nav.holds")}}})
	}
	all = append(all, p.look(d, v)...)
	return append(all, p.circumstances(d, v)...)
}

func keeps(t *catalog.Texts, h request.KeptBack) string {
	if h.Keeps == "erasure" {
		return t.Text("desk.banner.hold.all")
	}
	return t.Text("desk.banner.hold.part")
}

// left says what is left of a closed request, and for how long.
func (p File) left(d *Desk, t *catalog.Texts) []banner {
	q, k := p.File.Request, p.Kept
	switch {
	case q.Reduced():
		b := banner{Text: t.Text("desk.banner.reduced", "date", d.day(t, q.ReducedAt))}
		if !k.Log.IsZero() {
			b.Text += " " + t.Text("desk.banner.log", "date", t.Day(k.Log))
		}
		return []banner{b}
	case k.Until.IsZero() || k.Log.IsZero():
		return nil
	}
	return []banner{{Text: t.Text("desk.banner.kept", "date", t.Day(k.Until), "log", t.Day(k.Log))}}
}

// onTheWay tells of a draft, and of what can still be called back.
func (p File) onTheWay(d *Desk, v Visit) []banner {
	t, q := v.Texts, p.File.Request
	switch w := q.Draft; {
	case w == nil:
		return nil
	case w.ToSign():
		return []banner{p.recallable(v, banner{Text: p.toSign(t, v, w.Way), Links: may(v, staff.Decide, link{SignPath(q.ID), t.Text("desk.banner.sign.link")})})}
	case w.OnItsWay():
		return []banner{p.recallable(v, banner{
			Text: t.Text("desk.banner.way", "time", d.moment(t, w.Way.SendAt, v.Now)), Links: may(v, staff.Handle, link{LetterPath(q.ID), t.Text("desk.banner.way.link")}),
		})}
	case w.Stopped != nil:
		return []banner{{Wrong: true, Text: t.Text("desk.banner.stopped", "date", d.moment(t, w.Stopped.At, v.Now)), Links: p.draftLink(v)}}
	case len(w.Answers) > 0:
		return []banner{{Text: t.Text("desk.banner.draft", "who", who(t, v, w.By), "date", d.moment(t, w.At, v.Now)), Links: p.draftLink(v)}}
	}
	return nil
}

func (p File) draftLink(v Visit) []link {
	return may(v, staff.Handle, link{DecidePath(p.File.Request.ID), v.Texts.Text("desk.banner.draft.link")})
}

func (p File) toSign(t *catalog.Texts, v Visit, w *draft.Way) string {
	switch {
	case w.Act != draft.Decide:
		return t.Text("desk.banner.sign." + string(w.Act))
	case isSelf(v, w.By):
		return t.Text("desk.banner.sign.own")
	}
	return t.Text("desk.banner.sign", "who", who(t, v, w.By))
}

// recallable is a banner with the button that calls back.
func (p File) recallable(v Visit, b banner) banner {
	if v.Account.Role.May(staff.Handle) {
		b.Form = &form{Action: FilePath(p.File.Request.ID) + "/callback", Hidden: hiddenSeq(p.File.Request.Head.Seq), Button: v.Texts.Text("desk.banner.callback"), Quiet: true}
	}
	return b
}

// looks are the sentences of why an officer must look.
var looks = map[lifecycle.LookWhy]string{
	lifecycle.LookReply: "desk.banner.reply", lifecycle.LookMention: "desk.banner.mention", lifecycle.LookKept: "desk.banner.kept_mail",
	lifecycle.LookCounts: "desk.banner.counts", lifecycle.LookUnsent: "desk.banner.unsent", lifecycle.LookVerify: "desk.banner.verify",
}

func (p File) look(d *Desk, v Visit) []banner {
	t, q := v.Texts, p.File.Request
	key := ""
	if q.Look != nil {
		key = looks[q.Look.Why]
	}
	if key == "" || q.Look.Why == lifecycle.LookUnsent && (!q.MailFailedAt.IsZero() || q.Draft != nil && q.Draft.Stopped != nil) {
		return nil // another banner says which letter
	}
	b := banner{Wrong: q.Look.Why == lifecycle.LookUnsent, Text: t.Text(key, "date", d.day(t, q.Look.Since))}
	if v.Account.Role.May(staff.Handle) && q.Look.Why != lifecycle.LookVerify {
		b.Links = []link{{ActPath(q.ID, "seen"), t.Text("desk.banner.seen")}}
	}
	return []banner{b}
}

// unconfirmed says whose word a request is so far: anybody's, or that of who entered it at the desk.
func unconfirmed(t *catalog.Texts, q request.Request) string {
	if q.Source == intake.FromOfficer {
		return t.Text("desk.banner.unconfirmed.entered")
	}
	return t.Text("desk.banner.unconfirmed")
}

// circumstances are what an answer must take into account.
func (p File) circumstances(d *Desk, v Visit) []banner {
	t := v.Texts
	q, into := p.File.Request, joinedInto(&p.File)
	var all []banner
	for _, c := range []struct {
		on bool
		b  banner
	}{
		{!q.ToPost.IsZero(), banner{Text: t.Text("desk.banner.to_post", "date", d.day(t, q.ToPost)), Wrong: true, Links: p.toPrint(v)}},
		{q.State == lifecycle.Unverified && !q.NoEmail && (q.Look == nil || q.Look.Why != lifecycle.LookKept), banner{Text: unconfirmed(t, q)}},
		{q.KindsUnsure, banner{Text: t.Text("desk.banner.unsure")}},
		{q.AppealOf != "", banner{Text: t.Text("desk.banner.appeal", "reference", q.AppealOf), Links: []link{{FilePath(q.AppealOf), t.Text("desk.banner.appeal.link", "reference", q.AppealOf)}}}},
		{q.LinkedTo != "" && !q.State.Decided(), banner{Text: t.Text("desk.banner.linked", "reference", q.LinkedTo), Links: p.linked(v)}},
		{q.State == lifecycle.Joined && into != "", banner{Text: t.Text("desk.banner.joined", "reference", into), Links: []link{{FilePath(into), t.Text("desk.banner.appeal.link", "reference", into)}}}},
		{q.Repeated && !q.State.Decided(), banner{Text: t.Text("desk.banner.repeated")}},
		{q.HeldBack && !q.Reduced(), banner{Text: t.Text("desk.banner.erase.held")}},
		{!q.EraseFrom.IsZero() && !q.HeldBack && q.Outstanding > 0, banner{Text: t.Text("desk.banner.erase.systems")}},
		{!q.EraseFrom.IsZero() && !q.HeldBack && !q.Reduced() && q.Outstanding == 0, banner{Text: t.Text("desk.banner.erase", "date", d.day(t, q.EraseFrom))}},
	} {
		if c.on {
			all = append(all, c.b)
		}
	}
	return all
}

// toPrint leads to the letters that wait to be posted.
func (p File) toPrint(v Visit) []link {
	var all []link
	for _, l := range byDate(p.File.Letters) {
		if l.State == outbox.ToPost && v.Account.Role.May(staff.RevealAddr) {
			all = append(all, link{PaperPath(p.File.Request.ID, l), v.Texts.Text("desk.banner.to_post.link") + ": " + v.Texts.Named("desk.lettername.", string(l.Template))})
		}
	}
	return all
}

// linked leads to the earlier request, and to where the two are joined.
func (p File) linked(v Visit) []link {
	t, q := v.Texts, p.File.Request
	all := []link{{FilePath(q.LinkedTo), t.Text("desk.banner.appeal.link", "reference", q.LinkedTo)}}
	if v.Account.Role.May(staff.Handle) && slices.ContainsFunc(p.Acts, func(a casework.Act) bool { return a.Code == "join" && a.Possible }) {
		all = append(all, link{ActPath(q.ID, "join"), t.Text("desk.form.join")})
	}
	return all
}
