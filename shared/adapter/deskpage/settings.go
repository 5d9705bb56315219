package deskpage

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/staff"
)

// PathSettings is the screen of desk.yaml.
const PathSettings = "/desk/law/settings"

// Settings shows desk.yaml in words. It changes nothing: an engineer does, in the file.
type Settings struct {
	Desk *settings.Desk `json:"settings"`
}

func (s Settings) view(_ *Desk, v Visit) view {
	t := v.Texts
	return view{shape: partsShape, title: t.Text("desk.settings.title"), body: parts{Lead: []string{t.Text("desk.settings.lead")}, Parts: []part{
		{Title: t.Text("desk.settings.organisation"), Facts: s.organisation(t)},
		{Title: t.Text("desk.settings.requests"), Facts: s.requests(t)},
		{Title: t.Text("desk.settings.letters"), Facts: s.letters(t)},
		{Title: t.Text("desk.settings.reminders"), Facts: s.reminders(t)},
		{Title: t.Text("desk.settings.roles"), Facts: s.roles(t)},
		{Title: t.Text("desk.settings.marketing"), Facts: s.marketing(t)},
		s.systems(t),
		{Links: append(may(v, staff.SeeRegister, link{PathDisposal + "#schedule", t.Text("desk.settings.schedule")}), link{PathLaw, t.Text("desk.law.all")})},
	}}}
}

func (s Settings) organisation(t *catalog.Texts) []fact {
	o := s.Desk.Organisation
	return said(
		fact{Label: t.Text("desk.settings.name"), Value: o.LegalName, Note: o.Address},
		fact{Label: t.Text("desk.settings.contact"), Value: o.Contact, Note: o.Phone},
		fact{Label: t.Text("desk.settings.policy"), Value: o.PrivacyPolicy},
		fact{Label: t.Text("desk.settings.zone"), Value: t.Zone(o.Place()), Note: t.Text("desk.settings.zone.note")},
		fact{Label: t.Text("desk.settings.responsible"), Value: o.Responsible},
		fact{Label: t.Text("desk.settings.dpo"), Value: o.DataProtectionOfficer},
	)
}

func (s Settings) requests(t *catalog.Texts) []fact {
	q := s.Desk.Requests
	facts := []fact{
		{Label: t.Text("desk.settings.repeated"), Value: t.Plural("desk.period.months", q.RepeatedWithinMonths), Note: t.Text("desk.settings.repeated.note")},
		{Label: t.Text("desk.settings.resends"), Value: strconv.Itoa(q.Resends)},
		{Label: t.Text("desk.settings.calendar"), Value: t.Named("desk.calendar.", q.Calendar), Note: t.Text("desk.settings.calendar.note")},
	}
	for _, cause := range settings.WaitCauses {
		w := q.Waiting[cause]
		facts = append(facts, fact{Label: t.Text("desk.settings.waiting." + cause), Value: t.Plural("desk.period.days", w.Days), Note: t.Text("desk.settings.then." + w.Then)})
	}
	return append(facts,
		fact{Label: t.Text("desk.settings.appeal"), Value: yesOrNo(t, q.AppealByAnother)},
		fact{Label: t.Text("desk.settings.review"), Value: t.Plural("desk.period.days", q.ReviewDays)},
	)
}

// letters are how answers go out, and what two people do together.
func (s Settings) letters(t *catalog.Texts) []fact {
	q := s.Desk.Requests
	var needs []string
	for _, act := range q.FourEyes {
		needs = append(needs, t.Named("desk.needs.", act))
	}
	if len(needs) == 0 {
		needs = []string{t.Text("desk.settings.foureyes.none")}
	}
	return []fact{
		{Label: t.Text("desk.settings.callback"), Value: t.Plural("desk.period.minutes", q.CallbackMinutes)},
		{Label: t.Text("desk.settings.morning"), Value: q.SendAt},
		{Label: t.Text("desk.settings.foureyes"), Value: strings.Join(needs, ", ")},
		{Label: t.Text("desk.settings.blocks"), Value: strconv.Itoa(len(q.TextBlocks))},
	}
}

// roles are which group of the login has which role here.
func (s Settings) roles(t *catalog.Texts) []fact {
	var facts []fact
	for _, group := range slices.Sorted(maps.Keys(s.Desk.DeskRoles)) {
		role := s.Desk.DeskRoles[group]
		facts = append(facts, fact{Label: t.Text("desk.settings.group", "group", group), Value: t.Named("desk.role.", role), Note: t.Text("desk.settings.role." + role)})
	}
	return facts
}

func (s Settings) reminders(t *catalog.Texts) []fact {
	q := s.Desk.Requests
	to := q.Officer
	if to == "" {
		to = s.Desk.Organisation.Contact
	}
	return []fact{
		{Label: t.Text("desk.settings.digest"), Value: to, Note: t.Text("desk.settings.language", "language", catalog.Name(q.OfficerLanguage))},
		{Label: t.Text("desk.settings.remind"), Value: numbers(q.RemindDays), Note: t.Text("desk.settings.remind.note")},
		{Label: t.Text("desk.settings.again"), Value: t.Plural("desk.period.days", q.OverdueAgainDays)},
	}
}

func (s Settings) marketing(t *catalog.Texts) []fact {
	var topics []string
	for _, topic := range s.Desk.Topics {
		topics = append(topics, topic.Title(t.Lang()))
	}
	bounces := t.Text("desk.settings.bounces.never")
	if days := s.Desk.Feedback.SoftBounceWindowDays; days > 0 {
		bounces = t.Text("desk.settings.bounces.within", "days", strconv.Itoa(days), "times", strconv.Itoa(settings.SoftBounceDays))
	}
	return said(
		fact{Label: t.Text("desk.settings.topics"), Value: strings.Join(topics, ", ")},
		fact{Label: t.Text("desk.settings.bounces"), Value: bounces},
		fact{Label: t.Text("desk.settings.redirects"), Value: strings.Join(s.Desk.Forms.Redirects, ", ")},
	)
}

// systems are what other systems are told, and how. Whatever each needs stands in the file.
func (s Settings) systems(t *catalog.Texts) part {
	p := part{Title: t.Text("desk.systems")}
	for _, o := range s.Desk.Systems {
		var tasks []string
		for _, told := range o.Told {
			tasks = append(tasks, t.Named("desk.task.", told))
		}
		required := "desk.system.optional"
		if o.Required {
			required = "desk.system.required"
		}
		p.Facts = append(p.Facts, fact{Label: o.Name.In(t.Lang()), Value: strings.Join(tasks, ", "), Note: strings.Join([]string{
			t.Named("desk.settings.systems.way.", o.Way), t.Plural("desk.settings.systems.days", o.AnswerDays), t.Text(required), o.Owner,
		}, " · ")})
	}
	if len(p.Facts) == 0 {
		p.Texts = []string{t.Text("desk.settings.systems.none")}
	}
	return p
}

func yesOrNo(t *catalog.Texts, yes bool) string {
	if yes {
		return t.Text("desk.yes")
	}
	return t.Text("desk.no")
}

func numbers(all []int) string {
	var texts []string
	for _, n := range all {
		texts = append(texts, strconv.Itoa(n))
	}
	return strings.Join(texts, ", ")
}
