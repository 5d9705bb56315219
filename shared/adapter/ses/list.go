package ses

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
)

// List is the suppression list of the account, or of a tenant; the two never
// combine. It is a suppression.List.
type List struct {
	Client *sesv2.Client
	Tenant string // empty: the account's list
}

var _ suppression.List = List{}

// Put lists the address for a reason; listing it again gives it the new one and is no
// error.
//
// suppression.ErrThrottled: above SES's rate. suppression.ErrUnlistable: SES cannot hold the
// address, now or ever. fault.Unavailable: no answer. fault.Internal: SES refused
// for a reason that an operator must fix.
func (l List) Put(ctx context.Context, a person.Address, reason suppression.ListReason) error {
	if !holdable(a) {
		return suppression.ErrUnlistable
	}
	_, err := l.Client.PutSuppressedDestination(ctx, &sesv2.PutSuppressedDestinationInput{
		EmailAddress: aws.String(a.Reveal()), Reason: types.SuppressionListReason(reason), TenantName: optional(l.Tenant),
	})
	return classified(err, a, "put on the suppression list")
}

// Delete unlists the address in lower case, as Put listed it. SES keeps the case of
// the local part, so an entry that somebody else made as Foo@ stays: only a
// reconciliation can find it. Not being listed is no error. The errors are
// those of Put.
func (l List) Delete(ctx context.Context, a person.Address) error {
	if !holdable(a) {
		return suppression.ErrUnlistable
	}
	return l.unlist(ctx, a.Reveal(), a)
}

// unlist deletes an entry in the spelling in which it is listed.
func (l List) unlist(ctx context.Context, spelling string, a person.Address) error {
	_, err := l.Client.DeleteSuppressedDestination(ctx, &sesv2.DeleteSuppressedDestinationInput{
		EmailAddress: aws.String(spelling), TenantName: optional(l.Tenant),
	})
	if _, absent := errors.AsType[*types.NotFoundException](err); absent {
		return nil
	}
	return classified(err, a, "delete from the suppression list")
}

// holdable keeps calls away from SES that it cannot grant. The SDK would send an
// empty address as it is, to the URL of the whole list.
func holdable(a person.Address) bool { return !a.IsZero() && a.ASCII() }
