package deskpage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
)

// looking are entries of who looked. They are counted apart, or they would hide what was done.
var looking = []lifecycle.Event{lifecycle.EventLooked, lifecycle.EventRevealed, lifecycle.EventExportedByOfficer, lifecycle.EventFileFetched}

// history is who did what and when, the latest first.
func (p File) history(d *Desk, v Visit) part {
	t := v.Texts
	s := part{ID: "history", Title: t.Text("desk.history")}
	if p.Broken == nil {
		s.Texts = []string{t.Text("desk.history.whole")}
	}
	for _, e := range slices.Backward(p.File.Events) {
		if slices.Contains(looking, lifecycle.Event(e.Kind)) {
			continue
		}
		s.Events = append(s.Events, event{When: d.moment(t, e.At, v.Now), What: p.happened(d, v, e), Who: doer(v, e), Note: noteOf(e)})
	}
	if looked := p.looked(d, v); len(looked.Events) > 0 {
		s.Folds = []fold{looked}
	}
	return s
}

// happened is an entry in a sentence, with the particulars that matter.
func (p File) happened(d *Desk, v Visit, e audit.Entry) string {
	t := v.Texts
	code := decision.InWords(p.File.Request.Kinds, e.Kind)
	if code == string(lifecycle.EventVerified) && e.Actor == audit.ByPerson {
		code = "confirmed"
	}
	if code == string(lifecycle.EventKept) && p.File.Request.NoEmail {
		code = "kept_entered"
	}
	what := t.Named("desk.event.", code)
	if more := details(d, v, e); len(more) > 0 {
		what += " (" + strings.Join(more, "; ") + ")"
	}
	return what
}

// doer is who did it.
func doer(v Visit, e audit.Entry) string {
	t := v.Texts
	switch officer := audit.Officer(e); {
	case officer != "":
		return who(t, v, officer)
	case strings.HasPrefix(e.Actor, audit.ByOfficer):
		return t.Text("desk.colleague")
	case e.Actor == audit.ByPerson:
		return t.Text("desk.by.person")
	}
	return t.Text("desk.by.system")
}

// spoken are the private values that are somebody's words. No other value is shown: one may hold an address.
var spoken = []string{"note", "reason", "question", "statement", "subject", "why", "ground"}

func noteOf(e audit.Entry) string {
	for _, name := range spoken {
		if words, _ := e.Private[name].Reveal(); words != "" {
			return words
		}
	}
	if e.Kind == string(lifecycle.EventExtended) {
		words, _ := e.Private["explanation"].Reveal()
		return words
	}
	return ""
}

// detail puts a fact of an entry into words; "": it says nothing that matters.
type detail func(d *Desk, v Visit, value string) string

// detailed are the facts that are told, in this order.
var detailed = []struct {
	fact string
	in   detail
}{
	{"source", inGroup("desk.source.")},
	{"posted_on", func(d *Desk, v Visit, s string) string {
		return v.Texts.Text("desk.detail.posted", "date", d.stamped(v.Texts, s))
	}},
	{"paper", func(_ *Desk, v Visit, s string) string {
		return v.Texts.Text(map[bool]string{true: "desk.detail.paper", false: "desk.detail.no_paper"}[s == "yes"])
	}},
	{"from", func(d *Desk, v Visit, s string) string {
		return v.Texts.Text("desk.detail.from", "date", d.stamped(v.Texts, s))
	}},
	{"scopes", func(_ *Desk, v Visit, s string) string { return scopes(v.Texts, split[optout.Scope](s)) }},
	{"checked", inGroup("desk.checked.")},
	{"changed", func(_ *Desk, v Visit, s string) string { return changed(v.Texts, s) }},
	{"because", func(_ *Desk, v Visit, s string) string {
		return cmp.Or(onEqual(v.Texts, s, "spam", "desk.detail.spam"), onEqual(v.Texts, s, "malware", "desk.detail.malware"))
	}},
	{"cause", func(_ *Desk, v Visit, s string) string { return v.Texts.Named("law.cause.", s) }},
	{"clock_stopped", func(_ *Desk, v Visit, s string) string { return onEqual(v.Texts, s, "yes", "desk.detail.stands") }},
	{"came", func(d *Desk, v Visit, s string) string {
		return v.Texts.Text("desk.detail.came", "date", d.stamped(v.Texts, s))
	}},
	{"came_by", inGroup("desk.channel.")},
	{"reason", func(_ *Desk, v Visit, s string) string { return v.Texts.Named("law.reason.", s) }},
	{"due_at", func(d *Desk, v Visit, s string) string {
		return v.Texts.Text("desk.detail.due", "date", d.stamped(v.Texts, s))
	}},
	{"template", inGroup("desk.lettername.")},
	{"result", func(_ *Desk, v Visit, s string) string { return result(v.Texts, s) }},
	{"mail_again", func(_ *Desk, v Visit, s string) string {
		return v.Texts.Text("desk.detail.again", "letter", v.Texts.Named("desk.lettername.", s))
	}},
	{"send_at", func(d *Desk, v Visit, s string) string {
		return v.Texts.Text("desk.detail.time", "time", d.stampedMoment(v, s))
	}},
	{"clause", func(_ *Desk, v Visit, s string) string { return v.Texts.Citation(s) }},
	{"file", func(_ *Desk, _ Visit, s string) string { return s }},
	{"for", inGroup("desk.files.for.")},
	{"system", func(d *Desk, v Visit, s string) string { return d.systemName(v.Texts, s) }},
	{"task", inGroup("desk.task.")},
	{"outcome", inGroup("desk.system.")},
	{"appeal", func(_ *Desk, _ Visit, s string) string { return s }},
	{"to", func(_ *Desk, _ Visit, s string) string { return s }},
	{"appeal_of", func(_ *Desk, _ Visit, s string) string { return s }},
}

