package main

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// result sends a form and returns the path to which its answer leads.
func (r *rig) result(c call) string {
	r.T.Helper()
	a := r.Within(r.T.Context(), c.Event())
	path, _, _ := strings.Cut(a.Headers["location"], "?")
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(path, "/done/") {
		r.T.Fatalf("status %d to %q", a.StatusCode, a.Headers["location"])
	}
	r.Note(path)
	return path
}

// Going back to a result, loading it again, or choosing its language sends
// nothing a second time, and says what holds then.
func TestResultIsAPageOfItsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		form       func(*rig) call
		first      string
		after      func(*rig)
		then       string
		rowsBefore string
	}{
		"a link": {func(r *rig) call { return r.open(r.link("unsubscribe", marvin, "")) }, "You are unsubscribed", nil, "You are unsubscribed", "email=out@1"},
		"a link, undone since": {func(r *rig) call { return r.open(r.link("unsubscribe", marvin, "")) }, "You are unsubscribed",
			func(r *rig) { r.Expect(post(r.link("undo", marvin, ""), "", browser...), 200, "") }, "Stop all our marketing emails?", "email=out@1"},
		"a topic's link": {func(r *rig) call { return r.open(r.link("unsubscribe", marvin, "newsletter")) }, "Emails on “News” have stopped", nil, "Emails on “News” have stopped", "email/newsletter=out@1"},
		"a form":         {func(*rig) call { return postForm(mine, browser...) }, "Stopped", nil, "Stopped", "email=out@1"},
		"a form that also deletes": {func(*rig) call { return postForm(mine+"&erase=yes", browser...) }, "One more step for the deletion", nil,
			"One more step for the deletion", "email=out@1"},
		"preferences": {func(r *rig) call {
			return post(r.link("preferences", marvin, ""), "want_email=stop&was_email=receive", browser...)
		},
			"Your choices are saved", nil, "Your choices are saved", "email=out@1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			path := r.result(c.form(r))
			r.wantRows(marvin, c.rowsBefore)
			for range 3 {
				r.Expect(get(path, browser...), http.StatusOK, c.first)
			}
			r.wantRows(marvin, c.rowsBefore)
			if c.after != nil {
				c.after(r)
			}
			r.clock = r.clock.Add(59 * time.Minute)
			r.Expect(get(path, browser...), http.StatusOK, c.then)
			de := r.Expect(call{Method: http.MethodGet, Path: path, Query: "lang=de", Headers: browser}, http.StatusOK, `lang="de"`)
			if !strings.Contains(de.Body, `?lang=es`) {
				t.Error("the page offers no other language")
			}
			r.clock = r.clock.Add(time.Minute)
			r.Expect(get(path, browser...), http.StatusGone, "expired")
		})
	}
}

// The person who typed the address is the only one who can see that it is wrong.
func TestFormsResultShowsTheAddressWhole(t *testing.T) {
	r := newRig(t)
	a := r.Expect(postForm("email=marvin%40gmial.com", browser...), http.StatusOK, "marvin@gmial.com")
	for _, piece := range []string{"Did you mean marvin@gmail.com?", "Unsubscribe another address"} {
		if !strings.Contains(a.Text, piece) {
			t.Errorf("no %q: %s", piece, a.Brief())
		}
	}
	if r.wantRows("marvin@gmial.com", "email=out@1"); strings.Contains(r.Expect(postForm(mine, browser...), 200, marvin).Text, "Did you mean") {
		t.Error("a good address is doubted")
	}
}

// Whoever types somebody's address learns nothing of what is recorded.
func TestFormsResultTellsNobodyElsesChoices(t *testing.T) {
	r := newRig(t)
	path := r.result(postForm("email=zaphod%40example.com", browser...))
	before := r.Expect(get(path, browser...), http.StatusOK, "")
	if reads := r.store.reads; reads != 0 {
		t.Errorf("%d reads", reads)
	}
	r.Expect(post(r.link("unsubscribe", "zaphod@example.com", "newsletter"), oneClick, mailClient...), http.StatusOK, "")
	if after := r.Expect(get(path, browser...), http.StatusOK, ""); r.sealed(after) != r.sealed(before) || strings.Contains(after.Body, "/preferences/") {
		t.Errorf("%s", after.Brief())
	}
}

