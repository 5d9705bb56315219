package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// The policy's own words.
const (
	thankYou = "Thank you! Your submission has been received!"
	problem  = "There is a problem" // of what the caller sent
)

const mine = "email=marvin%40example.com"

func TestFormAnswersFitTheCaller(t *testing.T) {
	for name, c := range map[string]struct {
		headers []string
		json    bool
	}{
		"browser":             {browser, false},
		"browser, no referer": {append([]string{"Origin", "null"}, browser...), false},
		"htmx":                {[]string{"Accept", "text/html", "Sec-Fetch-Mode", "cors"}, false},
		"plain curl":          {mailClient, false},
		"nothing said":        {nil, false},
		"webflow.js":          {script, true},
		"jQuery":              {[]string{"Accept", "*/*", "X-Requested-With", "XMLHttpRequest"}, true},
		"Contact Form 7":      {[]string{"Accept", "application/json, */*;q=0.1", "Sec-Fetch-Mode", "cors"}, true},
		"fetch":               {[]string{"Accept", "*/*", "Sec-Fetch-Mode", "cors", "Origin", "null"}, true},
		"curl -H accept":      {[]string{"Accept", "application/json"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			a := r.Expect(postForm(mine, c.headers...), http.StatusOK, thankYou)
			r.wantRows(marvin, "email=out@1")
			if r.First.Headers["access-control-allow-origin"] != "*" {
				t.Error("a script of the site may not read the answer")
			}
			if c.json != strings.HasPrefix(a.Headers["content-type"], "application/json") {
				t.Fatalf("content type %s", a.Headers["content-type"])
			}
			if !c.json {
				return
			}
			if got := a.JSON(t); got.Code != 200 || got.Status != "received" || got.Message != thankYou {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestFormRefusals(t *testing.T) {
	big := "email=" + strings.Repeat("x", 256<<10)
	for name, c := range map[string]struct {
		call   call
		status int
		code   string
		field  string
	}{
		"no field":          {postForm("name=Marvin"), 422, "invalid", "email"},
		"empty":             {postForm("email="), 422, "invalid", "email"},
		"empty body":        {postForm(""), 422, "invalid", "email"},
		"no address":        {postForm("email=not+an+email"), 422, "invalid", "email"},
		"two in one":        {postForm("email=a%40example.com%2Cb%40example.com"), 422, "invalid", "email"},
		"a blank inside":    {postForm("email=mar%20vin%40example.com"), 422, "invalid", "email"},
		"a blank, as JSON":  {postForm(`{"email":"mar vin@example.com"}`, "Content-Type", "application/json"), 422, "invalid", "email"},
		"blanks of a form":  {postForm("email=mar%2Bvin+x%40example.com"), 422, "invalid", "email"},
		"two in the name":   {postForm("email=a%40example.com+%3Cmarvin%40example.com%3E"), 422, "invalid", "email"},
		"a dotted I":        {postForm("email=%C4%B0brahim%40example.com"), 422, "invalid", "email"},
		"a question mark":   {postForm("email=marvin%CD%BE%40example.com"), 422, "invalid", "email"},
		"a symbol's domain": {postForm("email=marvin%40example.com%C2%A9"), 422, "invalid", "email"},
		"NUL at the end":    {postForm("email=marvin%40example.com%00"), 422, "invalid", "email"},
		"encoded, perhaps":  {postForm("email=o%2527hara%40example.com"), 422, "invalid", "email"},
		"too long":          {postForm("email=" + strings.Repeat("x", 300) + "%40example.com"), 422, "invalid", "email"},
		"NUL inside":        {postForm("email=mar%00vin%40example.com"), 422, "invalid", "email"},
		"only in free text": {postForm("message=write+to+marvin%40example.com"), 422, "invalid", "email"},
		"two disagree":      {postForm("email=a%40example.com&your-email=b%40example.com"), 422, "invalid", "email"},
		"JSON disagrees":    {postForm(`{"email":"a@example.com","email":"b@example.com"}`, "Content-Type", "application/json"), 422, "invalid", "email"},
		"broken JSON":       {postForm(`{"email":"marvin@example.com"`, "Content-Type", "application/json"), 422, "invalid", "form"},
		"broken multipart":  {postForm("--X\r\nContent-Disp", "Content-Type", "multipart/form-data; boundary=X"), 422, "invalid", "form"},
		"UTF-16":            {postForm("\xff\xfe{\x00\"\x00e\x00", "Content-Type", "application/json"), 422, "invalid", "form"},
		"an array of them":  {postForm(`{"email":["a@example.com","b@example.com"]}`, "Content-Type", "application/json"), 422, "invalid", "email"},
		"another type":      {postForm("<email/>", "Content-Type", "application/xml"), 415, "unsupported", ""},
		"too large":         {postForm(big), 413, "too_large", ""},
		"too many fields":   {postForm(strings.Repeat("a=1&", 501) + mine), 413, "too_large", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			asScript := c.call
			asScript.Headers = append(asScript.Headers, script...)
			got := r.Expect(asScript, c.status, "").JSON(t)
			if got.Code != c.status || got.Status != c.code || got.Message == "" {
				t.Errorf("%+v", got)
			}
			if c.status == 422 && (!strings.HasPrefix(got.Message, problem) || len(got.Errors) != 1 || got.Errors[0].Field != c.field || got.Errors[0].Message == "") {
				t.Errorf("%+v", got)
			}
			piece := ""
			if c.status == 422 {
				piece = problem
			}
			asPerson := c.call
			asPerson.Headers = append(asPerson.Headers, browser...)
			a := r.Expect(asPerson, c.status, piece)
			if strings.Contains(a.Text, "our side") {
				t.Error("the page takes the blame for what the caller sent")
			}
			if r.store.writes != 0 {
				t.Errorf("%d writes", r.store.writes)
			}
		})
	}
}

// Half of marvin@example.community would be another's address.
func TestBodyThatBreaksOff(t *testing.T) {
	r := newRig(t)
	for _, body := range []string{"ZW1haWw9bWFydmluQGV4YW1wbGUuY29t!", mine} {
		e := postForm(mine, script...).Event()
		e.Body = body
		if a := r.Invoke(e); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("status %d: %s", a.StatusCode, a.Body)
		}
	}
	r.wantRows(marvin, "")
}

func TestDeskWithoutWording(t *testing.T) {
	r := newRig(t)
	bare := *r.Desk
	bare.Wording = nil
	r.Desk = &bare
	r.Expect(postForm(mine, script...), http.StatusOK, thankYou)
	r.Expect(postForm("", script...), http.StatusUnprocessableEntity, problem)
	r.Expect(postForm("", browser...), http.StatusUnprocessableEntity, problem)
}

func TestRefusedFormKeepsWhatWasTyped(t *testing.T) {
	r := newRig(t)
	body := url.Values{
		"email": {`"><script>alert(1)</script>@`}, "name": {"Zoë <b>\x00\u202e"}, "topic": {"events"}, "erase": {"yes"}, "everything": {"on"},
		"redirect": {"https://www.biosero.com/bye"}, "lang": {"en"}, "message": {"<i>secret</i>"},
	}
	a := r.Expect(postForm(body.Encode(), browser...), http.StatusUnprocessableEntity, problem)
	for _, piece := range []string{
		`value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@"`, `name="redirect" value="https://www.biosero.com/bye"`,
		`value="events" checked`, `name="everything" type="checkbox" value="yes" checked`, `name="erase" type="checkbox" value="yes" checked`,
		"This can be read as more than one address",
	} {
		if !strings.Contains(a.Body, piece) {
			t.Errorf("%s is missing in\n%s", piece, a.Body)
		}
	}
	if strings.Contains(a.Body, "<script>") || strings.Contains(a.Body, "secret") {
		t.Error("what was typed is not escaped, or free text is kept")
	}
}

func TestRefusedFormSpeaksTheLanguageOfTheCaller(t *testing.T) {
	r := newRig(t)
	r.Expect(postForm("lang=de", browser...), 422, `lang="de"`)
	r.Expect(postForm("", append([]string{"Accept-Language", "es-MX,es;q=0.9"}, browser...)...), 422, `lang="es"`)
}

func TestWhatIsRecordedOfAForm(t *testing.T) {
	multipart := "--X\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nmarvin@example.com\r\n" +
		"--X\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nMarvin\r\n--X--\r\n"
	for name, c := range map[string]struct {
		call call
		want string // rows
		name string
	}{
		"urlencoded":           {postForm(mine + "&name=Marvin"), "email=out@1", "Marvin"},
		"with a charset":       {postForm(mine+"&name=Marvin", "Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"), "email=out@1", "Marvin"},
		"multipart":            {postForm(multipart, "Content-Type", `multipart/form-data; boundary="X"`), "email=out@1", "Marvin"},
		"multipart, bare":      {postForm(multipart, "Content-Type", "multipart/form-data"), "email=out@1", "Marvin"},
		"JSON":                 {postForm(`{"email":"marvin@example.com","name":"Marvin"}`, "Content-Type", "application/json"), "email=out@1", "Marvin"},
		"JSON as text":         {postForm(`{"email":"marvin@example.com"}`, "Content-Type", "text/plain;charset=UTF-8"), "email=out@1", ""},
		"JSON as urlencoded":   {postForm(`{"email":"marvin@example.com"}`), "email=out@1", ""},
		"text lines":           {postForm("email=marvin@example.com\r\nname=Marvin\r\n", "Content-Type", "text/plain"), "email=out@1", "Marvin"},
		"no content type":      {call{Method: "POST", Path: "/unsubscribe", Body: mine}, "email=out@1", ""},
		"Latin 1":              {postForm(mine + "&name=Zo%EB"), "email=out@1", "Zoë"},
		"Shift_JIS":            {postForm(mine+"&name=%89%A4%8F%AC%96%BE", "Content-Type", "application/x-www-form-urlencoded; charset=shift_jis"), "email=out@1", "王小明"},
		"NUL and bidi":         {postForm(mine + "&name=Zo%C3%AB%00%E2%80%AE+%0D%0AParanoid"), "email=out@1", "Zoë Paranoid"},
		"lone surrogates":      {postForm(`{"email":"marvin@example.com","name":"Zoë \ud83d"}`, "Content-Type", "application/json"), "email=out@1", "Zoë \ufffd"},
		"half a character":     {postForm(mine + "&name=Zo%C3%AB+%ED%A0%80"), "email=out@1", "Zoë \ufffd"},
		"a name without end":   {postForm(mine + "&name=" + strings.Repeat("Android", 1000)), "email=out@1", strings.Repeat("Android", 1000)[:200]},
		"spaces around":        {postForm("email=+%E3%80%80marvin%40example.com%0D%0A%E2%80%8B"), "email=out@1", ""},
		"another case":         {postForm("Email=MARVIN%40Example.COM"), "email=out@1", ""},
		"full width":           {postForm("email=%EF%BD%8D%EF%BD%81%EF%BD%92%EF%BD%96%EF%BD%89%EF%BD%8E%40example.com"), "email=out@1", ""},
		"full-width at":        {postForm("email=marvin%EF%BC%A0example.com"), "email=out@1", ""},
		"display name":         {postForm("email=Marvin+%3Cmarvin%40example.com%3E"), "email=out@1", ""},
		"mailto":               {postForm("email=mailto%3Amarvin%40example.com"), "email=out@1", ""},
		"final dot":            {postForm("email=marvin%40example.com."), "email=out@1", ""},
		"encoded twice":        {postForm("email=marvin%2540example.com"), "email=out@1", ""},
		"encoded twice, JSON":  {postForm(`{"email":"marvin%40example.com"}`, "Content-Type", "application/json"), "email=out@1", ""},
		"dressed and bare":     {postForm("email=marvin%40example.com&your-email=%3CMarvin%40example.com%3E"), "email=out@1", ""},
		"the same one twice":   {postForm(mine + "&EMAIL=Marvin%40EXAMPLE.com+"), "email=out@1", ""},
		"one good one":         {postForm("email-2=marvin%40example.com&email-2=%2B15550000000&email-2=1+Some+Way&email="), "email=out@1", ""},
		"repeated field":       {postForm(`{"email":["marvin@example.com","Marvin@example.com"]}`, "Content-Type", "application/json"), "email=out@1", ""},
		"a topic":              {postForm(mine + "&topic=newsletter"), "email/newsletter=out@1", ""},
		"topics":               {postForm(mine + "&topic=newsletter&topics%5B%5D=Events+&topic=newsletter"), "email/events=out@1 email/newsletter=out@1", ""},
		"another's topic":      {postForm(mine + "&topic=complaint"), "email=out@1", ""},
		"everything":           {postForm(mine + "&everything=yes"), "email=out@1 phone=out@1 post=out@1 sms=out@1", ""},
		"nothing ticked":       {postForm(mine + "&everything=false&erase=0&erase="), "email=out@1", ""},
		"unknown fields":       {postForm(mine + "&cf-turnstile-response=X&g-recaptcha-response=&utm_source=x&" + strings.Repeat("x=1&", 300)), "email=out@1", ""},
		"a very odd one":       {postForm("&&==&%&%zz=%&" + mine + "&email%5B%5D%5B=&%00=%00"), "email=out@1", ""},
		"a tag":                {postForm("email=marvin%2Btag%40example.com"), "", ""},
		"letters the page has": {postForm("email=marvin%40ma%26%23241%3Bana.example"), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.Expect(c.call, http.StatusOK, "")
			r.wantRows(marvin, c.want)
			for _, known := range r.records(marvin) {
				if known.Name != c.name || known.Address.Reveal() != marvin {
					t.Errorf("%s: name %q, want %q", known.Scope, known.Name, c.name)
				}
			}
			if r.store.writes != 1 || r.store.reads != 0 {
				t.Errorf("%d writes, %d reads", r.store.writes, r.store.reads)
			}
		})
	}
}

// A blank never stands in an address: a plus that nobody encoded is a plus.
func TestPlusSigns(t *testing.T) {
	const tagged = "mar+vin@example.com"
	for name, c := range map[string]struct{ body, address string }{
		"raw":               {"email=mar+vin@example.com", tagged},
		"raw, the @ not":    {"email=mar+vin%40example.com", tagged},
		"encoded":           {"email=mar%2Bvin%40example.com", tagged},
		"encoded twice":     {"email=mar%252Bvin@example.com", tagged},
		"all of it twice":   {"email=mar%252Bvin%2540example.com", tagged},
		"lower case":        {"email=mar%252bvin%40example.com", tagged},
		"as an entity":      {"email=mar%26%2343%3Bvin%40example.com", tagged},
		"in a mailto":       {"email=mailto:mar+vin@example.com", tagged},
		"two of them":       {"email=mar+vin+x@example.com", "mar+vin+x@example.com"},
		"a percent sign":    {"email=a%25b%40example.com", "a%b@example.com"},
		"a raw one":         {"email=a%b@example.com", "a%b@example.com"},
		"a plus beside one": {"email=a%b+c@example.com", "a%b+c@example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.Expect(postForm(c.body, browser...), http.StatusOK, "")
			r.wantRows(c.address, "email=out@1")
			page := get("/unsubscribe", browser...)
			page.Query = c.body
			shown := strings.ReplaceAll(c.address, "+", "&#43;")
			if a := r.Expect(page, http.StatusOK, ""); !strings.Contains(a.Body, `value="`+shown+`"`) {
				t.Errorf("%s is not shown in\n%s", shown, a.Body)
			}
		})
	}
}

func TestRedirectKeepsItsPlus(t *testing.T) {
	a := newRig(t).Expect(postForm(mine+"&redirect=https://www.biosero.com/bye?x=a+b", browser...), http.StatusSeeOther, "")
	if a.Headers["location"] != "https://www.biosero.com/bye?x=a+b" {
		t.Errorf("to %q", a.Headers["location"])
	}
}

// The answer says which part of the address is wrong.
func TestAddressErrorsAreNamed(t *testing.T) {
	r := newRig(t)
	for body, want := range map[string][2]string{
		"email=marvin":                                {"Enter one complete email address", "one complete email address"},
		"email=mar%20vin@example.com":                 {"before the @", "before the @"},
		"email=marvin@example":                        {"after the @", "after the @"},
		"email=marvin@example.com%00":                 {"cannot be seen", "cannot be seen"},
		"email=o%2527hara@example.com":                {"more than one address", "more than one address"},
		"email=a@example.com+%3Cb@example.com%3E":     {"more than one address", "more than one address"},
		"email=" + strings.Repeat("a", 99) + "@a.com": {"is too long", "too long"},
	} {
		if got := r.Expect(postForm(body, script...), 422, "").JSON(t); len(got.Errors) != 1 || !strings.Contains(got.Errors[0].Message, want[0]) {
			t.Errorf("%s: %+v", body, got)
		}
		r.Expect(postForm(body, browser...), 422, want[1])
	}
}

func TestEvidenceOfAForm(t *testing.T) {
	r := newRig(t)
	headers := append([]string{"Origin", "https://WWW.Example.org:8443", "Referer", "https://www.example.org/?email=x", "X-Forwarded-For", "203.0.113.9"}, browser...)
	r.Expect(postForm(mine+"&name=Marvin&campaign=spring%00&utm_source=x&erase=on&topic=events", headers...), 200, thankYou)
	first := r.only(marvin)
	if first.Scope != "email" || first.Name != "Marvin" ||
		first.Evidence != (optout.Evidence{Source: optout.FromForm, At: r.clock, Campaign: "spring", Form: "www.example.org"}) {
		t.Errorf("%+v", first)
	}
	if found := r.requests(marvin); len(found) != 1 || found[0].State != lifecycle.Unverified || found[0].Kinds[0] != deadline.Erasure {
		t.Errorf("requests: %+v", found)
	}
	start := r.clock
	r.clock = r.clock.Add(time.Hour)
	r.Expect(postForm(mine, append([]string{"Origin", "null", "Referer", "https://shop.example.org/x"}, browser...)...), 200, thankYou)
	again := r.only(marvin)
	if again.Version != 2 || again.FirstAt != start || again.Evidence.Form != "shop.example.org" ||
		again.Evidence.At != r.clock || again.Projection.DueAt.IsZero() {
		t.Errorf("%+v", again)
	}
}

// The wish to be deleted survives when the request cannot be opened: the
// opt-out is stored with it, and picked up later.
func TestErasureThatCannotBeOpened(t *testing.T) {
	for name, service := range map[string]func(*rig) (*request.Service, error){
		"a fault": func(*rig) (*request.Service, error) { return nil, errors.New("no time zone") },
		"a table that hangs": func(r *rig) (*request.Service, error) {
			return request.New(hanging{testkit.NewRequests(r.store.OptOuts)}, r.key, r.Desk, r.Now, r.random)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // the time of an HTTP request, not the desk's
				r := newRig(t)
				r.handler.rights = func() (*request.Service, error) { return service(r) }
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // as template.yaml has it
				defer cancel()
				a := r.Follow(ctx, postForm(mine+"&erase=on", browser...).Event())
				if a.StatusCode != 200 || !strings.Contains(a.Text, thankYou) || !strings.Contains(a.Text, "We will email you") {
					t.Errorf("%d: %s", a.StatusCode, a.Brief())
				}
				if o := r.only(marvin); o.State != optout.Out || o.ErasureRequestedAt != r.clock {
					t.Errorf("%+v", o)
				}
			})
		})
	}
}

