package dynamo

import (
	"context"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/optout"
	"privacydesk/shared/person"
)

// askScope stands where an opt-out has its scope; no channel begins with "#".
const askScope = "#opt-in"

func askKey(ref person.Ref) item { return item{"ref": str(string(ref)), "scope": str(askScope)} }

func askUpdate(a optout.Ask) *update {
	versions := item{}
	for scope, v := range a.Versions {
		versions[string(scope)] = num(v)
	}
	u := newUpdate()
	u.put("address", str(a.Address.Reveal()))
	u.putOrDrop("language", a.Language)
	u.put("asked_at", stamp(a.AskedAt))
	u.put("versions", &types.AttributeValueMemberM{Value: versions})
	u.put("pending", str(pendingMail))
	u.put("pending_at", stamp(a.AskedAt))
	u.put("expires_at", num(a.AskedAt.Add(optout.ConfirmWithin).Unix()))
	return u
}

func ask(i item) optout.Ask {
	address, _ := person.Parse(i.str("address"))
	a := optout.Ask{
		Ref: person.Ref(i.str("ref")), Address: address, Language: i.str("language"),
		AskedAt: i.time("asked_at"), Versions: map[optout.Scope]int{},
	}
	if m, ok := i["versions"].(*types.AttributeValueMemberM); ok {
		for scope, v := range m.Value {
			a.Versions[optout.Scope(scope)] = int(number(v))
		}
	}
	return a
}

// PendingAsks implements optout.AskQueue.
func (t *OptOuts) PendingAsks(ctx context.Context, now time.Time) iter.Seq2[optout.Ask, error] {
	return func(yield func(optout.Ask, error) bool) {
		for i, err := range rows(ctx, t.DB, t.due(pendingMail, now)) {
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
	return t.mark(ctx, u, askKey(a.Ref), "claim a wish")
}

// AskMailed implements optout.AskQueue.
func (t *OptOuts) AskMailed(ctx context.Context, a optout.Ask) error {
	u := newUpdate()
	u.drop("pending", "pending_at")
	u.only("asked_at", stamp(a.AskedAt))
	return t.mark(ctx, u, askKey(a.Ref), "mark a wish as mailed")
}
