package hubspot

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
)

var (
	_ ledger.Way = (*Way)(nil)
	_ feed.Way   = (*Way)(nil)
)

// subscriptions is where HubSpot keeps who gets which mail.
const subscriptions = "/communication-preferences/v4/statuses/"

// Choices implements feed.Way. HubSpot is told of its own contacts alone. It has no call that takes back an opt-out from
// all mail.
func (w *Way) Choices(ctx context.Context, b feed.Batch) error {
	outs, ins := product.Choices(b)
	known, err := w.known(ctx, b.System, append(slices.Clone(outs), ins...))
	if err != nil || len(known) == 0 {
		return err
	}
	strangers := func(c product.Choice) bool { return !known[c.Email] }
	outs, ins = slices.DeleteFunc(outs, strangers), slices.DeleteFunc(ins, strangers)
	if err := w.leaveAll(ctx, b.System, outs); err != nil {
		return err
	}
	if n, err := w.set(ctx, b.System, outs, "UNSUBSCRIBED"); err != nil || n > 0 {
		return refuses(b.System, err)
	}
	refused, err := w.set(ctx, b.System, ins, "SUBSCRIBED")
	for _, c := range ins {
		if c.List == "" {
			refused++
		}
	}
	w.Refused(b.System.ID, refused)
	return err
}

func refuses(s ledger.System, err error) error {
	if err == nil {
		return fault.New(fault.Unavailable, "unsubscribe contacts in %s: it refuses some of them", s.ID)
	}
	return err
}

// known are the addresses of contacts, of at most 100.
func (w *Way) known(ctx context.Context, s ledger.System, choices []product.Choice) (map[string]bool, error) {
	known, inputs := map[string]bool{}, []map[string]string{}
	for _, c := range choices {
		if _, twice := known[c.Email]; !twice {
			known[c.Email] = false
			inputs = append(inputs, map[string]string{"id": c.Email})
		}
	}
	if len(inputs) == 0 {
		return nil, nil
	}
	var found struct{ Results []contact }
	_, err := w.call(ctx, product.Call{System: s, Op: "find contacts", Method: http.MethodPost, Path: "/crm/v3/objects/contacts/batch/read", Body: map[string]any{
		"idProperty": "email", "inputs": inputs, "properties": []string{"email", "hs_additional_emails"}, "propertiesWithHistory": []string{},
	}}, &found)
	for email := range known {
		known[email] = slices.ContainsFunc(found.Results, func(c contact) bool { return c.has(email) })
	}
	return known, err
}

// leaveAll has people get no mail at all, in one call where the account has batches.
func (w *Way) leaveAll(ctx context.Context, s ledger.System, choices []product.Choice) error {
	var emails []string
	for _, c := range choices {
		if c.List == "" && !slices.Contains(emails, c.Email) {
			emails = append(emails, c.Email)
		}
	}
	if len(emails) == 0 {
		return nil
	}
	n, batches, err := w.change(ctx, s, "batch/unsubscribe-all?channel=EMAIL", map[string]any{"inputs": emails})
	if err != nil || n > 0 {
		return refuses(s, err)
	}
	for _, email := range emails {
		if batches {
			break
		}
		if n, _, err = w.change(ctx, s, url.PathEscape(email)+"/unsubscribe-all?channel=EMAIL", nil); err != nil || n > 0 {
			return refuses(s, err)
		}
	}
	return nil
}

// setting is a status of one person's subscription.
type setting struct {
	Email       string      `json:"subscriberIdString,omitempty"`
	Type        json.Number `json:"subscriptionId"`
	State       string      `json:"statusState"`
	Channel     string      `json:"channel"`
	Basis       string      `json:"legalBasis,omitempty"`
	Explanation string      `json:"legalBasisExplanation,omitempty"`
}

// set changes subscriptions to topics. It returns how many HubSpot refuses.
func (w *Way) set(ctx context.Context, s ledger.System, choices []product.Choice, state string) (refused int, err error) {
	var all []setting
	for _, c := range choices {
		if c.List != "" {
			one := setting{Email: c.Email, Type: json.Number(c.List), State: state, Channel: "EMAIL"}
			if state == "SUBSCRIBED" { // accounts with privacy settings ask for it
				one.Basis, one.Explanation = "CONSENT_WITH_NOTICE", "Chosen, and confirmed by mail, at the privacy desk"
			}
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return 0, nil
	}
	refused, batches, err := w.change(ctx, s, "batch/write", map[string]any{"inputs": all})
	if err != nil || batches {
		return refused, err
	}
	for _, one := range all {
		path := url.PathEscape(one.Email)
		one.Email = ""
		n, _, err := w.change(ctx, s, path, one)
		if err != nil {
			return refused, err
		}
		refused += n
	}
	return refused, nil
}

// change changes subscriptions. Only Enterprise accounts have batches: others answer 403, and so does a wrong key, which
// the single calls then show.
func (w *Way) change(ctx context.Context, s ledger.System, path string, body any) (refused int, batches bool, err error) {
	call := product.Call{System: s, Op: "change subscriptions", Method: http.MethodPost, Path: subscriptions + path, Body: body, Takes: []int{http.StatusBadRequest}}
	if strings.HasPrefix(path, "batch/") {
		call.Takes = []int{http.StatusForbidden}
	}
	var done struct{ NumErrors int }
	answer, err := w.call(ctx, call, &done)
	if answer.Status == http.StatusBadRequest {
		done.NumErrors = 1
	}
	return done.NumErrors, answer.Status != http.StatusForbidden, err
}