// Sent twice, or once with the answer of the transaction lost, so that the wish
// is kept and picked up: one request to delete, with one mail.
func TestErasureSentTwice(t *testing.T) {
	r := newRig(t)
	for range 3 {
		r.Expect(postForm(mine+"&name=Marvin&erase=on&everything=on", browser...), 200, thankYou)
	}
	open := r.handler.rights
	r.handler.rights = func() (*request.Service, error) { return nil, errors.New("the answer is lost") }
	r.Expect(postForm(mine+"&name=Marvin&erase=on", browser...), 200, thankYou)
	r.handler.rights = open
	service, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.OpenPendingErasures(t.Context(), r.store); err != nil {
		t.Fatal(err)
	}
	found := r.requests(marvin)
	if len(found) != 1 {
		t.Fatalf("%d requests", len(found))
	}
	if f, err := service.Store.File(t.Context(), found[0].ID); err != nil || len(f.Letters) != 1 {
		t.Errorf("%d mails, %v", len(f.Letters), err)
	}
	r.wantRows(marvin, "email=out@4 phone=out@3 post=out@3 sms=out@3")
}

// hanging is a table of requests that answers nobody.
type hanging struct{ *testkit.Requests }

func (hanging) Create(ctx context.Context, _ request.Creation) error {
	<-ctx.Done()
	return fault.Wrap(fault.Unavailable, ctx.Err(), "create a request")
}

