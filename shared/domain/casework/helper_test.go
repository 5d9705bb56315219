package casework_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

var background = context.Background()

const officer, colleague = "officer/one", "officer/two"

var germany, california = deadline.Jurisdiction{Country: "DE"}, deadline.Jurisdiction{Country: "US", Region: "CA"}

// rig is a desk over tables in memory, with a clock and every call of a list.
type rig struct {
	*testing.T
	*casework.Desk
	rights  *request.Service
	table   *testkit.Requests
	optOuts *testkit.OptOuts
	lists   *counted
	now     time.Time
	n       int
}

// counted counts the reads of lists.
type counted struct {
	casework.Store
	reads int
}

func (c *counted) Listed(ctx context.Context, l casework.List, after casework.Position, most int) ([]request.Summary, bool, error) {
	c.reads++
	return c.Store.Listed(ctx, l, after, most)
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{T: t, optOuts: testkit.NewOptOuts(), now: testkit.T0}
	r.table = testkit.NewRequests(r.optOuts)
	r.lists = &counted{Store: r.table}
	var err error
	r.rights, err = request.New(r.table, testkit.Key(t), testkit.Desk(t), func() time.Time { return r.now }, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	r.rights.Settings.ExportFor = 5 * 24 * time.Hour
	r.Desk = &casework.Desk{Requests: r.rights, Store: r.lists, OptOuts: r.optOuts}
	return r
}

// must fails the test for an error.
func (r *rig) must(q request.Request, err error) request.Request {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
	return q
}

// opened is a request of a new person that nobody has confirmed.
func (r *rig) opened(place deadline.Jurisdiction, kinds ...intake.Kind) request.Request {
	r.Helper()
	r.n++
	return r.must(r.rights.Open(background, request.Intake{
		Address: testkit.Address(r, fmt.Sprintf("person%d@example.com", r.n)), Name: fmt.Sprintf("Zoë Müller %d", r.n), Details: "please", Kinds: kinds, Place: place,
		OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
	}))
}

func (r *rig) confirmed(place deadline.Jurisdiction, kinds ...intake.Kind) request.Request {
	r.Helper()
	q := r.opened(place, kinds...)
	q, _, err := r.rights.Confirm(background, q.ID, q.Words())
	return r.must(q, err)
}

func (r *rig) file(id string) request.File {
	r.Helper()
	f, err := r.table.File(background, id)
	if err != nil {
		r.Fatal(err)
	}
	return f
}

func (r *rig) queue(q casework.Query) casework.Page {
	r.Helper()
	page, err := r.Queue(background, q)
	if err != nil {
		r.Fatal(err)
	}
	return page
}

func references(rows []casework.Row) string {
	var all []string
	for _, r := range rows {
		all = append(all, r.Reference)
	}
	return strings.Join(all, " ")
}
