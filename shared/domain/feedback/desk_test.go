package feedback_test

import (
	"context"
	"testing"

	"privacydesk/shared/testkit/optoutrig"
)

var (
	ctx           = context.Background()
	observationOf = optoutrig.ObservationOf
)

const gone = "a@example.com"

type desk = optoutrig.Desk

func newDesk(tb testing.TB) *desk { return optoutrig.New(tb) }
