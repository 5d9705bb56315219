package disposal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/person"
)

// Item is a record as the index of what is due knows it.
type Item struct {
	Class   Class
	ID      string     // its name in certificates: a request's reference, or that of a person with a scope
	Ref     person.Ref // whose it is
	Version int
	Pending bool // somebody must be told of it first
	Start   time.Time
	Place   string // just after it in the index; the store's own
}

// Work is a record that was made ready to be disposed of. What must be
// written for it only its store knows.
type Work interface {
	// Item is the record.
	Item() Item
	// Fate is what it will be: Disposed or Reduced.
	Fate() Fate
	// Writes is how many rows of a transaction it takes.
	Writes() int
}

// Ready is what Prepare makes of an item: work, or the fate that it has
// without any, or an error, which is about this item alone.
type Ready struct {
	Work Work
	Fate Fate
	Err  error
}

// Order is an order of erasure as it can be carried out now.
type Order struct {
	Pieces []Ready // the person's records and other requests
	Own    Ready   // the order's own request
	Rest   bool    // what is not to be erased yet: an open request, or a mail under way
}

// Batch is one transaction of the sweep. It is refused as a whole unless the
// run, the holds and every record are as they were read.
type Batch struct {
	Run   Run // as it is afterwards: one version on
	Class Class
	Part  int // number of the row that keeps the names
	Works []Work
	Holds int // Seq of the holds that were looked at
}

// IDs are the names of the records.
func (b Batch) IDs() []string {
	ids := make([]string, len(b.Works))
	for i, w := range b.Works {
		ids[i] = w.Item().ID
	}
	return ids
}

// Refused is the error of Dispose that says why nothing of a batch was done.
type Refused struct {
	Lost  bool         // another call has taken the run over
	Holds bool         // a hold was placed or lifted meanwhile
	Works map[int]Fate // these records are not what they were
}

func (r *Refused) Error() string {
	return fmt.Sprintf("a batch was refused: run lost %v, holds moved %v, %d records moved", r.Lost, r.Holds, len(r.Works))
}

// ErrUnwritable is in the error of Dispose and Lighten where the store takes one of the
// records never: what it keeps of it is broken. Nothing of the batch was done.
var ErrUnwritable = errors.New("the store refuses such writes")

// Proof is a certificate on its way into the register.
type Proof struct {
	Run         Run         // as it is afterwards: one version on
	Entry       audit.Entry // of the history "disposals"
	Certificate []byte      // signed
}

// Proven is a certificate of the register.
type Proven struct {
	Seq    int
	Signed []byte
}

// Runs keeps the one run that is under way.
type Runs interface {
	// Run returns it. NotFound: there is none.
	Run(context.Context) (Run, error)
	// SaveRun writes it over the version before; the first one where none is.
	// Conflict: another call has it.
	SaveRun(context.Context, Run) error
	// EndRun forgets it with its rows of names, the run itself last.
	// Conflict: another call has it.
	EndRun(context.Context, Run) error
}

// Shelf is where the records are.
type Shelf interface {
	// Due returns records of a class whose period began before a time, oldest
	// first, at most so many, that stand after a place in the index; "" is
	// its beginning. More is false at the end.
	Due(ctx context.Context, c Class, before time.Time, place string, most int) (items []Item, more bool, err error)
	// Prepare makes records ready, and only reads. The error is of the store.
	Prepare(context.Context, Class, Action, []Item, time.Time) ([]Ready, error)
	// Order reads what an order is about, and only reads.
	Order(context.Context, Item, time.Time) (Order, error)
	// Lighten does, for a record that is too large for one transaction, what
	// may be done before it, and returns what is left. A *Refused says why not.
	Lighten(ctx context.Context, w Work, most, holds int) (Work, error)
	// Dispose carries a batch out, all or nothing. A *Refused says why not,
	// ErrUnwritable that a record is broken.
	Dispose(context.Context, Batch) error
	// InForce returns the holds that are not lifted.
	InForce(context.Context) (InForce, error)
	// Oldest returns when the period of a class's first record began. False:
	// the class is empty.
	Oldest(context.Context, Class) (time.Time, bool, error)
	// CountDue counts what Due would give.
	CountDue(ctx context.Context, c Class, before time.Time) (int, error)
}

// Register keeps the certificates and the names that they are made of.
type Register interface {
	// Names returns the names that the rows from, from+1 … below to of a run
	// and class keep.
	Names(ctx context.Context, run string, c Class, from, to int) ([]string, error)
	// Head is the end of the history "disposals".
	Head(context.Context) (audit.Head, error)
	// Certify writes a proof, all or nothing. Conflict: another call has the
	// run, or the history has gone on.
	Certify(context.Context, Proof) error
}

// Store is all that the sweep needs. Every method's errors are faults, or
// those named.
type Store interface {
	Runs
	Shelf
	Register
}

// Herald tells the organisation's other systems.
type Herald interface {
	// Erased says that a person was erased here, so that others do so too: by
	// the order's reference and the keyed reference, never an address. It may
	// be said twice.
	Erased(ctx context.Context, request string, ref person.Ref, at time.Time) error
}
