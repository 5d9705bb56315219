package inbox

import (
	"slices"
	"strings"
	"unicode"

	"privacydesk/shared/person"
)

// Act is what a mail brings about.
type Act string

// The acts.
const (
	Nothing Act = "nothing"
	OptOut  Act = "opt-out"
	Request Act = "request"
)

// Link is what a sealed unsubscribe link says.
type Link struct {
	Address         person.Address
	Topic, Campaign string
}

// Decision is what one mail means to one of the desk's mailboxes.
type Decision struct {
	Act     Act
	Why     string // the rule that decided; it holds nothing of the mail
	Link           // whose opt-out; of a request Address is the author
	Subject string // of a request
}

// Reader reads the mail of the desk's own domain.
type Reader struct {
	Domain string           // whose mail is received, in lower case
	Own    []person.Address // addresses that the desk sends from
	// Open opens the token of an unsubscribe link; false for any other text.
	Open func(token string) (Link, bool)
}

// mailboxes are the local parts that are read, before any "+".
var mailboxes = map[string]func(*Reader, Message) Decision{
	"unsubscribe": (*Reader).unsubscribe,
	"privacy":     (*Reader).privacy,
}

// Read decides what a mail means, once for each of the desk's mailboxes that
// it went to.
func (r *Reader) Read(m Message) []Decision {
	var decisions []Decision
	for _, box := range r.addressed(m) {
		if sign := r.automatic(m); sign != "" {
			decisions = append(decisions, nothing("automatic: "+sign))
			continue
		}
		decisions = append(decisions, mailboxes[box](r, m))
	}
	if len(decisions) == 0 {
		return []Decision{nothing("no mailbox of ours")}
	}
	return decisions
}

func nothing(why string) Decision { return Decision{Act: Nothing, Why: why} }

// addressed are the mailboxes that a mail went to, each once.
func (r *Reader) addressed(m Message) []string {
	var boxes []string
	for _, to := range m.Recipients {
		box, _, ours := r.split(to)
		if ours && mailboxes[box] != nil && !slices.Contains(boxes, box) {
			boxes = append(boxes, box)
		}
	}
	return boxes
}

// split takes unsubscribe+TOKEN@domain apart; false for another domain.
func (r *Reader) split(recipient string) (box, tag string, ours bool) {
	at := strings.LastIndexByte(bare(recipient), '@')
	if at < 0 {
		return "", "", false
	}
	local, domain := bare(recipient)[:at], bare(recipient)[at+1:]
	box, tag, _ = strings.Cut(local, "+")
	return strings.ToLower(box), tag, r.Domain != "" && strings.EqualFold(domain, r.Domain)
}

// rule decides a mail to unsubscribe@…; an empty Act leaves it to the next.
type rule struct {
	name   string
	decide func(*Reader, Message) Decision
}

// unsubscribeRules is the table of them, looked through from the top.
var unsubscribeRules = []rule{
	// The sealed token says whose it is, whoever sends it: people forward mail,
	// and mail clients send from the account that they like.
	{"token", func(r *Reader, m Message) Decision {
		for _, candidate := range r.tokens(m) {
			if l, ok := r.Open(candidate); ok {
				return Decision{Act: OptOut, Link: l}
			}
		}
		return Decision{}
	}},
	{"virus", when(func(m Message) bool { return m.Virus != Pass })},
	{"spam", when(func(m Message) bool { return m.Spam != Pass })},
	{"not authenticated", when(func(m Message) bool { return m.SPF != Pass || m.DKIM != Pass || m.DMARC != Pass })},
	// DMARC has found that the author's domain is the one that signed; there is
	// one author, and nobody else sends for them.
	{"another sender", when(func(m Message) bool {
		_, one := m.From()
		return !one || len(m.values("Sender")) > 0
	})},
	{"author", func(_ *Reader, m Message) Decision {
		from, _ := m.From()
		return Decision{Act: OptOut, Link: Link{Address: from}}
	}},
}

// when makes a rule of what keeps a mail from having an effect.
func when(holds func(Message) bool) func(*Reader, Message) Decision {
	return func(_ *Reader, m Message) Decision {
		if holds(m) {
			return Decision{Act: Nothing}
		}
		return Decision{}
	}
}

// requestRules decide a mail to privacy@…. An unverified request has no effect
// but one mail to the author, so more is taken here: any channel counts
// (11 CCR 7020(e)).
var requestRules = []rule{
	{"virus", when(func(m Message) bool { return m.Virus == Fail })},
	{"spam", when(func(m Message) bool { return m.Spam == Fail })},
	{"forged", when(func(m Message) bool {
		return m.DMARC == Fail && slices.Contains([]string{"reject", "quarantine"}, strings.ToLower(m.DMARCPolicy))
	})},
	{"no author", when(func(m Message) bool { _, one := m.From(); return !one })},
	{"author", func(_ *Reader, m Message) Decision {
		from, _ := m.From()
		return Decision{Act: Request, Link: Link{Address: from}, Subject: m.Subject()}
	}},
}

func (r *Reader) unsubscribe(m Message) Decision { return r.decide(unsubscribeRules, m) }

func (r *Reader) privacy(m Message) Decision { return r.decide(requestRules, m) }

func (r *Reader) decide(rules []rule, m Message) Decision {
	for _, rule := range rules {
		if d := rule.decide(r, m); d.Act != "" {
			d.Why = rule.name
			return d
		}
	}
	return nothing("no rule")
}

// minToken is shorter than any sealed link.
const minToken = 40

// tokens are the texts of a mail that may be a sealed link: what stands behind
// the "+", and of the subject every long word, and all of it without white
// space, since mail systems fold long lines.
func (r *Reader) tokens(m Message) []string {
	var found []string
	for _, to := range m.Recipients {
		if box, tag, ours := r.split(to); ours && box == "unsubscribe" {
			found = append(found, tag)
		}
	}
	subject := m.Subject()
	found = append(found, strings.FieldsFunc(subject, notToken)...)
	found = append(found, strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, subject))
	return slices.DeleteFunc(found, func(t string) bool { return len(t) < minToken })
}

// notToken reports whether a rune cannot stand in base64url.
func notToken(c rune) bool {
	return c != '-' && c != '_' && (c > unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c))
}
