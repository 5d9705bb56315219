package recovery

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// requests brings requests back, each as a whole.
func (r *Recovery) requests(ctx context.Context) error {
	seen := map[string]bool{}
	for i, err := range r.in(r.Copy.Requests).Scan(ctx, dynamodb.ScanInput{
		ConsistentRead:       aws.Bool(true),
		ProjectionExpression: aws.String("id, #row"), ExpressionAttributeNames: map[string]string{"#row": "row"},
	}) {
		if err != nil {
			return dynamo.Fault(err, "read the copy")
		}
		id := i.Str("id")
		if strings.HasPrefix(id, "#") {
			r.own(i)
			continue
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		if err := r.request(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// own counts a row that is of no request.
func (r *Recovery) own(i dynamo.Item) {
	if id := i.Str("id"); id == disposals.DisposalsID || id == disposals.HoldsID { // see histories
		return
	}
	kind, known := ownKind(i)
	if !known {
		r.report.kind(kindUnknown).Copy++
		r.report.refuse(kindUnknown, 1, "Requests: %s", kind)
		return
	}
	r.report.kind(kind).Copy++
	r.report.kind(kind).Left++
}

// stored is the file of a request as rows.
type stored struct {
	request.File
	rows   map[string]dynamo.Item // by their key within the request
	unread []string               // kinds of rows that cannot be read
}

func (r *Recovery) stored(ctx context.Context, table, id string) (stored, error) {
	s := stored{rows: map[string]dynamo.Item{}}
	for i, err := range r.in(table).Rows(ctx, dynamo.Query{Key: "id", Is: id}) {
		if err != nil {
			return s, dynamo.Fault(err, "read the file of a request")
		}
		kind, _, _ := strings.Cut(i.Str("row"), "#")
		if !partOfRequest(i.Str("row")) {
			r.report.refuse(kindUnknown, 1, "Requests: a row %q of a request", plain(kind))
			continue
		}
		if err := requests.AddRow(&s.File, i); err != nil {
			s.unread = append(s.unread, kind)
		}
		s.rows[i.Str("row")] = i
	}
	return s, nil
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
	for kind, n := range kindsOf(was.rows) {
		r.report.kind(kind).Copy += n
	}
	back, err := r.file(ctx, was, is)
	if broken := new(audit.Broken); errors.As(err, &broken) || fault.Is(err, fault.Conflict) {
		r.left(id, was, is, err)
		return nil
	}
	if err != nil {
		return err
	}
	return r.putFile(ctx, was, is, back)
}

// left counts a request that does not come back.
func (r *Recovery) left(id string, was, is stored, why error) {
	there := r.thereOf(was, is)
	for kind, n := range kindsOf(was.rows) {
		if errors.Is(why, request.ErrNeverConfirmed) {
			r.report.kind(kind).Left += n - there[kind]
			continue
		}
		r.report.kind(kind).Refused += n - there[kind]
	}
	if !errors.Is(why, request.ErrNeverConfirmed) {
		r.report.name("request %s: %s", called(id), plainly(why))
	}
}

// called is the reference of a request, or that it is none: a stranger's row may
// be named after anybody.
func called(id string) string {
	if strange := func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') }; len(id) > 30 || strings.ContainsFunc(id, strange) {
		return "(another text)"
	}
	return id
}

// plainly is an error without its code.
func plainly(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Message
	}
	return err.Error()
}

// thereOf counts the rows that are in both.
func (r *Recovery) thereOf(was, is stored) map[string]int {
	both := map[string]dynamo.Item{}
	for name, i := range was.rows {
		if is.rows[name] != nil {
			both[name] = i
		}
	}
	counts := kindsOf(both)
	for kind, n := range counts {
		r.report.kind(kind).There += n
	}
	return counts
}

func kindsOf(rows map[string]dynamo.Item) map[string]int {
	counts := map[string]int{}
	for name := range rows {
		counts[partKind(name)]++
	}
	return counts
}

func partOfRequest(row string) bool {
	kind, _, _ := strings.Cut(row, "#")
	return kind == requests.RowName || kind == requests.EventRow || kind == letters.RowPrefix
}

func partKind(row string) string {
	switch word, _, _ := strings.Cut(row, "#"); word {
	case requests.EventRow:
		return kindEvent
	case letters.RowPrefix:
		return kindLetter
	}
	return kindRequest
}

func (r *Recovery) readable(was, is stored) error {
	switch {
	case len(is.unread) > 0:
		return fault.New(fault.Conflict, "a row %q in the table cannot be read: delete it, and run this again", is.unread[0])
	case len(was.unread) > 0:
		return fault.New(fault.Conflict, "a row %q in the copy cannot be read", was.unread[0])
	case !r.sameKey(was.rows[requests.RowName]):
		return fault.New(fault.Conflict, "its reference to a person is not that of its address")
	}
	return nil
}

// file is what the table must hold of a request, where something of it is gone:
// the rows that are there, and those of the copy that fit into their history.
func (r *Recovery) file(ctx context.Context, was, is stored) (request.File, error) {
	if err := r.readable(was, is); err != nil {
		return request.File{}, err
	}
	if is.Request.ID != "" {
		lost := request.File{Events: lostEvents(was, is, is.Request.Head.Seq), Letters: lostLetters(was, is, is.Request.Head.Seq)}
		merged := bySeq(slices.Concat(lost.Events, is.Events))
		if err := audit.Verify(merged, is.Request.Head); err != nil {
			return request.File{}, err
		}
		if was.Request.Head.Seq > is.Request.Head.Seq {
			return request.File{}, fault.New(fault.Conflict, "the copy has more of its history than the table: delete its rows, and run this again")
		}
		return request.RecoverParts(&is.Request, lost, r.Now), nil
	}
	if was.Request.ID == "" {
		return request.File{}, fault.New(fault.Conflict, "its own row is not in the copy")
	}
	head := was.Request.Head.Seq
	if slices.ContainsFunc(is.Events, func(e audit.Entry) bool { return e.Seq > head }) {
		return request.File{}, fault.New(fault.Conflict, "the table holds events of it that are younger than the copy: take a younger copy")
	}
	erased, err := r.erasedAt(ctx, was.Request.Ref)
	if err != nil {
		return request.File{}, err
	}
	if !erased.After(was.Request.ReceivedAt) {
		erased = time.Time{}
	}
	merged := request.File{Request: was.Request, Events: bySeq(slices.Concat(lostEvents(was, is, head), is.Events)), Letters: lostLetters(was, is, head)}
	return request.Recover(merged, r.Copy.At, r.Now, erased, r.Random)
}

func lostEvents(was, is stored, head int) (lost []audit.Entry) {
	for _, e := range was.Events {
		if e.Seq <= head && is.rows[requests.EventKey(e).Str("row")] == nil {
			lost = append(lost, e)
		}
	}
	return lost
}

func lostLetters(was, is stored, head int) (lost []outbox.Letter) {
	for _, n := range was.Letters {
		if n.Seq <= head && is.rows[letters.Key(n).Str("row")] == nil {
			lost = append(lost, n)
		}
	}
	return lost
}

// bySeq sorts in place.
func bySeq(events []audit.Entry) []audit.Entry {
	slices.SortFunc(events, func(a, b audit.Entry) int { return a.Seq - b.Seq })
	return events
}
