package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

const mine = "email=marvin%40example.com&kind=access"

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
		"fetch":               {[]string{"Accept", "*/*", "Sec-Fetch-Mode", "cors", "Origin", "null"}, true},
		"curl -H accept":      {[]string{"Accept", "application/json"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			a := r.Expect(postForm(mine, c.headers...), http.StatusOK, thankYou)
			q := r.only(marvin)
			if q.State != lifecycle.Unverified || q.Source != intake.FromForm || q.GPC {
				t.Errorf("%+v", q)
			}
			if r.First.Headers["access-control-allow-origin"] != "*" {
				t.Error("a script of the site may not read the answer")
			}
			if c.json != strings.HasPrefix(a.Headers["content-type"], "application/json") {
				t.Fatalf("content type %s", a.Headers["content-type"])
			}
			if !c.json {
				if !strings.Contains(a.Text, q.ID) || !strings.Contains(a.Text, "/requests/resend/") {
					t.Error("the page lacks the reference or the button")
				}
				return
			}
			if got := a.JSON(t); got.Code != 200 || got.Status != "received" || got.Message != thankYou+" One step is left. We will email you, usually within minutes. Open the link and confirm your request." || got.Reference != q.ID {
				t.Errorf("%+v", got)
			}
			receipt, err := audit.Check(a.JSON(t).Receipt, r.signer.PublicKeys())
			if err != nil || receipt.Reference != q.ID || receipt.Head.Seq != q.Head.Seq || !receipt.ReceivedAt.Equal(r.clock) || receipt.DueAt.IsZero() {
				t.Errorf("%+v, %v", receipt, err)
			}
		})
	}
}

// A script is told of a probable slip: a mail to another's address confirms nothing.
func TestScriptsAreWarnedOfASlip(t *testing.T) {
	r := newRig(t)
	for address, n := range map[string]int{"marvin@gmial.com": 1, marvin: 0} {
		a := r.Expect(postForm("kind=access&email="+address, "Accept", "application/json"), http.StatusOK, "")
		if strings.Count(a.Body, "Did you mean marvin@gmail.com?") != n || strings.Count(a.Body, `"warnings"`) != n {
			t.Errorf("%s: %s", address, a.Brief())
		}
	}
}

func TestPreflight(t *testing.T) {
	r := newRig(t)
	a := r.Expect(call{Method: http.MethodOptions, Path: "/requests", Headers: []string{"Origin", "https://www.example.org", "Access-Control-Request-Method", "POST"}}, http.StatusNoContent, "")
	if a.Headers["access-control-allow-origin"] != "*" || !strings.Contains(a.Headers["access-control-allow-methods"], "POST") {
		t.Errorf("%v", a.Headers)
	}
}

// All field names and forms that sites send mean the same.
func TestWhatAFormCanLookLike(t *testing.T) {
	multipart := "--X\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nmarvin@example.com\r\n" +
		"--X\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\naccess\r\n--X\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nerasure\r\n" +
		"--X\r\nContent-Disposition: form-data; name=\"details\"\r\n\r\nall\r\n--X--\r\n"
	for name, c := range map[string]call{
		"repeated":    postForm("email=marvin%40example.com&kind=access&kind=erasure&details=all"),
		"with commas": postForm("email=marvin%40example.com&kind=access,erasure&details=all"),
		"with blanks": postForm("email=marvin%40example.com&kind=erasure+access&message=all"),
		"twice":       postForm("email=marvin%40example.com&kind=access&kind=erasure&kind=access&details=&message=all"),
		"other names": postForm("your-email=marvin%40example.com&request-type=access&kinds=erasure&message=all"),
		"multipart":   postForm(multipart, "Content-Type", "multipart/form-data; boundary=X"),
		"JSON":        postForm(`{"email":"marvin@example.com","kind":["access","erasure"],"details":"all"}`, "Content-Type", "application/json"),
		"JSON, other": postForm(`{"data":{"Email":"marvin@example.com","Kind":"access, erasure"},"message":"all"}`, "Content-Type", "application/json"),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.Expect(c, http.StatusOK, "")
			if q := r.only(marvin); !slices.Equal(q.Kinds, []intake.Kind{deadline.Access, deadline.Erasure}) || q.Details != "all" {
				t.Errorf("%q, %q", q.Kinds, q.Details)
			}
		})
	}
}

