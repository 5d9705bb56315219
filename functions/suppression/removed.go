package main

import (
	"context"
	"encoding/json"
	"slices"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// removal is what is read of a stream record that says that a row is gone.
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
// tells DynamoDB's own deletions from others.)
type removal struct {
	EventName    string `json:"eventName"`
	UserIdentity struct {
		Type        string `json:"type"`
		PrincipalID string `json:"principalId"`
	} `json:"userIdentity"`
	DynamoDB struct {
		Keys struct {
			Ref   struct{ S person.Ref } `json:"ref"`
			Scope struct{ S string }     `json:"scope"`
		}
		OldImage struct {
			State struct{ S optout.State } `json:"state"`
		}
	} `json:"dynamodb"`
}

// suppressed reports whether the row kept a person from being mailed. Nothing
// of ours deletes such a row, not even the disposal of what is due: it leaves
// a tombstone.
func (r removal) suppressed() bool {
	return slices.Contains([]optout.State{optout.Out, optout.Paused}, r.DynamoDB.OldImage.State.S)
}

// byTTL reports whether DynamoDB deleted the row because its time was over.
func (r removal) byTTL() bool {
	return r.UserIdentity.Type == "Service" && r.UserIdentity.PrincipalID == "dynamodb.amazonaws.com"
}

// removals are those among the records of a batch.
func removals(records []json.RawMessage) []removal {
	var list []removal
	for _, text := range records {
		var r removal
		if json.Unmarshal(text, &r) == nil && r.EventName == "REMOVE" {
			list = append(list, r)
		}
	}
	return list
}

// shownRef is how much of a keyed reference a log shows: enough to find the
// row in a backup.
const shownRef = 8

// reportRemovals counts what TTL disposed of, and rings when an opt-out is gone.
func (h *handler) reportRemovals(ctx context.Context, list []removal) {
	ttl, byHand := 0, 0
	for _, r := range list {
		switch ref := r.DynamoDB.Keys.Ref.S; {
		case r.suppressed():
			byHand++
			h.log.ErrorContext(ctx, "opt-out row deleted", "reference", ref[:min(shownRef, len(ref))], "scope", r.DynamoDB.Keys.Scope.S, "expired", r.byTTL())
		case r.byTTL():
			ttl++
		}
	}
	h.figures.Report(boot.Figures{"DisposedByTTL": float64(ttl), "RowsDeletedByHand": float64(byHand)})
}
