package inbox

import (
	"slices"
	"strings"

	"privacydesk/shared/domain/person"
)

// standing says how far a mail shows that its author wrote it.
type standing int

// The standings, each worth more than the one before.
const (
	nobody    standing = iota // there is no address to keep
	named                     // the author is unclear; the address is that of whoever sent the mail
	disowned                  // DMARC failed, and the author's domain wants such mail refused (RFC 7489 section 6.3)
	doubtful                  // DMARC failed under p=none, or could not be checked, or another sent it for them
	unchecked                 // the author's domain publishes no DMARC record: nobody says how to check
	proven                    // DMARC passed, or SPF or DKIM did for the author's own domain
)

// author is whose mail it is, and what shows it.
type author struct {
	address person.Address
	standing
}

// author decides whose mail it is. Of a mail without one author whom we could
// answer it is a guess, which nothing but a look of the officer may follow.
func (r *Reader) author(m Message) author {
	all, clear := m.Authors()
	switch {
	case !clear || len(all) != 1:
		return r.sentBy(m, m.values("Sender"), []string{m.Sender})
	case r.own(all[0]): // a group of ours may have put its own address there
		return r.sentBy(m)
	case silent(all[0]): // a form on a website mails so
		return r.sentBy(m, m.values("Reply-To"))
	}
	return author{all[0], m.standing(all[0])}
}

// sentBy is the one address of the first fields that name one. Groups that
// write their own address into From keep the author's beside it.
func (r *Reader) sentBy(m Message, fields ...[]string) author {
	for _, f := range append([][]string{m.values("X-Original-From"), m.values("X-Original-Sender")}, fields...) {
		all, clear := mailboxes(f)
		if clear && len(all) == 1 && !r.own(all[0]) && !silent(all[0]) {
			return author{all[0], named}
		}
	}
	return author{}
}

func (m Message) standing(from person.Address) standing {
	switch {
	case m.DMARC == Pass, m.DMARC != Fail && m.aligned(from):
		return proven
	case m.DMARC == Fail && slices.Contains([]string{"reject", "quarantine"}, strings.ToLower(m.DMARCPolicy)):
		return disowned
	case m.DMARC == Gray && !m.sentFor(from):
		return unchecked
	}
	return doubtful
}

// sentFor reports whether somebody else says that they sent the mail for its
// author (RFC 5322 section 3.6.2).
func (m Message) sentFor(from person.Address) bool {
	all, clear := mailboxes(m.values("Sender"))
	return !clear || len(all) > 1 || len(all) == 1 && all[0] != from
}

// aligned reports whether SPF or DKIM passed for the author's own domain, as
// DMARC would ask (RFC 7489 section 3.1) where there is a record.
func (m Message) aligned(from person.Address) bool {
	_, mailFrom, _ := strings.Cut(bare(m.Sender), "@")
	if m.SPF == Pass && related(mailFrom, from.Domain()) {
		return true
	}
	return m.DKIM == Pass && slices.ContainsFunc(m.signers(), func(d string) bool { return related(d, from.Domain()) })
}

// related reports whether one domain is the other or lies below it: the
// relaxed alignment of DMARC without a list of public suffixes. Nobody passes
// SPF or DKIM for a suffix that others share.
func related(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return a != "" && (a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a))
}

// signers are the domains whose DKIM signature passed, as SES wrote down in
// the topmost Authentication-Results (RFC 8601 section 2.2). The others came
// with the mail, so that anybody may have written them.
func (m Message) signers() []string {
	results := strings.Split(m.first("Authentication-Results"), ";")
	if strings.TrimSpace(results[0]) != "amazonses.com" {
		return nil
	}
	var domains []string
	for _, result := range results[1:] {
		words := strings.Fields(result)
		if len(words) == 0 || words[0] != "dkim=pass" {
			continue
		}
		for _, w := range words[1:] {
			if identity, is := strings.CutPrefix(w, "header.i="); is {
				domains = append(domains, identity[strings.LastIndexByte(identity, '@')+1:])
			} else if domain, is := strings.CutPrefix(w, "header.d="); is {
				domains = append(domains, domain)
			}
		}
	}
	return domains
}
