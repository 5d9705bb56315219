package lifecycle_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

// What every event makes of every state, drawn apart from the table that is
// tested: "." is refused, "=" leaves the state as it is.
const drawn = `
	                    none     received   unverified open      waiting   carrying  fulfilled partly refused withdrawn expired joined
	received            received .          .          .         .         .         .         .      .       .         .       .
	verification_asked  .        unverified unverified .         .         .         .         .      .       .         .       .
	kept                .        unverified .          .         .         .         .         .      .       .         .       .
	opted_out           .        =          =          =         =         .         .         .      .       .         .       .
	verified            .        open       open       .         .         .         .         .      .       .         .       .
	linked              .        .          .          =         .         .         .         .      .       .         .       .
	asked               .        .          .          waiting   .         .         .         .      .       .         .       .
	answered            .        .          .          .         open      .         .         .      .       .         .       .
	resumed             .        .          .          .         open      .         .         .      .       .         .       .
	extended            .        .          .          =         =         .         .         .      .       .         .       .
	fulfilled           .        fulfilled  .          fulfilled .         fulfilled .         .      .       .         .       .
	partly_fulfilled    .        .          .          partly    .         partly    .         .      .       .         .       .
	carrying_out        .        .          .          carrying  .         .         .         .      .       .         .       .
	refused             .        .          refused    refused   refused   .         .         .      .       .         .       .
	disagreed           .        .          .          .         .         =         .         =      =       .         .       .
	appealed            .        .          .          .         .         =         .         =      =       .         .       .
	withdrawn           .        withdrawn  withdrawn  withdrawn withdrawn .         .         .      .       .         .       .
	expired             .        .          expired    .         expired   .         .         .      .       .         .       .
	verification_resent .        .          =          .         .         .         .         .      .       .         .       .
	mailed              .        =          =          =         =         =         =         =      =       =         =       =
	mail_failed         .        =          =          =         =         =         =         =      =       =         =       =
	posted              .        =          =          =         =         =         =         =      =       =         =       =
	not_posted          .        =          =          =         =         =         =         =      =       =         =       =
	exported            .        .          .          .         .         =         =         =      .       .         .       .
	address_told        .        =          =          =         =         =         =         =      =       =         =       =
	replied             .        =          =          =         =         =         =         =      =       =         =       =
	file_added          .        =          =          =         =         =         =         =      =       =         =       =
	file_gone           .        =          =          =         =         =         =         =      =       =         =       =
	file_replaced       .        =          =          =         =         =         =         =      =       =         =       =
	file_removed        .        =          =          =         =         =         =         =      =       =         =       =
	files_checked       .        .          =          =         =         .         .         .      .       .         .       .
	seen                .        =          =          =         =         =         =         =      =       =         =       =
	noted               .        =          =          =         =         =         =         =      =       =         =       =
	assigned            .        =          =          =         =         =         =         =      =       =         =       =
	erasure_ordered     .        .          .          .         .         =         =         =      .       .         .       .
	erasure_released    .        .          .          .         .         =         =         =      .       .         .       .
	amended             .        .          .          =         =         .         .         .      .       .         .       .
	reopened            .        .          .          .         .         open      open      open   open    open      open    open
	drafted             .        .          =          =         =         .         .         .      .       .         .       .
	signature_asked     .        .          =          =         =         =         =         =      .       .         .       .
	signed              .        .          =          =         =         =         =         =      .       .         .       .
	scheduled           .        .          =          =         =         .         .         .      .       .         .       .
	called_back         .        .          =          =         =         =         =         =      =       =         =       =
	not_sent            .        .          =          =         =         =         =         =      =       =         =       =
	joined              .        .          .          joined    .         .         .         .      .       .         .       .
	took_over           .        .          .          =         .         .         .         .      .       .         .       .
	reduced             .        .          .          .         .         .         =         =      =       =         =       =
	erased              .        .          .          .         .         .         =         =      =       =         =       =
	systems_asked       .        =          =          =         =         =         =         =      =       =         =       =
	system_told         .        =          =          =         =         =         =         =      =       =         =       =
	fetched_by_system   .        =          =          =         =         =         =         =      =       =         =       =
	system_answered     .        =          =          =         =         =         =         =      =       =         =       =
	system_reminded     .        =          =          =         =         =         =         =      =       =         =       =
	system_handed_over  .        =          =          =         =         =         =         =      =       =         =       =
	system_set          .        =          =          =         =         =         =         =      =       =         =       =
	system_again        .        =          =          =         =         =         =         =      =       =         =       =
	systems_dropped     .        =          =          =         =         =         =         =      =       =         =       =
	looked              .        =          =          =         =         =         =         =      =       =         =       =
	revealed            .        =          =          =         =         =         =         =      =       =         =       =
	file_fetched        .        =          =          =         =         =         =         =      =       =         =       =
	exported_by_officer .        =          =          =         =         =         =         =      =       =         =       =`