// sealed is what people read of a page, whatever its links are.
func (r *rig) sealed(a answer) string { return r.Links.ReplaceAllString(a.Brief(), "") }

// A link says what was done with it, by whatever way.
func TestLinkSaysWhatHolds(t *testing.T) {
	unsubscribe := func(topic string) func(*rig) {
		return func(r *rig) {
			r.Expect(post(r.link("unsubscribe", marvin, topic), oneClick, mailClient...), http.StatusOK, "")
		}
	}
	observed := func(scope optout.Channel) func(*rig) {
		return func(r *rig) {
			_, err := r.store.OptOuts.Apply(r.T.Context(), optout.Change{
				Key: optout.Key{Ref: r.key.Ref(testkit.Address(r.T, marvin)), Scope: scope.Scope()}, To: optout.Out, Address: testkit.Address(r.T, marvin),
				Evidence: optout.Evidence{Source: optout.FromComplaint, At: r.clock},
			})
			if err != nil {
				r.T.Fatal(err)
			}
		}
	}
	const button, topicButton, allButton = ">Unsubscribe<", ">Stop “News”<", ">Stop all our marketing emails<"
	for name, c := range map[string]struct {
		before      func(*rig)
		topic       string
		says        []string
		doesNotSay  []string
		storeErrors bool
	}{
		"nothing":                     {nil, "", []string{"Stop all our marketing emails?", "Nothing has changed yet", button}, []string{"You are unsubscribed"}, false},
		"unsubscribed":                {unsubscribe(""), "", []string{"You are unsubscribed", "since 22 November 2026"}, []string{"Nothing has changed yet", button}, false},
		"by a topic":                  {unsubscribe("newsletter"), "", []string{"Nothing has changed yet", button}, []string{"You are unsubscribed"}, false},
		"a topic, nothing":            {nil, "newsletter", []string{"Stop emails on “News”?", topicButton, allButton}, nil, false},
		"a topic that is stopped":     {unsubscribe("newsletter"), "newsletter", []string{"Emails on “News” are stopped", "since 22 November 2026", allButton}, []string{topicButton, "You are unsubscribed"}, false},
		"a topic, and all is stopped": {unsubscribe(""), "newsletter", []string{"You are unsubscribed", "and those on “News” with them"}, []string{topicButton, allButton}, false},
		"a topic, and all is paused":  {pauseFor(30), "newsletter", []string{"Paused until", topicButton, allButton}, []string{"You are unsubscribed"}, false},
		"another topic":               {unsubscribe("events"), "newsletter", []string{"Stop emails on “News”?", topicButton}, nil, false},
		"a pause":                     {pauseFor(30), "", []string{"Paused until", button}, []string{"You are unsubscribed"}, false},
		"a pause that is over":        {pauseFor(-2), "", []string{"Nothing has changed yet", button}, nil, false},
		"a complaint":                 {observed(optout.Complaint), "", []string{"If you did this before, they stay stopped", button}, []string{"Nothing has changed yet"}, false},
		"a bounce":                    {observed(optout.Bounce), "newsletter", []string{"If you did this before, they stay stopped", topicButton}, []string{"Nothing has changed yet"}, false},
		"the table does not answer":   {unsubscribe(""), "", []string{"If you did this before, they stay stopped", button}, []string{"Nothing has changed yet"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if c.before != nil {
				c.before(r)
			}
			if c.storeErrors {
				r.store.err = fault.Wrap(fault.Unavailable, errors.New("throttled"), "read")
			}
			before := r.rows(marvin)
			a := r.Expect(get(r.link("unsubscribe", marvin, c.topic), browser...), http.StatusOK, "m***@e***.com")
			r.store.err = nil
			for _, piece := range c.says {
				if !strings.Contains(a.Text, piece) {
					t.Errorf("does not say %q: %s", piece, a.Brief())
				}
			}
			for _, piece := range c.doesNotSay {
				if strings.Contains(a.Text, piece) {
					t.Errorf("says %q: %s", piece, a.Brief())
				}
			}
			r.wantRows(marvin, before)
		})
	}
}

