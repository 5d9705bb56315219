package standin

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
)

type content struct{ Data, Charset string }

type sendInput struct {
	FromEmailAddress     string
	ConfigurationSetName string
	TenantName           string
	ReplyToAddresses     []string
	EmailTags            []Tag
	Destination          struct{ ToAddresses, CcAddresses, BccAddresses []string }
	Content              struct {
		Simple *simpleContent
		Raw    *struct{ Data []byte }
	}
}

type simpleContent struct {
	Subject content
	Body    struct{ Text, Html *content }
	Headers []Header
}

// sendEmail is SendEmail with Simple or Raw content. It answers with a message id
// for every mail that is well formed; whether anybody got it is another matter.
func (s *Server) sendEmail(c *call) (any, error) {
	var in sendInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	set, err := s.setFor(in.ConfigurationSetName)
	if err != nil {
		return nil, err
	}
	m, err := in.mail(c.now)
	if err != nil {
		return nil, err
	}
	if _, err := s.list(in.TenantName); err != nil {
		return nil, err
	}
	c.events = append(c.events, s.deliver(m, set)...)
	s.changed()
	return map[string]string{"MessageId": m.ID}, nil
}

// mail makes the message of the request and refuses what SES would refuse.
func (in *sendInput) mail(now time.Time) (Mail, error) {
	m, err := in.content()
	if err != nil {
		return Mail{}, err
	}
	if in.FromEmailAddress != "" {
		m.From = in.FromEmailAddress
	}
	if named := in.recipients(); len(named) > 0 {
		m.Recipients = named
	}
	m.ID, m.SentAt = newMessageID(now), now
	m.ConfigurationSet, m.Tenant, m.Tags = in.ConfigurationSetName, in.TenantName, in.EmailTags
	if in.Content.Simple != nil {
		m.Headers = append(m.envelopeHeaders(), in.Content.Simple.Headers...)
	}
	return m, m.check()
}

func (in *sendInput) content() (Mail, error) {
	switch simple, raw := in.Content.Simple, in.Content.Raw; {
	case raw != nil:
		return parseRaw(raw.Data)
	case simple == nil:
		return Mail{}, badRequest("The stand-in sends Simple and Raw content only.")
	case simple.Body.Text == nil && simple.Body.Html == nil:
		return Mail{}, badRequest("A message needs a text or an HTML body.")
	default:
		m := Mail{Subject: simple.Subject.Data, To: in.Destination.ToAddresses, Cc: in.Destination.CcAddresses, ReplyTo: in.ReplyToAddresses}
		if simple.Body.Text != nil {
			m.Text = simple.Body.Text.Data
		}
		if simple.Body.Html != nil {
			m.HTML = simple.Body.Html.Data
		}
		return m, checkHeaders(simple.Headers)
	}
}

func (in *sendInput) recipients() []string {
	return slices.Concat(in.Destination.ToAddresses, in.Destination.CcAddresses, in.Destination.BccAddresses)
}

// envelopeHeaders are those that SES writes for Simple content.
func (m Mail) envelopeHeaders() Headers {
	out := Headers{{"From", m.From}, {"To", strings.Join(m.To, ", ")}}
	for _, list := range []Header{{"Cc", strings.Join(m.Cc, ", ")}, {"Reply-To", strings.Join(m.ReplyTo, ", ")}} {
		if list.Value != "" {
			out = append(out, list)
		}
	}
	return append(out, Header{"Subject", m.Subject}, Header{"MIME-Version", "1.0"},
		Header{"Message-ID", "<" + m.ID + "@email.amazonses.com>"}, Header{"Date", m.SentAt.UTC().Format(time.RFC1123Z)})
}

// check reads sender and recipients, leaving the recipients bare and named once.
func (m *Mail) check() error {
	if len(m.Recipients) == 0 || len(m.Recipients) > 50 {
		return badRequest("A message needs 1 to 50 recipients.")
	}
	from, err := bareAddress(m.From)
	if err == nil {
		err = checkAddress(from)
	}
	if err != nil {
		return err
	}
	var bare []string
	for _, r := range m.Recipients {
		address, err := bareAddress(r)
		if err == nil {
			err = checkAddress(address)
		}
		if err != nil {
			return err
		}
		if !slices.Contains(bare, address) {
			bare = append(bare, address)
		}
	}
	m.Recipients = bare
	return nil
}

// newMessageID has the shape of SES's own: time, random part, a counter of zero.
func newMessageID(now time.Time) string {
	var b [16]byte
	rand.Read(b[:])
	return fmt.Sprintf("0100%012x-%x-%x-%x-%x-%x-000000", now.UnixMilli(), b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
