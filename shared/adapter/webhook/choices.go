package webhook

import (
	"context"
	"net/http"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
)

// choices is the data of an event about what people have chosen.
type choices struct {
	System  string `json:"system"`
	Changes int    `json:"changes"`
	Address string `json:"address"`
}

// Choices implements feed.Way.
func (w *Way) Choices(ctx context.Context, b feed.Batch) error {
	address, err := w.ChoicesAt(b)
	if err != nil {
		return err
	}
	answer, err := w.send(ctx, b.System, event{ID: b.ID, Type: "privacydesk.choices", Data: choices{b.System.ID, len(b.Changes), address}})
	if err == nil && answer.Status == http.StatusGone {
		err = fault.New(fault.Invalid, "%s does not want to be told of choices any more", b.System.ID)
	}
	return err
}
