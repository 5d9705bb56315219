package disposal_test

import (
	"context"
	"iter"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
)

type ctx = context.Context

// hooked is a store before and after whose calls something happens, or that
// fails: by the call's name, alone or with its class.
type hooked struct {
	disposal.Store
	before map[string]func() // once
	fail   map[string]error
	each   func(call string, after bool) error // for every call, before and after it
}

// through does a call with all that happens around it. What has happened
// stays, even if the caller is told that it failed.
func through[T any](h *hooked, call string, do func() (T, error)) (T, error) {
	var none T
	if f := h.before[call]; f != nil {
		delete(h.before, call)
		f()
	}
	if err := h.fail[call]; err != nil {
		return none, err
	}
	if h.each != nil {
		if err := h.each(call, false); err != nil {
			return none, err
		}
	}
	v, err := do()
	if h.each != nil && err == nil {
		if err := h.each(call, true); err != nil {
			return none, err
		}
	}
	return v, err
}

// Due is a call before the first record; whatever happens to it happens then.
func (h *hooked) Due(c ctx, class schedule.Class, before time.Time) iter.Seq2[disposal.Item, error] {
	found, err := through(h, "Due "+string(class), func() (iter.Seq2[disposal.Item, error], error) { return h.Store.Due(c, class, before), nil })
	if err != nil {
		return func(yield func(disposal.Item, error) bool) { yield(disposal.Item{}, err) }
	}
	return found
}

func (h *hooked) Read(c ctx, items []disposal.Item) ([]disposal.Record, error) {
	return through(h, "Read", func() ([]disposal.Record, error) { return h.Store.Read(c, items) })
}

func (h *hooked) OfPerson(c ctx, i disposal.Item) ([]disposal.Record, error) {
	return through(h, "OfPerson", func() ([]disposal.Record, error) { return h.Store.OfPerson(c, i) })
}

func (h *hooked) Dispose(c ctx, b disposal.Batch) error {
	_, err := through(h, "Dispose", func() (struct{}, error) { return struct{}{}, h.Store.Dispose(c, b) })
	return err
}

func (h *hooked) InForce(c ctx) (disposal.InForce, error) {
	return through(h, "InForce", func() (disposal.InForce, error) { return h.Store.InForce(c) })
}

func (h *hooked) Head(c ctx) (audit.Head, error) {
	return through(h, "Head", func() (audit.Head, error) { return h.Store.Head(c) })
}

func (h *hooked) Proofs(c ctx, before, limit int) ([]disposal.Proof, error) {
	return through(h, "Proofs", func() ([]disposal.Proof, error) { return h.Store.Proofs(c, before, limit) })
}
