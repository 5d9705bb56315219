package recoveries

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/recovery"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
)

// requests brings requests back, each as a whole.
func (r *Recovery) requests(ctx context.Context) error {
	seen := map[string]bool{}
	for i, err := range r.scan(ctx, r.Copy.Requests, "") {
		if err != nil {
			return err
		}
		id, kind := i.Str("id"), requestKind(i)
		switch count := r.report.Of(kind); {
		case kind.As == recovery.Unknown:
			count.Copy, count.Refused = count.Copy+1, count.Refused+1
			r.report.Refuse("Requests: %s", kind.Name)
		case kind.As == recovery.Never:
			count.Copy, count.Left = count.Copy+1, count.Left+1
		case kind.As == recovery.Part && !seen[id]:
			seen[id] = true
			if err := r.request(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// stored is the file of a request as rows.
type stored struct {
	request.File
	rows    rows
	damaged string // how the name of a row begins that cannot be read
}

func (r *Recovery) stored(ctx context.Context, table, id string) (stored, error) {
	all, err := r.rows(ctx, table, id)
	s := stored{rows: rows{}}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if kind := requestKind(all[name]); kind.As != recovery.Part {
			r.report.Refuse("Requests: %s", kind.Name)
			continue
		}
		s.rows[name] = all[name]
		if requests.AddRow(&s.File, all[name]) != nil {
			s.damaged, _, _ = strings.Cut(name, "#")
		}
	}
	return s, err
}

func (r *Recovery) request(ctx context.Context, id string) error {
	was, err := r.stored(ctx, r.Copy.Requests, id)
	if err != nil {
		return err
	}
	is, err := r.stored(ctx, r.Requests.Table.Name, id)
	if err != nil {
		return err
	}
	back, err := r.file(ctx, was, is)
	if err == nil {
		return r.putFile(ctx, id, was, is, back)
	}
	broken := new(audit.Broken)
	switch {
	case errors.Is(err, requestlog.ErrNeverConfirmed):
		r.count(was.rows, is.rows, func(c *recovery.Count) { c.Left++ })
	case errors.As(err, &broken), fault.Is(err, fault.Conflict):
		r.count(was.rows, is.rows, func(c *recovery.Count) { c.Refused++ })
		r.report.Refuse("request %s: %s", recovery.Reference(id), plainly(err))
	default:
		return err
	}
	return nil
}

// count counts the rows of a copy, and with lost those that the table lacks.
func (r *Recovery) count(was, is rows, lost func(*recovery.Count)) {
	for name, i := range was {
		count := r.report.Of(requestKind(i))
		if count.Copy++; is[name] != nil {
			count.There++
		} else {
			lost(count)
		}
	}
}

// file is what the table must be given of a request.
func (r *Recovery) file(ctx context.Context, was, is stored) (request.File, error) {
	switch {
	case is.damaged != "":
		return request.File{}, fault.New(fault.Conflict, "a row %q in the table cannot be read: delete it, and run this again", is.damaged)
	case was.damaged != "":
		return request.File{}, fault.New(fault.Conflict, "a row %q in the copy cannot be read", was.damaged)
	case !r.sameKey(was.rows[requests.RowName]):
		return request.File{}, fault.New(fault.Conflict, "its reference to a person is not that of its address")
	}
	var erased time.Time
	if is.Request.ID == "" && was.Request.ID != "" {
		var err error
		if erased, err = r.erasedAt(ctx, was.Request.Ref); err != nil {
			return request.File{}, err
		}
	}
	return requestlog.Recover(was.File, is.File, r.Copy.At, r.Now, erased, r.Random)
}

// putFile writes what comes back of a request, its own row and the youngest
// entry in the last transaction.
func (r *Recovery) putFile(ctx context.Context, id string, was, is stored, back request.File) error {
	writes, err := r.writesOf(back, is.rows)
	if err != nil {
		return err
	}
	if len(writes) == 0 {
		r.count(was.rows, is.rows, func(*recovery.Count) {})
		return nil
	}
	for len(writes) > 0 {
		n := (len(writes)-1)%dynamo.MaxWrites + 1
		written, err := r.write(ctx, writes[:n]...)
		if err == nil && !written {
			r.report.Refuse("request %s: it changed meanwhile; run this again", recovery.Reference(id))
			r.count(was.rows, is.rows, func(*recovery.Count) {})
		}
		if err != nil || !written {
			return err
		}
		writes = writes[n:]
	}
	r.count(was.rows, is.rows, func(c *recovery.Count) { c.Back++ })
	for _, i := range was.rows {
		unknown(r.report, requestKind(i), i)
	}
	for _, l := range was.Letters {
		if l.UnderWay() && is.rows[letters.Key(l).Str("row")] == nil {
			r.report.Letters = append(r.report.Letters, recovery.Reference(l.SubjectID)+" "+recovery.Word(string(l.Template)))
		}
	}
	return nil
}

// writesOf are those of the rows of a file that are not there, or not as they
// must be: entries whose private words go.
func (r *Recovery) writesOf(f request.File, is rows) (writes []types.TransactWriteItem, err error) {
	all, err := requests.Rows(f)
	for _, row := range all {
		if there := is[row.Str("row")]; there == nil {
			writes = append(writes, r.Requests.Put(row, 0))
		} else if there.Str("entry") != row.Str("entry") {
			writes = append(writes, r.Requests.Table.PutWrite(row, patch.Present("id")))
		}
	}
	return writes, err
}

// plainly is an error without its code.
func plainly(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Message
	}
	return err.Error()
}
