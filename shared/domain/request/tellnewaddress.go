package request

import (
	"context"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// maxAddressesTold is how often a person can tell a new address about one request.
const maxAddressesTold = 3

// ErrAddressesTold says that they have told enough of them.
var ErrAddressesTold = fault.New(fault.Conflict, "New addresses are on record already.")

// TellNewAddress records, for the officer, where the person can be reached from now
// on. Nothing changes by itself: whoever holds the link of an old mailbox need not be
// the person. The same words as the last time are one. Conflict: ErrAddressesTold, or
// ErrReduced.
func (s *Service) TellNewAddress(ctx context.Context, id, words string) (Request, error) {
	if words == "" {
		return Request{}, fault.Field("new_address", "missing", "say what the new address is")
	}
	if err := intake.CheckLength("new_address", words, intake.MaxName); err != nil {
		return Request{}, err
	}
	f, err := s.Store.File(ctx, id)
	if err != nil {
		return Request{}, err
	}
	told, last := 0, ""
	for _, e := range f.Events {
		if e.Kind == string(lifecycle.EventAddressTold) {
			told++
			last, _ = e.Private["new_address"].Reveal()
		}
	}
	switch {
	case told > 0 && last == words:
		return f.Request, nil
	case told >= maxAddressesTold:
		return f.Request, ErrAddressesTold
	}
	return s.act(ctx, id, func(t *step) error {
		return t.happen(lifecycle.EventAddressTold, audit.ByPerson, nil, map[string]string{"new_address": words})
	})
}