func TestWhatIsKeptOfAForm(t *testing.T) {
	r := newRig(t)
	body := url.Values{
		"email": {"Marvin@Example.com"}, "name": {" Marvin \x00 the\u202e Paranoid "}, "kind": {"correction"}, "country": {"us"}, "region": {"US-ca"},
		"on_behalf_of": {"agent"}, "details": {"brain the size\n of a planet"}, "lang": {"de"},
	}
	a := r.Expect(postForm(body.Encode(), append([]string{"Origin", "https://WWW.example.org"}, browser...)...), http.StatusOK, "")
	q := r.only(marvin)
	if q.Name != "Marvin the Paranoid" || q.Place != california || q.OnBehalfOf != intake.Agent || q.Language != "de" || q.Details != "brain the size of a planet" {
		t.Errorf("%+v", q)
	}
	if !strings.Contains(a.Body, `lang="de"`) {
		t.Error("the page is not in the person's language")
	}
	// What is in the history of the network address, headers or the like: nothing.
	text := fmt.Sprintf("%+v", r.file(q.ID).Events)
	if strings.Contains(text, "203.0.113") {
		t.Errorf("%s", text)
	}
}

func TestFormRefusals(t *testing.T) {
	long := strings.Repeat("x", 4001)
	for name, c := range map[string]struct {
		call   call
		status int
		code   string
		fields string
	}{
		"nothing":               {postForm(""), 422, "invalid", "email kind"},
		"no kind":               {postForm("email=marvin%40example.com"), 422, "invalid", "kind"},
		"an empty kind":         {postForm("email=marvin%40example.com&kind="), 422, "invalid", "kind"},
		"another kind":          {postForm("email=marvin%40example.com&kind=revenge"), 422, "invalid", "kind"},
		"a kind beside another": {postForm(mine + "&kind=revenge"), 422, "invalid", "kind"},
		"kinds in capitals":     {postForm("email=marvin%40example.com&kind=ACCESS"), 422, "invalid", "kind"},
		"no address":            {postForm("kind=access"), 422, "invalid", "email"},
		"not an address":        {postForm("kind=access&email=marvin"), 422, "invalid", "email"},
		"two addresses":         {postForm("kind=access&email=a%40example.com&your-email=b%40example.com"), 422, "invalid", "email"},
		"only in free text":     {postForm("kind=access&details=marvin%40example.com"), 422, "invalid", "email"},
		"no country":            {postForm(mine + "&country=Narnia"), 422, "invalid", "country"},
		"no region":             {postForm(mine + "&country=US&region=Narnia"), 422, "invalid", "country"},
		"a region of nowhere":   {postForm(mine + "&region=CA"), 422, "invalid", "country"},
		"for a neighbour":       {postForm(mine + "&on_behalf_of=neighbour"), 422, "invalid", "on_behalf_of"},
		"all of it":             {postForm("email=x&kind=x&country=x&on_behalf_of=x"), 422, "invalid", "email kind country on_behalf_of"},
		"far too much to say":   {postForm(mine + "&details=" + long), 422, "invalid", "details"},
		"broken JSON":           {postForm(`{"email":"marvin@example.com"`, "Content-Type", "application/json"), 422, "invalid", "form"},
		"broken multipart":      {postForm("--X\r\nContent-Disp", "Content-Type", "multipart/form-data; boundary=X"), 422, "invalid", "form"},
		"another type":          {postForm("<email/>", "Content-Type", "application/xml"), 415, "unsupported", "body"},
		"over 256 KiB":          {postForm(mine + "&x=" + strings.Repeat("x", 256<<10)), 413, "too_large", "body"},
		"too many fields":       {postForm(strings.Repeat("a=1&", 501) + mine), 413, "too_large", "body"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			asScript := c.call
			asScript.Headers = append(asScript.Headers, script...)
			got := r.Expect(asScript, c.status, "").JSON(t)
			if got.Code != c.status || got.Status != c.code || got.Message == "" || got.Fields() != c.fields {
				t.Errorf("%+v", got)
			}
			for _, e := range got.Errors {
				if e.Message == "" {
					t.Errorf("%s: nothing is said", e.Field)
				}
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
			if len(r.store.writes) != 0 || len(r.store.reads) != 0 {
				t.Errorf("calls %q %q", r.store.reads, r.store.writes)
			}
		})
	}
}

