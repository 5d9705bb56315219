package e2e

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// reading are the methods that must show and not act, on every path of the
// template, whether there is a route for them or not.
var reading = []string{http.MethodGet, http.MethodHead, http.MethodOptions}

// disguises are what a client may add to a read in the hope that it acts.
var disguises = map[string]struct {
	query   string
	headers map[string]string
	body    string
}{
	"plain":            {},
	"a browser":        {headers: browser},
	"a form's fields":  {query: "?email=intruder%40hitchhiker.example&everything=yes&erase=yes&from=page&List-Unsubscribe=One-Click"},
	"another method":   {query: "?_method=POST", headers: map[string]string{"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"}},
	"a body":           {body: "List-Unsubscribe=One-Click&email=intruder%40hitchhiker.example&everything=stop", headers: browser},
	"a signature":      {headers: signed},
	"a prefetch":       {headers: map[string]string{"Sec-Purpose": "prefetch", "Purpose": "prefetch"}},
	"a preflight":      {headers: map[string]string{"Origin": "https://www.example.com", "Access-Control-Request-Method": "POST"}},
	"one-click's type": {headers: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, body: "List-Unsubscribe=One-Click"},
}

// junk is what scanners and the curious put where the link stands.
func junk(link string) []string {
	return []string{
		link[:len(link)-1], link[:len(link)/2], "x" + link, strings.ToLower(link), link + "=", link + "%00", "%ff%fe", "..%2f..%2flinks",
		"a", strings.Repeat("A", 4000), "intruder@hitchhiker.example", "%7Blink%7D",
	}
}

// GET, HEAD and OPTIONS change nothing: no row of any table, no entry of SES,
// no mail; with a good link, another's link, or none at all.
func TestReadingChangesNothing(t *testing.T) {
	d := shared(t)
	address, name := person(t)
	links := d.linksOf(t, address, name)
	d.quiet(t)
	before, asked := d.everything(t), 0
	for _, path := range d.paths(t, links) {
		for _, method := range reading {
			for _, c := range disguises {
				asked++
				if got := do(t, request(t, method, d.URL+path+c.query, c.body, c.headers)); got.status >= 500 {
					t.Errorf("%s %s: %d", method, path, got.status)
				}
			}
		}
	}
	d.quiet(t)
	if after := d.everything(t); after != before {
		t.Errorf("%d reads changed something:\nbefore %s\nafter  %s", asked, before, after)
	}
	t.Logf("%d reads of %d paths", asked, len(d.paths(t, links)))
	d.act(t, address, links)
}

// linksOf makes a good link of each kind, by the route that takes it.
func (d *desk) linksOf(t *testing.T, address, name string) map[string]string {
	t.Helper()
	link := d.link(t, address, "")
	pressed := d.press(t, link)
	undo := pressed.on(t, "/undo/")
	preferences := d.preferences(t, address)
	d.post(t, preferences, url.Values{"was_email": {"stop"}, "want_email": {"receive"}})
	links := map[string]string{"/u/{link}": link, "/done/{link}": pressed.on(t, "/done/"), "/undo/{link}": undo, "/preferences/{link}": preferences,
		"/preferences/confirm/{link}": d.mailed(t, address, "/preferences/confirm/", "")}
	maps.Copy(links, d.rightsOf(t, address, name))
	return links
}

// paths are all paths of the template, those with a link once for every good
// link, of whatever kind, and for every piece of junk made of their own.
func (d *desk) paths(t *testing.T, links map[string]string) []string {
	t.Helper()
	all := map[string]bool{}
	for _, route := range d.Template.Routes {
		path := strings.NewReplacer("{id}", d.aRequest(t), "{action}", "withdraw", "{rest+}", "x", "$default", "/nowhere").Replace(route.Path)
		if !strings.Contains(path, "{link}") {
			all[path] = true
			continue
		}
		tokens := junk(token(cmp.Or(links[path], links["/u/{link}"]))) // other systems have no links here
		for _, link := range links {
			tokens = append(tokens, token(link))
		}
		for _, token := range tokens {
			all[strings.ReplaceAll(path, "{link}", token)] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// aRequest gives the id of a request that there is.
func (d *desk) aRequest(t *testing.T) string {
	t.Helper()
	for _, r := range d.rows(t, "RequestsTable") {
		if id := reference.FindString(r["id"]); id != "" {
			return id
		}
	}
	t.Fatal("there is no request")
	return ""
}

// everything is all that the desk knows and has done, as text.
func (d *desk) everything(t *testing.T) string {
	t.Helper()
	all := map[string]any{"SES": d.suppressed(t), "mails": d.mails(t, "")}
	for _, table := range d.Template.Tables {
		// The first of the minute's runs notes that it has, whoever reads what.
		// Counts of a minute go by themselves, perhaps while the test reads.
		all[table.Name] = slices.DeleteFunc(d.rows(t, table.Name), func(r row) bool {
			return r["scope"] == "#completed" || strings.HasPrefix(r["key"], "requests-minute#")
		})
	}
	out, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// act shows that the links were good: each acts when it is posted to.
func (d *desk) act(t *testing.T, address string, links map[string]string) {
	t.Helper()
	for _, step := range []struct {
		path   string
		fields url.Values
		want   string
	}{
		{"/preferences/confirm/{link}", nil, "email=in"},
		{"/u/{link}", url.Values{"from": {"page"}}, "email=out"},
		{"/preferences/{link}", url.Values{"everything": {"stop"}}, "email=out phone=out post=out sms=out"},
	} {
		d.accepted(t, d.post(t, links[step.path], step.fields))
		if got := d.states(t, address); got != step.want {
			t.Errorf("after POST %s: %s, want %s", step.path, got, step.want)
		}
	}
	if got := d.post(t, links["/undo/{link}"], nil); got.status != http.StatusConflict {
		t.Errorf("an undo that has been overtaken: %d", got.status)
	}
}
