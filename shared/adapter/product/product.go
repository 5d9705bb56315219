// Package product calls the APIs of products that hold people's data. An adapter knows one product each: hubspot,
// mailchimp, zendesk. What they share is here: the key, and what a status means that no product's own rule explains.
//
// An address may stand in a path or a body, never in an error or a log. The package must not know any product.
package product

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
)

// API calls a product.
type API struct {
	Caller outbound.Caller
	// Secret reads the secret that desk.yaml names for a system: the key.
	Secret func(ctx context.Context, name string) (string, error)
	Now    func() time.Time
	Log    *slog.Logger // of what a product refused for good; nil: nothing is logged
}

// Call is one call.
type Call struct {
	System ledger.System
	Op     string // what is done, with nobody's data in it: "find a contact"
	Method string
	Path   string                  // after the System's URL; it may name a person
	Body   any                     // sent as JSON; nil: none
	Key    func(key string) string // makes the header Authorization of the key
	Takes  []int                   // statuses besides 2xx that the product gives a meaning
}

// Do makes a call and reads the JSON of a 2xx into what is given, unless that is nil. The answer's status is 2xx or one
// that the call takes. Forbidden: the key is refused. TooMany: later, RetryAt says when. Unavailable: anything else.
func (a *API) Do(ctx context.Context, c Call, into any) (outbound.Answer, error) {
	op := c.Op + " in " + c.System.ID
	key, err := a.Secret(ctx, c.System.Secret)
	if err != nil {
		return outbound.Answer{}, err
	}
	call := outbound.Call{Op: op, Method: c.Method, URL: strings.TrimSuffix(c.System.URL, "/") + c.Path,
		Headers: map[string]string{"Authorization": c.Key(strings.TrimSpace(key)), "Accept": "application/json"}}
	if c.Body != nil {
		call.Headers["Content-Type"] = "application/json"
		if call.Body, err = json.Marshal(c.Body); err != nil {
			return outbound.Answer{}, fault.Wrap(fault.Internal, errors.New("the call has no JSON form"), op)
		}
	}
	answer, err := a.Caller.Do(ctx, call)
	if err != nil {
		return outbound.Answer{}, err
	}
	switch {
	case answer.Status/100 == 2:
		return answer, Read(op, answer, into)
	case slices.Contains(c.Takes, answer.Status):
		return answer, nil
	}
	return outbound.Answer{}, a.refused(c.System, op, answer)
}

// Read reads the JSON of an answer. Unavailable: it is none.
func Read(op string, answer outbound.Answer, into any) error {
	if into != nil && json.Unmarshal(answer.Body, into) != nil { // its error may hold a part of the answer
		return fault.Wrap(fault.Unavailable, fmt.Errorf("it answered %d with what is not its JSON", answer.Status), op)
	}
	return nil
}

// refused is what a status means that the product's own rules do not explain.
func (a *API) refused(s ledger.System, op string, answer outbound.Answer) error {
	err := answer.Refused(op, a.Now())
	if answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden {
		err.Code, err.Err = fault.Forbidden, fmt.Errorf("%w: the key in the secret %q is wrong, or may not do this", err.Err, s.Secret)
	}
	return err
}

// Email reads by which address a person is found. Invalid: they have none of their own, so the owner must look.
func Email(ctx context.Context, n ledger.Notice) (string, error) {
	p, err := n.Person(ctx)
	switch {
	case err != nil:
		return "", err
	case p.Email.IsZero():
		return "", fault.New(fault.Invalid, "%s finds people by their e-mail address alone", n.System.ID)
	}
	return strings.ToLower(p.Email.Reveal()), nil
}

// ByHand hands a task over to the owner, since the product has no call that does it.
func ByHand(n ledger.Notice) (ledger.Answer, error) {
	return ledger.Answer{}, fault.New(fault.Invalid, "the API of %s cannot do this (%s)", n.System.Way, n.Task)
}
