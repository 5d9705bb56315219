package disposal_test

import (
	"context"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
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

func (h *hooked) err(call string, do func() error) error {
	_, err := through(h, call, func() (struct{}, error) { return struct{}{}, do() })
	return err
}

func (h *hooked) Run(c ctx) (disposal.Run, error) {
	return through(h, "Run", func() (disposal.Run, error) { return h.Store.Run(c) })
}

func (h *hooked) SaveRun(c ctx, r disposal.Run) error {
	return h.err("SaveRun", func() error { return h.Store.SaveRun(c, r) })
}

func (h *hooked) EndRun(c ctx, r disposal.Run) error {
	return h.err("EndRun", func() error { return h.Store.EndRun(c, r) })
}

func (h *hooked) Due(c ctx, class disposal.Class, before time.Time, place string, most int) (items []disposal.Item, more bool, err error) {
	err = h.err("Due "+string(class), func() (err error) {
		items, more, err = h.Store.Due(c, class, before, place, most)
		return err
	})
	return items, more, err
}

func (h *hooked) Prepare(c ctx, class disposal.Class, a disposal.Action, items []disposal.Item, at time.Time) ([]disposal.Ready, error) {
	return through(h, "Prepare", func() ([]disposal.Ready, error) { return h.Store.Prepare(c, class, a, items, at) })
}

func (h *hooked) Order(c ctx, i disposal.Item, at time.Time) (disposal.Order, error) {
	return through(h, "Order", func() (disposal.Order, error) { return h.Store.Order(c, i, at) })
}

func (h *hooked) Lighten(c ctx, w disposal.Work, most, holds int) (disposal.Work, error) {
	return through(h, "Lighten", func() (disposal.Work, error) { return h.Store.Lighten(c, w, most, holds) })
}

func (h *hooked) Dispose(c ctx, b disposal.Batch) error {
	return h.err("Dispose", func() error { return h.Store.Dispose(c, b) })
}

func (h *hooked) InForce(c ctx) (disposal.InForce, error) {
	return through(h, "InForce", func() (disposal.InForce, error) { return h.Store.InForce(c) })
}

func (h *hooked) Names(c ctx, run string, class disposal.Class, from, to int) ([]string, error) {
	return through(h, "Names", func() ([]string, error) { return h.Store.Names(c, run, class, from, to) })
}

func (h *hooked) Head(c ctx) (audit.Head, error) {
	return through(h, "Head", func() (audit.Head, error) { return h.Store.Head(c) })
}

func (h *hooked) Certify(c ctx, p disposal.Proof) error {
	return h.err("Certify", func() error { return h.Store.Certify(c, p) })
}
