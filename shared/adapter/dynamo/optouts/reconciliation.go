package optouts

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/suppression"
)

var (
	_ suppression.Ledger = (*Store)(nil)
	_ suppression.Runs   = (*Store)(nil)
)

// The attributes that ScanRecords reads. The address is not among them.
const scanFields = "#ref, #scope, #state, #until, #pending, #pending_at, #ses"

// ScanRecords implements suppression.Ledger. The scan need not be consistent: whatever
// it finds to repair is read again.
func (t *Store) ScanRecords(ctx context.Context, cursor string) ([]optout.Record, string, error) {
	return t.scan(ctx, cursor, &dynamodb.ScanInput{
		ProjectionExpression: aws.String(scanFields),
		ExpressionAttributeNames: map[string]string{
			"#ref": "ref", "#scope": "scope", "#state": "state", "#until": "until",
			"#pending": "pending", "#pending_at": "pending_at", "#ses": "ses",
		},
	})
}

// Rows of reconciliation. Their ref is no person's.
const (
	RunRef         = "#reconcile"
	runScope       = "#run"
	completedScope = "#completed"
	reportScope    = "#report#"
)

func runKey(scope string) dynamo.Item {
	return dynamo.Item{"ref": dynamo.Str(RunRef), "scope": dynamo.Str(scope)}
}

func seenScope(run string, n int) string { return fmt.Sprintf("#seen#%s#%05d", run, n) }

// Run implements suppression.Runs.
func (t *Store) Run(ctx context.Context) (run suppression.Run, err error) {
	row, err := t.Table.Get(ctx, runKey(runScope))
	if err != nil {
		return run, dynamo.Fault(err, "read the reconciliation run")
	}
	if len(row) == 0 {
		return run, fault.New(fault.NotFound, "no reconciliation run is under way")
	}
	err = row.JSON("run", &run)
	return run, err
}

// SaveRun implements suppression.Runs.
func (t *Store) SaveRun(ctx context.Context, run suppression.Run) error {
	return t.keepJSON(ctx, runScope, "run", run, run.Started, t.Periods.Runs)
}

func (t *Store) keepJSON(ctx context.Context, scope, attr string, v any, start time.Time, kept time.Duration) error {
	row := runKey(scope)
	if err := errors.Join(row.SetJSON(attr, v), row.Expire(start, kept)); err != nil {
		return err
	}
	return dynamo.Fault(t.Table.Put(ctx, row), "save the reconciliation run")
}

// SaveSeen implements suppression.Runs: 25,000 marks are 200 KB, half of what a row
// may hold.
func (t *Store) SaveSeen(ctx context.Context, run string, n int, marks []uint64, at time.Time) error {
	raw := make([]byte, 0, 8*len(marks))
	for _, m := range marks {
		raw = binary.BigEndian.AppendUint64(raw, m)
	}
	row := runKey(seenScope(run, n))
	row["marks"] = &types.AttributeValueMemberB{Value: raw}
	if err := row.Expire(at, t.Periods.Runs); err != nil {
		return err
	}
	return dynamo.Fault(t.Table.Put(ctx, row), "save what the reconciliation has seen")
}

// Seen implements suppression.Runs.
func (t *Store) Seen(ctx context.Context, run string, n int) ([]uint64, error) {
	row, err := t.Table.Get(ctx, runKey(seenScope(run, n)))
	if err != nil {
		return nil, dynamo.Fault(err, "read what the reconciliation has seen")
	}
	raw, ok := row["marks"].(*types.AttributeValueMemberB)
	if !ok {
		return nil, fault.New(fault.Internal, "part %d of what the reconciliation has seen is missing", n)
	}
	marks := make([]uint64, 0, len(raw.Value)/8)
	for b := raw.Value; len(b) >= 8; b = b[8:] {
		marks = append(marks, binary.BigEndian.Uint64(b))
	}
	return marks, nil
}

// Finish implements suppression.Runs. The report comes first: killed before the
// end, the run ends once more and writes the same.
func (t *Store) Finish(ctx context.Context, run suppression.Run) error {
	scope := reportScope + string(dynamo.At(run.Started))
	if err := t.keepJSON(ctx, scope, "report", run.Drift, run.Ended, t.Periods.Drifts); err != nil {
		return err
	}
	if run.Whole() {
		row := runKey(completedScope)
		row["completed_at"] = dynamo.Stamp(run.Ended)
		if err := t.Table.Put(ctx, row); err != nil {
			return dynamo.Fault(err, "save when the reconciliation ended")
		}
	}
	for n := range run.Parts {
		if err := t.forget(ctx, seenScope(run.ID, n)); err != nil {
			return err
		}
	}
	return t.forget(ctx, runScope)
}

func (t *Store) forget(ctx context.Context, scope string) error {
	return dynamo.Fault(t.Table.Delete(ctx, runKey(scope)), "delete a finished reconciliation run")
}

// LastCompleted implements suppression.Runs.
func (t *Store) LastCompleted(ctx context.Context, now time.Time) (time.Time, error) {
	var u patch.Patch
	u.SetOnce("completed_at", now)
	row, err := t.Table.UpdateGet(ctx, runKey(completedScope), u)
	return row.Time("completed_at"), dynamo.Fault(err, "read when the last reconciliation ended")
}

// Drifts returns the latest reports of finished runs, newest first.
func (t *Store) Drifts(ctx context.Context, most int) ([]suppression.Drift, error) {
	var drifts []suppression.Drift
	for row, err := range t.Table.Rows(ctx, dynamo.Query{Key: "ref", Is: RunRef, Sort: "scope", Prefix: reportScope, Newest: most}) {
		var d suppression.Drift
		if err = errors.Join(dynamo.Fault(err, "read the drift reports"), row.JSON("report", &d)); err != nil {
			return nil, err
		}
		drifts = append(drifts, d)
	}
	return drifts, nil
}