// A topic's page stops the topic, or all emails by its second button; the
// answer names what goes on.
func TestTopicsLinkStopsTheTopicOrAll(t *testing.T) {
	for name, c := range map[string]struct{ extra, rows, title, others string }{
		"the topic": {"", "email/newsletter=out@1", "Emails on “News” have stopped", "Not stopped"},
		"all":       {"&everything=stop", "email=out@1", "You are unsubscribed", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			press := r.open(r.link("unsubscribe", marvin, "newsletter"))
			press.Body += c.extra
			a := r.Expect(press, http.StatusOK, c.title)
			r.wantRows(marvin, c.rows)
			if strings.Contains(a.Text, "Not stopped") != (c.others != "") || strings.Contains(a.Text, "Events and webinars") != (c.others != "") {
				t.Errorf("%s", a.Brief())
			}
			undo := undoPath.FindString(a.Body)
			r.Expect(post(undo, "lang=en", browser...), http.StatusOK, "")
			r.wantRows(marvin, strings.Replace(c.rows, "out@1", "in@2", 1))
		})
	}
}

// The receipt is a file, the same whenever it is fetched within the hour.
func TestReceiptIsAFile(t *testing.T) {
	for name, form := range map[string]func(r *rig) call{
		"a link": func(r *rig) call { return r.open(r.link("unsubscribe", marvin, "")) },
		"a form": func(*rig) call { return postForm(mine, browser...) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			path := r.result(form(r))
			if a := r.Expect(get(path, browser...), http.StatusOK, "Download the receipt"); !strings.Contains(a.Body, "?file=receipt") {
				t.Errorf("%s", a.Brief())
			}
			file := call{Method: http.MethodGet, Path: path, Query: "file=receipt", Headers: browser}
			a := r.Expect(file, http.StatusOK, "payload")
			got, err := audit.Check([]byte(a.Body), r.signer.PublicKeys())
			if err != nil || got.Reference != r.reference(testkit.Address(t, marvin)) || !got.ReceivedAt.Equal(r.clock) {
				t.Errorf("%+v, %v", got, err)
			}
			r.clock = r.clock.Add(59 * time.Minute)
			if again := r.Expect(file, http.StatusOK, ""); again.Body != a.Body || !strings.HasPrefix(again.Headers["content-disposition"], "attachment") {
				t.Errorf("%v", again.Headers)
			}
		})
	}
}

// Whoever does not follow the answer gets the page at once. What was recorded
// is said, also where the table cannot be read then.
func TestLinkSaysWhatWasRecordedThoughItCannotBeRead(t *testing.T) {
	r := newRig(t)
	r.store.readErr = fault.Wrap(fault.Unavailable, errors.New("throttled"), "read")
	r.Expect(post(r.link("unsubscribe", marvin, ""), "from=page", "Accept", "text/html", "Sec-Fetch-Mode", "cors"), http.StatusOK, "You are unsubscribed")
	r.store.readErr = nil
	r.wantRows(marvin, "email=out@1")
}

// The other results are led to: what was recorded is never said to have failed.
func TestResultThatCannotBeReadIsLedTo(t *testing.T) {
	fetch := []string{"Accept", "text/html", "Sec-Fetch-Mode", "cors"}
	for name, form := range map[string]func(r *rig) call{
		"an undo": func(r *rig) call {
			r.Expect(r.open(r.link("unsubscribe", marvin, "")), http.StatusOK, "")
			return post(r.link("undo", marvin, ""), "", fetch...)
		},
		"preferences": func(r *rig) call {
			return post(r.link("preferences", marvin, ""), "want_email=stop&was_email=receive", fetch...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			c := form(r)
			r.store.failAfterWrite = true
			a := r.Within(t.Context(), c.Event())
			if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Headers["location"], "/done/") {
				t.Errorf("%d to %q: %s", a.StatusCode, a.Headers["location"], a.Brief())
			}
		})
	}
}