func inGroup(group string) detail {
	return func(_ *Desk, v Visit, value string) string {
		var names []string
		for code := range strings.FieldsSeq(value) {
			names = append(names, v.Texts.Named(group, code))
		}
		return strings.Join(names, ", ")
	}
}

func details(d *Desk, v Visit, e audit.Entry) []string {
	var all []string
	for _, one := range detailed {
		if value := e.Facts[one.fact]; value != "" {
			words := one.in(d, v, value)
			if beside := "desk.detail." + e.Kind + "." + one.fact; v.Texts.Has(beside) { // where the event does not say what it is
				words = v.Texts.Text(beside, "what", words)
			}
			if words != "" {
				all = append(all, words)
			}
		}
	}
	for _, k := range intake.Kinds() { // a decision says the outcome of each kind
		if o := e.Facts[string(k)]; o != "" {
			all = append(all, v.Texts.Text("desk.detail.outcome", "kind", v.Texts.Named("desk.kind.", string(k)), "outcome", outcome(v.Texts, decision.Answer{Kind: k, Outcome: decision.Outcome(o)})))
		}
	}
	if other := joinedWith(e); other != "" {
		all = append(all, other)
	}
	if to, told := e.Private["assignee"].Reveal(); e.Kind == string(lifecycle.EventAssigned) && told {
		all = append(all, v.Texts.Text("desk.detail.to", "who", assignee(v.Texts, v, to)))
	}
	return all
}

// joinedWith is the other request of an entry that tells of a join; "" of any other entry. Where it came from another
// mailbox, only the desk knows it.
func joinedWith(e audit.Entry) string {
	fact := map[lifecycle.Event]string{lifecycle.EventJoined: "into", lifecycle.EventTookOver: "joined"}[lifecycle.Event(e.Kind)]
	private, _ := e.Private[fact].Reveal()
	return cmp.Or(e.Facts[fact], private)
}

// joinedInto is the request with which a joined one is answered.
func joinedInto(f *request.File) (reference string) {
	for _, e := range f.Events {
		if e.Kind == string(lifecycle.EventJoined) {
			reference = joinedWith(e)
		}
	}
	return reference
}

func split[S ~string](codes string) []S {
	var all []S
	for code := range strings.FieldsSeq(codes) {
		all = append(all, S(code))
	}
	return all
}

func changed(t *catalog.Texts, names string) string {
	var all []string
	for name := range strings.FieldsSeq(names) {
		all = append(all, t.Named("desk.change.", name))
	}
	return t.Text("desk.detail.changed", "what", strings.Join(all, ", "))
}

func onEqual(t *catalog.Texts, value, code, key string) string {
	if value != code {
		return ""
	}
	return t.Text(key)
}

// result is why a letter failed; "": it did not.
func result(t *catalog.Texts, code string) string {
	if key := "desk.detail." + map[string]string{"bounced": "bounced", "refused": "not_accepted", "unknown": "unknown"}[code]; t.Has(key) {
		return t.Text(key)
	}
	return ""
}

// stamped is the day of a time in an entry.
func (d *Desk) stamped(t *catalog.Texts, stamp string) string {
	at, err := time.Parse(civil.Stamp, stamp)
	if err != nil {
		return stamp
	}
	return d.day(t, at)
}

func (d *Desk) stampedMoment(v Visit, stamp string) string {
	at, err := time.Parse(civil.Stamp, stamp)
	if err != nil {
		return stamp
	}
	return d.moment(v.Texts, at, v.Now)
}

// looked says who looked, each once with how often: the history itself has every entry.
func (p File) looked(d *Desk, v Visit) fold {
	t := v.Texts
	type look struct{ who, kind string }
	count, last, total := map[look]int{}, map[look]time.Time{}, 0
	var order []look
	for _, e := range slices.Backward(p.File.Events) {
		if !slices.Contains(looking, lifecycle.Event(e.Kind)) {
			continue
		}
		total++
		l := look{doer(v, e), e.Kind}
		if count[l]++; count[l] == 1 {
			order, last[l] = append(order, l), e.At
		}
	}
	f := fold{Summary: t.Plural("desk.history.looks", total)}
	for _, l := range order {
		f.Events = append(f.Events, event{When: t.Plural("desk.history.times", count[l], "date", d.moment(t, last[l], v.Now)), What: t.Text("desk.event." + l.kind), Who: l.who})
	}
	return f
}
