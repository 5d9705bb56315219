package request

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/requestmail"
)

// A form that is sent twice, by a double click, by a browser that repeats it or
// by a person who lost the answer, is one request with one mail. So is a mail
// that is delivered twice. What tells two sendings apart is every word of them:
// nobody's words are joined with those that somebody else sent in their name.

// Sending names what was sent, so that a store makes one request of it.
type Sending struct {
	Key     string    // a keyed digest of all its words; nothing personal
	At      time.Time // the same is looked for until schedule.SentDays later
	Instead string    // the request that it made before, and that it does not stand for any more
}

// RepeatedError says that the same was sent before and made the request ID.
type RepeatedError struct{ ID string }

func (e *RepeatedError) Error() string { return "the same was sent before" }

// key is a digest of what was sent under the person's reference, itself a keyed
// digest that nobody outside knows. Opt-outs beside the request are no words of
// it: they take effect whenever they come.
func (in *Intake) key(ref person.Ref) string {
	words := []string{
		joined(inOrder(in.Kinds)), yes(in.KindsUnsure), strings.Join(strings.Fields(in.Name), " "), strings.Join(strings.Fields(in.Details), " "),
		in.Place.String(), string(in.OnBehalfOf), in.Language, string(in.Source), yes(in.GPC),
	}
	if !in.Contact.IsZero() {
		words = append(words, in.Contact.Post(), in.Contact.Telephone())
	}
	if in.Sending != "" { // beside the words: not all that send mails give each an id of its own
		words = append(words, in.Sending)
	}
	mac := hmac.New(sha256.New, []byte(ref))
	for _, w := range words {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(w))))
		mac.Write([]byte(w))
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// How long a request for opt-outs alone, which nobody has to confirm, stands
// for the same sending; and how long after a confirmation mail the same sending
// is taken for "I got none".
const (
	repeatedWithin = time.Hour
	resendAfter    = time.Hour
)

// repeat returns the file of the request that the same sending made, if it
// stands for this one too. Opt-outs take effect anew; nothing else is written,
// but where the person waits for the confirmation mail for long, it is sent
// again, unless it has still to go. Where it was sent as often as Resend allows,
// the sending is a request of its own: its mail must not fail to come because
// somebody else has used that up.
//
// Open answers with the dates of this sending, not of that request, whose own
// are earlier: else anybody could try whether somebody has asked for the same,
// and when.
func (s *Service) repeat(ctx context.Context, in Intake, id string) (f File, same bool, err error) {
	for range tries {
		f, err = s.Store.File(ctx, id)
		if fault.CodeOf(err) == fault.NotFound {
			return f, false, nil // disposed of
		}
		if err != nil || in.Sending != "" {
			return f, err == nil, err
		}
		t := s.begin(f.Request)
		if !t.acceptsRepeat(&f) {
			return f, false, nil
		}
		if err := t.takeRepeat(in, &f); err != nil {
			return f, false, err
		}
		if len(t.Events) == 0 && t.PendingErasure == nil {
			if len(t.OptOuts) > 0 { // many at once must not wait for each other's version
				err = s.Store.OptOut(ctx, t.OptOuts)
			}
			return f, err == nil, err
		}
		if err = s.Store.Save(ctx, t.Step); !isConflict(err) {
			return f, err == nil, err
		}
	}
	return f, false, err
}

// acceptsRepeat reports whether the request is the same sending's still: its
// mail has still to go, has just gone or can be sent again; or it had nothing to
// confirm and is of this very hour.
func (t *step) acceptsRepeat(f *File) bool {
	r := &t.Request
	if r.State == lifecycle.Unverified {
		return f.waits(requestmail.Verify) || !r.unconfirmed(t.at) && (t.justAsked() || r.Resent < t.Settings.Resends)
	}
	entered := r.State == lifecycle.Open && len(r.Checked) > 0 // by an officer who had verified the person
	return (entered || r.State == lifecycle.Fulfilled && r.VerifiedAt.IsZero()) && t.at.Sub(f.Events[0].At) < repeatedWithin
}

func (t *step) justAsked() bool { return t.at.Sub(t.Request.AskedAt) < resendAfter }

func (t *step) takeRepeat(in Intake, f *File) error {
	if in.Pending != nil {
		t.PendingErasure = &in.Pending.Key
	}
	scopes := in.scopes()
	slices.Sort(scopes)
	if !in.Recorded {
		t.addOptOuts(slices.Compact(scopes), in.Evidence)
	}
	if t.Request.State != lifecycle.Unverified || t.Request.AskedAt.IsZero() || f.waits(requestmail.Verify) || t.justAsked() {
		return nil
	}
	return t.resend(audit.ByPerson)
}

// opened is the head that the history had when the request was opened.
func (f *File) opened() (h audit.Head) {
	for _, e := range f.Events {
		if e.At.Equal(f.Events[0].At) && e.Kind != string(lifecycle.EventMailed) && e.Kind != string(lifecycle.EventMailFailed) {
			h = e.Head()
		}
	}
	return h
}