func TestBodyThatBreaksOff(t *testing.T) {
	r := newRig(t)
	e := postForm(mine, script...).Event()
	e.Body = "ZW1haWw9bWFydmluQGV4YW1wbGUuY29t!"
	if a := r.Invoke(e); a.StatusCode != http.StatusUnprocessableEntity || len(r.of(marvin)) != 0 {
		t.Errorf("status %d: %s", a.StatusCode, a.Body)
	}
}

// Hostile input comes back escaped and loses nothing.
func TestRefusedFormKeepsWhatWasTyped(t *testing.T) {
	r := newRig(t)
	body := url.Values{
		"email": {`"><script>alert(1)</script>@`}, "name": {"Zoë <b>\x00\u202e"}, "kind": {"erasure", "<script>evil</script>"}, "details": {"</textarea><script>evil</script>"},
		"country": {`"><svg onload=evil>`}, "region": {"'><img src=x onerror=evil>"}, "on_behalf_of": {"\"><script>"}, "lang": {"en"},
	}
	a := r.Expect(postForm(body.Encode(), browser...), http.StatusUnprocessableEntity, problem)
	for _, piece := range []string{
		`value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@"`, `value="Zoë &lt;b&gt;"`, `value="erasure" checked`, "&lt;/textarea&gt;&lt;script&gt;evil",
	} {
		if !strings.Contains(a.Body, piece) {
			t.Errorf("%s is missing in\n%s", piece, a.Body)
		}
	}
	for _, live := range []string{"<script", "<svg onload", "<img", "onload=evil>"} {
		if strings.Contains(a.Body, live) {
			t.Errorf("%s is alive", live)
		}
	}
	js := r.Expect(postForm(body.Encode(), script...), http.StatusUnprocessableEntity, "").Body
	if strings.Contains(js, "evil") || strings.Contains(js, "script>") {
		t.Errorf("JSON echoes %s", js)
	}
}

func TestFormFilledInByItsAddress(t *testing.T) {
	r := newRig(t)
	a := r.Expect(get("/requests?kind=restriction&kind=<script>evil</script>&email=marvin%40example.com&lang=es&name=x", browser...), http.StatusOK, marvin)
	if !strings.Contains(a.Body, `value="restriction" checked`) || strings.Contains(a.Body, "evil") || !strings.Contains(a.Body, `lang="es"`) {
		t.Error(a.Brief())
	}
}

// A plus that nobody encoded, one that was encoded twice, and one in between.
func TestPlusSigns(t *testing.T) {
	for _, address := range []string{"email=mar+vin@example.com", "email=mar%2Bvin%40example.com", "email=mar%252Bvin%2540example.com"} {
		r := newRig(t)
		r.Expect(get("/requests?"+address, browser...), http.StatusOK, `value="mar+vin@example.com"`)
		r.Expect(postForm(address+"&kind=access", browser...), http.StatusOK, thankYou)
		r.only("mar+vin@example.com")
		r.Expect(postForm(address, browser...), http.StatusUnprocessableEntity, `value="mar+vin@example.com"`)
	}
}

// Nobody learns from the answer whether an address is known.
func TestKnownAndUnknownAddressesAreAnsweredAlike(t *testing.T) {
	for name, headers := range map[string][]string{"page": browser, "script": script} {
		known, unknown := newRig(t), newRig(t)
		known.decided(granted, germany, deadline.Access)
		known.decided(refused, germany, deadline.Access)
		known.opened(germany, deadline.Access)
		known.store.reads, known.store.writes = nil, nil
		a, b := known.Expect(postForm(mine, headers...), http.StatusOK, ""), unknown.Expect(postForm(mine, headers...), http.StatusOK, "")
		if got, want := bare(a), bare(b); got != want {
			t.Errorf("%s: known:\n%s\nunknown:\n%s", name, got, want)
		}
		if !slices.Equal(known.store.reads, unknown.store.reads) || !slices.Equal(known.store.writes, unknown.store.writes) {
			t.Errorf("%s: the work differs: %q %q", name, known.store.reads, known.store.writes)
		}
	}
}

