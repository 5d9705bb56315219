package optout

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// UndoFor is how long an opt-out made on a page can be taken back there.
const UndoFor = time.Hour

// nonceLength is that of a nonce in characters of base64url: 128 random bits.
const nonceLength = 22

// NewNonce names one view of the page with the unsubscribe button. The button
// sends it along, so that undo is offered to the person who pressed it and to no
// other holder of the link.
func NewNonce(random io.Reader) string {
	b := make([]byte, 16)
	if _, err := io.ReadFull(random, b); err != nil {
		return "" // then no undo is offered
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// viewOf is what the record keeps of a nonce: a copy of the table must not
// offer anybody an undo. It is empty for what is no nonce.
func viewOf(nonce string) string {
	if len(nonce) != nonceLength {
		return ""
	}
	sum := sha256.Sum256([]byte(nonce))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// Undoable reports whether the page view with this nonce made the opt-out r
// within the last hour, and nothing has repeated it since by another way.
func (s *Service) Undoable(r Record, nonce string) bool {
	return r.State == Out && r.MadeBy != "" && r.MadeBy == viewOf(nonce) && s.Now().Sub(r.OutSince) < UndoFor
}

// Repeated reports whether the latest opt-out found the person out already.
func (r Record) Repeated() bool { return r.State == Out && r.OutSince.Before(r.ChangedAt) }

// undoTries limits how often Undo reads again when the record has changed between
// its read and its write: a second click may arrive just then.
const undoTries = 3

// errChanged: the person has chosen something else since.
var errChanged = fault.New(fault.Conflict, "the opt-out is not the one that was to be undone")

// Undo takes back the opt-outs that a page view made (Record.MadeBy), all or none:
// each to the pause that was running before, or to In. The person is mailed that
// they get messages again, in the language lang. Doing it twice is doing it once.
// Conflict: the person has chosen something else since.
func (s *Service) Undo(ctx context.Context, a person.Address, lang, madeBy string, scopes ...Scope) error {
	keys := Keys(s.Key.Ref(a), scopes...)
	for try := 1; ; try++ {
		known, err := s.Store.Records(ctx, keys)
		if err != nil {
			return err
		}
		var changes []Change
		for _, k := range keys {
			switch r := known[k]; {
			case r.State != Out: // undone before
			case madeBy == "" || r.MadeBy != madeBy:
				return errChanged
			default:
				changes = append(changes, s.undo(a, r))
			}
		}
		if len(changes) == 0 {
			return nil
		}
		if err = s.Store.ApplyAll(ctx, changes, s.switchedOn(lang, changes...)); !fault.Is(err, fault.Conflict) || try == undoTries {
			return err
		}
	}
}

func (s *Service) undo(a person.Address, r Record) Change {
	c := s.change(a, r.Scope, In, Evidence{Source: FromUndo})
	c.IfVersion = r.Version
	if r.Until.After(s.Now()) {
		c.To, c.Until = Paused, r.Until
	}
	return c
}

// switchedOn is the mail about what the changes switch on again;
// nil if that is nothing.
func (s *Service) switchedOn(lang string, changes ...Change) *OptInConfirmation {
	on := map[Scope]int{}
	for _, c := range changes {
		if c.To == In {
			on[c.Scope] = 0
		}
	}
	if len(on) == 0 {
		return nil
	}
	return &OptInConfirmation{Ref: changes[0].Ref, Address: changes[0].Address, Language: lang, QueuedAt: s.Now(), Versions: on, Confirmed: true}
}

// unlessDone turns a conflict into success when the records already are as
// the person wanted them: none suppresses, by an opt-out or a pause.
func (s *Service) unlessDone(ctx context.Context, err error, keys ...Key) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	now, readErr := s.Store.Records(ctx, keys)
	if readErr != nil {
		return readErr
	}
	for _, k := range keys {
		if r := now[k]; r.Suppresses(s.Now()) {
			return err
		}
	}
	return nil
}
