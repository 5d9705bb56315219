package main

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
)

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
	formAction  = regexp.MustCompile(`<form class="card" method="([a-z]+)" action="([^"]+)"`)
)

// fill is what a browser sends of the page's form, with what a person chose.
func fill(t *testing.T, a reply, chosen url.Values) (method, action string, sent url.Values) {
	t.Helper()
	form := formAction.FindStringSubmatch(a.Body)
	if form == nil {
		t.Fatalf("no form: %s", a.Brief())
	}
	sent = url.Values{}
	for _, field := range hiddenField.FindAllStringSubmatch(a.Body, -1) {
		sent.Add(field[1], html.UnescapeString(field[2]))
	}
	for name, values := range chosen {
		if !strings.Contains(a.Body, `name="`+name+`"`) {
			t.Fatalf("nothing asks for %s: %s", name, a.Brief())
		}
		sent[name] = append(sent[name], values...)
	}
	return form[1], html.UnescapeString(form[2]), sent
}

// walk answers the questions page by page, as a browser without script does,
// and sends the last one.
func (r *rig) walk(answers ...string) reply {
	r.T.Helper()
	a := r.Expect(get("/requests", browser...), http.StatusOK, "")
	for _, answer := range answers {
		chosen, err := url.ParseQuery(answer)
		if err != nil {
			r.T.Fatal(err)
		}
		method, action, sent := fill(r.T.(*testing.T), a, chosen)
		if method == "get" {
			a = r.Expect(get(action+"?"+sent.Encode(), browser...), http.StatusOK, "")
			continue
		}
		path, query, _ := strings.Cut(action, "?")
		c := post(path, sent.Encode(), browser...)
		c.Query = query
		a = r.Send(c)
	}
	return a
}

// A person answers one question a page, and is asked for nothing else.
func TestGuide(t *testing.T) {
	const reach = "email=marvin%40example.com&name="
	for name, c := range map[string]struct {
		answers []string
		kinds   string
		who     intake.Behalf
		place   deadline.Jurisdiction
	}{
		"see, in Germany": {[]string{"want=see", "kind=access", "on_behalf_of=self", "country=DE", reach + "&details="}, "access", intake.Self, germany},
		"two of a kind, nowhere": {[]string{"want=see", "kind=access&kind=information", "on_behalf_of=self", "country=", reach + "&details="},
			"access information", intake.Self, deadline.Jurisdiction{}},
		"correct, in a state": {[]string{"want=correct", "on_behalf_of=self", "country=US", "region=US-VA", reach + "&details=It+is+2+and+not+1"},
			"correction", intake.Self, deadline.Jurisdiction{Country: "US", Region: "VA"}},
		"delete a child's data": {[]string{"want=delete", "kind=child_erasure", "country=US", "region=", reach + "&details="},
			"child_erasure", intake.Parent, deadline.Jurisdiction{Country: "US"}},
		"stop, for another": {[]string{"want=limit", "kind=restriction", "on_behalf_of=agent", "country=GB", reach + "&details="},
			"restriction", intake.Agent, deadline.Jurisdiction{Country: "GB"}},
		"something else": {[]string{"want=else", "kind=paper_notice", "on_behalf_of=self", "country=FR", reach + "&details=1+rue+X"},
			"paper_notice", intake.Self, deadline.Jurisdiction{Country: "FR"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if a := r.walk(c.answers...); a.StatusCode != http.StatusOK || !strings.Contains(a.Text, marvin) {
				t.Fatalf("%d: %s", a.StatusCode, a.Brief())
			}
			q := r.only(marvin)
			if got := strings.Join(intake.Codes(q.Kinds), " "); got != c.kinds || q.OnBehalfOf != c.who || q.Place != c.place {
				t.Errorf("%s for %s in %v", got, q.OnBehalfOf, q.Place)
			}
		})
	}
}

// A question without an answer is asked again, and says so.
func TestGuideAsksAgain(t *testing.T) {
	r := newRig(t)
	for _, answers := range [][]string{{""}, {"want=see", ""}} {
		if a := r.walk(answers...); !strings.Contains(a.Text, "Oops!") && !strings.Contains(a.Text, "There is a problem") || len(r.store.writes) != 0 {
			t.Errorf("%q: %s", answers, a.Brief())
		}
	}
	a := r.Expect(get("/requests?want=evil&kind=%3Cscript%3E&on_behalf_of=x&country=Narnia", browser...), http.StatusOK, `name="want"`)
	if strings.Contains(a.Body, "evil") || strings.Contains(a.Body, "<script") {
		t.Errorf("%s", a.Brief())
	}
}

// What the last page lacks is asked for there; the answers stay.
func TestGuideAsksForWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct{ last, says string }{
		"no address": {"email=&name=&details=x", "email"},
		"no words":   {"email=marvin%40example.com&name=&details=", "Write what is wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			a := r.walk("want=correct", "on_behalf_of=self", "country=DE", c.last)
			if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.Text, c.says) || len(r.store.writes) != 0 {
				t.Fatalf("%d: %s", a.StatusCode, a.Brief())
			}
			_, _, sent := fill(t, a, url.Values{"email": {marvin}, "details": {"It is 2."}})
			if sent.Get("kind") != "correction" || sent.Get("country") != "DE" || strings.Contains(a.Body, `type="checkbox"`) {
				t.Errorf("%v: %s", sent, a.Brief())
			}
		})
	}
}

// Whoever sends the questions from a site of their own hears the same.
func TestFormThatContradictsItself(t *testing.T) {
	r := newRig(t)
	for body, field := range map[string]string{
		"kind=correction": "details", "kind=paper_notice&details=+": "details", "kind=child_erasure": "on_behalf_of", "kind=child_erasure&on_behalf_of=self": "on_behalf_of",
	} {
		if got := r.Expect(postForm("email=marvin%40example.com&"+body, script...), http.StatusUnprocessableEntity, "").JSON(t).Fields(); got != field {
			t.Errorf("%s: %q", body, got)
		}
	}
	if len(r.store.writes) != 0 {
		t.Error("something was written")
	}
}

// Another language changes the words and keeps the answers.
func TestGuideKeepsItsAnswersInEveryLanguage(t *testing.T) {
	r := newRig(t)
	for path, says := range map[string]string{
		"/requests?want=see": `name="kind"`, "/requests?kind=access&on_behalf_of=self&country=US": `name="region"`,
		"/requests?kind=access&on_behalf_of=self&country=DE": `name="email"`, "/requests?whole=yes": `name="country"`,
	} {
		a := r.Expect(get(path, browser...), http.StatusOK, says)
		switched := regexp.MustCompile(`href="(\?[^"]*lang=de)"`).FindStringSubmatch(a.Body)
		if switched == nil {
			t.Fatalf("no other language: %s", path)
		}
		de := r.Expect(get("/requests"+html.UnescapeString(switched[1]), browser...), http.StatusOK, says)
		if !strings.Contains(de.Body, `<html lang="de"`) {
			t.Errorf("%s is not in German", path)
		}
	}
}
