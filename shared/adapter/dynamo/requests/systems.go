package requests

import (
	"context"
	"iter"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/patch"
)

// SystemRow is how the rows of the ledger begin; see letters.RowPrefix.
const SystemRow = "system"

// pendingSystem is their kind in the index Pending, while something is to be told.
const pendingSystem = "system"

var _ ledger.Book = (*Store)(nil)

func systemKey(e ledger.Entry) dynamo.Item {
	return Key(e.Request, SystemRow+"#"+string(e.Task)+"#"+e.System)
}

func systemItem(e ledger.Entry) dynamo.Item {
	var u patch.Patch
	for name, v := range map[string]any{
		"system": e.System, "task": e.Task, "system_state": e.State, "attempts": e.Attempts, "round": e.Round, "records": e.Records,
		"opened_at": e.OpenedAt, "answer_by": e.DueAt, "told_at": e.ToldAt, "reminded_at": e.RemindedAt, "fetched_at": e.FetchedAt, "ended_at": e.EndedAt,
		"trouble": e.Trouble, "ground": e.Ground, "why": e.Why, "set_by": e.By, "mark": e.Mark,
	} {
		u.Set(name, v)
	}
	for name, is := range map[string]bool{"required": e.Required, "by_owner": e.ByOwner} {
		if is {
			u.Set(name, 1)
		}
	}
	if !e.TellAt.IsZero() {
		u.Set("pending", pendingSystem)
		u.Set("pending_at", e.TellAt)
	}
	return dynamo.NewItem(systemKey(e), u)
}

func readSystem(i dynamo.Item) ledger.Entry {
	return ledger.Entry{
		Request: i.Str("id"), System: i.Str("system"), Task: ledger.Task(i.Str("task")), State: ledger.State(i.Str("system_state")), Required: i.Num("required") == 1,
		OpenedAt: i.Time("opened_at"), DueAt: i.Time("answer_by"), TellAt: i.Time("pending_at"), ToldAt: i.Time("told_at"), RemindedAt: i.Time("reminded_at"), FetchedAt: i.Time("fetched_at"), EndedAt: i.Time("ended_at"),
		Attempts: int(i.Num("attempts")), Round: int(i.Num("round")), ByOwner: i.Num("by_owner") == 1, Trouble: i.Str("trouble"),
		Outcome: ledger.Outcome{Records: int(i.Num("records")), Ground: i.Str("ground"), Why: i.Str("why")}, By: i.Str("set_by"), Mark: i.Str("mark"),
	}
}

// Systems implements request.Store.
func (t *Store) Systems(ctx context.Context, id string) ([]ledger.Entry, error) {
	var all []ledger.Entry
	for i, err := range t.Table.Rows(ctx, dynamo.Query{Key: "id", Is: id, Sort: "row", Prefix: SystemRow + "#"}) {
		if err != nil {
			return nil, dynamo.Fault(err, "read what other systems must do")
		}
		all = append(all, readSystem(i))
	}
	return all, nil
}

// Due implements ledger.Book. The index lags behind a little.
func (t *Store) Due(ctx context.Context, now time.Time) iter.Seq2[ledger.Entry, error] {
	return dynamo.Read(t.Table.Pending().Rows(ctx, pendingSystem, now), readSystem, "find the systems that must be told")
}

// Try implements ledger.Book.
func (t *Store) Try(ctx context.Context, was, e ledger.Entry) error {
	var u patch.Patch
	u.Set("attempts", e.Attempts)
	u.Set("trouble", e.Trouble)
	u.Set("mark", e.Mark)
	u.Set("pending_at", e.TellAt)
	u.If(patch.Is("pending_at", was.TellAt), patch.Is("system_state", was.State), patch.Is("attempts", was.Attempts), patch.Is("round", was.Round))
	return dynamo.Fault(t.Table.Update(ctx, systemKey(e), u), "note an attempt to tell a system")
}
