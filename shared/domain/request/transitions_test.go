package request_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// What every event makes of every state, drawn apart from the table that is
// tested: "." is refused, "=" leaves the state as it is.
const drawn = `
	                     none      received   unverified open     waiting fulfilled partly refused withdrawn expired
	received             received  .          .          .        .       .         .      .       .         .
	verification_asked   .         unverified unverified .        .       .         .      .       .         .
	kept                 .         unverified .          .        .       .         .      .       .         .
	opted_out            .         =          =          .        .       .         .      .       .         .
	verified             .         open       open       .        .       .         .      .       .         .
	linked               .         .          .          =        .       .         .      .       .         .
	asked                .         .          .          waiting  .       .         .      .       .         .
	answered             .         .          .          .        open    .         .      .       .         .
	resumed              .         .          .          .        open    .         .      .       .         .
	extended             .         .          .          =        =       .         .      .       .         .
	fulfilled            .         fulfilled  .          fulfilled .      .         .      .       .         .
	partly_fulfilled     .         .          .          partly   .       .         .      .       .         .
	refused              .         .          refused    refused  refused .         .      .       .         .
	disagreed            .         .          .          .        .       .         =      =       .         .
	appealed             .         .          .          .        .       .         =      =       .         .
	withdrawn            .         withdrawn  withdrawn  withdrawn withdrawn .      .      .       .         .
	expired              .         .          expired    .        expired .         .      .       .         .
	verification_resent  .         .          =          .        .       .         .      .       .         .
	mailed               .         =          =          =        =       =         =      =       =         =
	mail_failed          .         =          =          =        =       =         =      =       =         =
	exported             .         .          .          .        .       =         =      .       .         .
	replied              .         =          =          =        =       =         =      =       =         =
	seen                 .         =          =          =        =       =         =      =       =         =
	noted                .         =          =          =        =       =         =      =       =         =
	erasure_ordered      .         .          .          .        .       =         =      .       .         .
	reduced              .         .          .          .        .       =         =      =       =         =
	erased               .         .          .          .        .       =         =      =       =         =`

var short = map[string]request.State{
	"none": request.None, "received": request.Received, "unverified": request.Unverified, "open": request.Open, "waiting": request.WaitingForPerson,
	"fulfilled": request.Fulfilled, "partly": request.PartlyFulfilled, "refused": request.Refused, "withdrawn": request.Withdrawn, "expired": request.Expired,
}

func TestTransitions(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(drawn), "\n")
	states := strings.Fields(rows[0])
	var events []request.Event
	for _, row := range rows[1:] {
		cells := strings.Fields(row)
		event := request.Event(cells[0])
		events = append(events, event)
		for i, cell := range cells[1:] {
			checkTransition(t, short[states[i]], event, cell)
		}
	}
	if !slices.Equal(events, request.Events()) || len(states) != len(request.States)+1 {
		t.Errorf("drawn are %q,\nthere are %q", events, request.Events())
	}
}

func checkTransition(t *testing.T, from request.State, event request.Event, cell string) {
	t.Helper()
	got, err := request.Next(from, event)
	refusal, refused := errors.AsType[*request.TransitionError](err)
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
	for _, s := range append([]request.State{request.None, "gone"}, request.States...) {
		if _, err := request.Next(s, "reopened"); err == nil {
			t.Errorf("%q can be reopened", s)
		}
	}
	if _, err := request.Next("gone", request.EventMailed); err == nil {
		t.Error("a state that is none has a next one")
	}
}

func TestEveryStateIsReached(t *testing.T) {
	reached := []request.State{request.None}
	for i := 0; i < len(reached); i++ {
		for _, e := range request.Events() {
			if to, err := request.Next(reached[i], e); err == nil && !slices.Contains(reached, to) {
				reached = append(reached, to)
			}
		}
	}
	for _, s := range request.States {
		if !slices.Contains(reached, s) {
			t.Errorf("no way leads to %q", s)
		}
	}
}

func TestClosedIsClosed(t *testing.T) {
	for _, s := range request.States {
		for _, e := range request.Events() {
			if to, err := request.Next(s, e); err == nil && s.Closed() && to != s {
				t.Errorf("%q makes %q of %q", e, to, s)
			}
		}
	}
}
