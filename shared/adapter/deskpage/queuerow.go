package deskpage

import (
	"slices"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

func (p Queue) table(d *Desk, t *catalog.Texts, v Visit) table {
	list := table{Caption: t.Text("desk.caption." + string(p.View)), Empty: t.Text("desk.empty." + string(p.View))}
	switch {
	case p.Partly:
		list.Empty = t.Text("desk.empty.partly")
	case p.filtered():
		list.Empty = t.Text("desk.empty.filtered")
	}
	when := "due"
	switch p.View {
	case casework.ViewUnconfirmed:
		when = "confirm"
	case casework.ViewClosed:
		when = "closed"
	}
	for _, name := range []string{"reference", when, "person", "kinds", "place", "state", "assignee"} {
		list.Heads = append(list.Heads, t.Text("desk.column."+name))
	}
	for _, r := range p.Rows {
		list.Rows = append(list.Rows, p.row(d, t, v, r))
	}
	return list
}

func (p Queue) row(d *Desk, t *catalog.Texts, v Visit, r casework.Row) []cell {
	first := cell{Text: r.Reference, Href: FilePath(r.Reference), Head: true, Note: t.Text("desk.row.received", "date", shortDay(t, civil.Of(r.ReceivedAt, d.Zone), p.Today))}
	if bulk(t, v.Account.Role) != nil {
		first.Box, first.BoxLabel = r.Reference, t.Text("desk.row.tick", "reference", r.Reference)
	}
	person := r.Person
	if r.Reduced {
		person = t.Text("desk.row.reduced")
	}
	return []cell{
		first, p.when(d, t, r), {Text: person}, {Text: askedFor(t, r.Kinds, r.Unsure)}, placeAndLaw(t, r),
		{Text: stateName(t, r.Kinds, r.State), Tags: tags(t, r)}, {Text: assignee(t, v, r.Assignee), Label: t.Text("desk.column.assignee")},
	}
}

// when is the row's date, with how long there is until then.
func (p Queue) when(d *Desk, t *catalog.Texts, r casework.Row) cell {
	switch {
	case r.State.Closed():
		return cell{Text: shortDay(t, civil.Of(r.ClosedAt, d.Zone), p.Today)}
	case r.Due.IsZero():
		return cell{}
	}
	words, tone := left(t, r, p.Today)
	day := shortDay(t, r.Due, p.Today)
	if r.Late > 0 {
		return cell{Text: t.Text("desk.late.since", "late", words, "date", day), Tone: tone}
	}
	if r.Paused {
		day = t.Text("desk.row.earliest", "date", day)
	}
	return cell{Text: words, Note: day, Tone: tone}
}

// askedFor names what is asked for, as far as that is known.
func askedFor(t *catalog.Texts, kinds []intake.Kind, unsure bool) string {
	names := kindNames(t, kinds)
	switch {
	case !unsure:
		return names
	case names == "":
		return t.Text("desk.kind.unsure")
	}
	return names + " · " + t.Text("desk.kind.unsure")
}

func stateName(t *catalog.Texts, kinds []intake.Kind, s lifecycle.State) string {
	return t.Named("desk.state.", decision.InWords(kinds, string(s)))
}

func placeName(t *catalog.Texts, p deadline.Jurisdiction) string {
	if p.Country == "" {
		return t.Text("desk.place.unknown")
	}
	return t.Place(p.Country, p.Region)
}

func placeAndLaw(t *catalog.Texts, r casework.Row) cell {
	c := cell{Text: placeName(t, r.Place)}
	switch {
	case r.Law.Name != "":
		c.Note = t.Citation(r.Law.Name)
	case r.Law.ID != "":
		c.Note = t.Text("desk.law." + r.Law.ID)
	}
	return c
}

// assignee is who answers: "You", or a colleague's name.
func assignee(t *catalog.Texts, v Visit, officer string) string {
	if officer == "" {
		return t.Text("desk.nobody")
	}
	return who(t, v, officer)
}

// who names an officer as the records do: "name/id". Of a machine's caller the role stands there.
func who(t *catalog.Texts, v Visit, officer string) string {
	name, _, both := strings.Cut(officer, "/")
	switch {
	case isSelf(v, officer):
		return t.Text("desk.you")
	case !both:
		return t.Text("desk.colleague")
	}
	return name
}

// isSelf reports whether an officer, as the records name them, is who looks.
func isSelf(v Visit, officer string) bool {
	id := officer[strings.LastIndexByte(officer, '/')+1:]
	return v.Account.ID != "" && id == v.Account.ID
}

// drafts are how far an answer has come. Of one that was stopped the look tells.
var drafts = map[draft.Stage]string{draft.StageWritten: "desk.tag.draft", draft.StageToSign: "desk.tag.sign", draft.StageOnItsWay: "desk.tag.way"}

// tags are what must not be overlooked about a row.
func tags(t *catalog.Texts, r casework.Row) []string {
	var list []string
	for _, tag := range []struct {
		on   bool
		name string
	}{
		{r.New, "new"}, {r.AppealOf != "", "appeal"}, {r.OnBehalfOf == intake.Parent || slices.Contains(r.Kinds, deadline.ChildErasure), "parent"}, {r.OnBehalfOf == intake.Agent, "agent"},
		{r.Held, "hold"}, {r.Repeated, "repeated"}, {r.Extended, "extended"}, {r.LetterFailed, "letter_failed"},
		{r.Draft == draft.StageStopped && r.Look != nil && r.Look.Why != lifecycle.LookUnsent, "unsent"},
	} {
		if tag.on {
			list = append(list, t.Text("desk.tag."+tag.name))
		}
	}
	if r.Systems > 0 {
		list = append(list, t.Text("desk.tag.systems", "n", strconv.Itoa(r.Systems)))
	}
	if key := drafts[r.Draft]; key != "" {
		list = append(list, t.Text(key))
	}
	switch {
	case r.Look != nil:
		list = append(list, t.Text("desk.tag."+string(r.Look.Why)))
	case r.Replied:
		list = append(list, t.Text("desk.tag.reply"))
	}
	return list
}
