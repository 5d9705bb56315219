package dynamo

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
)

// Outbox holds the letters of both tables: opt-in confirmations stand beside
// the person's opt-outs, all others in the table of requests. It is an
// outbox.Queue and an outbox.Ender.
type Outbox struct {
	DB       *dynamodb.Client
	OptOuts  string // table
	Requests string // table; "": there are opt-in confirmations alone
}

var (
	_ outbox.Queue = (*Outbox)(nil)
	_ outbox.Ender = (*Outbox)(nil)
)

// letterRow is how the row of a letter begins in the table of requests.
const letterRow = "mail"

// letterKey names a letter of a request by the event that causes it and its
// template, so that it exists once.
func letterKey(l outbox.Letter) item {
	if scope := confirmationScopes[l.Template]; scope != "" {
		return item{"ref": str(l.SubjectID), "scope": str(scope)}
	}
	return requestKey(l.SubjectID, fmt.Sprintf("%s#%04d#%s", letterRow, l.Seq, l.Template))
}

func isKey(name string) bool {
	return name == "ref" || name == "scope" || name == "id" || name == "row"
}

func (t *Outbox) table(l outbox.Letter) string {
	if confirmationScopes[l.Template] != "" {
		return t.OptOuts
	}
	return t.Requests
}

func letterItem(l outbox.Letter) item {
	row := letterKey(l)
	row["template"], row["mail_state"], row["queued_at"] = str(string(l.Template)), str(string(l.State)), stamp(l.QueuedAt)
	if l.Seq != 0 {
		row["seq"] = num(l.Seq)
	}
	if l.Cause != quota.ByConfirmed {
		row["cause"] = str(string(l.Cause))
	}
	if l.UnderWay() {
		row["pending"], row["pending_at"] = str(pendingMail), stamp(l.DueAt)
	}
	if !l.SentAt.IsZero() {
		row["sent_at"] = stamp(l.SentAt)
	}
	if l.MessageID != "" {
		row["ses_message"] = str(l.MessageID)
	}
	return row
}

func readLetter(i item) outbox.Letter {
	l := outbox.Letter{
		SubjectID: i.str("id"), Seq: int(i.num("seq")), Template: outbox.Template(i.str("template")), Cause: quota.Cause(i.str("cause")),
		QueuedAt: i.time("queued_at"), DueAt: i.time("pending_at"), State: outbox.State(i.str("mail_state")),
		SentAt: i.time("sent_at"), MessageID: i.str("ses_message"),
	}
	if confirmationScopes[l.Template] != "" {
		l.SubjectID = i.str("ref")
	}
	return l
}

// Pending implements outbox.Queue.
func (t *Outbox) Pending(ctx context.Context, now time.Time) iter.Seq2[outbox.Letter, error] {
	return func(yield func(outbox.Letter, error) bool) {
		var failed error // of one table, which does not hold up the other
		for _, table := range []string{t.OptOuts, t.Requests} {
			if table == "" {
				continue
			}
			for i, err := range due(ctx, t.DB, table, pendingMail, now) {
				if err != nil {
					failed = errors.Join(failed, err)
				} else if !yield(readLetter(i), nil) {
					return
				}
			}
		}
		if failed != nil {
			yield(outbox.Letter{}, asFault(failed, "find the mails that must be sent"))
		}
	}
}

// Move implements outbox.Queue.
func (t *Outbox) Move(ctx context.Context, l outbox.Letter, to outbox.State, due time.Time) error {
	u := newUpdate()
	u.put("mail_state", str(string(to)))
	u.put("pending_at", stamp(due))
	u.only("mail_state", str(string(l.State)))
	u.only("queued_at", stamp(l.QueuedAt))
	u.only("pending_at", stamp(l.DueAt))
	return t.update(ctx, l, u, "move a mail on")
}

// End implements outbox.Ender.
func (t *Outbox) End(ctx context.Context, l outbox.Letter) error {
	u := ended(l)
	u.only("queued_at", stamp(l.QueuedAt))
	if confirmationScopes[l.Template] != "" {
		u.drop("scopes", "address", "language")
		u.expire(l.QueuedAt)
	}
	return t.update(ctx, l, u, "end a mail")
}

// ended stores the end of a letter that is Sending.
func ended(l outbox.Letter) *update {
	u := newUpdate()
	u.put("mail_state", str(string(l.State)))
	u.put("sent_at", stamp(l.SentAt))
	u.putOrDrop("ses_message", l.MessageID)
	u.drop("pending", "pending_at")
	u.only("mail_state", str(string(outbox.Sending)))
	return u
}

// Queue stores a letter, unless one of its name is under way.
func (t *Outbox) Queue(ctx context.Context, l outbox.Letter) error {
	_, err := t.DB.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(t.table(l)), Item: spreadRow(letterItem(l)), ConditionExpression: aws.String("attribute_not_exists(pending)"),
	})
	if err = asFault(err, "queue a mail"); fault.CodeOf(err) == fault.Conflict {
		return nil
	}
	return err
}

func (t *Outbox) update(ctx context.Context, l outbox.Letter, u *update, doing string) error {
	return asFault(retry(ctx, func() error {
		in := u.input(t.table(l), letterKey(l))
		in.ReturnValues = types.ReturnValueNone
		_, err := t.DB.UpdateItem(ctx, in)
		return err
	}), doing)
}

// expire makes DynamoDB forget a confirmation when the mailed link is over.
func (u *update) expire(queued time.Time) {
	u.put("expires_at", num(queued.Add(optout.ConfirmWithin).Unix()))
}
