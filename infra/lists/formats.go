package main

import (
	"regexp"
	"slices"
	"strings"
)

// Reasons, in the words of the desk's API.
const (
	unsubscribed = "unsubscribed"
	bounced      = "bounced"
	complained   = "complained"
)

// softly is the reason of a temporary bounce, which opts nobody out.
const softly = "soft"

// format is how one system's export names things. Names of columns and values
// are compared as fold and glued leave them.
type format struct {
	name    string
	address string // the column of the address; here and below the first of "a|b" that is there
	// must are columns by which the export is known; all must be there. Where
	// they are common names, only says which others may be, and dated how the
	// first date must look.
	must  []string
	only  []string
	dated *regexp.Regexp
	// status is the column that says whether and why a person is out, and
	// reasons what its values mean: "" that the person is not out, as does a
	// value that says no; "*" says what any other one means. Without reasons it is
	// read as any column of its name is (kindOf). Without a status column
	// everybody is out.
	status  string
	reasons map[string]string
	ticks   []tick            // in place of a status column: several, the first that is ticked counts
	expired string            // a column that is ticked for entries that hold no longer
	reason  string            // of everybody, without any of these
	scope   string            // the column of the channel or scope, if there is one
	scopes  map[string]string // what its values mean; nil: they are the desk's own
	date    []string          // columns of the date, the first one that is filled
	note    string            // what the report says of the whole list
	// subscribers marks an export of people who may be written to: to take it
	// for an opt-out list would be the worst mistake.
	subscribers bool
}

// tick is a column that says yes, or gives details, for those who are out.
type tick struct{ column, reason string }

var (
	seconds = regexp.MustCompile(`^\d{9,10}$`)
	rfc1123 = regexp.MustCompile(`^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} `)
)

