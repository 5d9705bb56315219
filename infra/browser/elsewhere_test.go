//go:build browser

package browser

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"

	"privacydesk/shared/testkit"
)

// site serves a page of somebody else's site: another origin, without a
// policy of ours. ACTION in it is our form's address.
func site(t *testing.T, html string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, "<!doctype html><title>Another site</title>"+strings.ReplaceAll(html, "ACTION", desk.URL+"/unsubscribe"))
	}))
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	return fmt.Sprintf("http://localhost:%d/", listener.Addr().(*net.TCPAddr).Port)
}

// A plain form on another site: what is wrong is corrected on our page, and the
// person ends up where the site wanted them to, if desk.yaml allows it.
func TestPlainFormOfAnotherSite(t *testing.T) {
	allowed := testkit.Desk(t).Forms.Redirects[0]
	goodbye := allowed + "goodbye"
	address := site(t, `<form action="ACTION" method="post"><input name="Email-2"><input name="Name"><input type="hidden" name="utm_source" value="x">
		<input type="hidden" name="redirect" value="`+goodbye+`"><button>Go</button></form>
		<form action="ACTION" method="post" id="plain"><input name="your-email"><button>Go</button></form>`)
	inEverySetting(t, func(b *tab) {
		person := newAddress()
		b.visit(address)
		b.fill("#plain input", person)
		b.answered(b.press("#plain button"), 200)
		b.says("Thank you! Your submission has been received!")
		b.stopped(person, "email")

		b.standIn(allowed)
		person = newAddress()
		b.visit(address)
		b.fill(`[name="Email-2"]`, "nobody")
		b.answered(b.press("button"), 422)
		b.fill("#email", person)
		b.answered(b.press("form.card button"), 200)
		if at := ask[string](b, "location.href"); at != goodbye {
			b.Errorf("ended at %s, want %s", at, goodbye)
		}
		b.stopped(person, "email")
	})
}

// standIn answers for a site that is not ours, so that no test leaves this
// machine.
func (b *tab) standIn(site string) {
	b.Helper()
	b.elsewhere = site
	if err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*fetch.EventRequestPaused); ok {
			go func() { _ = b.fulfil(b.ctx, e.RequestID) }()
		}
	}); err != nil {
		b.Fatal(err)
	}
	b.do(command(fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: site + "*"}}}))
}

func (b *tab) fulfil(ctx context.Context, id fetch.RequestID) error {
	_, err := chromedp.Call(ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
		RequestID: id, ResponseCode: http.StatusOK,
		ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/html"}},
		Body:            []byte("<!doctype html><title>Goodbye</title>"),
	})
	return err
}

// scripts are the ways in which other sites' scripts post a form. Each says in
// #said what its visitor would see.
var scripts = map[string]string{
	// As webflow.js does: success is the answer's code, 200.
	"Webflow": `<button onclick="go()">Go</button><p id="said"></p><script>
		function go() {
			const x = new XMLHttpRequest();
			x.open("POST", "ACTION");
			x.setRequestHeader("Accept", "application/json, text/javascript, */*; q=0.01");
			x.setRequestHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
			x.onload = () => said.textContent = JSON.parse(x.responseText).code === 200 ? "done" : "failed";
			x.onerror = () => said.textContent = "refused";
			x.send("name=Footer+Form&" + encodeURIComponent("fields[Email]") + "=" + encodeURIComponent("PERSON") + "&" + encodeURIComponent("fields[Name]") + "=Trillian");
		}</script>`,
	// Asks first (CORS preflight).
	"JSON": `<button onclick="go()">Go</button><p id="said"></p><script>
		function go() {
			fetch("ACTION", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({email: "PERSON"})})
				.then(r => r.json()).then(a => said.textContent = a.status === "received" ? "done" : "failed", e => said.textContent = e)
		}</script>`,
	"FormData": `<form id="f" onsubmit="go(); return false"><input name="your-email" value="PERSON"><button>Go</button></form><p id="said"></p><script>
		function go() {
			fetch("ACTION", {method: "POST", body: new FormData(f), headers: {Accept: "application/json"}})
				.then(r => r.json()).then(a => said.textContent = a.code === 200 ? "done" : "failed", e => said.textContent = e)
		}</script>`,
	// Origin: null is a real person.
	"a sandboxed frame": `<button onclick="frames[0].postMessage('go', '*')">Go</button><p id="said"></p>
		<script>onmessage = e => said.textContent = e.data</script>
		<iframe sandbox="allow-scripts" srcdoc="<script>onmessage = () => fetch('ACTION', {method: 'POST', body: new URLSearchParams({email: 'PERSON'})})
			.then(r => r.json()).then(a => parent.postMessage(a.code === 200 ? 'done' : 'failed', '*'), e => parent.postMessage(String(e), '*'))</script>"></iframe>`,
}

// Scripts of other sites may post, read the answer, and show success.
func TestScriptsOfOtherSites(t *testing.T) {
	for name, html := range scripts {
		t.Run(name, func(t *testing.T) {
			inSettings(t, func(s setting) bool { return s.script && s.device == "desktop" }, func(b *tab) {
				person := newAddress()
				b.visit(site(t, strings.ReplaceAll(html, "PERSON", person)))
				b.click("button")
				b.wait("the script has its answer", func() bool { return ask[string](b, "said.textContent") != "" })
				if said := ask[string](b, "said.textContent"); said != "done" {
					b.Errorf("the site says %q", said)
				}
				b.stopped(person, "email")
			})
		})
	}
}
