package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// confirming is the body of a post that confirms words.
func confirming(w request.Words) string {
	return url.Values{
		"action": {"confirm"}, "kind": intake.Codes(w.Kinds), "name": {w.Name}, "details": {w.Details},
		"country": {w.Place.Country}, "region": {w.Place.Region}, "on_behalf_of": {string(w.OnBehalfOf)},
	}.Encode()
}

// asSent confirms a request as it was sent.
func asSent(q request.Request) string { return confirming(q.Words()) }

// forms are what the forms of a page would send as they stand.
func forms(t *testing.T, page string) []url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var found []url.Values
	for n := range root.Descendants() {
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		_, checked := at["checked"]
		switch {
		case n.Data == "form":
			found = append(found, url.Values{})
		case len(found) == 0 || at["name"] == "":
		case n.Data == "input" && (checked || at["type"] != "checkbox" && at["type"] != "radio"):
			found[len(found)-1].Add(at["name"], at["value"])
		case n.Data == "textarea" && n.FirstChild != nil:
			found[len(found)-1].Add(at["name"], strings.TrimPrefix(n.FirstChild.Data, "\n"))
		case n.Data == "select":
			for o := range n.Descendants() {
				if slices.ContainsFunc(o.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
					found[len(found)-1].Add(at["name"], o.Attr[0].Val)
				}
			}
		}
	}
	return found
}

// mallory sends a request in Marvin's name.
func (r *rig) mallory() request.Request {
	r.T.Helper()
	q, err := r.rights.Open(background, request.Intake{
		Address: testkit.Address(r.T, marvin), Kinds: []intake.Kind{deadline.Access}, Name: "Zaphod <b>",
		Details: `Send the copy to evil </blockquote><script>"planet"`, Place: deadline.Jurisdiction{Country: "BR"}, OnBehalfOf: intake.Agent, Language: "en", Source: intake.FromForm,
	})
	return r.ok(q, err)
}

func TestConfirmPageShowsAllThatWasSent(t *testing.T) {
	r := newRig(t)
	q := r.mallory()
	a := r.Expect(get(r.to(link.Confirm, q), browser...), http.StatusOK, q.ID)
	for _, piece := range []string{"See my data", "Zaphod <b>", `Send the copy to evil </blockquote><script>"planet"`, "Brazil", "authorised me", "22 November 2026, 12:00 (San Diego time)", "29 November 2026"} {
		if !strings.Contains(a.Text, piece) {
			t.Errorf("%q is not shown:\n%s", piece, a.Brief())
		}
	}
	if strings.Contains(a.Body, "<script") || strings.Contains(a.Body, "<b>") {
		t.Error("what was typed is not escaped")
	}
}

// Each form of the page does what its button says.
func TestConfirmForms(t *testing.T) {
	for name, c := range map[string]struct {
		form    int
		change  url.Values
		want    request.Words
		changed string
	}{
		"as it is": {form: 0, want: request.Words{
			Kinds: []intake.Kind{deadline.Access}, Name: "Zaphod <b>", Details: `Send the copy to evil </blockquote><script>"planet"`, Place: deadline.Jurisdiction{Country: "BR"}, OnBehalfOf: intake.Agent}},
		"without the words": {form: 1, want: request.Words{Kinds: []intake.Kind{deadline.Access}, Place: deadline.Jurisdiction{Country: "BR"}, OnBehalfOf: intake.Agent}, changed: "name details"},
		"changed, unchanged": {form: 2, want: request.Words{
			Kinds: []intake.Kind{deadline.Access}, Name: "Zaphod <b>", Details: `Send the copy to evil </blockquote><script>"planet"`, Place: deadline.Jurisdiction{Country: "BR"}, OnBehalfOf: intake.Agent}},
		"changed": {form: 2,
			change: url.Values{"kind": {"erasure", "portability"}, "name": {"Marvin"}, "country": {"US"}, "region": {"US-CA"}, "details": {""}, "on_behalf_of": {"self"}},
			want:   request.Words{Kinds: []intake.Kind{deadline.Erasure, deadline.Portability}, Name: "Marvin", Place: california, OnBehalfOf: intake.Self}, changed: "kinds name place details on_behalf_of"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			q := r.mallory()
			path := r.to(link.Confirm, q)
			sent := forms(t, r.Expect(get(path, browser...), http.StatusOK, "").Body)[c.form]
			for field, values := range c.change {
				sent[field] = values
			}
			r.Expect(post(path, sent.Encode(), browser...), http.StatusOK, "/requests/status/")
			f := r.file(q.ID)
			if got := f.Request.Words(); confirming(got) != confirming(c.want) {
				t.Errorf("confirmed %+v", got)
			}
			verified := f.Events[2]
			if verified.Facts["changed"] != c.changed || verified.Facts["saw_entry"] != "1" {
				t.Errorf("the history says %v", verified.Facts)
			}
			a := r.Expect(post(path, sent.Encode(), browser...), http.StatusOK, "already confirmed")
			if strings.Contains(a.Text, "changed nothing") || r.file(q.ID).Request.Version != f.Request.Version {
				t.Errorf("a reload changes or denies something:\n%s", a.Brief())
			}
		})
	}
}

