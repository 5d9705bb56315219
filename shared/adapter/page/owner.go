package page

import (
	"slices"
	"strconv"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/vendor"
)

// OwnerTask is the page at GET /systems/{link} for the owner of another system: the task, and nobody's name. One button
// posts FieldAction=ValueReveal to the same URL and gets the page with the person; the form below posts
// FieldAction=ValueAnswer. It is shown again (422) when Errors are given. By GET it changes nothing, so that whatever
// opens links in mails may open it.
type OwnerTask struct {
	Action  string // the page's own path
	Entry   ledger.Entry
	System  settings.System
	Vendor  *vendor.Vendor    // nil: nobody's steps are told
	Person  *ledger.Person    // once it was asked for
	Files   []attachment.File // that have arrived, of a task that takes some
	Upload  *Upload           // of a file that is being added
	Full    bool              // one more was refused
	Outcome string            // as typed
	Records string
	Ground  string
	Why     string
	Errors  []fault.FieldError
}

// OwnerAnswered thanks for an answer (200).
type OwnerAnswered struct {
	Entry  ledger.Entry
	System settings.System
}

// OwnerTaskOver says why a task can be neither seen nor answered.
type OwnerTaskOver struct {
	Why    OverWhy
	Entry  ledger.Entry // of OverAnswered
	System settings.System
}

// OverWhy is why a task is over for whoever opens its link.
type OverWhy string

// The reasons, with the status to answer.
const (
	OverAnswered OverWhy = "answered" // 410
	OverDropped  OverWhy = "dropped"  // 410
	OverLate     OverWhy = "late"     // 410: it is not required, and its date is over
	OverAgain    OverWhy = "again"    // 409: a newer mail has the link
	OverExpired  OverWhy = "expired"  // 410
	OverGone     OverWhy = "gone"     // 410
	OverDamaged  OverWhy = "damaged"  // 400
)

// What the forms of OwnerTask post, beside FieldAction.
const (
	FieldOutcome = "outcome" // done, not_found, or ValueCannot
	FieldRecords = "records"
	FieldGround  = "ground" // of ledger.Reasons
	FieldWhy     = "why"
	ValueReveal  = "reveal"
	ValueAnswer  = "answer"
	ValueCannot  = "cannot"
)

var ownerAnchors = map[string]string{FieldOutcome: "#outcome-done", FieldRecords: "#" + FieldRecords, FieldGround: "#ground-other", FieldWhy: "#" + FieldWhy}

type ownerBody struct {
	Errors *errorSummary
	Lead   string
	Notice *notice
	Facts  []fact
	Why    string
	Person ownerPerson
	Files  *section
	Answer ownerForm
	Vendor *vendorSteps
}

type ownerPerson struct {
	Title string
	Facts []fact
	Words *words
	Note  string // instead
	Lead  string
	Show  *button
}

type ownerForm struct {
	Title, Action, Submit string
	Hidden                []hidden
	Outcome, Ground       choice
	Records               input
	Why                   *area
}

// vendorSteps are in English, whatever the page's language is.
type vendorSteps struct {
	Title        string
	Steps, Notes []item
	NotesTitle   string
	Texts        []string
	Links        []link
}

func (p OwnerTask) view(d *Desk, t *catalog.Texts) view {
	errs := fieldErrors(p.Errors)
	body := ownerBody{
		Errors: errs.summary(t, t.Text("form.problem"), ownerAnchors), Lead: t.Text("owner.task." + string(p.Entry.Task)),
		Facts: taskFacts(d, t, p.Entry, p.System), Why: t.Text("owner.why." + string(p.Entry.Task)),
		Notice: p.notice(d, t), Person: p.person(d, t), Files: p.files(t), Answer: p.answer(t, errs), Vendor: p.vendor(t),
	}
	return view{shape: ownerShape, title: t.Text("owner.page.title"), languages: true, failed: len(p.Errors) > 0, postsTo: p.Upload.origin(), body: body}
}

func taskFacts(d *Desk, t *catalog.Texts, e ledger.Entry, s settings.System) []fact {
	return slices.Concat(someFact(t.Text("fact.reference"), e.Request), someFact(t.Text("owner.fact.system"), s.Name.In(t.Lang())), d.dateFact(t, "fact.due", e.DueAt))
}

func (p OwnerTask) person(d *Desk, t *catalog.Texts) ownerPerson {
	o := ownerPerson{Title: t.Text("owner.person"), Lead: t.Text("owner.person.lead")}
	if p.Person == nil {
		o.Show = &button{Action: p.Action, Text: t.Text("owner.person.button"), Hidden: []hidden{{FieldAction, ValueReveal}, langField(t)}}
		return o
	}
	w := *p.Person
	o.Facts = slices.Concat(someFact(t.Text("owner.person.email"), w.Email.Reveal()), someFact(t.Text("fact.name"), w.Name),
		someFact(t.Text("fact.place"), w.Place), someFact(t.Text("fact.kinds"), codes(t, "kind.", w.Kinds)...))
	if w.Details != "" {
		o.Words = &words{t.Text("owner.person.words"), lines(w.Details)}
	}
	switch {
	case len(o.Facts) == 0 && o.Words == nil:
		o.Note = t.Text("owner.person.none", "email", d.Organisation.Contact)
	case w.OnBehalfOf != "":
		o.Note = t.Text("owner.person.behalf")
	}
	return o
}