// formats is the one table of what is recognised, looked through from the top;
// plan.go reads every other list by what its columns say. The names are those
// of the systems' own exports as their makers describe them, in November 2026:
// HubSpot's knowledge base (contact properties, and "Export unsubscribes and
// bounces"), Mautic's report on "Do Not Contact" (its export of contacts does
// not say who is out), Mailgun's API reference (the columns of its CSV files),
// and the fields of the APIs of SendGrid (v3 suppressions), Mandrill
// (rejects/list), Postmark (suppressions/dump) and Brevo (blockedContacts), of
// whose CSV files no description was found.
var formats = []format{{
	name: "Privacy Desk", address: "address", must: []string{"scope", "reason", "first_at"},
	status: "reason", reasons: map[string]string{unsubscribed: unsubscribed, bounced: bounced, complained: complained, "paused": ""},
	scope: "scope", date: []string{"first_at", "since"},
}, {
	name: "Mailchimp, unsubscribed contacts", address: "email address", must: []string{"unsub_time"},
	reason: unsubscribed, date: []string{"unsub_time", "last_changed"},
}, {
	name: "Mailchimp, cleaned contacts", address: "email address", must: []string{"clean_time"},
	reason: bounced, date: []string{"clean_time", "last_changed"},
}, {
	name: "Mailchimp, subscribed contacts", address: "email address", must: []string{"member_rating", "optin_time"}, subscribers: true,
}, {
	name: "HubSpot", address: "email", must: []string{"unsubscribed from all email"},
	status: "unsubscribed from all email",
}, {
	name: "HubSpot, unsubscribes and bounces", address: "email|email address|recipient|contact", must: []string{"portal unsubscribe|portal bounce"}, ticks: hubspotTicks,
}, {
	name: "HubSpot, property names", address: "email", must: []string{"hs_email_optout"},
	status: "hs_email_optout",
}, {
	name: "listmonk", address: "email", must: []string{"uuid", "attributes", "status"},
	status: "status", reasons: map[string]string{"blocklisted": unsubscribed, "blacklisted": unsubscribed, "enabled": "", "disabled": ""},
	date: []string{"updated_at", "created_at"},
}, {
	name: "Mautic, report on do not contact", address: "email", must: []string{"dnc reason"},
	status: "dnc reason", reasons: map[string]string{"contactable": "", "": "", "dnc bounced": bounced, "*": unsubscribed},
	scope: "dnc channel", scopes: map[string]string{"": "", "email": "", "sms": "sms", "text message": "sms"}, date: []string{"dnc date"},
}, {
	name: "Mautic, do not contact", address: "email", must: []string{"reason", "channel", "date_added"},
	status:  "reason", // the table lead_donotcontact: 0 is contactable
	reasons: map[string]string{"1": unsubscribed, "unsubscribed": unsubscribed, "2": bounced, "bounced": bounced, "0": "", "contactable": "", "*": unsubscribed},
	scope:   "channel", scopes: map[string]string{"email": "", "sms": "sms"}, date: []string{"date_added"},
}, {
	name: "Amazon SES", address: "emailaddress", must: []string{"reason", "lastupdatetime"},
	status: "reason", reasons: map[string]string{"bounce": bounced, "complaint": complained, "*": unsubscribed}, date: []string{"lastupdatetime"},
}, {
	name: "SendGrid, bounces", address: "email", must: []string{"created", "reason", "status"},
	status: "status", reasons: map[string]string{"*": bounced, "4": softly}, date: []string{"created"},
}, {
	name: "SendGrid, spam reports", address: "email", must: []string{"created", "ip"}, only: []string{}, reason: complained, date: []string{"created"},
}, {
	name: "SendGrid, invalid addresses", address: "email", must: []string{"created", "reason"}, only: []string{}, dated: seconds,
	reason: bounced, date: []string{"created"},
}, {
	name: "SendGrid, group unsubscribes", address: "email", must: []string{"group_id"},
	reason: unsubscribed, date: []string{"created", "created_at"}, note: partly,
}, {
	name: "SendGrid, unsubscribes", address: "email", must: []string{"created"}, only: []string{}, dated: seconds,
	reason: unsubscribed, date: []string{"created"},
}, {
	name: "Mailgun, bounces", address: "address", must: []string{"code", "error", "created_at"}, reason: bounced, date: []string{"created_at"},
}, {
	name: "Mailgun, unsubscribes", address: "address", must: []string{"tags", "created_at"}, only: []string{"tag", "domain"},
	reason: unsubscribed, date: []string{"created_at"}, note: partly,
}, {
	name: "Mailgun, complaints", address: "address", must: []string{"created_at"}, only: []string{"count", "domain"}, dated: rfc1123,
	reason: complained, date: []string{"created_at"},
}, {
	name: "Mandrill", address: "email", must: []string{"reason", "created_at", "expires_at|detail"}, status: "reason", reasons: mandrillReasons,
	expired: "expired", date: []string{"last_event_at", "created_at"},
}, {
	name: "Postmark", address: "emailaddress|email", must: []string{"suppressionreason"}, status: "suppressionreason",
	date: []string{"createdat", "suppressedat", "date"},
}, {
	name: "SparkPost", address: "recipient", must: []string{"type", "source"}, status: "source",
	reasons: map[string]string{"spam complaint": complained, "bounce rule": bounced, "*": unsubscribed}, date: []string{"updated", "created"},
}, {
	name: "SparkPost", address: "recipient|email", must: []string{"non_transactional"}, ticks: sparkpostTicks, date: []string{"updated", "created"},
}, {
	name: "SparkPost", address: "recipient", must: []string{"type", "description"}, only: []string{"created", "updated", "subaccount_id"}, status: "type",
	reasons: map[string]string{"transactional": unsubscribed, "non transactional": unsubscribed, "": ""}, date: []string{"updated", "created"},
}, {
	name: "Brevo", address: "email", must: []string{"blocked_at", "reason.code|reason"}, status: "reason.code|reason", date: []string{"blocked_at"},
}}

// partly is said of lists of those who may have left one topic only.
const partly = "Who left one group or tag only is taken as out of all e-mail."