// Of two devices the first counts, and the second is told so.
func TestSecondDevice(t *testing.T) {
	r := newRig(t)
	q := r.mallory()
	path := r.to(link.Confirm, q)
	first := q.Words()
	first.Name, first.Details = "", ""
	r.Expect(post(path, confirming(first), browser...), http.StatusOK, "/requests/status/")
	before := r.file(q.ID).Request
	for _, body := range []string{asSent(q), confirming(request.Words{Kinds: []intake.Kind{deadline.Erasure}})} {
		r.Expect(post(path, body, browser...), http.StatusConflict, "What you have just sent changed nothing")
		if got := r.Expect(post(path, body, script...), http.StatusConflict, "").JSON(t); !strings.Contains(got.Message, "changed nothing") {
			t.Errorf("%+v", got)
		}
	}
	a := r.Expect(get(path, browser...), http.StatusOK, "already confirmed")
	if strings.Contains(a.Text, "evil") || strings.Contains(a.Text, "<form") || r.file(q.ID).Request.Version != before.Version {
		t.Error(a.Brief())
	}
}

// A post that does not say what it wants, or what cannot be, changes nothing.
func TestConfirmRefused(t *testing.T) {
	for name, c := range map[string]struct{ body, piece string }{
		"nothing":         {"", "Press one of the buttons"},
		"a button of old": {"from=page&lang=en", "Press one of the buttons"},
		"another act":     {"action=withdraw", "Press one of the buttons"},
		"no kind":         {"action=confirm", "Tick at least one thing"},
		"an unknown kind": {"action=confirm&kind=world", "does not exist"},
		"no such place":   {"action=confirm&kind=access&country=Narnia", "Choose the country"},
		"for a neighbour": {"action=confirm&kind=access&on_behalf_of=neighbour", "Choose who the request is for"},
		"far too much":    {"action=confirm&kind=access&details=" + strings.Repeat("x", 4001), "too long"},
	} {
		r := newRig(t)
		q := r.mallory()
		path := r.to(link.Confirm, q)
		a := r.Expect(post(path, c.body, browser...), http.StatusUnprocessableEntity, c.piece)
		if !strings.Contains(a.Body, "<details open>") || !strings.Contains(a.Text, q.ID) {
			t.Errorf("%s: %s", name, a.Brief())
		}
		if got := r.Expect(post(path, c.body, script...), http.StatusUnprocessableEntity, "").JSON(t); len(got.Errors) == 0 {
			t.Errorf("%s: %+v", name, got)
		}
		if r.file(q.ID).Request.Version != q.Version {
			t.Errorf("%s: %s", name, r.history(q.ID))
		}
	}
}

// Whoever wrote what we do not understand chooses; nothing is told as fact before.
func TestConfirmOfUnsureKind(t *testing.T) {
	r := newRig(t)
	q, err := r.rights.Open(background, request.Intake{
		Address: testkit.Address(t, marvin), KindsUnsure: true, Details: "Do NOT delete my planet, send me my data", OnBehalfOf: intake.Self, Language: "en", Source: intake.FromMail,
	})
	r.ok(q, err)
	path := r.to(link.Confirm, q)
	a := r.Expect(get(path, browser...), http.StatusOK, "we do not guess")
	sent := forms(t, a.Body)
	if len(sent) != 1 || len(sent[0]["kind"]) != 0 || !strings.Contains(a.Text, "Do NOT delete my planet") {
		t.Fatalf("%v\n%s", sent, a.Brief())
	}
	r.Expect(post(path, sent[0].Encode(), browser...), http.StatusUnprocessableEntity, "Tick at least one thing")
	sent[0].Set("kind", "access")
	r.Expect(post(path, sent[0].Encode(), browser...), http.StatusOK, "See my data")
	if got := r.file(q.ID).Request; got.State != lifecycle.Open || got.KindsUnsure || len(got.Kinds) != 1 || got.Kinds[0] != deadline.Access {
		t.Errorf("%+v", got)
	}
}

// What is closed since it was confirmed is not told as under way.
func TestConfirmedLongAgo(t *testing.T) {
	r := newRig(t)
	q := r.decided(refused, germany, deadline.Access)
	a := r.Expect(get(r.to(link.Confirm, q), browser...), http.StatusOK, "already confirmed")
	if strings.Contains(a.Text, "before that date") || !strings.Contains(a.Text, "/requests/status/") {
		t.Error(a.Brief())
	}
}
