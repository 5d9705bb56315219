// Package recoveries brings rows of an older copy of the tables back. It must
// not decide what comes back: recovery, optout and request do. No function
// links it.
package recoveries

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/recovery"
)

// Recovery brings rows of an older copy of the tables (a table restored to a
// point in time, or one that a deleted stack has left) back into the tables in
// service. It writes a row only where the table has none or a spoilt one, so that
// it can be repeated, and what was chosen since the copy stands.
type Recovery struct {
	Requests *requests.Store // in service; its OptOuts names the table of OptOuts
	OptOuts  *optouts.Store  // in service
	Copy     Copy
	Key      person.Key // by which the tables in service know people
	Now      time.Time
	Random   io.Reader
	Dry      bool // count, and write nothing

	// Erased says when people were erased who are not known from the table of
	// requests.
	Erased map[person.Ref]time.Time
	// Spoilt is when opt-outs were ended that nobody wanted ended, such as by a
	// faulty release: whoever the copy has out, and was brought back then, is
	// out again.
	Spoilt recovery.Span
	// Pace is called before so many rows are written.
	Pace func(ctx context.Context, rows int) error

	report *recovery.Report
	back   map[optout.Key]bool // records that have come back
}

// Copy is the older state.
type Copy struct {
	OptOuts, Requests string // names of tables; "": none
	At                time.Time
}

// ErrForeignCopy says that the copy and the tables in service do not know
// people by the same key.
var ErrForeignCopy = fault.New(fault.Conflict, "the copy was written under another reference key: nobody in it could be found. Put that key back first")

// Run brings back what is missing. Holds come first, since they must be in force
// before anything is disposed of, and requests before opt-outs, whose pending
// erasures they open. What it has counted is returned with an error too.
// Errors: ErrForeignCopy and that no copy of such a table was named, both before
// a row is written; the tables'.
func (r *Recovery) Run(ctx context.Context) (*recovery.Report, error) {
	r.report, r.back = &recovery.Report{Kinds: map[string]*recovery.Count{}}, map[optout.Key]bool{}
	if r.Erased == nil {
		r.Erased = map[person.Ref]time.Time{}
	}
	steps := []func(context.Context) error{r.checkKey, r.erasedHere}
	if r.Copy.Requests != "" {
		steps = append(steps, r.histories, r.requests)
	}
	if r.Copy.OptOuts != "" {
		steps = append(steps, r.optOuts, r.erasedElsewhere)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return r.report, err
		}
	}
	return r.report, nil
}

// checkKey checks that each copy that has addresses has one whose reference is
// of our key. A single row may be spoilt, so that one that fits is enough.
func (r *Recovery) checkKey(ctx context.Context) error {
	fits := false
	for name, table := range map[string]string{"opt-outs": r.Copy.OptOuts, "requests": r.Copy.Requests} {
		foreign := false
		for i, err := range r.scan(ctx, table, "attribute_exists(address)") {
			if err != nil {
				return err
			}
			if (i.Str("id") != "") != (name == "requests") {
				return fault.New(fault.Conflict, "%s is no copy of the table of %s", table, name)
			}
			if foreign = !r.sameKey(i); !foreign {
				fits = true
				break
			}
		}
		if foreign {
			return ErrForeignCopy
		}
	}
	if !fits {
		return fault.New(fault.Conflict, "no row of the copies has an address: it cannot be seen whether the reference key is the same. Are they the right tables?")
	}
	return nil
}

// sameKey reports whether a row has the reference of its address, or no address.
func (r *Recovery) sameKey(i dynamo.Item) bool {
	address, err := person.Parse(i.Str("address"))
	return err != nil || r.Key.Ref(address) == person.Ref(i.Str("ref"))
}

// erasedHere reads who was erased by a request of the table in service. A log
// keeps whose it was, and when it was reduced.
func (r *Recovery) erasedHere(ctx context.Context) error {
	for i, err := range r.scan(ctx, r.Requests.Table.Name, "attribute_exists(erase_from) AND attribute_exists(reduced_at)") {
		if err != nil {
			return err
		}
		if ref, at := person.Ref(i.Str("ref")), i.Time("reduced_at"); at.After(r.Erased[ref]) {
			r.Erased[ref] = at
		}
	}
	return nil
}

// in is a table beside those in service, such as a copy.
func (r *Recovery) in(table string) dynamo.Table {
	return dynamo.Table{DB: r.OptOuts.Table.DB, Name: table}
}

// scan yields the rows of a table that meet a filter ("": all); none of a table
// without a name.
func (r *Recovery) scan(ctx context.Context, table, filter string) iter.Seq2[dynamo.Item, error] {
	in := dynamodb.ScanInput{ConsistentRead: aws.Bool(true)}
	if filter != "" {
		in.FilterExpression = &filter
	}
	return func(yield func(dynamo.Item, error) bool) {
		if table == "" {
			return
		}
		for i, err := range r.in(table).Scan(ctx, in) {
			if !yield(i, dynamo.Fault(err, "read the table "+table)) || err != nil {
				return
			}
		}
	}
}

// write makes writes in one transaction, at the pace of the run. False: a row
// has changed meanwhile, and all stay as they are.
func (r *Recovery) write(ctx context.Context, writes ...types.TransactWriteItem) (written bool, err error) {
	if r.Dry {
		return true, nil
	}
	if r.Pace != nil {
		if err := r.Pace(ctx, len(writes)); err != nil {
			return false, err
		}
	}
	err = dynamo.Fault(r.OptOuts.Table.Transact(ctx, writes...), "bring a row back")
	return err == nil, fault.Unless(fault.Conflict, err)
}
