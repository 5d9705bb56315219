package inbound

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/inbox"
)

// Rule is a receipt rule with a Lambda action.
type Rule struct {
	Recipients []string // addresses and domains
	Function   string   // its ARN
}

// Server receives mail.
type Server struct {
	Rules  []Rule
	Invoke func(ctx context.Context, function string, payload []byte) (answer []byte, functionError string, err error)
	Now    func() time.Time
	// Received, if there is one, gets each mail that a rule takes, before
	// its function does.
	Received func(Mail)
}

// matches tells whether the rule is for a recipient: an address matches
// itself with every label, a domain for every address in it.
func (r Rule) matches(to string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(to), "@")
	box, _, _ := strings.Cut(local, "+")
	return slices.ContainsFunc(r.Recipients, func(want string) bool {
		want = strings.ToLower(want)
		return want == local+"@"+domain || want == box+"@"+domain || want == domain
	})
}

// receive hands a mail to the function of every rule that it matches, and says
// what became of it.
func (s *Server) receive(ctx context.Context, m Mail) (string, error) {
	handed := 0
	for _, rule := range s.Rules {
		recipients := slices.DeleteFunc(slices.Clone(m.To), func(to string) bool { return !rule.matches(to) })
		if len(recipients) == 0 {
			continue
		}
		event, err := m.event(recipients, rule.Function, s.Now())
		if err != nil {
			return "", err
		}
		if handed == 0 && s.Received != nil {
			s.Received(m)
		}
		payload, err := json.Marshal(event)
		if err != nil {
			return "", err
		}
		_, fault, err := s.Invoke(ctx, rule.Function[strings.LastIndex(rule.Function, ":")+1:], payload)
		if err != nil || fault != "" {
			return "", fmt.Errorf("the function failed: %s", cmp.Or(fault, "it did not answer"))
		}
		handed++
	}
	if handed == 0 {
		return "", fmt.Errorf("no receipt rule is for this recipient; SES would refuse the mail. There are: %s", strings.Join(s.addresses(), ", "))
	}
	return "The mail has been received. What became of it is in the log of its function.", nil
}

func (s *Server) addresses() []string {
	var all []string
	for _, r := range s.Rules {
		all = append(all, r.Recipients...)
	}
	return all
}

//go:embed form.html
var formFile embed.FS

var form = template.Must(template.ParseFS(formFile, "form.html"))

const csp = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"

type view struct {
	To, From, Subject, Said string
	Addresses, Verdicts     []string
	Failed                  bool
}

// ServeHTTP shows the form and takes mail.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		s.show(w, http.StatusOK, view{To: r.FormValue("to"), From: cmp.Or(r.FormValue("from"), "me@example.com"), Subject: r.FormValue("subject"), Said: r.FormValue("said")})
		return
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	typed := media == "application/x-www-form-urlencoded" || media == "multipart/form-data"
	read := rawMail
	if typed {
		read = typedMail
	}
	m, err := read(r)
	var said string
	if err == nil {
		said, err = s.receive(r.Context(), m)
	}
	switch {
	case err != nil && typed:
		s.show(w, http.StatusUnprocessableEntity, view{To: r.FormValue("to"), From: r.FormValue("from"), Subject: r.FormValue("subject"), Said: err.Error(), Failed: true})
	case err != nil:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	case typed:
		http.Redirect(w, r, "/inbound?said="+url.QueryEscape(said), http.StatusSeeOther)
	default:
		_, _ = io.WriteString(w, said+"\n")
	}
}

func (s *Server) show(w http.ResponseWriter, status int, v view) {
	v.Addresses, v.Verdicts = s.addresses(), verdictNames
	if v.To == "" && len(v.Addresses) > 0 {
		v.To = v.Addresses[0]
	}
	var page bytes.Buffer
	if err := form.Execute(&page, v); err != nil {
		http.Error(w, "The page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", csp)
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w)
}

const maxMail = 1 << 20

// rawMail is a whole message. The query may name the envelope (?from=, ?to=)
// and verdicts (?spf=FAIL); else the header does.
func rawMail(r *http.Request) (Mail, error) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxMail))
	if err != nil {
		return Mail{}, err
	}
	m := Mail{Raw: raw, To: r.URL.Query()["to"], Verdicts: verdicts(r.URL.Query()), Policy: r.URL.Query().Get("policy")}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m, errHeader
	}
	m.Sender = r.URL.Query().Get("from")
	if !r.URL.Query().Has("from") {
		m.Sender = author(parsed.Header.Get("From"))
	}
	if list, err := parsed.Header.AddressList("To"); err == nil && len(m.To) == 0 {
		for _, a := range list {
			m.To = append(m.To, a.Address)
		}
	}
	return m, nil
}

// typedMail is what the form sends. Further header lines may be typed in.
func typedMail(r *http.Request) (Mail, error) {
	clean := strings.NewReplacer("\r", "", "\n", " ")
	from, to, subject := clean.Replace(r.FormValue("from")), clean.Replace(r.FormValue("to")), clean.Replace(r.FormValue("subject"))
	m := Mail{To: []string{bare(to)}, Sender: author(from), Verdicts: verdicts(r.Form), Policy: r.FormValue("policy")}
	if r.FormValue("bounce") != "" {
		m.Sender = ""
	}
	var raw strings.Builder
	fmt.Fprintf(&raw, "From: %s\r\nTo: %s\r\nSubject: %s\r\n", from, to, mime.QEncoding.Encode("utf-8", subject))
	for line := range strings.Lines(r.FormValue("headers")) {
		if line = strings.TrimSpace(line); strings.Contains(line, ":") {
			raw.WriteString(line + "\r\n")
		}
	}
	raw.WriteString("\r\n" + r.FormValue("text"))
	m.Raw = []byte(raw.String())
	return m, nil
}

// author is the first address of a From field as mailers write it, else its text.
func author(from string) string {
	if all, _ := (inbox.Message{Headers: []inbox.Header{{Name: "From", Value: from}}}).Authors(); len(all) > 0 {
		return all[0].Reveal()
	}
	return from
}

// bare is the address of one recipient, whose token keeps its capitals.
func bare(address string) string {
	if parsed, err := mail.ParseAddress(address); err == nil {
		return parsed.Address
	}
	return address
}

func verdicts(from url.Values) map[string]string {
	found := map[string]string{}
	for _, name := range verdictNames {
		if status := strings.ToUpper(from.Get(name)); status != "" {
			found[name] = status
		}
	}
	return found
}
