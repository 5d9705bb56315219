package ses

import (
	"context"
	"errors"
	"maps"
	"net/http/httptrace"
	"slices"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
)

// Sender sends mails from one address through one configuration set. The set's
// suppression reasons decide whether SES drops a mail to a listed address without a
// word: for mails that a person has asked for, use a set that suppresses BOUNCE only.
type Sender struct {
	Client           *sesv2.Client
	From             string // may carry a name: Desk <desk@example.org>
	ReplyTo          string // where an answer goes; empty: From
	ConfigurationSet string // empty: the account's default
	Tenant           string // empty: none
}

// Mail is a mail to one recipient. Text and HTML are two forms of the same; one of
// them may be empty.
type Mail struct {
	To      person.Address
	Subject string // one line, UTF-8
	Text    string
	HTML    string
	Headers []Header // besides those of the envelope; name and value together at most 996 printable ASCII characters
	// Tags come back in SES's events about the mail, so that a bounce finds what
	// it was about. Never personal: letters, digits, "-" and "_" alone.
	Tags map[string]string
}

// Header is one header field of a mail.
type Header struct{ Name, Value string }

const sending = "send a mail"

// Send hands the mail to SES and returns its message id. A mail that SES accepts may
// still not arrive.
//
// fault.Invalid: SES cannot send to this address. fault.Unavailable: above the rate,
// or no answer; it may be tried again, unless it is ErrUnsure. fault.Internal: SES
// refused for a reason that an operator must fix.
func (s Sender) Send(ctx context.Context, m Mail) (messageID string, err error) {
	if !holdable(m.To) {
		return "", fault.Wrap(fault.Invalid, suppression.ErrUnlistable, sending)
	}
	ctx, reached := traced(ctx)
	out, err := s.Client.SendEmail(ctx, s.input(m))
	if err != nil && !reached() {
		return "", fault.Wrap(fault.Unavailable, errNoAnswer, sending)
	}
	if err != nil {
		return "", sendFailure(err, m.To)
	}
	return aws.ToString(out.MessageId), nil
}

// traced makes a context whose call reports whether it had a connection, and so may
// have reached SES. Errors cannot tell: the SDK replaces them when time runs out.
func traced(ctx context.Context) (_ context.Context, reached func() bool) {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	return ctx, connected.Load
}

func (s Sender) input(m Mail) *sesv2.SendEmailInput {
	simple := &types.Message{Subject: content(m.Subject), Body: &types.Body{Text: content(m.Text), Html: content(m.HTML)}}
	for _, h := range m.Headers {
		simple.Headers = append(simple.Headers, types.MessageHeader{Name: aws.String(h.Name), Value: aws.String(h.Value)})
	}
	in := &sesv2.SendEmailInput{
		FromEmailAddress:     aws.String(s.From),
		Destination:          &types.Destination{ToAddresses: []string{m.To.Reveal()}},
		Content:              &types.EmailContent{Simple: simple},
		ConfigurationSetName: optional(s.ConfigurationSet),
		TenantName:           optional(s.Tenant),
	}
	if s.ReplyTo != "" {
		in.ReplyToAddresses = []string{s.ReplyTo}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Tags)) {
		in.EmailTags = append(in.EmailTags, types.MessageTag{Name: aws.String(name), Value: aws.String(m.Tags[name])})
	}
	return in
}

func content(text string) *types.Content {
	if text == "" {
		return nil
	}
	return &types.Content{Data: aws.String(text), Charset: aws.String("UTF-8")}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// sendFailure makes every error a fault. Above the rate is not fault.TooMany: that
// is the person's own cap.
func sendFailure(err error, to person.Address) error {
	ours := classified(err, to, sending)
	switch {
	case errors.Is(ours, suppression.ErrThrottled):
		return fault.Wrap(fault.Unavailable, suppression.ErrThrottled, sending)
	case errors.Is(ours, suppression.ErrUnlistable):
		return fault.Wrap(fault.Invalid, suppression.ErrUnlistable, sending)
	}
	return ours
}
