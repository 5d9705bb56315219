package inbox

import (
	"slices"
	"strings"
	"unicode"

	"privacydesk/shared/domain/person"
)

// Act is what a mail brings about.
type Act string

// The acts.
const (
	Nothing Act = "nothing"
	OptOut  Act = "opt-out"
	Request Act = "request"
	Reply   Act = "reply" // it belongs to a request that exists
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
	Link           // whose opt-out; of a request or a reply Address is the author
	Subject string // of a request or a reply
	Intents        // of a request
	// Kept means that no mail may answer: an officer must look. The mail may be
	// a machine's, or its author is not shown to have written it.
	Kept bool
	// AtOnce means that the opt-outs of the intents take effect without a
	// confirmation (Art. 21(3) GDPR, 11 CCR 7060(b)).
	AtOnce bool
	// References name the requests that a reply belongs to, those of them that
	// there are. Otherwise is what it means when there are none.
	References []string
	Proven     bool // of a request or a reply: its author is shown to have written it
	Otherwise  *Decision
}

// Reader reads the mail of the desk's own domain.
type Reader struct {
	Domain string           // whose mail is received, in lower case
	Own    []person.Address // addresses that the desk sends from
	// Open opens the token of an unsubscribe link; false for any other text.
	Open func(token string) (Link, bool)
}

// The local parts that are read, before any "+".
const (
	boxUnsubscribe = "unsubscribe"
	boxPrivacy     = "privacy"
)

// Read decides what a mail means, once for each of the desk's mailboxes that
// it went to.
func (r *Reader) Read(m Message) []Decision {
	var decisions []Decision
	for _, box := range r.addressed(m) {
		f := r.facts(box, m)
		d := decide(f)
		decisions = append(decisions, d)
		if d.Act == OptOut && !f.token && f.intents.beyondLeaving() {
			f.box = boxPrivacy
			decisions = append(decisions, decide(f))
		}
	}
	if len(decisions) == 0 {
		return []Decision{{Act: Nothing, Why: "no mailbox of ours"}}
	}
	return decisions
}

// addressed are the mailboxes that a mail went to, each once.
func (r *Reader) addressed(m Message) []string {
	var boxes []string
	for _, to := range m.Recipients {
		box, _, ours := r.split(to)
		if ours && (box == boxUnsubscribe || box == boxPrivacy) && !slices.Contains(boxes, box) {
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

// minToken is shorter than any sealed link.
const minToken = 40

// token finds a sealed link in the subject, and else behind the "+".
func (r *Reader) token(m Message) (l Link, inSubject, found bool) {
	for _, t := range subjectTokens(m.Subject()) {
		if l, found = r.open(t); found {
			return l, true, true
		}
	}
	for _, to := range m.Recipients {
		if box, tag, ours := r.split(to); ours && box == boxUnsubscribe {
			if l, found = r.open(tag); found {
				return l, false, true
			}
		}
	}
	return Link{}, false, false
}

func (r *Reader) open(token string) (Link, bool) {
	if len(token) < minToken {
		return Link{}, false
	}
	return r.Open(token)
}

// subjectTokens are the words of a subject, and all of it without white space,
// since mail systems fold long lines.
func subjectTokens(subject string) []string {
	whole := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, subject)
	return append(strings.FieldsFunc(subject, notToken), whole)
}

// notToken reports whether a rune cannot stand in base64url.
func notToken(c rune) bool {
	return c != '-' && c != '_' && (c > unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c))
}
