package main

import (
	"context"
	"time"

	"privacydesk/shared/boot"
	"privacydesk/shared/person"
)

// personErased is the detail-type by which other systems listen.
const personErased = "Person Erased"

// herald tells other systems over the event bus.
type herald struct{ bus boot.Bus }

// erasure is the detail of the event. Systems that know an address ask
// POST /suppressions/check whose it was; no address leaves here.
type erasure struct {
	Request string     `json:"request"`
	Person  person.Ref `json:"person"`
	At      time.Time  `json:"at"`
}

// Erased implements retention.Herald.
func (h herald) Erased(ctx context.Context, request string, ref person.Ref, at time.Time) error {
	return h.bus.Put(ctx, personErased, at, erasure{request, ref, at.UTC().Truncate(time.Millisecond)})
}
