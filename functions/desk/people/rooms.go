package people

import (
	"context"
	"strings"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/health"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
)

// Rooms is what the screens beside the queue and the files need.
type Rooms struct {
	Settings *settings.Desk
	Holds    *disposal.HoldKeeper
	Proofs   Proofs
	Health   health.Checker
	OptOuts  *optout.Service
	History  Histories
}

// Histories has that of the legal holds.
type Histories interface {
	HoldsHistory(context.Context) (audit.History, error)
}

// Proofs has the certificates of disposal.
type Proofs interface {
	// Proofs returns them newest first, from the one before a number on.
	Proofs(ctx context.Context, before, limit int) ([]disposal.Proof, error)
}

// address reads a person's address. What is wrong with it in particular is said to people who type their own.
func address(field, text string) (person.Address, error) {
	a, err := web.Address(field, text)
	switch wrong := fault.FieldsOf(err); {
	case strings.TrimSpace(text) == "":
		return a, fault.Field(field, "missing", field+" must be an e-mail address")
	case len(wrong) > 0:
		return a, fault.Field(field, "invalid", wrong[0].Message)
	}
	return a, err
}
