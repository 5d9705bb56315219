package settings_test

import (
	"strings"
	"testing"

	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
)

func toZendesk(s *settings.System) {
	s.Way, s.URL, s.Secret = "zendesk", "https://biosero.zendesk.com", "zendesk"
}

func toHubSpot(s *settings.System) {
	s.Way, s.URL, s.Secret, s.AnswerDays, s.Lists = "hubspot", "https://api.hubapi.com", "hubspot", 31, map[string]string{"newsletter": "7"}
}

// Each way in which a system can be set wrong, and what is said.
func TestSystems(t *testing.T) {
	const crm, newsletter, contracts, warehouse = 0, 1, 2, 3
	for name, c := range map[string]struct {
		which  int
		change func(*settings.System)
		want   string
	}{
		"as it is":             {crm, func(*settings.System) {}, ""},
		"an id":                {crm, func(s *settings.System) { s.ID = "CRM" }, "systems[0].id must be lower-case"},
		"an id twice":          {newsletter, func(s *settings.System) { s.ID = "crm" }, `systems[1].id "crm" stands twice`},
		"no name":              {crm, func(s *settings.System) { s.Name = nil }, "systems[0].name needs at least en"},
		"an empty name":        {crm, func(s *settings.System) { s.Name = settings.Words{"en": " "} }, "systems[0].name needs at least en"},
		"no owner":             {contracts, func(s *settings.System) { s.Owner = "sales" }, "systems[2].owner must be an e-mail address"},
		"told nothing":         {crm, func(s *settings.System) { s.Told = nil }, "systems[0].told must name what the system is told"},
		"told a slip":          {crm, func(s *settings.System) { s.Told = []string{"erasures"} }, "did you mean erasure?"},
		"told twice":           {crm, func(s *settings.System) { s.Told = []string{"erasure", "access", "erasure"} }, `systems[0].told has "erasure" twice`},
		"an unknown way":       {crm, func(s *settings.System) { s.Way = "webhoook" }, "systems[0].way has \"webhoook\", which is none of event, webhook, task, hubspot, mailchimp, zendesk; did you mean webhook?"},
		"no way":               {crm, func(s *settings.System) { s.Way = "" }, "systems[0].way has \"\""},
		"no url":               {crm, func(s *settings.System) { s.URL = "" }, "systems[0].url must be an https address"},
		"plain http":           {crm, func(s *settings.System) { s.URL = "http://crm.example.com/" }, "systems[0].url must be an https address"},
		"with a password":      {crm, func(s *settings.System) { s.URL = "https://me:pw@crm.example.com/" }, "systems[0].url must be an https address"},
		"an address":           {crm, func(s *settings.System) { s.URL = "https://10.0.0.1/" }, "with a host name, not a number"},
		"an IPv6 address":      {crm, func(s *settings.System) { s.URL = "https://[::1]/" }, "with a host name, not a number"},
		"a short address":      {crm, func(s *settings.System) { s.URL = "https://127.1/" }, "with a host name, not a number"},
		"a number":             {crm, func(s *settings.System) { s.URL = "https://2130706433/" }, "with a host name, not a number"},
		"a hexadecimal number": {crm, func(s *settings.System) { s.URL = "https://0x7f000001/" }, "with a host name, not a number"},
		"a number with a dot":  {crm, func(s *settings.System) { s.URL = "https://169.254.169.254./" }, "with a host name, not a number"},
		"a name with a number": {crm, func(s *settings.System) { s.URL = "https://10.crm2.example.com:8443/a?b=c" }, ""},
		"a name with a dot":    {crm, func(s *settings.System) { s.URL = "https://crm.example.com./" }, ""},
		"a task with a url":    {contracts, func(s *settings.System) { s.URL = "https://crm.example.com/" }, "systems[2].url is for ways that call the system; task does not"},
		"a task of choices":    {contracts, func(s *settings.System) { s.Told = []string{"opt_in"} }, "systems[2].told has a choice, which no task tells"},
		"an event with a key":  {warehouse, func(s *settings.System) { s.Secret = "x" }, "systems[3].secret is for ways that call the system; event does not"},
		"no key":               {newsletter, func(s *settings.System) { s.Secret = "" }, "systems[1].secret is missing: mailchimp asks for a key"},
		"no word":              {newsletter, func(s *settings.System) { s.Secret = "a key" }, "systems[1].secret must be the name of a secret"},
		"no address":           {newsletter, func(s *settings.System) { s.URL = "" }, "systems[1].url must be an https address"},
		"another's API":        {newsletter, func(s *settings.System) { s.URL = "https://mailchimp.example.com/" }, "systems[1].url must be that of the API, such as https://us21.api.mailchimp.com"},
		"a look-alike":         {newsletter, func(s *settings.System) { s.URL = "https://evilapi.mailchimp.com/" }, "systems[1].url must be that of the API"},
		"with a path":          {newsletter, func(s *settings.System) { s.URL += "/3.0" }, "systems[1].url must be that of the API"},
		"with a port":          {newsletter, func(s *settings.System) { s.URL += ":8443" }, "systems[1].url must be that of the API"},
		"by name alone":        {newsletter, func(s *settings.System) { s.Needs = []string{"name"} }, "systems[1].needs must have email: mailchimp finds people by it"},
		"no topic":             {newsletter, func(s *settings.System) { s.Lists = map[string]string{"news": "a1"} }, `systems[1].lists has "news", which is no topic`},
		"no audience":          {newsletter, func(s *settings.System) { s.Lists = map[string]string{"newsletter": "a1/../b2"} }, `systems[1].lists has "a1/../b2" for newsletter; it must be`},
		"lists of a webhook":   {crm, func(s *settings.System) { s.Lists = map[string]string{"newsletter": "a1"} }, "systems[0].lists are for mailchimp and hubspot"},
		"Zendesk":              {crm, toZendesk, ""},
		"choices of Zendesk":   {crm, func(s *settings.System) { toZendesk(s); s.Told = append(s.Told, "opt_out") }, "systems[0].told has a choice, which zendesk cannot keep"},
		"HubSpot":              {crm, toHubSpot, ""},
		"a word for a number":  {crm, func(s *settings.System) { toHubSpot(s); s.Lists["newsletter"] = "a1" }, `systems[0].lists has "a1" for newsletter; it must be the number`},
		"HubSpot's 30 days":    {crm, func(s *settings.System) { toHubSpot(s); s.AnswerDays = 30 }, "systems[0].answer_days must be 31 at least: HubSpot takes up to 30 days to erase"},
		"no days":              {crm, func(s *settings.System) { s.AnswerDays = 0 }, "systems[0].answer_days must be 1 to 90"},
		"many days":            {crm, func(s *settings.System) { s.AnswerDays = 91 }, "systems[0].answer_days must be 1 to 90"},
		"needs nothing":        {crm, func(s *settings.System) { s.Needs = nil }, "systems[0].needs must say by what the system finds a person"},
		"needs a slip":         {crm, func(s *settings.System) { s.Needs = []string{"e-mail"} }, "did you mean email?"},
		"needs it twice":       {crm, func(s *settings.System) { s.Needs = []string{"email", "email"} }, `systems[0].needs has "email" twice`},
		"an event to wait for": {warehouse, func(s *settings.System) { s.Required = true }, "systems[3].required must be no: nobody can answer an event"},
		"an event with needs":  {warehouse, func(s *settings.System) { s.Needs = []string{"email"} }, "systems[3].needs must be empty"},
	} {
		d := testkit.Desk(t)
		testkit.WithSystems(d)
		c.change(&d.Systems[c.which])
		if err := d.Validate(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One decision is one transaction, whatever is told.
func TestSystemsFitIntoOneTransaction(t *testing.T) {
	d := testkit.Desk(t)
	for i := range 21 {
		d.Systems = append(d.Systems, settings.System{
			ID: string(rune('a' + i)), Name: settings.Words{"en": "x"}, Owner: "a@example.com", Way: "event", AnswerDays: 1,
			Told: []string{"erasure", "access", "correction", "opt_out"},
		})
	}
	if err := d.Validate(); err == nil || !strings.Contains(err.Error(), "systems tell 63 things about one request; at most 60") {
		t.Error(err)
	}
	d.Systems = d.Systems[:20]
	if err := d.Validate(); err != nil {
		t.Error(err)
	}
}

func TestSystemsByIDAndName(t *testing.T) {
	d := testkit.Desk(t)
	testkit.WithSystems(d)
	s, ok := d.System("warehouse")
	if !ok || s.Name.In("de") != "Data warehouse" || !s.Tells("opt_in") || s.Tells("access") {
		t.Errorf("%+v, %v", s, ok)
	}
	if s, _ = d.System("crm"); s.Name.In("de") != "unsere Kundendatenbank" || s.Name.In("fr") != "our customer database" || !s.Required {
		t.Errorf("%+v", s)
	}
	if _, ok = d.System("none"); ok {
		t.Error("a system that is not there")
	}
	if len(testkit.Desk(t).Systems) != 0 {
		t.Error("most tests tell nobody")
	}
}
