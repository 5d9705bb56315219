package optouts

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/person"
)

// confirmationPatch queues a confirmation, or joins it to the one that waits.
func confirmationPatch(c optout.OptInConfirmation) patch.Patch {
	u := letters.Queued(optin.Letter(&c))
	u.Clear("sent_at", "ses_message")
	u.Set("address", c.Address.Reveal())
	u.Set("language", c.Language)
	u.Unite("scopes", versioned(c.Versions))
	if c.Confirmed { // it waits for its mail, however long that takes
		u.Clear("expires_at")
	} else {
		u.Set("expires_at", letters.Expires(c.QueuedAt))
	}
	return u
}

// versioned are scopes with the versions of their records, as a set holds them:
// "email/newsletter 3".
func versioned(versions map[optout.Scope]int) patch.Set {
	var all patch.Set
	for scope, v := range versions {
		all = append(all, string(scope)+" "+strconv.Itoa(v))
	}
	return all
}

func readConfirmation(i dynamo.Item) optout.OptInConfirmation {
	address, _ := person.Parse(i.Str("address"))
	c := optout.OptInConfirmation{
		Ref: person.Ref(i.Str("ref")), Address: address, Language: i.Str("language"), QueuedAt: i.Time("queued_at"),
		Versions: map[optout.Scope]int{}, Confirmed: letters.IsConfirmed(i.Str("scope")),
	}
	if set, ok := i["scopes"].(*types.AttributeValueMemberSS); ok {
		for _, text := range set.Value {
			scope, version, _ := strings.Cut(text, " ")
			v, _ := strconv.Atoi(version)
			if before, found := c.Versions[optout.Scope(scope)]; !found || v > before {
				c.Versions[optout.Scope(scope)] = v
			}
		}
	}
	return c
}

// Confirmation implements optin.Store.
func (t *Store) Confirmation(ctx context.Context, l outbox.Letter) (optout.OptInConfirmation, error) {
	row, err := t.Table.Get(ctx, letters.Key(l))
	if err == nil && len(row) == 0 {
		return optout.OptInConfirmation{}, fault.New(fault.NotFound, "there is no such opt-in confirmation")
	}
	if err != nil {
		return optout.OptInConfirmation{}, dynamo.Fault(err, "read an opt-in confirmation")
	}
	return readConfirmation(row), nil
}

// ConfirmationsOf returns the opt-in confirmations that are kept of a person.
// Of one whose mail has gone only its dates are left, and nothing is returned.
func (t *Store) ConfirmationsOf(ctx context.Context, ref person.Ref) ([]optout.OptInConfirmation, error) {
	var all []optout.OptInConfirmation
	for i, err := range t.Table.Rows(ctx, dynamo.Query{Key: "ref", Is: string(ref), Sort: "scope", Prefix: "#opt"}) {
		if err != nil {
			return nil, dynamo.Fault(err, "read opt-in confirmations")
		}
		if c := readConfirmation(i); len(c.Versions) > 0 {
			all = append(all, c)
		}
	}
	return all, nil
}
