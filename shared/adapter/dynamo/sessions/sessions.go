// Package sessions keeps the sessions of the desk, in the table of requests. A
// row's key has a digest of the session's id, since the id alone lets somebody
// in. It must not decide how long a session lasts. Its rows are on the page of
// dynamo.
package sessions

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/staff"
)

// Store is the part of the table that holds sessions.
type Store struct {
	Table dynamo.Table
	Now   func() time.Time
}

var _ staff.Sessions = (*Store)(nil)

// StaffID is the id of all rows of sessions: few people work at a desk.
const StaffID = "#staff"

const keptFor = 24 * time.Hour // the class desk-sessions: longer than any session lasts

// prefix is how the rows of an account begin.
func prefix(account string) string { return rowPrefix + account + "#" }

const rowPrefix = "session#"

func key(account, id string) dynamo.Item {
	digest := sha256.Sum256([]byte(id))
	return rowKey(prefix(account) + base64.RawURLEncoding.EncodeToString(digest[:]))
}

func rowKey(row string) dynamo.Item {
	return dynamo.Item{"id": dynamo.Str(StaffID), "row": dynamo.Str(row)}
}

// Start implements staff.Sessions.
func (t *Store) Start(ctx context.Context, s staff.Session) error {
	row := key(s.Account.ID, s.ID)
	row["role"] = dynamo.Str(string(s.Role))
	row["started_at"], row["seen_at"] = dynamo.Stamp(s.StartedAt), dynamo.Stamp(s.SeenAt)
	if s.Name != "" {
		row["name"] = dynamo.Str(s.Name)
	}
	if !s.SignedInAt.IsZero() {
		row["signed_in_at"] = dynamo.Stamp(s.SignedInAt)
	}
	if err := row.Expire(s.StartedAt, keptFor); err != nil {
		return err
	}
	return dynamo.Fault(t.Table.Put(ctx, row), "start a session")
}

// Read implements staff.Sessions.
func (t *Store) Read(ctx context.Context, account, id string) (staff.Session, error) {
	row, err := t.Table.Get(ctx, key(account, id))
	if err != nil {
		return staff.Session{}, dynamo.Fault(err, "read a session")
	}
	s := session(row)
	if s.ID = id; !s.Live(t.Now()) {
		return staff.Session{}, errNone
	}
	return s, nil
}

var errNone = fault.New(fault.NotFound, "There is no such session.")

func session(row dynamo.Item) staff.Session {
	account, _, _ := strings.Cut(strings.TrimPrefix(row.Str("row"), rowPrefix), "#")
	return staff.Session{
		Account:   staff.Account{ID: account, Name: row.Str("name"), Role: staff.Role(row.Str("role")), SignedInAt: row.Time("signed_in_at")},
		StartedAt: row.Time("started_at"), SeenAt: row.Time("seen_at"),
	}
}

// Touch implements staff.Sessions.
func (t *Store) Touch(ctx context.Context, s staff.Session) error {
	var p patch.Patch
	p.Set("seen_at", s.SeenAt)
	p.If(patch.Present("started_at"))
	err := dynamo.Fault(t.Table.Update(ctx, key(s.Account.ID, s.ID), p), "note a click")
	if fault.Is(err, fault.Conflict) {
		return errNone
	}
	return err
}

// End implements staff.Sessions.
func (t *Store) End(ctx context.Context, account, id string) error {
	return dynamo.Fault(t.Table.Delete(ctx, key(account, id)), "end a session")
}

// EndAll implements staff.Sessions.
func (t *Store) EndAll(ctx context.Context, account string) error {
	rows, err := t.rows(ctx, prefix(account))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := t.Table.Delete(ctx, rowKey(row.Str("row"))); err != nil {
			return dynamo.Fault(err, "end a session")
		}
	}
	return nil
}

// Of implements staff.Sessions.
func (t *Store) Of(ctx context.Context, account string) ([]staff.Session, error) {
	return t.live(ctx, prefix(account))
}

// All implements staff.Sessions.
func (t *Store) All(ctx context.Context) ([]staff.Session, error) { return t.live(ctx, rowPrefix) }

func (t *Store) live(ctx context.Context, prefix string) ([]staff.Session, error) {
	rows, err := t.rows(ctx, prefix)
	var live []staff.Session
	for _, row := range rows {
		if s := session(row); s.Live(t.Now()) {
			live = append(live, s)
		}
	}
	slices.SortFunc(live, func(a, b staff.Session) int { return a.StartedAt.Compare(b.StartedAt) })
	return live, err
}

func (t *Store) rows(ctx context.Context, prefix string) (rows []dynamo.Item, err error) {
	for row, err := range t.Table.Rows(ctx, dynamo.Query{Key: "id", Is: StaffID, Sort: "row", Prefix: prefix}) {
		if err != nil {
			return nil, dynamo.Fault(err, "find sessions")
		}
		rows = append(rows, row)
	}
	return rows, nil
}
