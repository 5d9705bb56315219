package dynamo

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
)

// confirmationScopes stand where an opt-out has its scope; no channel begins
// with "#".
var confirmationScopes = map[outbox.Template]string{optout.MailOptIn: "#opt-in", optout.MailOptedIn: "#opted-in"}

func isConfirmation(scope string) bool {
	return scope == confirmationScopes[optout.MailOptIn] || scope == confirmationScopes[optout.MailOptedIn]
}

// confirmationUpdate queues a confirmation, or joins it to the one that waits.
func confirmationUpdate(c optout.OptInConfirmation) *update {
	u := newUpdate()
	for name, value := range letterItem(c.Letter()) {
		if !isKey(name) {
			u.put(name, value)
		}
	}
	u.drop("sent_at", "ses_message")
	u.put("address", str(c.Address.Reveal()))
	u.putOrDrop("language", c.Language)
	u.join("scopes", versioned(c.Versions))
	if c.Confirmed { // it waits for its mail, however long that takes
		u.drop("expires_at")
	} else {
		u.expire(c.QueuedAt)
	}
	return u
}

// versioned are scopes with the versions of their records, as a set holds them:
// "email/newsletter 3".
func versioned(versions map[optout.Scope]int) []string {
	var all []string
	for scope, v := range versions {
		all = append(all, string(scope)+" "+strconv.Itoa(v))
	}
	return all
}

func readConfirmation(i item) optout.OptInConfirmation {
	address, _ := person.Parse(i.str("address"))
	c := optout.OptInConfirmation{
		Ref: person.Ref(i.str("ref")), Address: address, Language: i.str("language"), QueuedAt: i.time("queued_at"),
		Versions: map[optout.Scope]int{}, Confirmed: i.str("scope") == confirmationScopes[optout.MailOptedIn],
	}
	if set, ok := i["scopes"].(*types.AttributeValueMemberSS); ok {
		for _, text := range set.Value {
			scope, version, _ := strings.Cut(text, " ")
			v, _ := strconv.Atoi(version)
			c.Versions[optout.Scope(scope)] = max(v, c.Versions[optout.Scope(scope)])
		}
	}
	return c
}

// Confirmation implements optout.ConfirmationStore.
func (t *OptOuts) Confirmation(ctx context.Context, l outbox.Letter) (optout.OptInConfirmation, error) {
	out, err := t.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.Table, Key: letterKey(l), ConsistentRead: aws.Bool(true)})
	if err == nil && len(out.Item) == 0 {
		return optout.OptInConfirmation{}, fault.New(fault.NotFound, "there is no such opt-in confirmation")
	}
	if err != nil {
		return optout.OptInConfirmation{}, asFault(err, "read an opt-in confirmation")
	}
	return readConfirmation(out.Item), nil
}

// ConfirmationsOf returns the opt-in confirmations that are kept of a person.
// Of one whose mail has gone only its dates are left, and nothing is returned.
func (t *OptOuts) ConfirmationsOf(ctx context.Context, ref person.Ref) ([]optout.OptInConfirmation, error) {
	var all []optout.OptInConfirmation
	for i, err := range rows(ctx, t.DB, &dynamodb.QueryInput{
		TableName: &t.Table, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#ref = :ref AND begins_with(#scope, :opt)"),
		ExpressionAttributeNames:  map[string]string{"#ref": "ref", "#scope": "scope"},
		ExpressionAttributeValues: item{":ref": str(string(ref)), ":opt": str("#opt")},
	}) {
		if err != nil {
			return nil, asFault(err, "read opt-in confirmations")
		}
		if c := readConfirmation(i); len(c.Versions) > 0 {
			all = append(all, c)
		}
	}
	return all, nil
}
