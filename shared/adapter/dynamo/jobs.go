package dynamo

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

var _ optout.JobQueue = (*OptOuts)(nil)

// Rows of bulk jobs. Their ref is no person's. The records of a job stand in
// the index Pending under a key of the job's own.
const (
	jobsRef   = "#jobs"
	pendJob   = "job#"
	jobPrefix = "#"
)

func jobKey(id string) item { return item{"ref": str(jobsRef), "scope": str(jobPrefix + id)} }

// Jobs implements optout.JobQueue.
func (t *OptOuts) Jobs(ctx context.Context) ([]optout.Job, error) {
	var jobs []optout.Job
	for i, err := range rows(ctx, t.DB, &dynamodb.QueryInput{
		TableName: &t.Table, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#ref = :ref"),
		ExpressionAttributeNames:  map[string]string{"#ref": "ref"},
		ExpressionAttributeValues: item{":ref": str(jobsRef)},
	}) {
		if err != nil {
			return nil, asFault(err, "find the bulk jobs")
		}
		var j optout.Job
		if err := json.Unmarshal([]byte(i.str("job_row")), &j); err != nil {
			return nil, fault.Wrap(fault.Internal, err, "read a bulk job")
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// SaveJob implements optout.JobQueue.
func (t *OptOuts) SaveJob(ctx context.Context, j optout.Job) error {
	text, err := json.Marshal(j)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a bulk job")
	}
	row := jobKey(j.ID)
	row["job_row"] = str(string(text))
	if err := row.expire(j.Started, t.Kept.Jobs); err != nil {
		return err
	}
	_, err = t.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.Table, Item: row})
	return asFault(err, "keep a bulk job")
}

// ForgetJob implements optout.JobQueue.
func (t *OptOuts) ForgetJob(ctx context.Context, id string) error {
	_, err := t.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &t.Table, Key: jobKey(id)})
	return asFault(err, "forget a bulk job")
}

// Claim implements optout.JobQueue. pending_at stays: it says how long the
// record has waited.
func (t *OptOuts) Claim(ctx context.Context, r optout.Record, job string) error {
	u := newUpdate()
	u.put("pending", str(pendJob+job))
	u.put("job", str(job))
	u.only("version", num(r.Version))
	// The SDK asks again when an answer got lost. Were that a conflict, the
	// record would be in the job's marks and not in what SES gets.
	u.condition = append(u.condition, u.name("pending")+" IN ("+u.value("if_pending", str(pendingSES))+", :pending)")
	return t.mark(ctx, u, optOutKey(r.Key), "move a record into a bulk job")
}

// Claimed implements optout.JobQueue.
func (t *OptOuts) Claimed(ctx context.Context, job string) iter.Seq2[optout.Record, error] {
	return func(yield func(optout.Record, error) bool) {
		for i, err := range pendingOf(t.DB, t.Table).waiting(ctx, span{kind: pendJob + job, page: pendingPage}) {
			if err != nil {
				yield(optout.Record{}, asFault(err, "find the records of a bulk job"))
				return
			}
			if !yield(record(i), nil) {
				return
			}
		}
	}
}

// Return implements optout.JobQueue.
func (t *OptOuts) Return(ctx context.Context, r optout.Record, job, reason string) error {
	u := newUpdate()
	u.put("pending", str(pendingSES))
	u.putOrDrop("ses_reason", reason)
	u.drop("job")
	u.only("pending", str(pendJob+job))
	return t.mark(ctx, u, optOutKey(r.Key), "take a record out of a bulk job")
}
