package quota

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// Cause says by whose doing a mail is sent. Each cause is counted apart, so
// that what strangers do in somebody's name holds up no mail of their own.
type Cause string

// The causes.
const (
	ByConfirmed Cause = ""         // who has shown that the mailbox is theirs, or an officer: not limited
	ByHolder    Cause = "holder"   // whoever holds a link that was sealed for the mailbox
	ByAuthor    Cause = "author"   // the author of a mail, authenticated by SPF, DKIM and DMARC; perhaps a machine
	ByMail      Cause = "mail"     // the author of any other mail: anybody, or a machine
	ByStranger  Cause = "stranger" // who filled in a form: anybody
)

// Window is how long a mailbox that has had its mails waits for the next.
const Window = 4 * time.Hour

// Mails is the rule for mails that somebody may have caused in another's name.
// One that finds no room waits for it and is not lost.
type Mails struct {
	Meter      Meter
	Key        person.Key
	PerMailbox int // in every Window
	PerDay     int // of all that strangers cause, to whomever
}

// ErrBudget says that strangers have used up the mails of the whole desk.
var ErrBudget = errors.New("the desk's mails for strangers are used up")

// Room reports whether a mail may go now. TooMany, with RetryAt: not before;
// ErrBudget is in it where the whole desk has no room. Any other error: it is
// not known.
func (m *Mails) Room(ctx context.Context, c Cause, to person.Address) error {
	var full *fault.Error
	for _, l := range m.Limits(c, to) {
		n, start, err := m.Meter.Count(ctx, l)
		if err != nil {
			return err
		}
		if n < l.Max {
			continue
		}
		used := Exhausted(start, l)
		if l.Ref == desk {
			used.Err = ErrBudget
		}
		if full == nil || !used.RetryAt.Before(full.RetryAt) {
			full = used
		}
	}
	if full == nil {
		return nil
	}
	return full
}

// Spend counts a mail that went, or may have gone. One too many counts for
// nothing.
func (m *Mails) Spend(ctx context.Context, c Cause, to person.Address) error {
	limits := m.Limits(c, to)
	if len(limits) == 0 {
		return nil
	}
	err := m.Meter.Take(ctx, limits...)
	if fault.CodeOf(err) == fault.TooMany {
		return nil
	}
	return err
}

// Causes lists the causes whose mails are counted.
var Causes = []Cause{ByHolder, ByAuthor, ByMail, ByStranger}

const desk = "desk" // the reference of what is counted for all together

// Limits are what a mail counts against. A mail is answered once a day, so
// that two machines which answer each other do it once a day.
func (m *Mails) Limits(c Cause, to person.Address) []Limit {
	if c == ByConfirmed {
		return nil
	}
	ref := m.Key.Digest("mailbox", mailbox(to))
	own := Limit{Name: "mails-" + string(c), Ref: ref, Max: m.PerMailbox, Per: Window}
	if c == ByAuthor || c == ByMail {
		own.Max, own.Per = 1, Day
	}
	if c == ByHolder || c == ByAuthor {
		return []Limit{own}
	}
	return []Limit{own, {Name: "mails-strangers", Ref: desk, Max: m.PerDay, Per: Day}}
}

// mailbox is one spelling of an address for counting alone: without its tag,
// and without Gmail's dots. Two people who fold into one share a count and
// nothing else, so it is never used for a record.
func mailbox(a person.Address) string {
	local, domain, _ := strings.Cut(a.Reveal(), "@")
	if i := strings.Index(local, "+"); i > 0 {
		local = local[:i]
	}
	if domain == "googlemail.com" {
		domain = "gmail.com"
	}
	if domain == "gmail.com" {
		local = strings.ReplaceAll(local, ".", "")
	}
	return local + "@" + domain
}

// maxMailRequests is how many requests for the same the mails of one address may
// open in a day. No person writes as many; a machine may.
const maxMailRequests = 10

// MailRequests limits the requests that mails of an author, named by their keyed
// reference, may open in a day (UTC) for the same: about says for what.
func MailRequests(author string, about ...string) Limit {
	return Limit{Name: "mailbox-" + strings.Join(slices.Sorted(slices.Values(about)), "-"), Ref: author, Max: maxMailRequests, Per: Day}
}
