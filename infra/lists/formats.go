package main

import (
	"slices"
	"strings"
	"time"
)

// Reasons, in the words of the desk's API.
const (
	unsubscribed = "unsubscribed"
	bounced      = "bounced"
	complained   = "complained"
)

// format is how one system's export names things. Header names are compared
// without case, and with "-", "_" and blanks alike.
type format struct {
	name    string
	address []string // the column of the address: the first of these that is there
	// must are columns by which the export is known; all must be there.
	must []string
	// status is the column that says whether and why a person is out, and
	// reasons what its values mean: "" that the person is not out, as does a
	// value that says no (untickedWords); "*" says what any other one means.
	// Without a status column everybody is out.
	status  string
	reasons map[string]string
	ticks   []tick            // in place of a status column: several, the first that is ticked counts
	reason  string            // of everybody, without any of these
	scope   string            // the column of the channel or scope, if there is one
	scopes  map[string]string // what its values mean; nil: they are the desk's own
	date    []string          // columns of the date, the first one that is filled
	// subscribers marks an export of people who may be written to: to take it
	// for an opt-out list would be the worst mistake.
	subscribers bool
}

// tick is a column that says yes, or gives details, for those who are out.
type tick struct{ column, reason string }

// formats is the one table of what is recognised, looked through from the top.
// The names are those of the systems' own exports as their makers describe
// them, in November 2026: HubSpot's knowledge base (contact properties, and
// "Export unsubscribes and bounces"), Mautic's report on "Do Not Contact" (its
// export of contacts does not say who is out).
var formats = []format{{
	name: "Privacy Desk", address: []string{"address"}, must: []string{"scope", "reason", "first_at"},
	status: "reason", reasons: map[string]string{unsubscribed: unsubscribed, bounced: bounced, complained: complained, "paused": ""},
	scope: "scope", date: []string{"first_at", "since"},
}, {
	name: "Mailchimp, unsubscribed contacts", address: []string{"email address"}, must: []string{"unsub_time"},
	reason: unsubscribed, date: []string{"unsub_time", "last_changed"},
}, {
	name: "Mailchimp, cleaned contacts", address: []string{"email address"}, must: []string{"clean_time"},
	reason: bounced, date: []string{"clean_time", "last_changed"},
}, {
	name: "Mailchimp, subscribed contacts", address: []string{"email address"}, must: []string{"member_rating"}, subscribers: true,
}, {
	name: "HubSpot", address: []string{"email"}, must: []string{"unsubscribed from all email"},
	status: "unsubscribed from all email", reasons: yes(unsubscribed),
}, {
	name: "HubSpot, unsubscribes and bounces", address: hubspotAddress, must: []string{"portal unsubscribe"}, ticks: hubspotTicks,
}, {
	name: "HubSpot, unsubscribes and bounces", address: hubspotAddress, must: []string{"portal bounce"}, ticks: hubspotTicks,
}, {
	name: "HubSpot, property names", address: []string{"email"}, must: []string{"hs_email_optout"},
	status: "hs_email_optout", reasons: yes(unsubscribed),
}, {
	name: "listmonk", address: []string{"email"}, must: []string{"uuid", "attributes", "status"},
	status: "status", reasons: map[string]string{"blocklisted": unsubscribed, "blacklisted": unsubscribed, "enabled": "", "disabled": ""},
	date: []string{"updated_at", "created_at"},
}, {
	name: "Mautic, report on do not contact", address: []string{"email"}, must: []string{"dnc reason"},
	status: "dnc reason", reasons: map[string]string{"contactable": "", "": "", "dnc bounced": bounced, "*": unsubscribed},
	scope: "dnc channel", scopes: map[string]string{"": "", "email": "", "sms": "sms", "text message": "sms"}, date: []string{"dnc date"},
}, {
	name: "Mautic, do not contact", address: []string{"email"}, must: []string{"reason", "channel", "date_added"},
	status:  "reason", // the table lead_donotcontact: 0 is contactable
	reasons: map[string]string{"1": unsubscribed, "unsubscribed": unsubscribed, "2": bounced, "bounced": bounced, "0": "", "contactable": "", "*": unsubscribed},
	scope:   "channel", scopes: map[string]string{"email": "", "sms": "sms"}, date: []string{"date_added"},
}, {
	name: "Mautic, contacts", address: []string{"email"}, must: []string{"donotcontact"},
	status: "donotcontact", reasons: yes(unsubscribed),
}, {
	name: "Mautic, contacts", address: []string{"email"}, must: []string{"donotemail"},
	status: "donotemail", reasons: yes(unsubscribed),
}, {
	name: "Amazon SES", address: []string{"emailaddress", "email address"}, must: []string{"reason"},
	status: "reason", reasons: map[string]string{"bounce": bounced, "complaint": complained, "*": unsubscribed}, date: []string{"lastupdatetime", "last update time"},
}, {
	name: "Amazon SES, for import", address: []string{"email"}, must: []string{"reason"},
	status: "reason", reasons: map[string]string{"bounce": bounced, "complaint": complained, bounced: bounced, complained: complained, "*": unsubscribed},
	date: []string{"date", "at"},
}, {
	name: "listmonk, subscribers", address: []string{"email"}, must: []string{"status"}, subscribers: true,
}, {
	name: "a list of addresses", address: []string{"email", "e mail", "email address", "e mail address", "address", "mail"},
	reason: unsubscribed, date: []string{"unsubscribed at", "unsubscribed on", "opted out at", "opt out date", "date", "at"},
}}