func TestReceipt(t *testing.T) {
	r := newRig(t)
	answer := r.Expect(postForm(mine, script...), 200, "receipt")
	var got struct{ Receipt json.RawMessage }
	if err := json.Unmarshal([]byte(answer.Text), &got); err != nil {
		t.Fatal(err)
	}
	receipt, err := audit.Check(got.Receipt, r.signer.PublicKeys())
	if err != nil || receipt.Kind != audit.OptOut || fmt.Sprint(receipt.What) != "[email]" || !receipt.ReceivedAt.Equal(r.clock) {
		t.Errorf("%+v, %v", receipt, err)
	}
	// It tells nobody the reference by which tombstones, certificates and events
	// know the person; the officer finds whose it is.
	if ref := string(r.only(marvin).Ref); strings.Contains(receipt.Reference, ref) || strings.Contains(answer.Text, ref) {
		t.Error("the receipt holds the reference")
	}
	rows := ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": []string{"zaphod@example.com", marvin, "no address"}, "references": true})
	if rows[1].Reference != receipt.Reference || rows[0].Reference == receipt.Reference || rows[0].Reference == "" || rows[2].Reference != "" {
		t.Errorf("%+v", rows)
	}
}

func TestBothSpellingsOfADomainAreOnePerson(t *testing.T) {
	r := newRig(t)
	for _, spelling := range []string{"marvin@mañana.example", "Marvin@MAÑANA.example", "marvin@xn--maana-pta.example", "marvin@man\u0303ana.example"} {
		r.Expect(postForm("email="+url.QueryEscape(spelling)), 200, thankYou)
	}
	r.wantRows("marvin@mañana.example", "email=out@4")
	if got := r.only("marvin@mañana.example").Address.Reveal(); got != "marvin@xn--maana-pta.example" {
		t.Errorf("recorded as %s", got)
	}
}

