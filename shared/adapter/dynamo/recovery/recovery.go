// Package recovery brings rows of an older copy of the tables back, by the list
// of kinds.go. What a record comes back as is decided in optout and request. No
// function links it.
package recovery

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Recovery brings rows of an older copy of the tables (a table restored to a
// point in time, or one that a deleted stack has left) back into the tables that
// are in service. It writes a row only where the table has none, so that it can
// be repeated, and what was chosen since the copy stands. What comes back, and
// as what, say rowKinds, optout.Recover and request.Recover.
type Recovery struct {
	Requests *requests.Store // in service; its OptOuts names the table of OptOuts
	OptOuts  *optouts.Store  // in service
	Copy     Copy
	Key      person.Key // by which the tables in service know people
	Now      time.Time
	Random   io.Reader
	Dry      bool // count, and write nothing

	// Erased are those of whom it is known by other ways that they were erased,
	// and when. Who was erased by a request of the table of requests is known
	// from there.
	Erased map[person.Ref]time.Time
	// Spoilt is when opt-outs were ended that nobody wanted ended, such as by a
	// faulty release: whoever the copy has out, and was brought back then, is
	// out again. Zero: never.
	Spoilt Between
	// Pace is called before so many rows are written.
	Pace func(ctx context.Context, rows int) error

	report *Report
	back   map[optout.Key]bool // records that have come back
}

// Copy is the older state.
type Copy struct {
	OptOuts, Requests string // names of tables; "": none
	At                time.Time
}

// Between is from a time to another, both inclusive.
type Between struct{ From, To time.Time }

func (s Between) has(t time.Time) bool { return !s.To.IsZero() && !t.Before(s.From) && !t.After(s.To) }

// ErrForeignCopy says that the copy and the tables in service do not know
// people by the same key.
var ErrForeignCopy = fault.New(fault.Conflict, "the copy was written under another reference key: nobody in it could be found. Put that key back first")

// Run brings back what is missing. Holds come first, since they must be in force
// before anything is disposed of, and requests before opt-outs, whose wishes to
// be erased they answer. What it has counted is returned with an error too.
// Errors: ErrForeignCopy and that no copy of such a table was named, both before
// a row is written; the tables'.
func (r *Recovery) Run(ctx context.Context) (*Report, error) {
	r.report, r.back = &Report{Kinds: map[string]*Count{}}, map[optout.Key]bool{}
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

// checkKey sees in the rows of each copy that still have the address of which
// their reference was made whether the key is the same. A single row may be
// spoilt, so that one that fits is enough.
func (r *Recovery) checkKey(ctx context.Context) error {
	fits := false
	for name, table := range map[string]string{"opt-outs": r.Copy.OptOuts, "requests": r.Copy.Requests} {
		if table == "" {
			continue
		}
		has, same, err := r.knows(ctx, name, table)
		if err != nil {
			return err
		}
		if has && !same {
			return ErrForeignCopy
		}
		fits = fits || same
	}
	if !fits {
		return fault.New(fault.Conflict, "no row of the copies has an address: it cannot be seen whether the reference key is the same. Are they the right tables?")
	}
	return nil
}

// knows reports whether a copy has rows with an address, and one whose reference
// is that of its address.
func (r *Recovery) knows(ctx context.Context, name, table string) (has, same bool, err error) {
	for i, err := range r.in(table).Scan(ctx, dynamodb.ScanInput{
		ConsistentRead: aws.Bool(true), FilterExpression: aws.String("attribute_exists(address) AND attribute_exists(#ref)"),
		ProjectionExpression: aws.String("#ref, address, id"), ExpressionAttributeNames: map[string]string{"#ref": "ref"},
	}) {
		if err != nil {
			return false, false, dynamo.Fault(err, "read the copy "+table)
		}
		if (i.Str("id") != "") != (name == "requests") {
			return false, false, fault.New(fault.Conflict, "%s is no copy of the table of %s", table, name)
		}
		if has = true; r.sameKey(i) {
			return true, true, nil
		}
	}
	return has, false, nil
}

// sameKey reports whether a row has the reference of its address, or no address.
func (r *Recovery) sameKey(i dynamo.Item) bool {
	address, err := person.Parse(i.Str("address"))
	return err != nil || r.Key.Ref(address) == person.Ref(i.Str("ref"))
}

// erasedHere reads who was erased by a request of the table in service. A log
// keeps whose it was, and when it was reduced.
func (r *Recovery) erasedHere(ctx context.Context) error {
	for i, err := range r.Requests.Table.Scan(ctx, dynamodb.ScanInput{
		ConsistentRead: aws.Bool(true), FilterExpression: aws.String("attribute_exists(erase_from) AND attribute_exists(reduced_at)"),
		ProjectionExpression: aws.String("#ref, reduced_at"), ExpressionAttributeNames: map[string]string{"#ref": "ref"},
	}) {
		if err != nil {
			return dynamo.Fault(err, "find who was erased")
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

// write paces a write and makes it. A row that is there by now stays as it is.
func (r *Recovery) write(ctx context.Context, rows int, put func() error) (written bool, err error) {
	if r.Dry {
		return true, nil
	}
	if r.Pace != nil {
		if err := r.Pace(ctx, rows); err != nil {
			return false, err
		}
	}
	err = dynamo.Fault(put(), "bring a row back")
	if fault.Is(err, fault.Conflict) {
		return false, nil
	}
	return err == nil, err
}

// Report is what a Recovery has counted and what it names. It holds nothing
// personal: references of requests, and the names of kinds and attributes.
type Report struct {
	Kinds   map[string]*Count
	Refused []string // what was not understood, or contradicts what is there
	Letters []string // mails that waited in the copy: they may have gone since
}

// Count counts the rows of one kind.
type Count struct {
	Copy    int    // in the copy
	There   int    // in the table too
	Back    int    // brought back
	Left    int    // not brought back, by rule
	Refused int    // not brought back; see Recovered.Refused
	Why     string // the rule
}

func (r *Report) kind(name string) *Count {
	if r.Kinds[name] == nil {
		r.Kinds[name] = &Count{Why: rowKinds[name]}
	}
	return r.Kinds[name]
}

// refuse counts and names rows that do not come back.
func (r *Report) refuse(kind string, rows int, format string, args ...any) {
	r.kind(kind).Refused += rows
	r.name(format, args...)
}

func (r *Report) name(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(r.Refused, text) {
		r.Refused = append(r.Refused, text)
	}
}

// Complete reports whether nothing was refused.
func (r *Report) Complete() bool { return len(r.Refused) == 0 }
