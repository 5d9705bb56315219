package disposal

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
)

// MaxWrites is how many rows of records one transaction writes. DynamoDB takes
// 100 actions: the others check the holds, move the head and write the proof.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const MaxWrites = 96

// Proof is an entry of the history "disposals" with the certificate that it is
// about.
type Proof struct {
	Entry       audit.Entry
	Certificate []byte // signed
}

// Batch is one transaction. It is refused as a whole unless the holds, the
// history and every record are as they were read. Without works it is a proof
// alone.
type Batch struct {
	Proof
	Works []Work // of at most MaxWrites rows together, or one of more
	Holds int    // Seq of the holds that were looked at
}

// Refused is the error of Dispose that says why nothing of a batch was done.
type Refused struct {
	Holds   bool            // a hold was placed or lifted meanwhile
	History bool            // another sweep has written an entry
	Works   map[int]Outcome // these records are not what they were
}

func (r *Refused) Error() string {
	return fmt.Sprintf("a disposal was refused: holds moved %v, history moved %v, %d records changed", r.Holds, r.History, len(r.Works))
}

// ErrUnwritable is in the error of Dispose where the store never takes one of
// the records: what it keeps of it is broken. Nothing of the batch was done.
var ErrUnwritable = errors.New("the store refuses such writes")

// Store is all that a sweep needs. Every method's errors are faults, or those
// named.
type Store interface {
	// Due yields the records of a class whose period began before a time,
	// oldest first.
	Due(ctx context.Context, c schedule.Class, before time.Time) iter.Seq2[Item, error]
	// Read returns the records of items of one class, in their order.
	Read(ctx context.Context, items []Item) ([]Record, error)
	// OfPerson returns all that is kept of the person of an order, the order's
	// own request included.
	OfPerson(ctx context.Context, order Item) ([]Record, error)
	// Dispose carries a batch out, all or nothing. A work of more than MaxWrites
	// rows stands alone: parts of it go first, under the same conditions, and
	// its own row goes with the proof. A *Refused says why not; ErrUnwritable
	// that a record is broken.
	Dispose(context.Context, Batch) error
	// InForce returns the holds that are not lifted.
	InForce(context.Context) (InForce, error)
	// Head is the end of the history "disposals".
	Head(context.Context) (audit.Head, error)
	// Proofs returns proofs, newest first, at most so many, from the one before
	// a number on; 0 is the end.
	Proofs(ctx context.Context, before, limit int) ([]Proof, error)
	// Oldest returns when the period of a class's first record began. False:
	// the class is empty.
	Oldest(context.Context, schedule.Class) (time.Time, bool, error)
	// CountDue counts what Due would yield.
	CountDue(ctx context.Context, c schedule.Class, before time.Time) (int, error)
}

// ErasurePublisher tells the organisation's other systems.
type ErasurePublisher interface {
	// Erased says that a person was erased here, so that others do so too: by
	// the order's reference and the keyed reference, never an address. It may
	// be said twice.
	Erased(ctx context.Context, request string, ref person.Ref, at time.Time) error
}
