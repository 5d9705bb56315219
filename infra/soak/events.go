package main

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"privacydesk/shared/domain/feedback"
)

// sesEvents are what SES reports, each as likely as the others.
var sesEvents = []string{
	`{"eventType":"Bounce","mail":{"messageId":"m"},"bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Bounce","mail":{"messageId":"m"},"bounce":{"bounceType":"Transient","bounceSubType":"MailboxFull","bouncedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Complaint","mail":{"messageId":"m"},"complaint":{"complaintFeedbackType":"abuse","complainedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Complaint","mail":{"messageId":"m"},"complaint":{"complaintFeedbackType":"abuse","complainedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Complaint","mail":{"messageId":"m"},"complaint":{"complaintFeedbackType":"not-spam","complainedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Complaint","mail":{"messageId":"m"},"complaint":{"complaintFeedbackType":"not-spam","complainedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
}

// sesReports sends an event on its way; sometimes twice.
func (w *world) sesReports(random *rand.Rand) {
	a, what := w.somebody(random), random.IntN(len(sesEvents))
	if what == 0 && random.IntN(3) > 0 { // dead mailboxes would soon be all
		what = 1
	}
	now := w.clock.Now().Truncate(time.Millisecond)
	address, _ := json.Marshal(a.Reveal())
	event := fill(sesEvents[what], string(address), strconv.Quote(stamp(now)))
	f, err := feedback.Read([]byte(event), now)
	if err != nil {
		w.reportLoss("an event of SES cannot be read: %v", err)
		return
	}
	w.observe(f)
	w.trace("  SES says %s of %s at %s", f.Effect, a.Reveal(), stamp(now))
	if f.Effect == feedback.NotSpam {
		w.sesUnlists(a) // it does so by itself, whoever had put the entry
	}
	w.mail = append(w.mail, delivery{now, f})
	if random.IntN(4) == 0 {
		w.plan.Count("doubled event")
		w.mail = append(w.mail, delivery{now, f})
	}
}

// applyEvents hands over some events in any order, none before its time. What fails
// comes again.
func (w *world) applyEvents(random *rand.Rand) {
	random.Shuffle(len(w.mail), func(i, j int) { w.mail[i], w.mail[j] = w.mail[j], w.mail[i] })
	n := min(len(w.mail), 1+random.IntN(5))
	batch := slices.Clone(w.mail[:n])
	w.mail = slices.Delete(w.mail, 0, n)
	if n > 1 {
		w.plan.Count("reordered events")
	}
	w.deliver(batch)
}

func (w *world) deliver(batch []delivery) {
	var ripe []delivery
	var observations [][]feedback.Observation
	for _, d := range batch {
		if d.at.After(w.clock.Now()) {
			w.mail = append(w.mail, d)
			continue
		}
		ripe, observations = append(ripe, d), append(observations, d.event.Observations)
	}
	_ = w.do(&op{kind: "events"}, func() error {
		for i, err := range w.recorder().Apply(context.Background(), observations) {
			if err != nil {
				w.mail = append(w.mail, ripe[i])
			}
		}
		return nil
	})
}
