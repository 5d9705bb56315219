package mailchimp

import (
	"context"
	"crypto/md5" // Mailchimp's choice; it protects nothing here
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/ledger"
)

// call makes a call with an API key. mailchimp.com/developer/marketing/docs/fundamentals/#connecting-to-the-api
func (w *Way) call(ctx context.Context, c product.Call, into any) (outbound.Answer, error) {
	c.Key = func(key string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte("desk:"+key)) }
	return w.Do(ctx, c, into)
}

// member is the path of a person in an audience.
func member(audience, email string) string {
	sum := md5.Sum([]byte(strings.ToLower(email)))
	return "/3.0/lists/" + url.PathEscape(audience) + "/members/" + hex.EncodeToString(sum[:])
}

// pageSize is Mailchimp's largest.
const pageSize = 1000

// audiences are all of the account: a new one must not be forgotten.
func (w *Way) audiences(ctx context.Context, s ledger.System) ([]string, error) {
	var ids []string
	for {
		var page struct {
			Lists []struct{ ID string }
			Total int `json:"total_items"`
		}
		path := fmt.Sprintf("/3.0/lists?fields=lists.id,total_items&count=%d&offset=%d", pageSize, len(ids))
		if _, err := w.call(ctx, product.Call{System: s, Op: "list the audiences", Method: http.MethodGet, Path: path}, &page); err != nil {
			return nil, err
		}
		for _, l := range page.Lists {
			ids = append(ids, l.ID)
		}
		if len(page.Lists) == 0 || len(ids) >= page.Total {
			return ids, nil
		}
	}
}
