package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// tellStory goes through every route as one person, who makes mistakes, and as
// those who work for them.
func (d *desk) tellStory(t *testing.T, address, name string) {
	t.Helper()
	d.leaveClumsily(t, address, name)
	d.changeMind(t, address)
	d.askRights(t, address, name)
	d.workAtNight(t, address, name)
	for path, body := range map[string]string{
		"/suppressions/check":                 `{"addresses":["` + address + `","` + name + `"],"channel":"email"}`,
		"/suppressions/import":                `{"source":"` + name + `","rows":[{"address":"` + address + `"},{"address":"` + name + `","reason":"` + name + `"}]}`,
		"/suppressions/import/undo":           `{"import":"` + address + `"}`,
		"/systems/" + url.PathEscape(address): `{"outcome":"` + name + `"}`,
		"/api/bounces/lift":                   `{"address":"` + address + `","why":"` + name + `"}`,
		"/links":                              `{"recipients":[{"address":"` + name + `"}]}`,
		"/api/requests":                       `{"address":"` + address + `","name":"` + name + `","details":"` + name + `"`,
	} {
		do(t, request(t, http.MethodPost, d.URL+path, body, signed))
	}
	do(t, request(t, http.MethodGet, d.URL+"/api/suppressions?after="+url.QueryEscape(address), "", signed))
	d.readFeed(t, "")
}

// leaveClumsily fills the form in in every wrong way before the right one.
func (d *desk) leaveClumsily(t *testing.T, address, name string) {
	t.Helper()
	d.get(t, "/unsubscribe?email="+url.QueryEscape(address))
	d.post(t, "/unsubscribe", url.Values{"email": {address + " or so"}, "name": {name}})
	d.post(t, "/my-links", url.Values{"email": {address + " or so"}})
	d.post(t, "/unsubscribe", url.Values{"email": {address, "x" + address}, "name": {name}})
	d.post(t, "/unsubscribe", url.Values{"email": {address}, "name": {name}, "erase": {"yes"}, "redirect": {"https://evil.example/" + address}})
	do(t, request(t, http.MethodPost, d.URL+"/unsubscribe", `{"email":"`+address+`","name":`, map[string]string{"Content-Type": "application/json"}))
}

// changeMind leaves by a link, takes it back, leaves again, and comes back.
func (d *desk) changeMind(t *testing.T, address string) {
	t.Helper()
	link := d.link(t, address, "")
	page := d.get(t, link)
	d.get(t, link[:len(link)-5])
	d.oneClick(t, strings.ToLower(link))
	undo := d.press(t, d.link(t, address, "newsletter")).on(t, "/undo/")
	d.post(t, undo, nil)
	d.oneClick(t, link+"?email="+url.QueryEscape(address))
	d.press(t, d.link(t, address, "newsletter"))
	d.post(t, undo, nil)
	preferences := page.on(t, "/preferences/")
	d.get(t, preferences)
	d.comeBack(t, address, preferences)
	d.oneClick(t, link)
}

// comeBack asks to be mailed again and confirms it.
func (d *desk) comeBack(t *testing.T, address, preferences string) {
	t.Helper()
	d.post(t, preferences, url.Values{"was_email": {"stop"}, "want_email": {"receive"}})
	confirm := d.mailed(t, address, "/preferences/confirm/", "")
	d.get(t, confirm)
	d.accepted(t, d.post(t, confirm, nil))
}

// askRights asks for one's data, gets it, and has the receipt checked.
func (d *desk) askRights(t *testing.T, address, name string) {
	t.Helper()
	d.post(t, "/requests", url.Values{"email": {address, "x" + address}, "name": {name}, "details": {name}})
	links := d.rightsOf(t, address, name)
	for _, link := range links {
		d.get(t, link)
		d.get(t, link[:len(link)-3])
	}
	d.post(t, links["/requests/resend/{link}"], nil)
	d.accepted(t, d.post(t, links["/requests/export/{link}"], url.Values{"format": {"csv"}}))
	d.post(t, links["/requests/status/{link}"], url.Values{"action": {"appeal"}, "reasons": {name}})
	d.post(t, "/receipts/check", url.Values{"receipt": {`{"person":"` + address + `"}`}})
}