func TestRedirects(t *testing.T) {
	for target, allowed := range map[string]bool{
		"https://www.biosero.com/thank-you?x=1#y":   true,
		"https://biosero.com":                       true,
		"https://biosero.com/":                      true,
		"http://www.biosero.com/":                   false,
		"//www.biosero.com/":                        false,
		"/thank-you":                                false,
		"https://www.biosero.com.evil.example/":     false,
		"https://www.biosero.com@evil.example/":     false,
		"https://evil.example/https://biosero.com/": false,
		"https://evil.example\\@www.biosero.com/":   false,
		"https:/\\evil.example/":                    false,
		"\thttps://evil.example/":                   false,
		"https://www.biosero.com\r\nX: y":           false,
		"javascript:alert(1)//https://biosero.com/": false,
		"data:text/html,x":                          false,
		"":                                          false,
	} {
		t.Run(target, func(t *testing.T) {
			r := newRig(t)
			body := mine + "&_next=" + url.QueryEscape(target)
			a := r.Send(postForm(body, browser...))
			if allowed != (a.StatusCode == http.StatusSeeOther) || allowed != (a.Headers["location"] == target && target != "") {
				t.Errorf("%d to %q", a.StatusCode, a.Headers["location"])
			}
			if !allowed && (a.StatusCode != http.StatusOK || a.Headers["location"] != "") {
				t.Errorf("%d to %q", a.StatusCode, a.Headers["location"])
			}
			r.Expect(postForm(body, script...), http.StatusOK, `"received"`)
			r.wantRows(marvin, "email=out@2")
			if a := r.Send(postForm("email=x&redirect="+url.QueryEscape(target), browser...)); a.StatusCode != 422 || a.Headers["location"] != "" {
				t.Errorf("a refusal answers %d to %q", a.StatusCode, a.Headers["location"])
			}
		})
	}
}

