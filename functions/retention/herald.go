package main

import (
	"context"
	"log/slog"
	"time"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/domain/person"
)

// personErased is the detail-type by which other systems listen.
const personErased = "Person Erased"

// herald tells other systems over the event bus, and the log: where the tables
// are lost, nothing else here says who was erased.
type herald struct {
	bus aws.Bus
	log *slog.Logger
}

// erasure is the detail of the event. Systems that know an address ask
// POST /suppressions/check whose it was; no address leaves here.
type erasure struct {
	Request string     `json:"request"`
	Person  person.Ref `json:"person"`
	At      time.Time  `json:"at"`
}

// Erased implements disposal.Herald.
func (h herald) Erased(ctx context.Context, request string, ref person.Ref, at time.Time) error {
	told := erasure{request, ref, at.UTC().Truncate(time.Millisecond)}
	if err := h.bus.Put(ctx, personErased, at, told); err != nil {
		return err
	}
	h.log.LogAttrs(ctx, slog.LevelInfo, "person erased", slog.String("request", request), slog.String("person", string(ref)), slog.Time("at", told.At))
	return nil
}