var (
	hubspotTicks = []tick{
		{"portal unsubscribe", unsubscribed}, {"portal spam report", complained}, {"portal bounce", bounced}, {"global bounce", bounced},
	}
	sparkpostTicks  = []tick{{"non_transactional", unsubscribed}, {"transactional", unsubscribed}}
	mandrillReasons = map[string]string{
		"hard bounce": bounced, "invalid": bounced, "soft bounce": softly, "spam": complained, "unsub": unsubscribed, "unsubscribe": unsubscribed, "custom": unsubscribed,
	}
)

// columns are a format's columns in one file.
type columns struct {
	format
	addressAt, statusAt, scopeAt, expiredAt int // -1: not there
	dateAt, ticksAt                         []int
	kind                                    kind // of the status
}

// recognise finds the format of a table.
func recognise(t table) (columns, bool) {
	for _, f := range formats {
		if c, ok := f.columns(t); ok {
			return c, true
		}
	}
	return columns{}, false
}

func (f format) columns(t table) (columns, bool) {
	names := make([]string, len(t.header))
	for i, h := range t.header {
		names[i] = glued(h)
	}
	at := func(alternatives string) int {
		for name := range strings.SplitSeq(alternatives, "|") {
			if i := slices.Index(names, glued(name)); i >= 0 && name != "" {
				return i
			}
		}
		return -1
	}
	c := columns{format: f, addressAt: at(f.address), statusAt: at(f.status), scopeAt: at(f.scope), expiredAt: at(f.expired)}
	if c.statusAt >= 0 {
		c.kind = kindOf(t.header[c.statusAt])
	}
	if c.addressAt < 0 || slices.ContainsFunc(f.must, func(name string) bool { return at(name) < 0 }) {
		return c, false
	}
	for _, t := range f.ticks {
		c.ticksAt = append(c.ticksAt, at(t.column))
	}
	for _, name := range f.date {
		if i := at(name); i >= 0 {
			c.dateAt = append(c.dateAt, i)
		}
	}
	return c, (f.only == nil || c.alone(names)) && (f.dated == nil || c.allDated(t))
}

// alone reports whether there are no columns but the format's.
func (c columns) alone(names []string) bool {
	for i, name := range names {
		known := i == c.addressAt || name == "" || slices.ContainsFunc(slices.Concat(c.must, c.only), func(n string) bool { return glued(n) == name })
		if !known {
			return false
		}
	}
	return true
}

// sampled is how many records tell what a column holds.
const sampled = 200

// top are the first records, which tell what the columns hold.
func (t table) top(yield func(record) bool) {
	n := 0
	t.records(func(r record) bool {
		n++
		return n <= sampled && yield(r)
	})
}

func (c columns) allDated(t table) bool {
	n := 0
	for r := range t.top {
		n++
		if text := r.cell(c.dateAt[0]); text != "" && !c.dated.MatchString(text) {
			return false
		}
	}
	return n > 0
}

// reads says why a record's person is out, "" if they are not; at is the column
// that nobody can read, -1 if none.
func (c columns) reads(r record) (why string, at int) {
	if c.expiredAt >= 0 && meaning(r.cell(c.expiredAt)) == yes {
		return "", -1
	}
	switch {
	case len(c.ticks) > 0:
		return c.ticked(r), -1
	case c.statusAt < 0:
		return c.reason, -1
	}
	value := r.cell(c.statusAt)
	if c.reasons == nil {
		switch m := c.kind.reads(value); m {
		case softBounce:
			return softly, -1
		case unknown:
			return "", c.statusAt
		default:
			return m.reasonOf(), -1
		}
	}
	word := fold(value)
	first, _, _ := strings.Cut(word, " ") // of a status such as 5.1.1
	for _, w := range []string{word, first, "*"} {
		if why, known := c.reasons[w]; known {
			return why, -1
		}
	}
	if m := meaning(value); m == no || m == nothing {
		return "", -1
	}
	return "", c.statusAt
}

// ticked is the reason of the first column that says that the person is out.
func (c columns) ticked(r record) string {
	for i, t := range c.ticks {
		if m := meaning(r.cell(c.ticksAt[i])); m != no && m != nothing {
			return t.reason
		}
	}
	return ""
}
