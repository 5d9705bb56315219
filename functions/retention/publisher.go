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

// publisher tells other systems over the event bus, and the log: where the tables
// are lost, nothing else here says who was erased.
type publisher struct {
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

// Erased implements disposal.ErasurePublisher.
func (p publisher) Erased(ctx context.Context, request string, ref person.Ref, at time.Time) error {
	e := erasure{request, ref, at.UTC().Truncate(time.Millisecond)}
	if err := p.bus.Put(ctx, personErased, at, e); err != nil {
		return err
	}
	p.log.LogAttrs(ctx, slog.LevelInfo, "person erased", slog.String("request", request), slog.String("person", string(ref)), slog.Time("at", e.At))
	return nil
}
