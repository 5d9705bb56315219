package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
)

// life ends at a step: before or after a call of DynamoDB or SES.
type life struct {
	step, killAt int
	dead         bool
}

var errKilled = errors.New("killed")

func (l *life) alive() error {
	l.step++
	if l.dead = l.dead || l.step == l.killAt; l.dead {
		return errKilled
	}
	return nil
}

// client is the same client of DynamoDB, as long as the life lasts.
func (l *life) client(db *dynamodb.Client) *dynamodb.Client {
	around := func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, data middleware.Metadata, err error) {
		if err = l.alive(); err == nil {
			if out, data, err = next.HandleInitialize(ctx, in); err == nil {
				err = l.alive()
			}
		}
		return out, data, err
	}
	return dynamodb.New(db.Options(), func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("life", around), middleware.Before)
		})
	})
}

// mortal is SES, to a sender that may die.
type mortal struct {
	*life
	*post
}

func (m mortal) Send(ctx context.Context, mail ses.Mail) (string, error) {
	if err := m.alive(); err != nil {
		return "", ses.ErrUnsure
	}
	id, err := m.post.Send(ctx, mail)
	if m.alive() != nil {
		return "", ses.ErrUnsure
	}
	return id, err
}

// onDynamoDB puts the rig onto tables of DynamoDB, and gives it a life.
func (r *rig) onDynamoDB() *life {
	r.t.Helper()
	l := &life{}
	db, requestsTable := testkit.Table(r.t, "RequestsTable")
	_, optOuts := testkit.Table(r.t, "OptOutsTable")
	db = l.client(db)
	tables := []dynamo.Table{{DB: db, Name: requestsTable}, {DB: db, Name: optOuts}}
	store, queue := &requests.Store{Table: tables[0], OptOuts: tables[1]}, &letters.Store{OptOuts: tables[1], Requests: tables[0]}
	service, err := request.New(store, testkit.Key(r.t), r.desk, r.now, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		r.t.Fatal(err)
	}
	records := &disposals.Store{Requests: store, OptOuts: &optouts.Store{Table: tables[1]}}
	service.Holds, service.Settings.ExportFor = disposal.Keepers{Holds: records, Requests: store, Now: r.now}, 5*24*time.Hour
	r.rights, r.service, r.mailer.holds, r.sender = service, service, service.Holds, mortal{l, r.post}
	r.pending, r.outbox.Queue = records.OptOuts, queue
	for _, t := range requestmail.Templates {
		r.outbox.Kinds[t] = outbox.Kind{Owner: request.Letters{Service: service}, Joined: true, Keeps: true}
	}
	return l
}

// Killed before or after any call, a run that carries an answer on paper out leaves
// one letter to post, with its words, and sends nothing: nothing is lost, and nobody
// must look for what may have gone.
func TestKilledWhileWritingOnPaper(t *testing.T) {
	r := newRig(t)
	l := r.onDynamoDB()
	r.outbox.Unknown = func(context.Context, outbox.Letter) { t.Error("nobody knows whether a letter on paper went") }
	for step := 1; ; step++ {
		in := r.intake(germany, deadline.Access, deadline.Erasure)
		in.Address, in.Contact, in.Checked, in.Source, in.Officer = person.Address{}, contract.Contact(t), []intake.Check{intake.InPerson}, intake.FromOfficer, "dpo/A"
		q := r.open(in)
		r.run()
		f, died := r.carriedOut(l, q, step)
		for _, letter := range f.Letters {
			want := outbox.ToPost
			if letter.Template == requestmail.Acknowledge {
				want = outbox.Obsolete // the answer overtook it
			}
			if letter.State != want || letter.Text == "" || letter.WrittenAt.IsZero() || strings.Contains(letter.Text, "http") {
				t.Errorf("killed at step %d: %s is %s: %s", step, letter.Template, letter.State, letter.Text)
			}
		}
		if len(f.Letters) != 2 || f.Request.State != lifecycle.Fulfilled || f.Request.ToPost.IsZero() || f.Request.Look == nil || len(r.post.mails) > 0 {
			t.Errorf("killed at step %d: %s, %d letters, look %+v, %d mails", step, f.Request.State, len(f.Letters), f.Request.Look, len(r.post.mails))
		}
		if !died {
			if step < 12 {
				t.Errorf("a run of %d steps", step)
			}
			return
		}
	}
}

// carriedOut is the file of a request once its answer is carried out by a run that
// is killed at a step, and by the runs after it.
func (r *rig) carriedOut(l *life, q request.Request, killAt int) (f request.File, died bool) {
	r.t.Helper()
	r.ok(r.rights.SaveDraft(background, q.ID, "dpo/A", decision.Answer{Outcome: decision.Grant}))
	q = r.ok(r.rights.Send(background, q.ID, "dpo/A", draft.Now))
	r.clock = q.Draft.Way.SendAt
	l.step, l.killAt = 0, killAt
	_, _ = r.handle(r.t.Context(), boot.Hint{})
	died = l.dead
	l.dead, l.killAt = false, 0
	for range 2 {
		r.clock = r.clock.Add(11 * time.Minute)
		r.run()
	}
	return testkit.File(r.t, r.rights.Store, q.ID), died
}

// Killed before or after any call, a run that carries an answer out leaves all of
// it or nothing: the next runs end it, the answer is given once, and no more than
// one letter tells of it. Only a letter that may have gone is not sent again.
func TestKilledWhileCarryingOut(t *testing.T) {
	r := newRig(t)
	l := r.onDynamoDB()
	for step := 1; ; step++ {
		q := r.opened(r.intake(germany, deadline.Access, deadline.Erasure))
		r.run()
		before := len(r.post.mails)
		f, died := r.carriedOut(l, q, step)
		var kinds []string
		for _, e := range f.Events {
			kinds = append(kinds, e.Kind)
		}
		mails, letter := len(r.post.mails)-before, f.Letters[slices.IndexFunc(f.Letters, func(l outbox.Letter) bool { return l.Template == requestmail.Decision })]
		sent := letter.State == outbox.Sent && mails == 1 || letter.State == outbox.Unknown && mails <= 1
		if f.Request.State != lifecycle.Fulfilled || f.Request.Draft != nil || !sent || strings.Count(strings.Join(kinds, " "), "fulfilled erasure_ordered") != 1 {
			t.Errorf("killed at step %d: %s, draft %+v, letter %s, %d mails: %s", step, f.Request.State, f.Request.Draft, letter.State, mails, kinds)
		}
		if !died {
			if step < 14 || letter.State != outbox.Sent {
				t.Errorf("a run of %d steps: %s", step, letter.State)
			}
			return
		}
	}
}
