package settings

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"privacydesk/shared/domain/person"
)

// Validate checks the settings and reports all faults together, each as a *Fault.
func (d *Desk) Validate() error {
	var faults []error
	check := func(ok bool, path, format string, args ...any) {
		if !ok {
			faults = append(faults, &Fault{Path: path, Text: path + " " + fmt.Sprintf(format, args...)})
		}
	}
	o := d.Organisation
	for setting, text := range map[string]string{"name": o.Name, "legal_name": o.LegalName, "address": o.Address, "responsible": o.Responsible} {
		check(strings.TrimSpace(text) != "", "organisation."+setting, "is missing")
	}
	_, err := person.Parse(o.Contact)
	check(err == nil, "organisation.contact", "must be an e-mail address")
	check(isSite(o.PrivacyPolicy), "organisation.privacy_policy", "must be an https address")
	check(isSite(o.Website), "organisation.website", "must be an https address")
	// The zone itself is loaded by those who compute dates: it costs a file read.
	check(strings.Contains(o.TimeZone, "/"), "organisation.time_zone", "must be an IANA name such as America/Los_Angeles")

	seen := map[string]bool{}
	for i, t := range d.Topics {
		topic := fmt.Sprintf("topics[%d].", i)
		check(isTopicID(t.ID), topic+"id", "must be lower-case letters, digits and hyphens, at most 32")
		check(!seen[t.ID], topic+"id", "%q stands twice", t.ID)
		check(t.Name["en"] != "", topic+"name", "needs at least en")
		seen[t.ID] = true
	}
	q := d.Requests
	check(within(q.RepeatedWithinMonths, 1, 36), "requests.repeated_within_months", "must be 1 to 36")
	check(within(q.Resends, 0, 10), "requests.resends", "must be 0 to 10")
	check(q.Calendar != "", "requests.calendar", "is missing")
	check(within(q.ReviewDays, 7, 90), "requests.review_days", "must be 7 to 90")
	d.checkWatch(check)
	d.checkBlocks(check)
	d.checkRoles(check)
	d.checkSending(check)
	d.checkSystems(check)
	d.checkAccess(check)
	w := d.Feedback.SoftBounceWindowDays
	check(w == 0 || within(w, SoftBounceDays, 90), "feedback.soft_bounce_window_days", "must be 0 or %d to 90", SoftBounceDays)
	check(len(d.Forms.Email) > 0, "forms.email", "needs at least one field name")
	for _, row := range d.Forms.Names() {
		for i, name := range row.Names {
			check(isFieldName(name), fmt.Sprintf("forms.%s[%d]", row.Setting, i), "must hold a letter, or be a field's whole name")
		}
	}
	for i, r := range d.Forms.Redirects {
		check(isSite(r), fmt.Sprintf("forms.redirects[%d]", i), "must be an https address with a host")
	}
	return errors.Join(faults...)
}

// maxBlock is how long a text block may be, in characters: an explanation has room for several.
const maxBlock = 2000

// languages are those that people are written to in.
var languages = []string{"en", "es", "de"}

func (d *Desk) checkBlocks(check func(ok bool, path, format string, args ...any)) {
	seen := map[string]bool{}
	for i, b := range d.Requests.TextBlocks {
		path := fmt.Sprintf("requests.text_blocks[%d].", i)
		check(isTopicID(b.ID), path+"id", "must be lower-case letters, digits and hyphens, at most 32")
		check(!seen[b.ID], path+"id", "%q stands twice", b.ID)
		check(len(b.Text) > 0, path+"text", "needs at least one language")
		seen[b.ID] = true
		for lang, text := range b.Text {
			check(slices.Contains(languages, lang), path+"text", "has %q, which is none of en, es and de", lang)
			check(strings.TrimSpace(text) != "" && len([]rune(text)) <= maxBlock, path+"text."+lang, "must be 1 to %d characters", maxBlock)
		}
	}
}

// isTopicID says what may stand behind "email/" in a scope. No regular
// expression: compiling it would be part of every start.
func isTopicID(id string) bool {
	return within(len(id), 1, 32) && id[0] != '-' && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func within(n, minimum, maximum int) bool { return minimum <= n && n <= maximum }

func isSite(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil
}