var (
	hubspotAddress = []string{"email", "email address", "recipient", "contact"}
	hubspotTicks   = []tick{
		{"portal unsubscribe", unsubscribed}, {"portal spam report", complained}, {"portal bounce", bounced}, {"global bounce", bounced},
	}
)

// untickedWords are what a column holds of those who are not out.
var untickedWords = []string{"", "false", "no", "0", "-"}

// yes are the values of a status that is a tick.
func yes(reason string) map[string]string {
	return map[string]string{"true": reason, "yes": reason, "1": reason, "y": reason, "ja": reason, "sí": reason}
}

// reasonOf says why a person is out, "" if they are not. A status that nobody
// knows, such as a tick in another language, is not known to be a no.
func (f format) reasonOf(status string) (reason string, known bool) {
	status = strings.ToLower(status)
	for _, word := range []string{status, "*"} {
		if reason, known = f.reasons[word]; known {
			return reason, true
		}
	}
	return "", slices.Contains(untickedWords, status)
}

// columns are a format's columns in one file.
type columns struct {
	format
	addressAt, statusAt, scopeAt int // -1: not there
	dateAt, ticksAt              []int
}

// recognise finds the format of a header line.
func recognise(header []string) (columns, bool) {
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = plain(h)
	}
	at := func(name string) int { return slices.Index(names, plain(name)) }
	for _, f := range formats {
		c := columns{format: f, addressAt: -1, statusAt: -1, scopeAt: -1}
		for _, name := range f.address {
			if c.addressAt < 0 {
				c.addressAt = at(name)
			}
		}
		if c.addressAt < 0 || slices.ContainsFunc(f.must, func(name string) bool { return at(name) < 0 }) {
			continue
		}
		if f.status != "" {
			c.statusAt = at(f.status)
		}
		if f.scope != "" {
			c.scopeAt = at(f.scope)
		}
		for _, t := range f.ticks {
			c.ticksAt = append(c.ticksAt, at(t.column))
		}
		for _, name := range f.date {
			if i := at(name); i >= 0 {
				c.dateAt = append(c.dateAt, i)
			}
		}
		return c, true
	}
	return columns{}, false
}

func plain(header string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(header))), " ")
}

// dateLayouts are how the exports write dates. One without a zone is taken as
// UTC, as these systems export it. 02/01/2006 is not here: nobody can tell a
// day from a month in it.
var dateLayouts = []string{
	time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999 -0700 MST",
	"2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02", "Jan 2, 2006 3:04 PM", "Jan 2, 2006",
	"January 2, 2006 3:04 pm", "January 2, 2006", "02.01.2006 15:04:05", "02.01.2006",
}

// readDate reads a date, or says that it cannot.
func readDate(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1970 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