// A browser may fill in the honeypot by itself. Nobody loses an opt-out by it;
// what is not taken in, a request with its mail, the answer says.
func TestHoneypotCostsNobodyTheirOptOut(t *testing.T) {
	for _, field := range []string{"leave_blank", "_gotcha", "fields%5Bbot-field%5D"} {
		r := newRig(t)
		body := mine + "&" + field + "=x"
		r.Expect(postForm(body, browser...), http.StatusOK, thankYou)
		r.Expect(postForm(body, script...), http.StatusOK, `"received"`)
		r.wantRows(marvin, "email=out@2")
		r.Expect(postForm(field+"=x", browser...), http.StatusUnprocessableEntity, problem)
		r.Expect(postForm(mine+"&"+field+"=+", browser...), http.StatusOK, thankYou)
		r.wantRows(marvin, "email=out@3")
	}
}

func TestHoneypotHoldsTheErasureBackAndSaysSo(t *testing.T) {
	body := mine + "&topic=newsletter&erase=yes&everything=yes&leave_blank=x&redirect=https://www.biosero.com/thanks"
	for lang, says := range map[string]string{"en": "have not accepted that yet", "de": "noch nicht angenommen", "es": "no lo hemos admitido"} {
		r := newRig(t)
		a := r.Expect(postForm(body+"&lang="+lang, browser...), http.StatusOK, says)
		if !strings.Contains(a.Body, `href="/requests?lang=`+lang+`"`) || strings.Contains(a.Text, "will email you") {
			t.Error(a.Brief())
		}
		got := r.Expect(postForm(body+"&lang="+lang, script...), http.StatusOK, `"receipt":{`).JSON(t)
		if len(got.Errors) != 1 || got.Errors[0].Field != "erase" || !strings.Contains(got.Errors[0].Message, says) || !strings.HasSuffix(got.Message, got.Errors[0].Message) {
			t.Errorf("%+v", got)
		}
		r.wantRows(marvin, "email=out@2 phone=out@2 post=out@2 sms=out@2")
		for _, record := range r.records(marvin) {
			if !record.ErasureRequestedAt.IsZero() {
				t.Error("the erasure is opened later")
			}
		}
		if n := len(r.requests(marvin)); n != 0 {
			t.Errorf("%d requests", n)
		}
	}
}

