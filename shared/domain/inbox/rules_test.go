package inbox_test

import (
	"strings"
	"testing"

	"privacydesk/shared/domain/inbox"
	"privacydesk/shared/domain/person"
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
	leave     = "unsubscribe@in.example.com"
	tagged    = "unsubscribe+" + token + "@in.example.com"
	ask       = "privacy@in.example.com"
	reference = "PD-7K3M-9QXT-40BZ-1HNE"
)

// apple is what Apple Mail's Unsubscribe button puts into its mail.
var apple = []string{"Auto-Submitted", "auto-replied", "X-Apple-Unsubscribe", "true"}

// failing is a mail of which nothing shows who wrote it.
func failing(m inbox.Message, policy string) inbox.Message {
	m.SPF, m.DKIM, m.DMARC, m.DMARCPolicy = inbox.Fail, inbox.Fail, inbox.Fail, policy
	return m
}

func bounced(m inbox.Message) inbox.Message {
	m.Sender = "<>"
	return replace(m, "Return-Path", "<>")
}

// Each row of the decision has rows here.
func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		mail inbox.Message
		want string // act, address, then what else there is
		why  string
	}{
		// A token decides before all else, whoever brings it.
		"token in the subject":             {written(leave, token), "opt-out zaphod@example.org", "token"},
		"token among words":                {written(leave, "Re: unsubscribe "+token+" please"), "opt-out zaphod@example.org", "token"},
		"token that was folded":            {written(leave, token[:30]+"\r\n "+token[30:]), "opt-out zaphod@example.org", "token"},
		"token in encoded words":           {written(leave, "=?UTF-8?Q?"+strings.ReplaceAll(token[:30], "_", "=5F")+"?= =?UTF-8?Q?"+strings.ReplaceAll(token[30:], "_", "=5F")+"?="), "opt-out zaphod@example.org", "token"},
		"token in the local part":          {written(tagged, ""), "opt-out zaphod@example.org", "token"},
		"token, nothing passed":            {failing(written(leave, token), "reject"), "opt-out zaphod@example.org", "token"},
		"token, a virus":                   {with(written(leave, token), func(m *inbox.Message) { m.Virus = inbox.Fail }), "opt-out zaphod@example.org", "token"},
		"token, Apple's button":            {written(leave, token, apple...), "opt-out zaphod@example.org", "token"},
		"token, Apple's button, tagged":    {written(tagged, "unsubscribe", apple...), "opt-out zaphod@example.org", "token"},
		"token, auto-replied":              {written(leave, token, "Auto-Submitted", "auto-replied"), "opt-out zaphod@example.org", "token"},
		"token, auto-replied, tagged":      {written(tagged, "x", "Auto-Submitted", "auto-replied"), "opt-out zaphod@example.org", "token"},
		"token, auto-generated":            {written(leave, token, "Auto-Submitted", "auto-generated; x=y"), "opt-out zaphod@example.org", "token"},
		"token, Exchange":                  {written(leave, token, "X-Auto-Response-Suppress", "DR, OOF, AutoReply"), "opt-out zaphod@example.org", "token"},
		"token, a group":                   {written(leave, token, "List-Id", "<all.example.com>", "Precedence", "list", "Mailing-List", "list all@example.com"), "opt-out zaphod@example.org", "token"},
		"token, an autoresponder's field":  {written(tagged, "x", "X-Autoreply", "yes"), "opt-out zaphod@example.org", "token"},
		"token, null sender":               {bounced(written(leave, token)), "opt-out zaphod@example.org", "token"},
		"token, a report's form":           {written(leave, token, "Content-Type", "multipart/report; report-type=delivery-status"), "opt-out zaphod@example.org", "token"},
		"token, two authors":               {replace(written(leave, token), "From", marvin+", ford@example.org"), "opt-out zaphod@example.org", "token"},
		"token, no author":                 {bounced(replace(written(leave, token), "From", "nobody")), "opt-out zaphod@example.org", "token"},
		"token, our own":                   {replace(written(leave, token), "From", "privacy@example.com"), "opt-out zaphod@example.org", "token"},
		"token cut":                        {written(leave, token[1:]), "opt-out marvin@example.com", "author"},
		"token at another mailbox":         {written(ask, token), "request marvin@example.com", "author"},
		"a bounce of a mail with a token":  {bounced(written(tagged, "Mail")), "nothing", "automatic: null sender"},
		"a report on a mail with a token":  {written(tagged, "x", "Content-Type", "multipart/report; report-type=delivery-status"), "nothing", "automatic: report"},
		"a complaint of a mail with token": {replace(written(tagged, "complaint about message from 192.0.2.222"), "From", "staff@hotmail.com"), "nothing", "automatic: mail system"},

		// Nobody's intent.
		"delivery report (DSN)":         {written(leave, "x", "Content-Type", `multipart/report; report-type=delivery-status; boundary="x"`), "nothing", "automatic: report"},
		"read receipt (MDN)":            {written(ask, "x", "Content-Type", "multipart/report; report-type=disposition-notification"), "nothing", "automatic: report"},
		"abuse report (ARF)":            {written(leave, "x", "Content-Type", "multipart/report; report-type=feedback-report"), "nothing", "automatic: report"},
		"report with broken parameters": {written(leave, "x", "Content-Type", "multipart/report; ;;="), "nothing", "automatic: report"},
		"failed recipients":             {written(ask, "x", "X-Failed-Recipients", "a@example.com"), "nothing", "automatic: failed recipients"},
		"null sender":                   {bounced(written(leave, "x")), "nothing", "automatic: null sender"},
		"null return path":              {replace(written(ask, "Delete my data"), "Return-Path", "<>"), "nothing", "automatic: null sender"},
		"mail system":                   {with(written(leave, "x"), func(m *inbox.Message) { m.Sender = "MAILER-DAEMON@example.com" }), "nothing", "automatic: mail system"},
		"mail system as author":         {replace(written(leave, "Re:Nyaan"), "From", "post_master@vtext.example.com"), "nothing", "automatic: mail system"},
		"list manager":                  {replace(written(leave, "You are not member", "X-MLServer", "fml 4.0", "X-ML-Info", "x", "List-Subscribe", "<mailto:x@example.org>"), "From", "neko-admin@example.org"), "nothing", "automatic: list manager"},
		"a bounce by its subject":       {written(ask, "Undeliverable: Your request"), "nothing", "automatic: bounce"},
		"out of office":                 {written(leave, "Out of Office: back on Monday"), "nothing", "automatic: out of office"},
		"out of office, German":         {written(ask, "=?utf-8?q?Automatische_Antwort=3A_Urlaub?="), "nothing", "automatic: out of office"},
		"out of office about a request": {written(ask, "Automatic reply: Your request "+reference, "Auto-Submitted", "auto-replied"), "nothing", "automatic: out of office"},
		"calendar":                      {written(ask, "Accepted: Meeting", "Content-Type", "text/calendar; method=REPLY"), "nothing", "automatic: calendar"},
		"out of office, labelled":       {written(ask, "[EXTERNAL] Respuesta automática: Su solicitud"), "nothing", "automatic: out of office"},
		"a machine that nobody reads":   {replace(written(ask, "Report Domain: example.com"), "From", "noreply-dmarc-support@example.com"), "nothing", "no author"},
		"auto-replied":                  {written(leave, "Away until May 5", "Auto-Submitted", "auto-replied"), "nothing", "automatic: auto-submitted"},
		"auto-replied, to privacy@":     {written(ask, "Delete my data", "Auto-Submitted", "auto-replied (vacation)"), "nothing", "automatic: auto-submitted"},
		"autoresponder":                 {written(ask, "x", "X-Autoreply", "yes"), "nothing", "automatic: autoresponder"},
		"our own letter":                {replace(written(ask, "Please confirm", "Auto-Submitted", "auto-generated", "Reply-To", "info@example.com"), "From", "Desk <Privacy@Example.com>"), "nothing", "our own"},
		"our own domain":                {replace(with(written(ask, "x"), func(m *inbox.Message) { m.Sender = leave }), "From", leave), "nothing", "our own"},
		"no author, no sender":          {with(replace(written(ask, "x"), "From", "Marvin"), func(m *inbox.Message) { m.Sender = "marvin" }), "nothing", "no author"},
		"a machine that nobody answers": {replace(written(ask, "x"), "From", "no-reply@example.com"), "nothing", "no author"},
		"spam":                          {with(written(leave, "cheap watches"), func(m *inbox.Message) { m.Spam = inbox.Fail }), "nothing", "spam"},
		"virus":                         {with(written(ask, "invoice"), func(m *inbox.Message) { m.Virus = inbox.Fail }), "nothing", "virus"},
		"another mailbox":               {written("info@in.example.com", "x"), "nothing", "no mailbox of ours"},
		"another domain":                {written("unsubscribe@example.net", token), "nothing", "no mailbox of ours"},

		// unsubscribe@ without a token: the author leaves.
		"the author":                        {written(leave, "please"), "opt-out marvin@example.com", "author"},
		"mailbox in capitals":               {written("UNSUBSCRIBE@IN.Example.COM", "x"), "opt-out marvin@example.com", "author"},
		"Apple's button":                    {written(leave, "unsubscribe", apple...), "opt-out marvin@example.com", "author"},
		"Apple's button, null sender":       {bounced(written(leave, "unsubscribe", apple...)), "opt-out marvin@example.com", "author"},
		"another client's button":           {written(leave, "Unsubscribe", "Auto-Submitted", "auto-replied"), "opt-out marvin@example.com", "author"},
		"SPF fails, DMARC passes":           {with(written(leave, "x"), func(m *inbox.Message) { m.SPF = inbox.Fail }), "opt-out marvin@example.com", "author"},
		"DKIM fails, DMARC passes":          {with(written(leave, "x"), func(m *inbox.Message) { m.DKIM = inbox.Fail }), "opt-out marvin@example.com", "author"},
		"no DMARC record":                   {with(written(leave, "x"), func(m *inbox.Message) { m.DMARC, m.SPF, m.DKIM = inbox.Gray, inbox.Gray, inbox.Gray }), "opt-out marvin@example.com", "author"},
		"DMARC not checked, SPF aligned":    {with(written(leave, "x"), func(m *inbox.Message) { m.DMARC, m.DKIM = "PROCESSING_FAILED", inbox.Gray }), "opt-out marvin@example.com", "author"},
		"Exchange":                          {written(leave, "x", "X-Auto-Response-Suppress", "All"), "opt-out marvin@example.com", "author"},
		"sent by a colleague":               {written(leave, "x", "Sender", "ford@example.com"), "opt-out marvin@example.com", "author"},
		"spam not known":                    {with(written(leave, "x"), func(m *inbox.Message) { m.Spam = inbox.Gray }), "opt-out marvin@example.com", "author"},
		"no DMARC record, another sent it":  {with(written(leave, "x", "Sender", "ford@example.org"), func(m *inbox.Message) { m.DMARC, m.SPF, m.DKIM = inbox.Gray, inbox.Gray, inbox.Gray }), "request marvin@example.com ? object", "author"},
		"DMARC not checked, nothing passed": {with(written(leave, "x"), func(m *inbox.Message) { m.DMARC, m.DKIM, m.SPF = "PROCESSING_FAILED", inbox.Gray, inbox.Fail }), "request marvin@example.com ? object", "author"},
		"DMARC fails, p=none":               {failing(written(leave, "x"), "none"), "request marvin@example.com ? object", "author"},
		"DMARC fails, p=reject":             {failing(written(leave, "x"), "REJECT"), "request marvin@example.com kept ? object", "disowned"},
		"DMARC fails, p=quarantine":         {failing(written(leave, "x"), "quarantine"), "request marvin@example.com kept ? object", "disowned"},
		"two authors":                       {replace(written(leave, "x"), "From", "zaphod@example.com, ford@example.com"), "request marvin@example.com kept ? object", "author unclear"},
		"two From fields":                   {written(leave, "x", "From", "zaphod@example.com"), "request marvin@example.com kept ? object", "author unclear"},
		"the same author twice":             {written(leave, "x", "From", "Marvin <MARVIN@example.com>"), "opt-out marvin@example.com", "author"},
		"spam that asks to leave":           {with(written(leave, "Unsubscribe"), func(m *inbox.Message) { m.Spam = inbox.Fail }), "request marvin@example.com kept ? object", "unsafe, but a wish"},

		// privacy@: a request of the author.
		"a request":                    {written(ask, "my data"), "request marvin@example.com", "author"},
		"a request, its kind":          {written(ask, "Datenlöschung"), "request marvin@example.com at once erase", "author"},
		"auto-submitted: no":           {written(ask, "x", "Auto-Submitted", "No"), "request marvin@example.com", "author"},
		"not authenticated":            {failing(written(ask, "Werbewiderspruch"), "none"), "request marvin@example.com object", "author"},
		"a name in an unknown charset": {replace(written(ask, "x"), "From", "=?shift_jis?B?g32D?= <"+marvin+">"), "request marvin@example.com", "author"},
		"an objection":                 {written(ask, "Werbewiderspruch gemäß Art. 21 Abs. 2 DSGVO"), "request marvin@example.com at once object", "author"},
		"an objection, no record":      {with(written(ask, "Do not sell my data"), func(m *inbox.Message) { m.DMARC = inbox.Gray }), "request marvin@example.com at once no-sale", "author"},
		"an objection, forged":         {failing(written(ask, "Werbewiderspruch"), "reject"), "request marvin@example.com kept object", "disowned"},
		"forged":                       {failing(written(ask, "Delete my data"), "reject"), "request marvin@example.com kept erase", "disowned"},
		"forwarded by a rule":          {written(ask, "Delete my data", "Auto-Submitted", "auto-generated"), "request marvin@example.com kept at once erase", "perhaps automatic"},
		"through Exchange":             {written(ask, "Delete my data", "X-Auto-Response-Suppress", "DR, OOF, AutoReply"), "request marvin@example.com kept at once erase", "perhaps automatic"},
		"through a list":               {written(ask, "Delete my data", "Precedence", "list", "List-Id", "<all.example.com>"), "request marvin@example.com kept at once erase", "perhaps automatic"},
		"through Google Groups":        {written(ask, "Delete my data", "Mailing-list", "list privacy@example.com; contact privacy+owners@example.com", "X-Google-Group-Id", "1", "List-Subscribe", "<x>"), "request marvin@example.com kept at once erase", "perhaps automatic"},
		"bulk":                         {written(ask, "Objection to direct marketing", "Precedence", "Bulk"), "request marvin@example.com kept at once object", "perhaps automatic"},
		"a group that rewrites From":   {replace(written(ask, "Delete my data", "X-Original-From", "Zaphod <zaphod@example.org>"), "From", "'Zaphod' via Privacy <privacy@example.com>"), "request zaphod@example.org kept erase", "author unclear"},
		"a website's form":             {replace(written(ask, "Delete my data", "Reply-To", "zaphod@example.org"), "From", "Website <noreply@example.com>"), "request zaphod@example.org kept erase", "author unclear"},
		"nobody as author":             {replace(written(ask, "x"), "From", "Marvin"), "request marvin@example.com kept", "author unclear"},
		"spam that asks for something": {with(written(ask, "Löschung meiner Daten"), func(m *inbox.Message) { m.Spam = inbox.Fail }), "request marvin@example.com kept erase", "unsafe, but a wish"},

		// A reply belongs to its request.
		"a reference":             {written(ask, "Re: Your request "+reference+": we need something from you"), "reply marvin@example.com proven " + reference + " or request", "reference"},
		"AW":                      {written(ask, "AW: Ihr Anliegen "+reference+": Wir brauchen etwas von Ihnen"), "reply marvin@example.com proven " + reference + " or request", "reference"},
		"a reference, retyped":    {written(ask, "rv: pd 7k3m 9qxt 4obz ihne"), "reply marvin@example.com proven " + reference + " or request", "reference"},
		"a reference, no dashes":  {written(ask, "PD7K3M9QXT40BZ1HNE"), "reply marvin@example.com proven " + reference + " or request", "reference"},
		"a reference, mistyped":   {written(ask, "PD-7K3M-9QXT-40BZ"), "request marvin@example.com", "author"},
		"a plain reply":           {written(ask, "the copy of my passport", "In-Reply-To", "<0100@eu-west-1.amazonses.com>", "References", "<"+reference+"@privacy.example.com> <0100@eu-west-1.amazonses.com>"), "reply marvin@example.com proven " + reference + " or request", "thread"},
		"a reply, other words":    {written(ask, "my passport", "References", "<"+reference+"@privacy.example.com> <0100@eu-west-1.amazonses.com>"), "reply marvin@example.com proven " + reference + " or request", "thread"},
		"two references":          {written(ask, "Re: "+reference+" and PD-AAAA-BBBB-CCCC-DDDD"), "reply marvin@example.com proven " + reference + " PD-AAAA-BBBB-CCCC-DDDD or request", "reference"},
		"mistyped, but a reply":   {written(ask, "Re: Your request PD-7K3M-9QXT-40BZ-1HNF: closed", "References", "<"+reference+"@x>"), "reply marvin@example.com proven PD-7K3M-9QXT-40BZ-1HNF or reply " + reference + " or request", "reference"},
		"a reply, a new matter":   {written(ask, "Delete my data", "References", "<"+reference+"@privacy.example.com>"), "request marvin@example.com at once erase", "author"},
		"a reply, forwarded":      {written(ask, "Re: "+reference, "Auto-Submitted", "auto-generated"), "reply marvin@example.com proven " + reference + " or request", "reference"},
		"a reply, not shown":      {failing(written(ask, "Re: "+reference), "reject"), "reply marvin@example.com " + reference + " or request", "reference"},
		"a reply, no record":      {with(written(ask, "Re: "+reference), func(m *inbox.Message) { m.DMARC, m.SPF, m.DKIM = inbox.Gray, inbox.Gray, inbox.Gray }), "reply marvin@example.com " + reference + " or request", "reference"},
		"a reply, no record, SPF": {with(written(ask, "Re: "+reference), func(m *inbox.Message) { m.DMARC, m.DKIM = inbox.Gray, inbox.Gray }), "reply marvin@example.com proven " + reference + " or request", "reference"},
		"a reply, marked as spam": {with(written(ask, "Re: "+reference), func(m *inbox.Message) { m.Spam = inbox.Fail }), "reply marvin@example.com proven " + reference + " or nothing", "reference"},
		"a reply of a portal":     {replace(written(ask, "Re: "+reference), "From", "no-reply@agents.example"), "reply " + reference + " or nothing", "reference"},
		"a reply that leaves":     {written(leave, "Re: "+reference), "opt-out marvin@example.com", "author"},
		"a reply to unsubscribe@": {failing(written(leave, "Re: "+reference), "none"), "reply marvin@example.com " + reference + " or request", "reference"},
	} {
		t.Run(name, func(t *testing.T) {
			got := reader(t).Read(c.mail)
			if len(got) != 1 || said(got[0]) != c.want || got[0].Why != c.why {
				t.Errorf("%+v: %q, want %q", got, said(got[0]), c.want)
			}
		})
	}
}

