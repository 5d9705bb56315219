package settings

import (
	"net/url"
	"slices"
	"strings"
)

// products are the ways that know the API of one product: the domain that its key may be sent to, and an example.
var products = map[string]struct{ domain, example string }{
	"hubspot":   {".hubapi.com", "https://api.hubapi.com"},
	"mailchimp": {".api.mailchimp.com", "https://us21.api.mailchimp.com"},
	"zendesk":   {".zendesk.com", "https://yourcompany.zendesk.com"},
}

// hubspotDays is for how long HubSpot may erase, and one day more.
const hubspotDays = 31

// checkProduct tells what is wrong with a system that is told by the API of a product.
func (s System) checkProduct(check func(ok bool, path, format string, args ...any), at string, topics []Topic) {
	p, is := products[s.Way]
	check(is && s.Way != "zendesk" || len(s.Lists) == 0, at+"lists", "are for mailchimp and hubspot")
	if !is {
		return
	}
	check(!isSite(s.URL) || s.isAt(p.domain), at+"url", "must be that of the API, such as %s", p.example)
	check(s.Secret != "", at+"secret", "is missing: %s asks for a key", s.Way)
	check(slices.Contains(s.Needs, "email"), at+"needs", "must have email: %s finds people by it", s.Way)
	check(s.Way != "zendesk" || !s.Tells("opt_out") && !s.Tells("opt_in"), at+"told", "has a choice, which zendesk cannot keep: tell the tool that sends the mail")
	check(s.Way != "hubspot" || !s.Tells("erasure") || s.AnswerDays >= hubspotDays, at+"answer_days", "must be %d at least: HubSpot takes up to 30 days to erase", hubspotDays)
	for topic, list := range s.Lists {
		check(slices.ContainsFunc(topics, func(t Topic) bool { return t.ID == topic }), at+"lists", "has %q, which is no topic", topic)
		check(isListID(s.Way, list), at+"lists", "has %q for %s; it must be the number of a subscription type of HubSpot, or the ID of an audience of Mailchimp", list, topic)
	}
}

// isAt reports whether the URL is a host of a domain, and nothing more.
func (s System) isAt(domain string) bool {
	u, err := url.Parse(s.URL)
	return err == nil && strings.HasSuffix("."+strings.ToLower(u.Hostname()), domain) && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == "" && u.Port() == ""
}

func isListID(way, id string) bool {
	allowed := "0123456789"
	if way == "mailchimp" {
		allowed += "abcdefghijklmnopqrstuvwxyz"
	}
	return id != "" && len(id) <= 32 && strings.Trim(id, allowed) == ""
}
