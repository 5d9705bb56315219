package dynamo

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/fault"
)

// asFault turns an SDK error into a fault. doing names the access path.
func asFault(err error, doing string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok || cancelled(err, "ConditionalCheckFailed") {
		return fault.Wrap(fault.Conflict, err, doing)
	}
	return fault.Wrap(fault.Unavailable, err, doing)
}

// cancelled reports whether a transaction was cancelled for the reason code.
func cancelled(err error, code string) bool {
	t, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return false
	}
	for _, r := range t.CancellationReasons {
		if r.Code != nil && *r.Code == code {
			return true
		}
	}
	return false
}

// contended reports whether another transaction held a row just then; the SDK
// does not try again by itself.
func contended(err error) bool {
	_, single := errors.AsType[*types.TransactionConflictException](err)
	return single || cancelled(err, "TransactionConflict")
}

const contentions = 6

// retry calls f until it is not contended, at most a few times over about a
// second.
func retry(ctx context.Context, f func() error) error {
	err := f()
	for i := 1; i < contentions && contended(err) && !cancelled(err, "ConditionalCheckFailed"); i++ {
		pause := time.NewTimer(time.Duration(rand.Int64N(int64(20*time.Millisecond) << i)))
		select {
		case <-ctx.Done():
			pause.Stop()
			return err
		case <-pause.C:
		}
		err = f()
	}
	return err
}