func TestFormPage(t *testing.T) {
	for name, c := range map[string]struct{ query, value string }{
		"bare":             {"", ""},
		"filled in":        {"email=marvin%40example.com", "marvin@example.com"},
		"Webflow's get":    {"name=Marvin&Email-2=marvin%40example.com&Message=x", "marvin@example.com"},
		"the first of two": {"email=marvin%40example.com&Email=b%40example.com", "marvin@example.com"},
		"hostile":          {"email=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%00", `"><script>alert(1)</script>`},
		"odd":              {"email=100%&;=&&", "100%"},
		"Latin 1":          {"email=%EB", "ë"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			page := get("/unsubscribe", browser...)
			page.Query = c.query
			a := r.Expect(page, http.StatusOK, `type="email" value="`+c.value+`"`)
			if strings.Contains(a.Body, "<script") || strings.Contains(a.Body, "Marvin") {
				t.Errorf("the page holds more than the address:\n%s", a.Body)
			}
			if !strings.Contains(a.Body, `name="leave_blank"`) || !strings.Contains(a.Body, "newsletter") {
				t.Error("honeypot or topics are missing")
			}
			page.Method = http.MethodHead
			r.Expect(page, http.StatusOK, "")
		})
	}
}

func TestPreflight(t *testing.T) {
	for _, origin := range []string{"https://www.example.org", "null"} {
		a := newRig(t).Expect(call{Method: http.MethodOptions, Path: "/unsubscribe", Headers: []string{
			"Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type"}}, http.StatusNoContent, "")
		if a.Headers["access-control-allow-origin"] != "*" || !strings.Contains(a.Headers["access-control-allow-methods"], "POST") ||
			!strings.Contains(strings.ToLower(a.Headers["access-control-allow-headers"]), "content-type") {
			t.Errorf("%v", a.Headers)
		}
	}
}

