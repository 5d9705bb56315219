package ses

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
)

var _ suppression.PagedList = List{}

// pageSize is the most that SES gives in one call.
const pageSize = 1000

// Page returns one page of the list and the token of the next, "" at the end.
//
// suppression.ErrThrottled: above SES's rate. suppression.ErrTokenExpired: the run must begin
// anew. Otherwise a fault, as Put has them.
func (l List) Page(ctx context.Context, token string) ([]suppression.Entry, string, error) {
	out, err := l.Client.ListSuppressedDestinations(ctx, &sesv2.ListSuppressedDestinationsInput{
		NextToken: optional(token), PageSize: aws.Int32(pageSize), TenantName: optional(l.Tenant),
	})
	if _, expired := errors.AsType[*types.InvalidNextTokenException](err); expired {
		return nil, "", suppression.ErrTokenExpired
	}
	if err != nil {
		return nil, "", classified(err, person.Address{}, "list the suppression list")
	}
	entries := make([]suppression.Entry, len(out.SuppressedDestinationSummaries))
	for i, s := range out.SuppressedDestinationSummaries {
		address, _ := person.Parse(aws.ToString(s.EmailAddress))
		entries[i] = suppression.Entry{
			Spelling: suppression.NewSpelling(aws.ToString(s.EmailAddress)), Address: address,
			Reason: suppression.ListReason(s.Reason), Updated: aws.ToTime(s.LastUpdateTime),
		}
	}
	return entries, aws.ToString(out.NextToken), nil
}

// MadeBySES returns the reason for which SES listed the entry itself, after a bounce
// or a complaint, and when: then it names the message. Only this call shows it; pages do not.
// suppression.ErrNotListed: the entry is gone. The other errors are those of Put.
func (l List) MadeBySES(ctx context.Context, e suppression.Entry) (made suppression.ListReason, at time.Time, err error) {
	if e.Spelling.Reveal() == "" {
		return suppression.NotListed, at, suppression.ErrUnlistable
	}
	out, err := l.Client.GetSuppressedDestination(ctx, &sesv2.GetSuppressedDestinationInput{
		EmailAddress: aws.String(e.Spelling.Reveal()), TenantName: optional(l.Tenant),
	})
	if _, absent := errors.AsType[*types.NotFoundException](err); absent {
		return suppression.NotListed, at, suppression.ErrNotListed
	}
	if err != nil {
		return suppression.NotListed, at, classified(err, e.Address, "read an entry of the suppression list")
	}
	entry := out.SuppressedDestination
	if entry == nil || entry.Attributes == nil || aws.ToString(entry.Attributes.MessageId) == "" {
		return suppression.NotListed, at, nil
	}
	return suppression.ListReason(entry.Reason), aws.ToTime(entry.LastUpdateTime), nil
}

// Drop unlists an entry in the spelling in which it was found. Not being listed any
// more is no error. The errors are those of Put.
func (l List) Drop(ctx context.Context, e suppression.Entry) error {
	if e.Spelling.Reveal() == "" {
		return suppression.ErrUnlistable
	}
	return l.unlist(ctx, e.Spelling.Reveal(), e.Address)
}