// Nobody learns whether somebody asked for the same in the days before.
func TestSentBeforeIsAnsweredAlike(t *testing.T) {
	for name, headers := range map[string][]string{"page": browser, "script": script} {
		before, fresh := newRig(t), newRig(t)
		first := before.Expect(postForm(mine, headers...), http.StatusOK, "")
		before.clock = before.clock.Add(50 * time.Hour)
		fresh.clock = before.clock
		a, b := before.Expect(postForm(mine, headers...), http.StatusOK, ""), fresh.Expect(postForm(mine, headers...), http.StatusOK, "")
		if got, want := bare(a), bare(b); got != want {
			t.Errorf("%s: before:\n%s\nfresh:\n%s", name, got, want)
		}
		if q := before.only(marvin); !strings.Contains(first.Text, q.ID) || !strings.Contains(a.Text, q.ID) {
			t.Errorf("%s: the reference is another", name)
		}
		if name == "page" {
			continue
		}
		one, err1 := audit.Check(a.JSON(t).Receipt, before.signer.PublicKeys())
		other, err2 := audit.Check(b.JSON(t).Receipt, fresh.signer.PublicKeys())
		if err1 != nil || err2 != nil || !one.ReceivedAt.Equal(other.ReceivedAt) || !one.DueAt.Equal(other.DueAt) || one.Head.Seq != other.Head.Seq {
			t.Errorf("receipts: %+v and %+v", one, other)
		}
	}
}

// bare is an answer without what differs by chance.
func bare(a reply) string {
	text := tokenInPath.ReplaceAllString(a.Text, "LINK")
	for _, begin := range []string{"PD-", `"payload":"`, `"signature":"`} {
		for {
			i := strings.Index(text, begin)
			if i < 0 {
				break
			}
			end := i + len("PD-7K3M-9QXT-40BZ-1HNE")
			if begin != "PD-" {
				end = i + len(begin) + strings.Index(text[i+len(begin):], `"`)
			}
			text = text[:i] + "*" + text[end:]
		}
	}
	delete(a.Headers, "content-length")
	headers, _ := json.Marshal(a.Headers)
	return fmt.Sprint(a.StatusCode, string(headers), text)
}

// POST /requests is one Query and one transaction, whatever is asked for.
func TestFormIsOneReadAndOneTransaction(t *testing.T) {
	for name, body := range map[string]string{
		"access": mine, "opt-out": "email=marvin%40example.com&kind=opt_out_of_sale", "many": mine + "&kind=objection&kind=erasure&details=x",
	} {
		r := newRig(t)
		r.opened(germany, deadline.Access)
		r.store.reads, r.store.writes = nil, nil
		r.Within(t.Context(), postForm(body, browser...).Event())
		if !slices.Equal(r.store.reads, []string{"confirmed of"}) || !slices.Equal(r.store.writes, []string{"create"}) {
			t.Errorf("%s: reads %q, writes %q", name, r.store.reads, r.store.writes)
		}
	}
}

// A double click, by mail's own form or a script, is one request with one mail;
// another's words in the same name are another.
func TestFormSentTwice(t *testing.T) {
	r := newRig(t)
	for range 3 {
		r.Expect(postForm(mine, browser...), http.StatusOK, "PD-")
	}
	r.Expect(postForm(mine+"&details=planet", browser...), http.StatusOK, "")
	if got := len(r.of(marvin)); got != 2 {
		t.Errorf("%d requests", got)
	}
	for _, q := range r.of(marvin) {
		if f := r.file(q.ID); len(f.Letters) != 1 {
			t.Errorf("%d mails", len(f.Letters))
		}
	}
}

