package dynamo

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/quota"
	"privacydesk/shared/register"
	"privacydesk/shared/rights"
)

// The rows beside a request begin with these.
const (
	eventRow  = "event"
	noticeRow = "mail"
)

func eventKey(e register.Entry) item {
	return requestKey(e.Subject, fmt.Sprintf("%s#%04d", eventRow, e.Seq))
}

func eventItem(e register.Entry) (item, error) {
	entry, err := e.Encode()
	if err != nil {
		return nil, err
	}
	row := eventKey(e)
	row["entry"] = str(string(entry))
	return row, nil
}

// A notice is named by the event that causes it and its template, so that it
// exists once.
func noticeKey(n rights.Notice) item {
	return requestKey(n.RequestID, fmt.Sprintf("%s#%04d#%s", noticeRow, n.Seq, n.Template))
}

func noticeItem(n rights.Notice) item {
	row := noticeKey(n)
	row["seq"] = num(n.Seq)
	row["template"] = str(string(n.Template))
	row["state"] = str(string(n.State))
	if n.Cause != quota.ByConfirmed {
		row["cause"] = str(string(n.Cause))
	}
	if n.UnderWay() {
		row["pending"], row["pending_at"] = str(pendingMail), stamp(n.DueAt)
	}
	if !n.SentAt.IsZero() {
		row["sent_at"] = stamp(n.SentAt)
	}
	if n.MessageID != "" {
		row["ses_message"] = str(n.MessageID)
	}
	return row
}

func readNotice(i item) rights.Notice {
	return rights.Notice{
		RequestID: i.str("id"), Seq: int(i.num("seq")), Template: rights.Template(i.str("template")), DueAt: i.time("pending_at"),
		Cause: quota.Cause(i.str("cause")), State: rights.NoticeState(i.str("state")), SentAt: i.time("sent_at"), MessageID: i.str("ses_message"),
	}
}

// noticeDone ends a notice that is being tried.
func noticeDone(n rights.Notice) *update {
	u := newUpdate()
	u.put("state", str(string(n.State)))
	u.put("sent_at", stamp(n.SentAt))
	u.putOrDrop("ses_message", n.MessageID)
	u.drop("pending", "pending_at")
	u.only("state", str(string(rights.NoticeTrying)))
	return u
}

// PendingNotices implements rights.NoticeQueue.
func (t *Requests) PendingNotices(ctx context.Context, now time.Time) iter.Seq2[rights.Notice, error] {
	return func(yield func(rights.Notice, error) bool) {
		for i, err := range due(ctx, t.DB, t.Table, pendingMail, now) {
			if err != nil {
				yield(rights.Notice{}, asFault(err, "find the notices that must be sent"))
				return
			}
			if !yield(readNotice(i), nil) {
				return
			}
		}
	}
}

// TryNotice implements rights.NoticeQueue.
func (t *Requests) TryNotice(ctx context.Context, n rights.Notice, until time.Time) error {
	return t.moveNotice(ctx, n, rights.NoticePending, rights.NoticeTrying, until)
}

// ReleaseNotice implements rights.NoticeQueue.
func (t *Requests) ReleaseNotice(ctx context.Context, n rights.Notice, at time.Time) error {
	return t.moveNotice(ctx, n, n.State, rights.NoticePending, at)
}

func (t *Requests) moveNotice(ctx context.Context, n rights.Notice, from, to rights.NoticeState, due time.Time) error {
	u := newUpdate()
	u.put("state", str(string(to)))
	u.put("pending_at", stamp(due))
	u.only("state", str(string(from)))
	in := u.input(t.Table, noticeKey(n))
	in.ReturnValues = types.ReturnValueNone
	return asFault(retry(ctx, func() error {
		_, err := t.DB.UpdateItem(ctx, in)
		return err
	}), "claim a notice")
}
