package dynamo

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
)

// The rows beside a request begin with these.
const (
	eventRow  = "event"
	noticeRow = "mail"
)

func eventKey(e audit.Entry) item {
	return requestKey(e.Subject, fmt.Sprintf("%s#%04d", eventRow, e.Seq))
}

func eventItem(e audit.Entry) (item, error) {
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
func noticeKey(n request.Notice) item {
	return requestKey(n.RequestID, fmt.Sprintf("%s#%04d#%s", noticeRow, n.Seq, n.Template))
}

func noticeItem(n request.Notice) item {
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

func readNotice(i item) request.Notice {
	return request.Notice{
		RequestID: i.str("id"), Seq: int(i.num("seq")), Template: request.Template(i.str("template")), DueAt: i.time("pending_at"),
		Cause: quota.Cause(i.str("cause")), State: request.NoticeState(i.str("state")), SentAt: i.time("sent_at"), MessageID: i.str("ses_message"),
	}
}

// noticeDone ends a notice that is being tried.
func noticeDone(n request.Notice) *update {
	u := newUpdate()
	u.put("state", str(string(n.State)))
	u.put("sent_at", stamp(n.SentAt))
	u.putOrDrop("ses_message", n.MessageID)
	u.drop("pending", "pending_at")
	u.only("state", str(string(request.NoticeTrying)))
	return u
}

// PendingNotices implements request.NoticeQueue.
func (t *Requests) PendingNotices(ctx context.Context, now time.Time) iter.Seq2[request.Notice, error] {
	return func(yield func(request.Notice, error) bool) {
		for i, err := range due(ctx, t.DB, t.Table, pendingMail, now) {
			if err != nil {
				yield(request.Notice{}, asFault(err, "find the notices that must be sent"))
				return
			}
			if !yield(readNotice(i), nil) {
				return
			}
		}
	}
}

// TryNotice implements request.NoticeQueue.
func (t *Requests) TryNotice(ctx context.Context, n request.Notice, until time.Time) error {
	return t.moveNotice(ctx, n, request.NoticePending, request.NoticeTrying, until)
}

// ReleaseNotice implements request.NoticeQueue.
func (t *Requests) ReleaseNotice(ctx context.Context, n request.Notice, at time.Time) error {
	return t.moveNotice(ctx, n, n.State, request.NoticePending, at)
}

func (t *Requests) moveNotice(ctx context.Context, n request.Notice, from, to request.NoticeState, due time.Time) error {
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