// A browser may fill in the honeypot by itself. What costs others nothing, an
// opt-out, is taken all the same; a request with its mail is not, and the answer
// says so: people find the form again without that field.
func TestHoneypot(t *testing.T) {
	for name, c := range map[string]struct {
		kinds  string
		status int
		rows   string
		says   string
	}{
		"access":          {"kind=access", http.StatusUnprocessableEntity, "", "not accepted this request yet"},
		"objection":       {"kind=objection", http.StatusOK, "email phone post sms", "it has stopped"},
		"sale":            {"kind=opt_out_of_sale", http.StatusOK, "sale", "it has stopped"},
		"mixed":           {"kind=objection&kind=erasure", http.StatusUnprocessableEntity, "email phone post sms", "Stopped:"},
		"with reasons":    {"kind=objection&details=because", http.StatusUnprocessableEntity, "email phone post sms", "Stopped:"},
		"without address": {"email=&kind=objection", http.StatusUnprocessableEntity, "", "Please correct this"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			body := c.kinds + "&leave_blank=1"
			if !strings.Contains(body, "email=") {
				body += "&email=marvin%40example.com"
			}
			a := r.Expect(postForm(body, browser...), c.status, c.says)
			if got := r.rows(marvin); got != c.rows {
				t.Errorf("recorded %q", got)
			}
			r.Expect(postForm(body, script...), c.status, "")
			if len(r.store.writes) != 0 || len(r.of(marvin)) != 0 || strings.Contains(a.Body, "/requests/resend/") || strings.Contains(a.Text, "will email you") {
				t.Errorf("calls %q: %s", r.store.writes, a.Brief())
			}
			if c.status == http.StatusOK || name == "without address" {
				return
			}
			if strings.Contains(a.Body, "leave_blank") || strings.Contains(a.Text, "Nothing was stored") || !strings.Contains(a.Body, `value="marvin@example.com"`) {
				t.Error(a.Brief())
			}
			// Sent again as the page shows it.
			again := strings.ReplaceAll(body, "&leave_blank=1", "")
			r.Expect(postForm(again, browser...), http.StatusOK, thankYou)
			r.only(marvin)
		})
	}
}

func TestRedirects(t *testing.T) {
	for target, status := range map[string]int{
		"https://www.biosero.com/thanks": http.StatusSeeOther, "https://elsewhere.example/": http.StatusOK, "//elsewhere.example": http.StatusOK, "javascript:evil": http.StatusOK,
	} {
		r := newRig(t)
		a := r.Expect(postForm(mine+"&redirect="+url.QueryEscape(target), browser...), status, "")
		if got := a.Headers["location"]; status == http.StatusSeeOther && got != target || status == http.StatusOK && got != "" {
			t.Errorf("%s: to %q", target, got)
		}
		r.only(marvin)
	}
}

// What needs no verification takes effect at once and is answered at once.
func TestOptOutsByForm(t *testing.T) {
	for name, c := range map[string]struct {
		body  string
		state lifecycle.State
		rows  string
		title string
	}{
		"sale":            {"email=marvin%40example.com&kind=opt_out_of_sale", lifecycle.Fulfilled, "sale", "it has stopped"},
		"objection":       {"email=marvin%40example.com&kind=objection", lifecycle.Fulfilled, "email phone post sms", "it has stopped"},
		"with reasons":    {"email=marvin%40example.com&kind=objection&details=my+situation", lifecycle.Unverified, "email phone post sms", thankYou},
		"reasons, hidden": {"email=marvin%40example.com&kind=objection&details=&message=my+situation", lifecycle.Unverified, "email phone post sms", thankYou},
		"beside access":   {mine + "&kind=opt_out_of_sale", lifecycle.Unverified, "sale", thankYou},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			a := r.Send(postForm(c.body, append([]string{"Origin", "https://www.example.org"}, browser...)...))
			q := r.only(marvin)
			if a.StatusCode != http.StatusOK || !strings.Contains(strings.ToLower(a.Text), strings.ToLower(c.title)) || q.State != c.state || r.rows(marvin) != c.rows {
				t.Errorf("%d, %s, out of %q:\n%s", a.StatusCode, q.State, r.rows(marvin), a.Brief())
			}
			if strings.Contains(a.Body, "/requests/resend/") != (c.state == lifecycle.Unverified) {
				t.Error("the mail is offered again, or not")
			}
			records, _ := r.optOuts.OfPerson(t.Context(), q.Ref)
			if e := records[0].Evidence; e.Source != optout.FromRequest || e.Form != "www.example.org" {
				t.Errorf("%+v", e)
			}
		})
	}
}

