package optouts

import (
	"context"
	"errors"
	"iter"
	"privacydesk/shared/domain/suppression"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
)

var _ suppression.JobQueue = (*Store)(nil)

// Rows of bulk jobs. Their ref is no person's. The records of a job stand in
// the index Pending under a key of the job's own.
const (
	JobsRef   = "#jobs"
	pendJob   = "job#"
	jobPrefix = "#"
)

func jobKey(id string) dynamo.Item {
	return dynamo.Item{"ref": dynamo.Str(JobsRef), "scope": dynamo.Str(jobPrefix + id)}
}

// Jobs implements suppression.JobQueue.
func (t *Store) Jobs(ctx context.Context) ([]suppression.Job, error) {
	var jobs []suppression.Job
	for i, err := range t.Table.Rows(ctx, dynamo.Query{Key: "ref", Is: JobsRef}) {
		if err != nil {
			return nil, dynamo.Fault(err, "find the bulk jobs")
		}
		var j suppression.Job
		if err := i.JSON("job_row", &j); err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// SaveJob implements suppression.JobQueue.
func (t *Store) SaveJob(ctx context.Context, j suppression.Job) error {
	row := jobKey(j.ID)
	if err := errors.Join(row.SetJSON("job_row", j), row.Expire(j.Started, t.Periods.Jobs)); err != nil {
		return err
	}
	return dynamo.Fault(t.Table.Put(ctx, row), "keep a bulk job")
}

// ForgetJob implements suppression.JobQueue.
func (t *Store) ForgetJob(ctx context.Context, id string) error {
	return dynamo.Fault(t.Table.Delete(ctx, jobKey(id)), "forget a bulk job")
}

// Claim implements suppression.JobQueue. pending_at stays: it says how long the
// record has waited.
func (t *Store) Claim(ctx context.Context, r optout.Record, job string) error {
	var u patch.Patch
	u.Set("pending", pendJob+job)
	u.Set("job", job)
	u.If(patch.Is("version", r.Version))
	// The SDK asks again when an answer got lost. Were that a conflict, the
	// record would be in the job's marks and not in what SES gets.
	u.If(patch.OneOf("pending", PendingSES, pendJob+job))
	return t.mark(ctx, u, Key(r.Key), "move a record into a bulk job")
}

// Claimed implements suppression.JobQueue.
func (t *Store) Claimed(ctx context.Context, job string) iter.Seq2[optout.Record, error] {
	return records(t.Table.Pending().Rows(ctx, pendJob+job, time.Time{}), "find the records of a bulk job")
}

// Return implements suppression.JobQueue.
func (t *Store) Return(ctx context.Context, r optout.Record, job, reason string) error {
	var u patch.Patch
	u.Set("pending", PendingSES)
	u.Set("ses_reason", reason)
	u.Clear("job")
	u.If(patch.Is("pending", pendJob+job))
	return t.mark(ctx, u, Key(r.Key), "take a record out of a bulk job")
}