var short = map[string]lifecycle.State{
	"none": lifecycle.None, "received": lifecycle.Received, "unverified": lifecycle.Unverified, "open": lifecycle.Open, "waiting": lifecycle.WaitingForPerson, "carrying": lifecycle.CarryingOut,
	"fulfilled": lifecycle.Fulfilled, "partly": lifecycle.PartlyFulfilled, "refused": lifecycle.Refused, "withdrawn": lifecycle.Withdrawn, "expired": lifecycle.Expired, "joined": lifecycle.Joined,
}

func TestTransitions(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(drawn), "\n")
	states := strings.Fields(rows[0])
	var events []lifecycle.Event
	for _, row := range rows[1:] {
		cells := strings.Fields(row)
		event := lifecycle.Event(cells[0])
		events = append(events, event)
		for i, cell := range cells[1:] {
			checkTransition(t, short[states[i]], event, cell)
		}
	}
	if !slices.Equal(events, lifecycle.Events()) || len(states) != len(lifecycle.States)+1 {
		t.Errorf("drawn are %q,\nthere are %q", events, lifecycle.Events())
	}
}

func checkTransition(t *testing.T, from lifecycle.State, event lifecycle.Event, cell string) {
	t.Helper()
	got, err := lifecycle.Next(from, event)
	refusal, refused := errors.AsType[*lifecycle.TransitionError](err)
	switch want := short[cell]; {
	case cell == ".":
		if !refused || refusal.From != from || refusal.Event != event || fault.CodeOf(err) != fault.Conflict || got != from {
			t.Errorf("%q of %q: %q, %v", event, from, got, err)
		}
		if text := fault.Public(err); refused && (!strings.Contains(text, string(event)) || !strings.Contains(text, string(from))) {
			t.Errorf("%q of %q is refused with %q", event, from, text)
		}
	case err != nil, cell == "=" && got != from, cell != "=" && got != want:
		t.Errorf("%q of %q: %q, %v; want %s", event, from, got, err, cell)
	}
}

func TestUnknownEventsAndStatesAreRefused(t *testing.T) {
	for _, s := range append([]lifecycle.State{lifecycle.None, "gone"}, lifecycle.States...) {
		if _, err := lifecycle.Next(s, "forgotten"); err == nil {
			t.Errorf("%q can be forgotten", s)
		}
	}
	if _, err := lifecycle.Next("gone", lifecycle.EventMailed); err == nil {
		t.Error("a state that is none has a next one")
	}
}

func TestEveryStateIsReached(t *testing.T) {
	reached := []lifecycle.State{lifecycle.None}
	for i := 0; i < len(reached); i++ {
		for _, e := range lifecycle.Events() {
			if to, err := lifecycle.Next(reached[i], e); err == nil && !slices.Contains(reached, to) {
				reached = append(reached, to)
			}
		}
	}
	for _, s := range lifecycle.States {
		if !slices.Contains(reached, s) {
			t.Errorf("no way leads to %q", s)
		}
	}
}

// Nothing but an officer who opens it again, for a reason, moves what is closed.
func TestClosedIsClosed(t *testing.T) {
	for _, s := range lifecycle.States {
		for _, e := range lifecycle.Events() {
			if to, err := lifecycle.Next(s, e); err == nil && s.Closed() && to != s && e != lifecycle.EventReopened {
				t.Errorf("%q makes %q of %q", e, to, s)
			}
		}
	}
}
