package hubspot

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/ledger"
)

// Way tells HubSpot.
type Way struct{ product.API }

// purge is how long HubSpot may take to erase.
const purge = 30 * 24 * time.Hour

// Tell implements ledger.Way. An erasure is found, asked for, and looked after when HubSpot's time is over. Its mark is
// the contacts' numbers, and the time from which they must be gone.
func (w *Way) Tell(ctx context.Context, n ledger.Notice) (ledger.Answer, error) {
	numbers, until, asked := strings.Cut(n.Mark, " ")
	switch {
	case n.Task != ledger.Erasure:
		return product.ByHand(n)
	case n.Mark == "":
		return w.find(ctx, n)
	case !asked:
		return w.erase(ctx, n, numbers)
	}
	return w.prove(ctx, n, numbers, until)
}

// find looks for the contacts, and erases none: HubSpot would not find them a second time.
func (w *Way) find(ctx context.Context, n ledger.Notice) (ledger.Answer, error) {
	email, err := product.Email(ctx, n)
	if err != nil {
		return ledger.Answer{}, err
	}
	contacts, err := w.search(ctx, n.System, email)
	switch {
	case err != nil:
		return ledger.Answer{}, err
	case len(contacts) == 0:
		return ledger.Answer{State: ledger.NotFound}, nil
	}
	return ledger.Answer{State: ledger.Told, RetryAt: w.Now(), Mark: strings.Join(contacts, ",")}, nil
}

// contact is one of HubSpot's.
type contact struct {
	ID         string
	Properties struct {
		Email string
		More  string `json:"hs_additional_emails"` // with semicolons between them
	}
}

func (c contact) has(email string) bool {
	return slices.ContainsFunc(append(strings.Split(c.Properties.More, ";"), c.Properties.Email), func(one string) bool {
		return strings.EqualFold(strings.TrimSpace(one), email)
	})
}

// search returns the numbers of the contacts with an address. HubSpot compares parts of addresses, so each is compared again.
func (w *Way) search(ctx context.Context, s ledger.System, email string) ([]string, error) {
	filter := func(property, operator string) any {
		return map[string]any{"filters": []any{map[string]string{"propertyName": property, "operator": operator, "value": email}}}
	}
	var found struct{ Results []contact }
	_, err := w.call(ctx, product.Call{System: s, Op: "find a contact", Method: http.MethodPost, Path: "/crm/v3/objects/contacts/search", Body: map[string]any{
		"filterGroups": []any{filter("email", "EQ"), filter("hs_additional_emails", "CONTAINS_TOKEN")},
		"properties":   []string{"email", "hs_additional_emails"}, "sorts": []string{}, "limit": 100, "after": "0",
	}}, &found)
	var numbers []string
	for _, c := range found.Results {
		if c.has(email) && c.ID != "" && strings.Trim(c.ID, "0123456789") == "" {
			numbers = append(numbers, c.ID)
		}
	}
	return numbers, err
}

// erase asks HubSpot to erase. A contact that is not there was erased by an attempt before, whose answer was lost.
func (w *Way) erase(ctx context.Context, n ledger.Notice, numbers string) (ledger.Answer, error) {
	for id := range strings.SplitSeq(numbers, ",") {
		_, err := w.call(ctx, product.Call{System: n.System, Op: "erase a contact", Method: http.MethodPost, Path: "/crm/v3/objects/contacts/gdpr-delete",
			Body: map[string]string{"objectId": id}, Takes: []int{http.StatusNotFound}}, nil)
		if err != nil {
			return ledger.Answer{}, err
		}
	}
	over := w.Now().Add(purge).UTC()
	return ledger.Answer{State: ledger.Told, RetryAt: over, Mark: numbers + " " + over.Format(civil.Stamp)}, nil
}

// prove looks whether the contacts are gone.
func (w *Way) prove(ctx context.Context, n ledger.Notice, numbers, until string) (ledger.Answer, error) {
	if over, err := time.Parse(civil.Stamp, until); err == nil && w.Now().Before(over) {
		return ledger.Answer{State: ledger.Told, RetryAt: over}, nil
	}
	all := strings.Split(numbers, ",")
	for _, id := range all {
		answer, err := w.call(ctx, product.Call{System: n.System, Op: "look for a contact", Method: http.MethodGet, Path: "/crm/v3/objects/contacts/" + id, Takes: []int{http.StatusNotFound}}, nil)
		if err != nil {
			return ledger.Answer{}, err
		}
		if answer.Status != http.StatusNotFound {
			return ledger.Answer{State: ledger.Failed, Ground: ledger.NotShown}, nil
		}
	}
	return ledger.Answer{State: ledger.Done, Records: len(all)}, nil
}