var reference = regexp.MustCompile(`PD(-[0-9A-Z]{4}){4}`)

// rightsOf asks for a person's data, confirms, has it granted, and gives a good
// link of each kind, by the route that takes it.
func (d *desk) rightsOf(t *testing.T, address, name string) map[string]string {
	t.Helper()
	asked := d.post(t, "/requests", url.Values{"email": {address}, "name": {name}, "kind": {"access"}, "country": {"DE"}, "details": {"I am " + name}})
	d.accepted(t, asked)
	id := reference.FindString(asked.body)
	confirm := d.mailed(t, address, "/requests/confirm/", id)
	confirmed := d.confirm(t, confirm)
	d.accepted(t, confirmed)
	d.officer(t, id, "decide", map[string]any{"officer": "dpo", "outcome": "fulfilled", "explanation": "Dear " + name})
	return map[string]string{
		"/requests/resend/{link}": asked.on(t, "/requests/resend/"), "/requests/done/{link}": asked.on(t, "/requests/done/"), "/requests/confirm/{link}": confirm,
		"/requests/status/{link}": confirmed.on(t, "/requests/status/"), "/requests/export/{link}": d.mailed(t, address, "/requests/export/", id),
	}
}

// officer acts on a request as the privacy officer does.
func (d *desk) officer(t *testing.T, id, act string, body map[string]any) {
	t.Helper()
	d.tells(t, "/api/requests/"+id+"/"+act, body)
}

// tells posts to a route of the sender's own systems, and gives the answer.
func (d *desk) tells(t *testing.T, path string, body map[string]any) string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	got := do(t, request(t, http.MethodPost, d.URL+path, string(text), signed))
	d.accepted(t, got)
	return got.body
}

// entered enters the request of a person in Germany whom nobody doubts, and gives its reference.
func (d *desk) entered(t *testing.T, asked map[string]any) string {
	t.Helper()
	asked["country"] = "DE"
	id := reference.FindString(d.tells(t, "/api/requests", asked))
	d.officer(t, id, "verify", map[string]any{"checked": []string{"call_back"}})
	return id
}

var holdID = regexp.MustCompile(`"id":"([^"]+)"`)

// held places a hold on a person, and gives its id.
func (d *desk) held(t *testing.T, address string) string {
	t.Helper()
	return holdID.FindStringSubmatch(d.tells(t, "/api/holds", map[string]any{"address": address, "reason": "a dispute"}))[1]
}

func (d *desk) lifted(t *testing.T, hold string) {
	t.Helper()
	d.tells(t, "/api/holds/"+hold+"/lift", map[string]any{"reason": "settled"})
}

// workAtNight has mails come, one of SES's events too, what is due watched, a
// person held and let go, and records disposed of.
func (d *desk) workAtNight(t *testing.T, address, name string) {
	t.Helper()
	d.write(t, name+" <"+address+">", "unsubscribe@in.example.com", name+" wants no more", nil)
	other, _ := person(t)
	d.recipient(t, d.campaign(t, other), "complaint")
	wait(t, "the complaint is recorded", func() bool { return d.states(t, other) == "complaint=out" })
	if _, fault, err := d.Invoke(t.Context(), "clock", []byte(`{}`)); fault != "" || err != nil {
		t.Fatal(fault, err)
	}
	held := d.tells(t, "/api/holds", map[string]any{"address": address, "reason": name, "officer": "dpo"})
	do(t, request(t, http.MethodPost, d.URL+"/api/holds", `{"address":"`+address+` or so","request":"`+name+`","class":"`+name+`"}`, signed))
	d.sweeps(t, "nightly")
	d.tells(t, "/api/holds/"+holdID.FindStringSubmatch(held)[1]+"/lift", map[string]any{"reason": name, "officer": "dpo"})
}
