package zendesk

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/ledger"
)

// call makes a call with an OAuth token, or with an API token, which names its agent: "agent@example.com/token:…".
// developer.zendesk.com/api-reference/introduction/security-and-auth/
func (w *Way) call(ctx context.Context, c product.Call, into any) (outbound.Answer, error) {
	c.Key = func(key string) string {
		if strings.Contains(key, "/token:") {
			return "Basic " + base64.StdEncoding.EncodeToString([]byte(key))
		}
		return "Bearer " + key
	}
	return w.Do(ctx, c, into)
}

// user is one of Zendesk's.
type user struct {
	ID    int64
	Email string // the first of their addresses
	Role  string
}

// search finds the user with an address; none has ID 0. The search also finds similar addresses, so each is compared.
func (w *Way) search(ctx context.Context, s ledger.System, email string) (user, error) {
	var found struct{ Users []user }
	_, err := w.call(ctx, product.Call{System: s, Op: "find a user", Method: http.MethodGet, Path: "/api/v2/users/search?query=" + url.QueryEscape(`email:"`+email+`"`)}, &found)
	if err != nil {
		return user{}, err
	}
	for _, u := range found.Users {
		is := strings.EqualFold(u.Email, email)
		if !is {
			if is, err = w.has(ctx, s, u, email); err != nil {
				return user{}, err
			}
		}
		if is {
			return u, nil
		}
	}
	return user{}, nil
}

// has looks for an address among all that a user has.
func (w *Way) has(ctx context.Context, s ledger.System, u user, email string) (bool, error) {
	var list struct {
		Identities []struct{ Type, Value string }
	}
	_, err := w.call(ctx, product.Call{System: s, Op: "read a user's addresses", Method: http.MethodGet, Path: fmt.Sprintf("/api/v2/users/%d/identities", u.ID), Takes: []int{http.StatusNotFound}}, &list)
	for _, i := range list.Identities {
		if i.Type == "email" && strings.EqualFold(i.Value, email) {
			return true, err
		}
	}
	return false, err
}
