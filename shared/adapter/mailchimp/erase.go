package mailchimp

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/ledger"
)

// Way tells Mailchimp.
type Way struct{ product.API }

// lookAgain is how long after an erasure Mailchimp is asked whether it still shows a member.
const lookAgain = 10 * time.Minute

// Tell implements ledger.Way. The mark of an erasure is in how many audiences the person was found, noted before any
// is left: an attempt that fails in between still ends with all of them.
func (w *Way) Tell(ctx context.Context, n ledger.Notice) (ledger.Answer, error) {
	if n.Task != ledger.Erasure {
		return product.ByHand(n)
	}
	email, err := product.Email(ctx, n)
	if err != nil {
		return ledger.Answer{}, err
	}
	members, err := w.members(ctx, n.System, email)
	found, _ := strconv.Atoi(n.Mark)
	switch {
	case err != nil:
		return ledger.Answer{}, err
	case len(members) == 0 && n.Mark == "":
		return ledger.Answer{State: ledger.NotFound}, nil
	case len(members) == 0:
		return ledger.Answer{State: ledger.Done, Records: found}, nil
	case n.Mark == "":
		return ledger.Answer{State: ledger.Told, RetryAt: w.Now(), Mark: strconv.Itoa(len(members))}, nil
	}
	return w.erase(ctx, n, members)
}

// members are the paths of a person in all audiences.
func (w *Way) members(ctx context.Context, s ledger.System, email string) ([]string, error) {
	audiences, err := w.audiences(ctx, s)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, audience := range audiences {
		path := member(audience, email)
		answer, err := w.call(ctx, product.Call{System: s, Op: "find a member", Method: http.MethodGet, Path: path + "?fields=status", Takes: []int{http.StatusNotFound}}, nil)
		if err != nil {
			return nil, err
		}
		if answer.Status != http.StatusNotFound {
			found = append(found, path)
		}
	}
	return found, nil
}

// erase erases members. That they are gone shows when Mailchimp is asked again.
func (w *Way) erase(ctx context.Context, n ledger.Notice, members []string) (ledger.Answer, error) {
	for _, path := range members {
		_, err := w.call(ctx, product.Call{System: n.System, Op: "erase a member", Method: http.MethodPost, Path: path + "/actions/delete-permanent", Takes: []int{http.StatusNotFound}}, nil)
		if err != nil {
			return ledger.Answer{}, err
		}
	}
	return ledger.Answer{State: ledger.Told, RetryAt: w.Now().Add(lookAgain)}, nil
}
