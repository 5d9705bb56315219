package dynamo

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/fault"
)

// Fault turns an error of the SDK into a fault; nil stays nil. doing names the
// access path. Conflict: a condition was not met. Unavailable: all else.
func Fault(err error, doing string) error {
	switch {
	case err == nil:
		return nil
	case refused(err, ConditionFailed):
		return fault.Wrap(fault.Conflict, err, doing)
	}
	return fault.Wrap(fault.Unavailable, err, doing)
}

// Refusal is why DynamoDB has not made a write.
type Refusal struct {
	Code string
	Row  Item // what the row is, where a condition was not met
}

// The codes of a Refusal. In a transaction, the writes that were not at fault
// have another one.
const (
	ConditionFailed = "ConditionalCheckFailed"
	Contended       = "TransactionConflict" // another transaction holds the row
	Invalid         = "ValidationError"
)

// Refusals are those of a write, or of each write of a transaction, in their
// order; nil: the error is of another kind.
func Refusals(err error) []Refusal {
	if t, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		all := make([]Refusal, len(t.CancellationReasons))
		for i, r := range t.CancellationReasons {
			all[i] = Refusal{aws.ToString(r.Code), r.Item}
		}
		return all
	}
	if c, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return []Refusal{{ConditionFailed, c.Item}}
	}
	if _, ok := errors.AsType[*types.TransactionConflictException](err); ok {
		return []Refusal{{Code: Contended}}
	}
	return nil
}

func refused(err error, code string) bool {
	return slices.ContainsFunc(Refusals(err), func(r Refusal) bool { return r.Code == code })
}

const contentions = 6

// retry calls f until no other transaction holds a row of it, which the SDK does
// not do by itself: at most a few times over about a second.
func retry(ctx context.Context, f func() error) error {
	err := f()
	for i := 1; i < contentions && refused(err, Contended) && !refused(err, ConditionFailed); i++ {
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