func (p OwnerTask) answer(t *catalog.Texts, errs faults) ownerForm {
	done := "owner.answer.done"
	if p.Entry.Task == ledger.Access {
		done = "owner.answer.done.access"
	}
	radio := func(name, value, label, hint, chosen string) check {
		return check{ID: name + "-" + value, Name: name, Value: value, Label: label, Hint: hint, Checked: chosen == value, Radio: true}
	}
	f := ownerForm{
		Title: t.Text("owner.answer"), Action: p.Action, Submit: t.Text("owner.answer.button"), Hidden: []hidden{{FieldAction, ValueAnswer}, langField(t)},
		Outcome: choice{ID: FieldOutcome, Legend: t.Text("owner.answer.what"), Groups: []checkGroup{{Items: []check{
			radio(FieldOutcome, string(ledger.Done), t.Text(done), "", p.Outcome),
			radio(FieldOutcome, string(ledger.NotFound), t.Text("owner.answer.not_found"), t.Text("owner.answer.not_found.hint"), p.Outcome),
			radio(FieldOutcome, ValueCannot, t.Text("owner.answer.cannot"), "", p.Outcome),
		}}}},
		Ground:  choice{ID: FieldGround, Legend: t.Text("owner.answer.ground"), Hint: t.Text("owner.answer.ground.hint"), Groups: []checkGroup{{}}},
		Records: errs.input(t, FieldRecords, t.Text("owner.answer.records"), t.Text("owner.answer.records.hint"), p.Records),
		Why:     errs.area(t, FieldWhy, t.Text("owner.answer.why"), t.Text("owner.answer.why.hint"), p.Why),
	}
	for _, g := range ledger.Reasons(p.Entry.Task) {
		f.Ground.Groups[0].Items = append(f.Ground.Groups[0].Items, radio(FieldGround, g.Code, catalog.Capital(t.Ground(g.Code)), "", p.Ground))
	}
	f.Why.Rows = 3
	f.Outcome.ErrorWord, f.Outcome.Error = errs.words(t, FieldOutcome)
	f.Ground.ErrorWord, f.Ground.Error = errs.words(t, FieldGround)
	return f
}

func (p OwnerTask) vendor(t *catalog.Texts) *vendorSteps {
	if p.Vendor == nil {
		return nil
	}
	s := &vendorSteps{
		Title: t.Text("owner.vendor", "vendor", p.Vendor.Name), Steps: points(p.Vendor.Steps(string(p.Entry.Task))...),
		NotesTitle: t.Text("owner.vendor.note"), Notes: points(p.Vendor.Note...), Texts: []string{t.Text("owner.vendor.read", "date", t.Day(p.Vendor.ReadOn()))},
	}
	if t.Lang() != catalog.Default {
		s.Texts = append(s.Texts, t.Text("owner.vendor.english"))
	}
	for _, page := range p.Vendor.Pages {
		s.Links = append(s.Links, link{page.URL, page.Title})
	}
	return s
}

func (p OwnerAnswered) view(d *Desk, t *catalog.Texts) view {
	m := message{Mark: markDone, Lead: t.Text("owner.done.lead"), Facts: answerFacts(d, t, p.Entry, p.System)}
	if !p.Entry.Ended() { // it can still be answered otherwise
		m.Mark, m.Lead = markWork, t.Text("owner.done.failed")
	}
	return view{shape: messageShape, title: t.Text("owner.done.title"), body: m}
}

func (p OwnerTaskOver) view(d *Desk, t *catalog.Texts) view {
	m := message{Mark: markProblem, Lead: t.Text("owner.over.lead."+string(p.Why), "email", d.Organisation.Contact)}
	if p.Why == OverAnswered {
		m.Mark, m.Facts = markDone, answerFacts(d, t, p.Entry, p.System)
	}
	return view{shape: messageShape, title: t.Text("owner.over.title." + string(p.Why)), languages: true, body: m}
}

func answerFacts(d *Desk, t *catalog.Texts, e ledger.Entry, s settings.System) []fact {
	return slices.Concat(someFact(t.Text("fact.reference"), e.Request), someFact(t.Text("owner.fact.system"), s.Name.In(t.Lang())),
		someFact(t.Text("owner.fact.answer"), said(t, e)), d.dateFact(t, "fact.decided", e.EndedAt))
}

// said is an answer in words.
func said(t *catalog.Texts, e ledger.Entry) string {
	switch {
	case e.State == ledger.Done && e.Records > 0:
		return t.Plural("owner.said.done.records", e.Records)
	case e.State == ledger.Done:
		return t.Text("owner.said.done.plain")
	}
	return t.Text("owner.said."+string(e.State), "ground", t.Ground(e.Ground))
}

// Answer reads what the form says. Every mistake is named.
func (p OwnerTask) Answer() (ledger.State, ledger.Outcome, error) {
	o := ledger.Outcome{Why: p.Why}
	var err error
	state := ledger.State(p.Outcome)
	switch state {
	case ledger.Done:
		n, wrong := strconv.Atoi(p.Records)
		if o.Records = n; p.Records != "" && (wrong != nil || n < 0 || n > 1_000_000_000) {
			err = fault.Field(FieldRecords, "invalid", "records is a number")
		}
	case ledger.NotFound:
	case ValueCannot:
		state, o.Ground = ledger.Because(p.Entry.Task, p.Ground), p.Ground
		if state == "" {
			err = fault.Field(FieldGround, "missing", "ground must be chosen")
		} else if p.Ground == ledger.Other && p.Why == "" {
			err = fault.Field(FieldWhy, "missing", "why must say what the other reason is")
		}
	default:
		err = fault.Field(FieldOutcome, "missing", "outcome must be done, not_found or cannot")
	}
	return state, o, err
}
