package dynamo

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// These stand where an opt-out has its scope; no channel begins with "#".
const (
	askScope  = "#opt-in"
	backScope = "#back" // Ask.Back
)

func askKey(a optout.Ask) item {
	scope := askScope
	if a.Back {
		scope = backScope
	}
	return item{"ref": str(string(a.Ref)), "scope": str(scope)}
}

func askUpdate(a optout.Ask) *update {
	u := newUpdate()
	u.put("address", str(a.Address.Reveal()))
	u.putOrDrop("language", a.Language)
	u.put("asked_at", stamp(a.AskedAt))
	u.put("pending", str(pendingMail))
	u.put("pending_at", stamp(a.AskedAt))
	u.join("scopes", versioned(a.Versions))
	if a.Back { // it waits for its mail, however long that takes
		u.drop("expires_at")
		return u
	}
	u.expire(a.AskedAt)
	return u
}

// expire makes DynamoDB forget a row when the mailed link is over.
func (u *update) expire(asked time.Time) {
	u.put("expires_at", num(asked.Add(optout.ConfirmWithin).Unix()))
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

func ask(i item) optout.Ask {
	address, _ := person.Parse(i.str("address"))
	a := optout.Ask{
		Ref: person.Ref(i.str("ref")), Address: address, Language: i.str("language"),
		AskedAt: i.time("asked_at"), Versions: map[optout.Scope]int{}, Back: i.str("scope") == backScope,
	}
	if set, ok := i["scopes"].(*types.AttributeValueMemberSS); ok {
		for _, text := range set.Value {
			scope, version, _ := strings.Cut(text, " ")
			v, _ := strconv.Atoi(version)
			a.Versions[optout.Scope(scope)] = max(v, a.Versions[optout.Scope(scope)])
		}
	}
	return a
}

// PendingAsks implements optout.AskQueue.
func (t *OptOuts) PendingAsks(ctx context.Context, now time.Time) iter.Seq2[optout.Ask, error] {
	return func(yield func(optout.Ask, error) bool) {
		for i, err := range due(ctx, t.DB, t.Table, pendingMail, now) {
			if err != nil {
				yield(optout.Ask{}, asFault(err, "find the wishes that wait for their mail"))
				return
			}
			if !expired(i, now) && !yield(ask(i), nil) {
				return
			}
		}
	}
}

// ClaimAsk implements optout.AskQueue.
func (t *OptOuts) ClaimAsk(ctx context.Context, a optout.Ask, now, until time.Time) error {
	u := newUpdate()
	u.put("pending_at", stamp(until))
	u.only("asked_at", stamp(a.AskedAt))
	// A claim moves pending_at on; whoever comes second finds it moved.
	u.condition = append(u.condition, u.name("pending_at")+" <= "+u.value("now", stamp(now)))
	return t.mark(ctx, u, askKey(a), "claim a mail about coming back")
}

// AskMailed implements optout.AskQueue.
func (t *OptOuts) AskMailed(ctx context.Context, a optout.Ask) error {
	u := newUpdate()
	u.only("asked_at", stamp(a.AskedAt))
	u.drop("pending", "pending_at", "scopes", "address", "language")
	u.expire(a.AskedAt)
	return t.mark(ctx, u, askKey(a), "end a mail about coming back")
}

// AsksOf returns the mails about coming back that are kept of a person. Of one
// that told them that they are back, only its time is left once it has gone, and
// nothing is returned.
func (t *OptOuts) AsksOf(ctx context.Context, ref person.Ref) ([]optout.Ask, error) {
	var asks []optout.Ask
	for i, err := range rows(ctx, t.DB, &dynamodb.QueryInput{
		TableName: &t.Table, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#ref = :ref AND begins_with(#scope, :asks)"),
		ExpressionAttributeNames:  map[string]string{"#ref": "ref", "#scope": "scope"},
		ExpressionAttributeValues: item{":ref": str(string(ref)), ":asks": str("#")},
	}) {
		if err != nil {
			return nil, asFault(err, "read the mails about coming back")
		}
		if a := ask(i); len(a.Versions) > 0 {
			asks = append(asks, a)
		}
	}
	return asks, nil
}
