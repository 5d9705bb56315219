package zendesk

import (
	"context"
	"net/http"
	"time"

	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/ledger"
)

// Zendesk's products erase one after the other, some hours apart, and nothing says how many will. So a user counts as
// erased when all that began have ended, and no other began for a day.
const (
	quiet   = 24 * time.Hour
	longest = 30 * 24 * time.Hour
)

// status is one line of Zendesk's list.
type status struct {
	Action, Application string
	At                  time.Time `json:"created_at"`
}

// prove asks whether Zendesk has erased. 404: it has no such user.
func (w *Way) prove(ctx context.Context, n ledger.Notice, number, since string) (ledger.Answer, error) {
	var list struct {
		Statuses []status `json:"compliance_deletion_statuses"`
	}
	answer, err := w.call(ctx, product.Call{System: n.System, Op: "ask for an erasure", Method: http.MethodGet,
		Path: "/api/v2/users/" + number + "/compliance_deletion_statuses", Takes: []int{http.StatusNotFound}}, &list)
	if err != nil {
		return ledger.Answer{}, err
	}
	began, err := time.Parse(civil.Stamp, since)
	switch {
	case answer.Status == http.StatusNotFound || complete(list.Statuses, w.Now()):
		return ledger.Answer{State: ledger.Done, Records: 1}, nil
	case err != nil || w.Now().Sub(began) > longest:
		return failed(ledger.NotShown), nil
	}
	return ledger.Answer{State: ledger.Told, RetryAt: w.Now().Add(quiet)}, nil
}

// complete reports whether a list says that the user is erased.
func complete(list []status, now time.Time) bool {
	ended, last := map[string]bool{}, time.Time{}
	for _, s := range list {
		ended[s.Application] = ended[s.Application] || s.Action == "complete"
		if s.At.After(last) {
			last = s.At
		}
	}
	whole := ended["all"]
	delete(ended, "all") // the request itself, which stands for no product
	for _, is := range ended {
		if !is {
			return false
		}
	}
	return whole || len(ended) > 0 && now.Sub(last) >= quiet
}