// 11 CCR 7025: the signal is a request to opt out of sale, and the person is
// told that it was honoured.
func TestGlobalPrivacyControl(t *testing.T) {
	signal := append([]string{"Sec-GPC", "1"}, browser...)
	for name, c := range map[string]struct {
		body  string
		kinds []intake.Kind
		state lifecycle.State
	}{
		"beside another":  {mine, []intake.Kind{deadline.Access, deadline.OptOutOfSale}, lifecycle.Unverified},
		"by itself":       {"email=marvin%40example.com", []intake.Kind{deadline.OptOutOfSale}, lifecycle.Fulfilled},
		"asked for twice": {"email=marvin%40example.com&kind=opt_out_of_sale", []intake.Kind{deadline.OptOutOfSale}, lifecycle.Fulfilled},
	} {
		r := newRig(t)
		a := r.Expect(postForm(c.body, signal...), http.StatusOK, "Global Privacy Control")
		q := r.only(marvin)
		if !slices.Equal(q.Kinds, c.kinds) || q.State != c.state || !q.GPC || r.rows(marvin) != "sale" {
			t.Errorf("%s: %+v\n%s", name, q, a.Brief())
		}
	}
	r := newRig(t)
	r.Expect(get("/requests", signal...), http.StatusOK, "Global Privacy Control")
	for _, other := range []string{"0", "", "true", "2"} {
		r := newRig(t)
		a := r.Expect(postForm(mine, append([]string{"Sec-GPC", other}, browser...)...), http.StatusOK, "")
		if strings.Contains(a.Text, "Global Privacy Control") || r.rows(marvin) != "" {
			t.Errorf("%q is taken for the signal", other)
		}
	}
	r = newRig(t)
	r.Expect(postForm("email=marvin%40example.com&kind=revenge", signal...), http.StatusUnprocessableEntity, problem)
	if r.rows(marvin) != "" {
		t.Error("half of a form that was refused took effect")
	}
}

func TestResend(t *testing.T) {
	r := newRig(t)
	q := r.mailed(r.open(germany, deadline.Access))
	path := r.to(link.Resend, q)
	for n := range 6 { // each twice: one that waits to be sent is not queued again
		headers := browser
		if n == 2 {
			headers = script
		}
		a := r.Expect(post(path, "lang=en", headers...), http.StatusOK, q.ID)
		if n == 2 && (a.JSON(t).Status != "accepted" || a.JSON(t).Reference != q.ID || a.JSON(t).Message != "We will send you the email") {
			t.Errorf("%s", a.Body)
		}
		if n%2 == 1 {
			r.clock = r.clock.Add(quota.Window)
			r.mailed(q)
		}
		if strings.Contains(a.Text, "planet") || strings.Contains(a.Text, marvin) {
			t.Error("the page shows what was typed")
		}
	}
	for _, headers := range [][]string{browser, script} {
		if a := r.Expect(post(path, "", headers...), http.StatusConflict, "4 times"); a.Headers["retry-after"] != "" {
			t.Error("to wait would not help")
		}
	}
	r.clock = testkit.T0.Add(time.Minute)
	if got := strings.Count(r.history(q.ID), "verification_resent"); got != 3 {
		t.Errorf("sent %d times", got)
	}
	if r.file(q.ID).Events[3].Actor != audit.ByPerson {
		t.Error("the history names another")
	}

	confirmed := r.opened(germany, deadline.Access)
	path = r.to(link.Resend, confirmed)
	r.Expect(post(path, "", browser...), http.StatusConflict, "")
	r.Expect(post(path, "", script...), http.StatusConflict, "closed")
	r.clock = q.VerifyBy
	r.Expect(post(path, "", browser...), http.StatusGone, "")
	r.Expect(post(path, "", script...), http.StatusGone, "expired")
	unknown := r.toRequest("/requests/resend/", link.Resend, "PD-0000-0000-0000-0000", r.clock.Add(time.Hour))
	r.Expect(post(unknown, "", browser...), http.StatusGone, "")
	r.Expect(post(unknown, "", script...), http.StatusGone, "deleted")
}
