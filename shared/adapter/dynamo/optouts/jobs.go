package optouts

import (
	"context"
	"errors"
	"iter"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
)

var _ suppression.JobQueue = (*Store)(nil)

// Rows of bulk jobs. Their ref is no person's. The records of a job stand in
// the index Pending under a key of the job's own.
const (
	JobsRef   = "#jobs"
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

// Claim implements suppression.JobQueue.
func (t *Store) Claim(ctx context.Context, r optout.Record, job string) error {
	return t.write(ctx, r.Key, suppression.ClaimPatch(r, job), "move a record into a bulk job")
}

// Claimed implements suppression.JobQueue.
func (t *Store) Claimed(ctx context.Context, job string) iter.Seq2[optout.Record, error] {
	return records(t.Table.Pending().Rows(ctx, suppression.PendingJob+job, time.Time{}), "find the records of a bulk job")
}

// Return implements suppression.JobQueue.
func (t *Store) Return(ctx context.Context, r optout.Record, job, reason string) error {
	return t.write(ctx, r.Key, suppression.ReturnPatch(job, reason), "take a record out of a bulk job")
}
