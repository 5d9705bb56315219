package zendesk

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/ledger"
)

// Way tells Zendesk.
type Way struct{ product.API }

// Tell implements ledger.Way. An erasure is found, done in two steps, and proved by Zendesk's own list. Its mark is the
// user's number, noted before anything is deleted: a deleted user has no address any more. Once both steps are done, the
// mark also holds when.
func (w *Way) Tell(ctx context.Context, n ledger.Notice) (ledger.Answer, error) {
	number, since, erased := strings.Cut(n.Mark, " ")
	switch {
	case n.Task != ledger.Erasure:
		return product.ByHand(n)
	case n.Mark == "":
		return w.find(ctx, n)
	case !erased:
		return w.erase(ctx, n, number)
	}
	return w.prove(ctx, n, number, since)
}

func (w *Way) find(ctx context.Context, n ledger.Notice) (ledger.Answer, error) {
	email, err := product.Email(ctx, n)
	if err != nil {
		return ledger.Answer{}, err
	}
	found, err := w.search(ctx, n.System, email)
	switch {
	case err != nil:
		return ledger.Answer{}, err
	case found.ID == 0:
		return ledger.Answer{State: ledger.NotFound}, nil
	case found.Role != "end-user":
		return failed(ledger.WorksThere), nil
	}
	return ledger.Answer{State: ledger.Told, RetryAt: w.Now(), Mark: strconv.FormatInt(found.ID, 10)}, nil
}

func failed(ground string) ledger.Answer { return ledger.Answer{State: ledger.Failed, Ground: ground} }

// erase makes both steps. A step that finds nobody was made by an attempt before.
func (w *Way) erase(ctx context.Context, n ledger.Notice, number string) (ledger.Answer, error) {
	step := product.Call{System: n.System, Op: "delete a user", Method: http.MethodDelete, Path: "/api/v2/users/" + number, Takes: []int{http.StatusNotFound, http.StatusUnprocessableEntity}}
	answer, err := w.call(ctx, step, nil)
	if err != nil {
		return ledger.Answer{}, err
	}
	if answer.Status == http.StatusUnprocessableEntity {
		return refusal(answer.Body), nil
	}
	step.Op, step.Path = "erase a deleted user", "/api/v2/deleted_users/"+number
	if answer, err = w.call(ctx, step, nil); err != nil {
		return ledger.Answer{}, err
	}
	if answer.Status == http.StatusUnprocessableEntity {
		return failed(ledger.Refuses), nil
	}
	now := w.Now().UTC()
	return ledger.Answer{State: ledger.Told, RetryAt: now.Add(quiet), Mark: number + " " + now.Format(civil.Stamp)}, nil
}

// refusal is why a user is not deleted. Zendesk's own words may name the person.
func refusal(body []byte) ledger.Answer {
	if bytes.Contains(body, []byte("not closed")) {
		return failed(ledger.OpenTickets)
	}
	return failed(ledger.Refuses)
}
