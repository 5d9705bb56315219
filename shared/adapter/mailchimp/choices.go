package mailchimp

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
)

var (
	_ ledger.Way = (*Way)(nil)
	_ feed.Way   = (*Way)(nil)
)

// atOnce is how many calls are made at the same time: half of what Mailchimp allows, since others use the account too.
const atOnce = 5

// Choices implements feed.Way. Each person is told by a PATCH of their own. Mailchimp's batch of an audience adds people
// whom it never had, and its asynchronous batch says in an archive on another host alone whether an operation failed or
// only met a stranger.
func (w *Way) Choices(ctx context.Context, b feed.Batch) error {
	outs, ins := product.Choices(b)
	if len(outs)+len(ins) == 0 {
		return nil
	}
	audiences, err := w.audiences(ctx, b.System)
	if err != nil {
		return err
	}
	for topic, list := range b.System.Lists {
		if !slices.Contains(audiences, list) {
			return fault.New(fault.Invalid, "desk.yaml names the audience %q for %s, which %s does not have", list, topic, b.System.ID)
		}
	}
	if err := w.each(ctx, outs, audiences, func(ctx context.Context, path string) error { return w.leave(ctx, b.System, path) }); err != nil {
		return err
	}
	var refused atomic.Int32
	err = w.each(ctx, ins, untopical(b.System, audiences), func(ctx context.Context, path string) error { return w.comeBack(ctx, b.System, path, &refused) })
	w.Refused(b.System.ID, int(refused.Load()))
	return err
}

// untopical are the audiences that are no topic's: who comes back to mail does not come back to topics they left.
func untopical(s ledger.System, audiences []string) []string {
	topical := slices.Collect(maps.Values(s.Lists))
	return slices.DeleteFunc(slices.Clone(audiences), func(a string) bool { return slices.Contains(topical, a) })
}

// each does something to each person's member in their choice's audience, or in all.
func (w *Way) each(ctx context.Context, choices []product.Choice, all []string, do func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, c := range choices {
		lists := all
		if c.List != "" {
			lists = []string{c.List}
		}
		for _, audience := range lists {
			g.Go(func() error {
				if ctx.Err() != nil { // another has failed
					return nil
				}
				return do(ctx, member(audience, c.Email))
			})
		}
	}
	return g.Wait()
}

// leave unsubscribes a member. There may be none, and none is made.
func (w *Way) leave(ctx context.Context, s ledger.System, path string) error {
	is, err := w.set(ctx, s, path, "unsubscribed")
	if err == nil && is == refusal {
		is, err = w.status(ctx, s, path)
	}
	if err == nil && (is == "subscribed" || is == "pending") {
		err = fault.New(fault.Unavailable, "unsubscribe a member in %s: it still mails the person", s.ID)
	}
	return err
}

// comeBack subscribes a member who was unsubscribed, and nobody else: who is archived was put away by the organisation.
func (w *Way) comeBack(ctx context.Context, s ledger.System, path string, refused *atomic.Int32) error {
	if is, err := w.status(ctx, s, path); err != nil || is != "unsubscribed" {
		return err
	}
	is, err := w.set(ctx, s, path, "subscribed")
	if err == nil && is == refusal {
		refused.Add(1)
	}
	return err
}

// refusal stands for the status of a member that Mailchimp does not change.
const refusal = "refused"

// set changes a member's status, and returns what it is then; empty: there is no member.
func (w *Way) set(ctx context.Context, s ledger.System, path, status string) (string, error) {
	var member struct{ Status string }
	answer, err := w.call(ctx, product.Call{System: s, Op: "change a member", Method: http.MethodPatch, Path: path, Body: map[string]string{"status": status},
		Takes: []int{http.StatusNotFound, http.StatusBadRequest}}, &member)
	if answer.Status == http.StatusBadRequest {
		return refusal, nil
	}
	return member.Status, err
}

// status is a member's; empty: there is none.
func (w *Way) status(ctx context.Context, s ledger.System, path string) (string, error) {
	var member struct{ Status string }
	_, err := w.call(ctx, product.Call{System: s, Op: "read a member", Method: http.MethodGet, Path: path + "?fields=status", Takes: []int{http.StatusNotFound}}, &member)
	return member.Status, err
}
