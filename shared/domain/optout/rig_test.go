package optout_test

import (
	"context"
	"testing"

	"privacydesk/shared/testkit/optoutrig"
)

var (
	ctx           = context.Background()
	observationOf = optoutrig.ObservationOf
)

const view = optoutrig.View

// desk adds to the rig what only these tests do.
type desk struct{ *optoutrig.Desk }

func newDesk(tb testing.TB) *desk { return &desk{optoutrig.New(tb)} }