func TestStoreFailing(t *testing.T) {
	r := newRig(t)
	r.store.err = fault.New(fault.Unavailable, "record a choice")
	got := r.Expect(postForm(mine+"&everything=yes", script...), http.StatusServiceUnavailable, "").JSON(t)
	if got.Code != 503 || got.Status != "unavailable" || strings.Contains(got.Message, "record") {
		t.Errorf("%+v", got)
	}
	r.Expect(postForm(mine, browser...), http.StatusServiceUnavailable, "")
	r.Expect(post(r.link("unsubscribe", marvin, ""), "List-Unsubscribe=One-Click", mailClient...), http.StatusServiceUnavailable, "")
	r.Expect(get(r.link("preferences", marvin, ""), browser...), http.StatusServiceUnavailable, "")
	r.Expect(post(r.link("preferences", marvin, ""), "everything=stop", browser...), http.StatusServiceUnavailable, "")
	r.wantRows(marvin, "")
}

// A browser with Global Privacy Control opts out of sale, too, whoever the form names (11 CCR 7025(c)(1)), and is told so.
func TestTheSignalIsAnOptOutOfSale(t *testing.T) {
	for value, rows := range map[string]string{"1": "email=out@1 sale=out@1", "0": "email=out@1"} {
		r := newRig(t)
		a := r.Expect(postForm(mine, append([]string{"Sec-GPC", value}, browser...)...), http.StatusOK, thankYou)
		r.wantRows(marvin, rows)
		if told := strings.Contains(a.Body, "Sale and sharing of your data") && strings.Contains(a.Body, "Your browser sends Global Privacy Control."); told != (value == "1") {
			t.Errorf("Sec-GPC: %s, told %v", value, told)
		}
	}
}