// said is a decision in words.
func said(d inbox.Decision) string {
	all := []string{string(d.Act), d.Address.Reveal()}
	for _, flag := range []struct {
		set  bool
		word string
	}{{d.Kept, "kept"}, {d.AtOnce && len(d.Sure) > 0, "at once"}, {d.Proven && d.Act == inbox.Reply, "proven"}} {
		if flag.set {
			all = append(all, flag.word)
		}
	}
	all = append(append(all, d.References...), shown(d.Intents))
	if d.Otherwise != nil {
		all = append(all, "or", string(d.Otherwise.Act))
		if d.Otherwise.Act == inbox.Reply {
			all = append(append(all, d.Otherwise.References...), "or", string(d.Otherwise.Otherwise.Act))
		}
	}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

func TestBothMailboxesAtOnce(t *testing.T) {
	m := written(leave, token)
	m.Recipients = []string{leave, ask, ask, "info@in.example.com"}
	got := reader(t).Read(m)
	if len(got) != 2 || got[0].Act != inbox.OptOut || got[0].Topic != "newsletter" || got[0].Campaign != "spring" || got[1].Act != inbox.Request {
		t.Errorf("%+v", got)
	}
}

// Whoever asks unsubscribe@ for more than to leave has asked.
func TestMoreThanLeaving(t *testing.T) {
	for subject, want := range map[string]string{
		"Unsubscribe": "opt-out marvin@example.com", "Delete all my data": "opt-out marvin@example.com, request marvin@example.com at once erase",
		"How do I delete my account?": "opt-out marvin@example.com", token + " delete my data": "opt-out zaphod@example.org",
	} {
		var got []string
		for _, d := range reader(t).Read(written(leave, subject)) {
			got = append(got, said(d))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %q, want %q", subject, got, want)
		}
	}
}

// Whatever the headers hold: the decision is one, a report or an answer in
// somebody's absence has no effect but by a token, and nobody but the author
// or the token's holder is opted out.
func FuzzRead(f *testing.F) {
	f.Add(leave, marvin, "From", "Marvin <"+marvin+">", "Subject", token, "PASS")
	f.Add(ask, "<>", "From", "\"a\\\"b\" <x@y.example>, z@y.example", "Content-Type", "multipart/report; =", "FAIL")
	f.Add(tagged, "a@b", "from", "=?utf-8?b?//8=?= <a@b.example>", "auto-submitted", "auto (x); y", "GRAY")
	f.Add(ask, "a@b.example", "From", "Doe, John <a@b.example>", "References", "<"+reference+"@x>", "PASS")
	f.Fuzz(func(t *testing.T, to, sender, name1, value1, name2, value2, verdict string) {
		v := inbox.Verdict(verdict)
		m := inbox.Message{Sender: sender, Recipients: []string{to}, Spam: v, Virus: v, SPF: v, DKIM: v, DMARC: v,
			Headers: []inbox.Header{{name1, value1}, {name2, value2}, {"Subject", value1}}}
		all, clear := m.Authors()
		for _, d := range reader(t).Read(m) {
			switch {
			case d.Act == inbox.Nothing:
				if !d.Address.IsZero() || d.Subject != "" {
					t.Fatalf("nothing, but %+v", d)
				}
			case d.Act == inbox.OptOut && d.Why != "token" && (v != inbox.Pass && v != inbox.Gray || len(all) != 1 || !clear || d.Address != all[0]):
				t.Fatalf("an opt-out by %q with %q", d.Why, v)
			case d.Address.IsZero() && d.Act != inbox.Reply:
				t.Fatalf("an act about nobody: %+v", d)
			case d.AtOnce && (v == inbox.Fail || len(all) != 1):
				t.Fatalf("at once by %q with %q", d.Why, v)
			case d.Act == inbox.Reply && (d.Otherwise == nil || d.Otherwise.Act == inbox.Reply && d.Otherwise.Otherwise.Act == inbox.Reply || len(d.References) == 0):
				t.Fatalf("a reply: %+v", d)
			}
			if strings.ContainsAny(d.Why, "@<>") {
				t.Fatalf("the reason holds a piece of the mail: %q", d.Why)
			}
		}
	})
}
