package settings

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"privacydesk/shared/domain/person"
)

// System is another system of the organisation that holds people's data: what
// it is told about their requests and choices, and how.
type System struct {
	ID         string   `yaml:"id"`          // stands in records: never renamed
	Name       Words    `yaml:"name"`        // as letters say it
	Owner      string   `yaml:"owner"`       // the mailbox of the role that answers for it
	Told       []string `yaml:"told"`        // of Told
	Way        string   `yaml:"way"`         // of Ways
	URL        string   `yaml:"url"`         // of its API or webhook
	Secret     string   `yaml:"secret"`      // its name in the secret of the parameter SystemsSecretArn
	AnswerDays int      `yaml:"answer_days"` // days in which it must answer
	Required   bool     `yaml:"required"`    // no request is fulfilled before it has answered
	Needs      []string `yaml:"needs"`       // of Needs: what it is told of the person, and nothing else
	// Lists are a product's own list for each topic: an audience, or a type of subscription.
	Lists  map[string]string `yaml:"lists"`
	Vendor string            `yaml:"vendor"` // whose steps its owner reads with a task (package vendor); empty: nobody's
}

// Told is what a system can be told (the tasks of shared/domain/ledger).
var Told = []string{"erasure", "correction", "restriction", "objection", "access", "opt_out", "opt_in"}

// Ways are how a system can be told: by an event on the bus, by a signed call, by
// a mail to its owner, or by the API of a product.
var Ways = []string{"event", "webhook", "task", "hubspot", "mailchimp", "zendesk"}

// Needs is what a system can need to know of a person: how to find them, what they
// ask for, and their own words.
var Needs = []string{"email", "name", "kinds", "place", "language", "details"}

// The bounds of System.AnswerDays, and how many entries the systems may add to the one
// transaction that decides on a request (DynamoDB takes 100 changes).
const (
	maxAnswerDays = 90
	maxEntries    = 60
)

// Words are a text by language, or in desk.yaml one text for all.
type Words map[string]string

// UnmarshalYAML reads both forms.
func (w *Words) UnmarshalYAML(read func(any) error) error {
	var one string
	if read(&one) == nil {
		*w = Words{"en": one}
		return nil
	}
	return read((*map[string]string)(w))
}

// In returns the text in a language, or in English.
func (w Words) In(lang string) string {
	if text := w[lang]; text != "" {
		return text
	}
	return w["en"]
}

// Tells reports whether the system is told something.
func (s System) Tells(what string) bool { return slices.Contains(s.Told, what) }

// System returns the system with an id.
func (d *Desk) System(id string) (System, bool) {
	i := slices.IndexFunc(d.Systems, func(s System) bool { return s.ID == id })
	if i < 0 {
		return System{}, false
	}
	return d.Systems[i], true
}

func (d *Desk) checkSystems(check func(ok bool, path, format string, args ...any)) {
	seen, entries := map[string]bool{}, 0
	for i, s := range d.Systems {
		at := fmt.Sprintf("systems[%d].", i)
		check(isTopicID(s.ID), at+"id", "must be lower-case letters, digits and hyphens, at most 32")
		check(!seen[s.ID], at+"id", "%q stands twice", s.ID)
		check(strings.TrimSpace(s.Name["en"]) != "", at+"name", "needs at least en")
		_, err := person.Parse(s.Owner)
		check(err == nil, at+"owner", "must be an e-mail address")
		check(within(s.AnswerDays, 1, maxAnswerDays), at+"answer_days", "must be 1 to %d", maxAnswerDays)
		checkWords(check, at+"told", s.Told, Told)
		checkWords(check, at+"needs", s.Needs, Needs)
		check(len(s.Told) > 0, at+"told", "must name what the system is told")
		s.checkWay(check, at)
		s.checkProduct(check, at, d.Topics)
		seen[s.ID] = true
		entries += len(slices.DeleteFunc(slices.Clone(s.Told), func(t string) bool { return strings.HasPrefix(t, "opt_") }))
	}
	check(entries <= maxEntries, "systems", "tell %d things about one request; at most %d go into one transaction", entries, maxEntries)
}

// checkWay tells what is wrong with how a system is told.
func (s System) checkWay(check func(ok bool, path, format string, args ...any), at string) {
	if !slices.Contains(Ways, s.Way) {
		check(false, at+"way", "has %q, which is none of %s; did you mean %s?", s.Way, strings.Join(Ways, ", "), nearestOf(s.Way, Ways))
		return
	}
	calls := s.Way != "event" && s.Way != "task"
	if s.URL != "" || calls {
		check(isSite(s.URL) && !isIPHost(s.URL), at+"url", "must be an https address with a host name, not a number")
	}
	check(calls || s.URL == "", at+"url", "is for ways that call the system; %s does not", s.Way)
	check(calls || s.Secret == "", at+"secret", "is for ways that call the system; %s does not", s.Way)
	check(s.Secret == "" || isWord(s.Secret), at+"secret", "must be the name of a secret, not what it holds")
	check(s.Way != "task" || !s.Tells("opt_out") && !s.Tells("opt_in"), at+"told", "has a choice, which no task tells: its owner asks for the list of changes (GET /api/suppressions)")
	check(s.Way == "event" || len(s.Needs) > 0, at+"needs", "must say by what the system finds a person, such as email")
	check(s.Way != "event" || !s.Required, at+"required", "must be no: nobody can answer an event, so no request would ever be fulfilled; take way: task or webhook for a system that must answer")
	check(s.Way != "event" || len(s.Needs) == 0, at+"needs", "must be empty: an event names nobody")
}

// checkWords tells of words that are not known, or that stand twice.
func checkWords(check func(ok bool, path, format string, args ...any), at string, words, known []string) {
	for i, w := range words {
		if !slices.Contains(known, w) { // looking for what is near takes long
			check(false, at, "has %q, which is none of %s; did you mean %s?", w, strings.Join(known, ", "), nearestOf(w, known))
			continue
		}
		check(!slices.Contains(words[:i], w), at, "has %q twice", w)
	}
}

// isIPHost reports whether the host of an address is a number in any of the forms that
// resolvers read as an IP address, such as 127.1 or 0x7f000001.
func isIPHost(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	_, err = netip.ParseAddr(host)
	last := host[strings.LastIndex(host, ".")+1:]
	return err == nil || last == "" || '0' <= last[0] && last[0] <= '9'
}
