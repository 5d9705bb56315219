package inbox_test

import (
	"strings"
	"testing"

	"privacydesk/shared/inbox"
	"privacydesk/shared/person"
)

const (
	marvin = "marvin@example.com"
	token  = "AQEexampletoken_of-more-than-forty-characters-in-base64url"
)

func address(tb testing.TB, text string) person.Address {
	tb.Helper()
	a, err := person.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func reader(tb testing.TB) *inbox.Reader {
	tb.Helper()
	holder := inbox.Link{Address: address(tb, "zaphod@example.org"), Topic: "newsletter", Campaign: "spring"}
	return &inbox.Reader{
		Domain: "in.example.com", Own: []person.Address{address(tb, "privacy@example.com")},
		Open: func(t string) (inbox.Link, bool) { return holder, t == token },
	}
}

// written is a mail that a person has written, with all verdicts passed.
func written(to, subject string, more ...string) inbox.Message {
	m := inbox.Message{
		Sender: marvin, Recipients: []string{to}, Spam: inbox.Pass, Virus: inbox.Pass, SPF: inbox.Pass, DKIM: inbox.Pass, DMARC: inbox.Pass,
		Headers: []inbox.Header{{"Return-Path", "<" + marvin + ">"}, {"From", "Marvin <" + marvin + ">"}, {"Subject", subject}},
	}
	for i := 0; i+1 < len(more); i += 2 {
		m.Headers = append(m.Headers, inbox.Header{Name: more[i], Value: more[i+1]})
	}
	return m
}

// replace puts a field in the place of all of its name.
func replace(m inbox.Message, name, value string) inbox.Message {
	var kept []inbox.Header
	for _, h := range m.Headers {
		if !strings.EqualFold(h.Name, name) {
			kept = append(kept, h)
		}
	}
	m.Headers = append(kept, inbox.Header{Name: name, Value: value})
	return m
}

func with(m inbox.Message, change func(*inbox.Message)) inbox.Message {
	change(&m)
	return m
}

const (
	leave = "unsubscribe@in.example.com"
	ask   = "privacy@in.example.com"
)

// Each row of the rules has a row here.
func TestRules(t *testing.T) {
	untrusted := func(m inbox.Message) inbox.Message {
		m.SPF, m.DKIM, m.DMARC, m.Spam = inbox.Fail, inbox.Fail, inbox.Fail, inbox.Fail
		return m
	}
	for name, c := range map[string]struct {
		mail inbox.Message
		act  inbox.Act
		who  string
		why  string
	}{
		"token in the subject":          {written(leave, token), inbox.OptOut, "zaphod@example.org", "token"},
		"token among words":             {written(leave, "Re: unsubscribe "+token+" please"), inbox.OptOut, "zaphod@example.org", "token"},
		"token that was folded":         {written(leave, token[:30]+"\r\n "+token[30:]), inbox.OptOut, "zaphod@example.org", "token"},
		"token in encoded words":        {written(leave, "=?UTF-8?Q?"+strings.ReplaceAll(token[:30], "_", "=5F")+"?= =?UTF-8?Q?"+strings.ReplaceAll(token[30:], "_", "=5F")+"?="), inbox.OptOut, "zaphod@example.org", "token"},
		"token in the local part":       {written("unsubscribe+"+token+"@in.example.com", ""), inbox.OptOut, "zaphod@example.org", "token"},
		"token, nothing passed":         {untrusted(written(leave, token)), inbox.OptOut, "zaphod@example.org", "token"},
		"token at another mailbox":      {untrusted(written(ask, token)), inbox.Nothing, "", "spam"},
		"token cut, nothing passed":     {untrusted(written(leave, token[1:])), inbox.Nothing, "", "spam"},
		"the address itself":            {written(leave, "please"), inbox.OptOut, marvin, "author"},
		"mailbox in capitals":           {written("UNSUBSCRIBE@IN.Example.COM", "x"), inbox.OptOut, marvin, "author"},
		"virus":                         {with(written(leave, "x"), func(m *inbox.Message) { m.Virus = inbox.Fail }), inbox.Nothing, "", "virus"},
		"virus not known":               {with(written(leave, "x"), func(m *inbox.Message) { m.Virus = "PROCESSING_FAILED" }), inbox.Nothing, "", "virus"},
		"spam":                          {with(written(leave, "x"), func(m *inbox.Message) { m.Spam = inbox.Fail }), inbox.Nothing, "", "spam"},
		"SPF fails":                     {with(written(leave, "x"), func(m *inbox.Message) { m.SPF = inbox.Fail }), inbox.Nothing, "", "not authenticated"},
		"DKIM fails":                    {with(written(leave, "x"), func(m *inbox.Message) { m.DKIM = inbox.Fail }), inbox.Nothing, "", "not authenticated"},
		"no DMARC policy":               {with(written(leave, "x"), func(m *inbox.Message) { m.DMARC = "GRAY" }), inbox.Nothing, "", "not authenticated"},
		"two authors":                   {replace(written(leave, "x"), "From", marvin+", zaphod@example.com"), inbox.Nothing, "", "another sender"},
		"two From fields":               {written(leave, "x", "From", "zaphod@example.com"), inbox.Nothing, "", "another sender"},
		"a group":                       {replace(written(leave, "x"), "From", "all: a@example.com, b@example.com;"), inbox.Nothing, "", "another sender"},
		"sent for another":              {written(leave, "x", "Sender", "zaphod@example.com"), inbox.Nothing, "", "another sender"},
		"no author to opt out":          {replace(written(leave, "x"), "From", "nobody"), inbox.Nothing, "", "another sender"},
		"a request":                     {written(ask, "my data"), inbox.Request, marvin, "author"},
		"a request, not authenticated":  {with(written(ask, "x"), func(m *inbox.Message) { m.SPF, m.DKIM, m.DMARC = inbox.Fail, "GRAY", "GRAY" }), inbox.Request, marvin, "author"},
		"a request, DMARC none":         {with(written(ask, "x"), func(m *inbox.Message) { m.DMARC, m.DMARCPolicy = inbox.Fail, "none" }), inbox.Request, marvin, "author"},
		"a request, forged":             {with(written(ask, "x"), func(m *inbox.Message) { m.DMARC, m.DMARCPolicy = inbox.Fail, "REJECT" }), inbox.Nothing, "", "forged"},
		"a request, spam":               {with(written(ask, "x"), func(m *inbox.Message) { m.Spam = inbox.Fail }), inbox.Nothing, "", "spam"},
		"a request, virus":              {with(written(ask, "x"), func(m *inbox.Message) { m.Virus = inbox.Fail }), inbox.Nothing, "", "virus"},
		"a request of nobody":           {replace(written(ask, "x"), "From", "Marvin"), inbox.Nothing, "", "no author"},
		"a name in an unknown charset":  {replace(written(ask, "x"), "From", "=?shift_jis?B?g32D?= <"+marvin+">"), inbox.Request, marvin, "author"},
		"another mailbox":               {written("info@in.example.com", "x"), inbox.Nothing, "", "no mailbox of ours"},
		"another domain":                {written("unsubscribe@example.net", token), inbox.Nothing, "", "no mailbox of ours"},
		"null sender":                   {with(written(leave, token), func(m *inbox.Message) { m.Sender = "<>" }), inbox.Nothing, "", "automatic: null sender"},
		"null return path":              {replace(written(leave, token), "Return-Path", "<>"), inbox.Nothing, "", "automatic: null return path"},
		"mail system":                   {with(written(leave, token), func(m *inbox.Message) { m.Sender = "MAILER-DAEMON@example.com" }), inbox.Nothing, "", "automatic: mail system"},
		"mail system as author":         {replace(written(ask, "x"), "From", "no-reply@example.com"), inbox.Nothing, "", "automatic: mail system"},
		"our own address":               {replace(written(ask, "x"), "From", "Desk <Privacy@Example.com>"), inbox.Nothing, "", "automatic: our own"},
		"our own domain":                {with(written(ask, "x"), func(m *inbox.Message) { m.Sender = "unsubscribe@in.example.com" }), inbox.Nothing, "", "automatic: our own"},
		"auto-submitted":                {written(ask, "x", "Auto-Submitted", "auto-replied"), inbox.Nothing, "", "automatic: auto-submitted"},
		"auto-submitted, parameters":    {written(leave, token, "Auto-Submitted", "auto-generated; x=y"), inbox.Nothing, "", "automatic: auto-submitted"},
		"auto-submitted: no":            {written(ask, "x", "Auto-Submitted", "No"), inbox.Request, marvin, "author"},
		"precedence":                    {written(ask, "x", "Precedence", "Bulk"), inbox.Nothing, "", "automatic: precedence"},
		"autoresponder":                 {written(ask, "x", "X-Autoreply", "yes"), inbox.Nothing, "", "automatic: autoresponder"},
		"delivery report (DSN)":         {written(leave, token, "Content-Type", `multipart/report; report-type=delivery-status; boundary="x"`), inbox.Nothing, "", "automatic: report"},
		"read receipt (MDN)":            {written(leave, token, "Content-Type", "multipart/report; report-type=disposition-notification"), inbox.Nothing, "", "automatic: report"},
		"abuse report (ARF)":            {written(leave, token, "Content-Type", "multipart/report; report-type=feedback-report"), inbox.Nothing, "", "automatic: report"},
		"report with broken parameters": {written(leave, token, "Content-Type", "multipart/report; ;;="), inbox.Nothing, "", "automatic: report"},
		"failed recipients":             {written(leave, token, "X-Failed-Recipients", "a@example.com"), inbox.Nothing, "", "automatic: failed recipients"},
		"mailing list":                  {written(ask, "x", "List-Id", "<all.example.com>"), inbox.Nothing, "", "automatic: mailing list"},
		"out of office":                 {written(ask, "Out of Office: back on Monday"), inbox.Nothing, "", "automatic: out of office"},
		"out of office, German":         {written(ask, "=?utf-8?q?Automatische_Antwort=3A_Urlaub?="), inbox.Nothing, "", "automatic: out of office"},
	} {
		t.Run(name, func(t *testing.T) {
			got := reader(t).Read(c.mail)
			if len(got) != 1 || got[0].Act != c.act || got[0].Why != c.why || got[0].Address.Reveal() != c.who {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestBothMailboxesAtOnce(t *testing.T) {
	m := written(leave, token)
	m.Recipients = []string{leave, ask, ask, "info@in.example.com"}
	got := reader(t).Read(m)
	if len(got) != 2 || got[0].Act != inbox.OptOut || got[0].Topic != "newsletter" || got[0].Campaign != "spring" || got[1].Act != inbox.Request {
		t.Errorf("%+v", got)
	}
}

func TestWishes(t *testing.T) {
	for subject, want := range map[string]inbox.Wish{
		"Delete my data!": inbox.Erase, "Bitte Löschung meiner Daten": inbox.Erase, "Derecho de acceso": inbox.See, "DSAR": inbox.See,
		"Auskunft nach Art. 15": inbox.See, "Correction of my name": inbox.Correct, "": inbox.Ask, "undeletedness": inbox.Ask, "Question": inbox.Ask,
		"Access to and deletion of my data": inbox.Erase,
	} {
		if got := inbox.WishOf(subject); got != want {
			t.Errorf("%q: %s, want %s", subject, got, want)
		}
	}
}

// Whatever the headers hold: nothing machine-made has an effect, and without a
// token nothing but a mail that passed everything opts its author out.
func FuzzRead(f *testing.F) {
	f.Add(leave, marvin, "From", "Marvin <"+marvin+">", "Subject", token, "PASS")
	f.Add(ask, "<>", "From", "\"a\\\"b\" <x@y.example>, z@y.example", "Content-Type", "multipart/report; =", "FAIL")
	f.Add("unsubscribe+"+token+"@in.example.com", "a@b", "from", "=?utf-8?b?//8=?= <a@b.example>", "auto-submitted", "auto (x); y", "GRAY")
	f.Fuzz(func(t *testing.T, to, sender, name1, value1, name2, value2, verdict string) {
		v := inbox.Verdict(verdict)
		m := inbox.Message{Sender: sender, Recipients: []string{to}, Spam: v, Virus: v, SPF: v, DKIM: v, DMARC: v,
			Headers: []inbox.Header{{name1, value1}, {name2, value2}, {"Subject", value1}}}
		for _, d := range reader(t).Read(m) {
			switch {
			case d.Act == inbox.Nothing:
				if !d.Address.IsZero() || d.Subject != "" {
					t.Fatalf("nothing, but %+v", d)
				}
			case strings.Trim(sender, "<> \t\r\n") == "":
				t.Fatalf("a bounce has an effect: %+v", d)
			case d.Act == inbox.OptOut && d.Why != "token" && (v != inbox.Pass || d.Why != "author"):
				t.Fatalf("an opt-out by %q with %q", d.Why, v)
			}
			if strings.ContainsAny(d.Why, "@<>") {
				t.Fatalf("the reason holds a piece of the mail: %q", d.Why)
			}
		}
	})
}
