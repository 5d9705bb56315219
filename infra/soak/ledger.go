package main

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/standin"
)

// ledger holds the letters against what people were promised, what the table
// says of them, and what is in the mailbox.
type ledger struct {
	p             *post
	promised      map[letter]int  // by request and template
	alarmed       map[letter]bool // the operator has been alerted
	handed        map[letter]int  // calls to SES that came as far as the proxy
	falseRefusals map[letter]int  // that SES took, and refused all the same

	due, sent, unknown, obsolete int // letters, at the last check
}

// errNoLetter says of an act that went well that no letter follows.
var errNoLetter = errors.New("no letter")

func newLedger(p *post) *ledger {
	return &ledger{p: p, promised: map[letter]int{}, alarmed: map[letter]bool{}, falseRefusals: map[letter]int{}, handed: map[letter]int{}}
}

func (l *ledger) promise(id string, t outbox.Template) { l.promised[letter{id, string(t)}]++ }

// alarm is the operator's; a process that was killed raises none.
func (l *ledger) alarm(_ context.Context, n outbox.Letter) {
	if !l.p.doing.dead {
		l.alarmed[letterOf(n)] = true
	}
}

func (l *ledger) countFalseRefusal(c *faults.Call) {
	for _, of := range lettersOf(c) {
		l.falseRefusals[of]++
	}
}

// drainAndCheck ends all work without faults, and checks every letter.
func (p *post) drainAndCheck(ctx context.Context) {
	p.proxy.Decide(nil)
	defer func() { p.proxy.Decide(p.outcome) }()
	rows, err := p.sendAll(ctx)
	if err != nil {
		p.reportLoss("letters fail without a fault: %v", err)
		return
	}
	copies, err := p.mailbox()
	if err != nil {
		p.reportLoss("the mailbox cannot be read: %v", err)
		return
	}
	p.audit(rows, copies)
}

// sendAll sends until nothing waits: for an attempt that never ended ten minutes,
// for room in a mailbox some hours.
func (p *post) sendAll(ctx context.Context) (states map[letter]string, err error) {
	for n := range 24 {
		if p.clock.Move(11 * time.Minute); n > 2 {
			p.clock.Move(quota.Window)
		}
		if err = p.send(ctx); err != nil {
			return nil, err
		}
		if states, err = p.letters(ctx); err != nil {
			return nil, err
		}
		waits := slices.ContainsFunc(slices.Collect(maps.Values(states)), func(s string) bool { return s == "pending" || s == "sending" })
		if !waits {
			break
		}
	}
	return states, nil
}

// audit holds the states of all letters against the mailbox.
func (l *ledger) audit(states map[letter]string, copies map[letter]int) {
	l.due, l.sent, l.unknown, l.obsolete = len(states), 0, 0, 0
	there := map[letter]int{}
	for of, state := range states {
		there[letter{of.id, of.kind()}]++
		n := copies[of]
		if n > 1+l.falseRefusals[of] {
			l.p.reportLoss("%v: %d copies, and SES refused it %d times after it was taken", of, n, l.falseRefusals[of])
		}
		switch state {
		case "sent":
			l.sent++
			if n == 0 {
				l.p.reportLoss("%v: sent, and not in the mailbox", of)
			}
		case "unknown":
			l.unknown++
			if !l.alarmed[of] {
				l.p.reportLoss("%v: unknown, and no alarm was raised", of)
			}
		case "obsolete":
			l.obsolete++
			if !slices.Contains([]string{"verify", "acknowledge", "extended", "waiting"}, of.kind()) {
				l.p.reportLoss("%v: never went, as if it were obsolete", of)
			}
		default:
			l.p.reportLoss("%v: still %s", of, state)
		}
	}
	for of, n := range l.promised {
		if there[of] < n {
			l.p.reportLoss("%v: %d were promised, and %d are there", of, n, there[of])
		}
	}
	for of := range copies {
		if states[of] == "" {
			l.p.reportLoss("%v: in the mailbox, and in no file", of)
		}
	}
}

// letters are the states of all letters that the table has.
func (p *post) letters(ctx context.Context) (map[letter]string, error) {
	items, err := p.scan(ctx, p.tables["RequestsTable"])
	states := map[letter]string{}
	for _, item := range items {
		if row := text(item, "row"); strings.HasPrefix(row, "mail#") {
			states[letter{text(item, "id"), row}] = text(item, "mail_state")
		}
	}
	return states, err
}

// mailbox counts the copies of each letter that have arrived.
func (p *post) mailbox() (map[letter]int, error) {
	answer, err := http.Get(p.stand.URL + "/mailbox.json")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var mails []standin.Mail
	if err := json.NewDecoder(answer.Body).Decode(&mails); err != nil {
		return nil, err
	}
	copies := map[letter]int{}
	for _, m := range mails {
		for _, of := range lettersIn(m.Text) {
			copies[of]++
		}
	}
	return copies, nil
}
