package hubspot

import (
	"context"

	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/adapter/product"
)

// call makes a call with the access token of a private app.
// developers.hubspot.com/docs/guides/apps/private-apps/overview
func (w *Way) call(ctx context.Context, c product.Call, into any) (outbound.Answer, error) {
	c.Key = func(token string) string { return "Bearer " + token }
	return w.Do(ctx, c, into)
}
