package main

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit"
)

// save posts the preferences form; fields are written readably.
func (r *rig) save(fields string) answer {
	r.T.Helper()
	return r.Expect(post(r.link("preferences", marvin, ""), encode(fields), browser...), http.StatusOK, "m***@e***.com")
}

func TestPreferencesPage(t *testing.T) {
	r := newRig(t)
	path := r.link("preferences", marvin, "")
	a := r.Expect(get(path, browser...), http.StatusOK, "m***@e***.com")
	everything, each := strings.Index(a.Body, `name="everything" value="stop"`), strings.Index(a.Body, `name="want_email"`)
	if everything < 0 || each < everything {
		t.Error("everything does not come first")
	}
	for _, scope := range []string{"email", "email/newsletter", "email/events", "phone", "sms", "post"} {
		if !strings.Contains(a.Body, `name="want_`+scope+`"`) || !strings.Contains(a.Body, `name="was_`+scope+`" value="receive"`) {
			t.Errorf("no choice for %s", scope)
		}
	}
	for _, pause := range []string{"pause30", "pause60", "pause90"} {
		if !strings.Contains(a.Body, `value="`+pause+`"`) {
			t.Errorf("%s is not offered", pause)
		}
	}
	pauseFor(30)(r)
	r.Expect(get(path, browser...), http.StatusOK, "22 December 2026")
	r.press(marvin, "")
	r.Expect(get(path, browser...), http.StatusOK, `name="was_email" value="stop"`)
}

// The page says what is known of each thing, and offers for it what would change it.
func TestPreferencesSayWhatIsKnown(t *testing.T) {
	complained := func(r *rig) {
		_, err := r.store.OptOuts.Apply(r.T.Context(), optout.Change{
			Key: optout.Key{Ref: r.key.Ref(testkit.Address(r.T, marvin)), Scope: optout.Complaint.Scope()}, To: optout.Out, Address: testkit.Address(r.T, marvin),
		})
		if err != nil {
			r.T.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		before func(*rig)
		says   []string
		not    []string
	}{
		"nothing is known": {nil, []string{"Not stopped.", "Stop “News”", "Stop phone calls", "Stop everything"}, []string{"You receive", "You get", "again"}},
		"a topic stopped":  {func(r *rig) { r.press(marvin, "newsletter") }, []string{"“News” again", "Stop “Events and webinars”"}, []string{"Only “News” again"}},
		"all e-mail stopped": {stopped, []string{"Only “News” again", "Only “Events and webinars” again", "Stopped together with all emails.", "Stop phone calls"},
			[]string{"Stop “News”"}},
		"reported as spam": {complained, []string{"Only “News” again", "Stopped together with all emails."}, []string{"Stop “News”"}},
		"paused":           {pauseFor(30), []string{"Paused until 22 December 2026 together with all emails.", "Stop “News”"}, []string{"Only “News” again"}},
		"paused, a topic stopped": {func(r *rig) { r.press(marvin, "newsletter"); pauseFor(30)(r) }, []string{"Stop “Events and webinars”"},
			[]string{"Stop “News”", "Only “News”"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if c.before != nil {
				c.before(r)
			}
			a := r.Expect(get(r.link("preferences", marvin, ""), browser...), http.StatusOK, "")
			_, form, _ := strings.Cut(a.Text, `class="choices"`)
			for _, piece := range c.says {
				if !strings.Contains(a.Text, piece) {
					t.Errorf("does not say %q: %s", piece, a.Brief())
				}
			}
			for _, piece := range c.not {
				if strings.Contains(form, piece) {
					t.Errorf("says %q: %s", piece, form)
				}
			}
		})
	}
}

// Who has left all e-mail gets one topic back, and no other, by the usual mail.
func TestOnlyOneTopicComesBack(t *testing.T) {
	r := newRig(t)
	stopped(r)
	r.save("was_email/newsletter=stop&want_email/newsletter=receive")
	r.wantRows(marvin, "email=out@1")
	asked := r.confirmations()
	if len(asked) != 1 {
		t.Fatalf("%+v", asked)
	}
	versions := map[string]int{}
	for scope, v := range asked[0].Versions {
		versions[string(scope)] = v
	}
	path := r.Sealed("/preferences/confirm/", link.OptIn, link.Claims{Address: testkit.Address(t, marvin), Versions: versions, ExpiresAt: r.clock.Add(time.Hour)})
	r.Note(path)
	a := r.Expect(get(path, browser...), http.StatusOK, "Stays stopped")
	for _, piece := range []string{"Emails on the topic “News”", "Emails on the topic “Events and webinars”", "none of our topics"} {
		if !strings.Contains(a.Text, piece) {
			t.Errorf("%q is missing: %s", piece, a.Brief())
		}
	}
	if strings.Contains(a.Text, "All marketing emails") {
		t.Errorf("promises all emails: %s", a.Brief())
	}
	a = r.Expect(post(path, "lang=en", browser...), http.StatusOK, "Emails on the topic “News”")
	if strings.Contains(a.Text, "Events and webinars") {
		t.Errorf("names another topic: %s", a.Brief())
	}
	for _, topic := range r.Desk.Topics {
		row := ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": []string{marvin}, "topic": topic.ID})[0]
		if row.Suppressed == (topic.ID == "newsletter") {
			t.Errorf("%s is suppressed: %v", topic.ID, row.Suppressed)
		}
	}
	r.Expect(post(path, "lang=en", browser...), http.StatusOK, "") // twice is once
}

// What was just stopped has a receipt, and can be taken back within the hour by
// whoever pressed the button.
func TestSavedPreferencesHaveAReceiptAndAnUndo(t *testing.T) {
	const view = "&view=AAECAwQFBgcICQoLDA0ODw"
	stop := encode("want_email/newsletter=stop&was_email/newsletter=receive&want_sms=stop&was_sms=receive&want_email=pause30&was_email=receive") + view
	r := newRig(t)
	path := r.result(post(r.link("preferences", marvin, ""), stop, browser...))
	a := r.Expect(get(path, browser...), http.StatusOK, "Download the receipt")
	file := r.Expect(call{Method: http.MethodGet, Path: path, Query: "file=receipt", Headers: browser}, http.StatusOK, "payload")
	got, err := audit.Check([]byte(file.Body), r.signer.PublicKeys())
	if err != nil || strings.Join(got.What, " ") != "email/newsletter sms" {
		t.Errorf("%+v, %v", got, err)
	}
	undo := undoPath.FindString(a.Body)
	r.Expect(post(undo, "lang=en", browser...), http.StatusOK, "No longer stopped")
	r.wantRows(marvin, "email/newsletter=in@2 email=paused@1 sms=in@2")
	r.Expect(post(undo, "lang=en", browser...), http.StatusOK, "")
	for name, c := range map[string]struct {
		body  string
		after time.Duration
	}{"an hour later": {stop, time.Hour}, "of another page": {strings.TrimSuffix(stop, view), 0}, "a pause": {encode("want_email=pause60&was_email=receive") + view, 0}} {
		r := newRig(t)
		path := r.result(post(r.link("preferences", marvin, ""), c.body, browser...))
		r.clock = r.clock.Add(c.after - time.Second)
		if c.after > 0 {
			r.clock = r.clock.Add(time.Second - time.Nanosecond)
		}
		a := r.Expect(get(path, browser...), http.StatusOK, "")
		if offered := strings.Contains(a.Body, "/undo/"); offered != (c.after > 0) {
			t.Errorf("%s: undo offered %v", name, offered)
		}
	}
}

func TestSavingPreferences(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*rig)
		fields string
		rows   string
		asks   int
	}{
		"everything":              {nil, "everything=stop", "email=out@1 phone=out@1 post=out@1 sms=out@1", 0},
		"everything beats all":    {nil, "want_sms=receive&was_sms=stop&everything=stop", "email=out@1 phone=out@1 post=out@1 sms=out@1", 0},
		"everything, odd value":   {nil, "everything=yes", "", 0},
		"nothing changed":         {nil, "want_email=receive&was_email=receive&want_sms=receive&was_sms=receive", "", 0},
		"stop one":                {nil, "want_email=receive&was_email=receive&want_sms=stop&was_sms=receive", "sms=out@1", 0},
		"stop a topic":            {nil, "want_email/newsletter=stop&was_email/newsletter=receive", "email/newsletter=out@1", 0},
		"stop some":               {nil, "want_email/events=stop&was_email/events=receive&want_post=stop&was_post=receive&want_phone=pause30&was_phone=receive", "email/events=out@1 phone=paused@1 post=out@1", 0},
		"pause":                   {nil, "want_email=pause60&was_email=receive", "email=paused@1", 0},
		"pause longer":            {pauseFor(30), "want_email=pause90&was_email=paused", "email=paused@2", 0},
		"pause shorter":           {pauseFor(90), "want_email=pause30&was_email=paused", "email=paused@1", 0},
		"pause as long":           {pauseFor(30), "want_email=pause30&was_email=receive", "email=paused@1", 0},
		"pause after a pause":     {pauseFor(-1), "want_email=pause30&was_email=receive", "email=paused@2", 0},
		"stay paused":             {pauseFor(30), "want_email=paused&was_email=paused", "email=paused@1", 0},
		"stop while paused":       {pauseFor(30), "want_email=stop&was_email=paused", "email=out@2", 0},
		"stop what is stopped":    {stopped, "want_email=stop&was_email=stop", "email=out@1", 0},
		"stop, page was old":      {stopped, "want_email=stop&was_email=receive", "email=out@2", 0},
		"come back":               {stopped, "want_email=receive&was_email=stop", "email=out@1", 1},
		"come back from a pause":  {pauseFor(30), "want_email=receive&was_email=paused", "email=paused@1", 1},
		"come back to what runs":  {nil, "want_email=receive&was_email=stop", "", 0},
		"come back after a pause": {pauseFor(-1), "want_email=receive&was_email=paused", "email=paused@1", 0},
		"pause what is stopped":   {stopped, "want_email=pause30&was_email=stop", "email=out@1", 0},
		"pause, page was old":     {stopped, "want_email=pause30&was_email=receive", "email=out@1", 0},
		"both ways at once":       {stopped, "want_email=receive&was_email=stop&want_sms=stop&was_sms=receive", "email=out@1 sms=out@1", 1},
		"unknown scopes":          {nil, "want_email/secret=stop&want_fax=stop&want_=stop&want_email/=stop&ask=x", "", 0},
		"unknown wishes":          {nil, "want_email=pause9999&want_sms=out&want_post=&want_phone=in", "", 0},
		"no fields":               {stopped, "", "email=out@1", 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if c.before != nil {
				c.before(r)
			}
			r.save(c.fields)
			r.wantRows(marvin, c.rows)
			if asks := r.confirmations(); len(asks) != c.asks {
				t.Errorf("%d asks, want %d", len(asks), c.asks)
			}
			for _, known := range r.records(marvin) {
				if known.State == optout.Out && !known.Suppresses(r.clock.AddDate(50, 0, 0)) {
					t.Errorf("%s does not last", known.Scope)
				}
			}
		})
	}
}

// A pause is no opt-out in the log.
func TestSavedPreferencesAreCounted(t *testing.T) {
	r := newRig(t)
	r.save("want_email/events=stop&was_email/events=receive&want_post=stop&was_post=receive&want_phone=pause30&was_phone=receive")
	r.logs(optout.FromPreferences, 2)
	r.Log.Reset()
	r.save("want_email=receive&was_email=receive")
	r.logs(optout.FromPreferences, 0)
}

func stopped(r *rig) { r.press(marvin, "") }

func TestPausesEndByThemselves(t *testing.T) {
	for wish, days := range map[string]int{"pause30": 30, "pause60": 60, "pause90": 90} {
		r := newRig(t)
		end := r.clock.AddDate(0, 0, days+1).Truncate(24 * time.Hour)
		r.save("want_email=" + wish + "&was_email=receive")
		got := r.only(marvin)
		if !got.Until.Equal(end) || !got.Suppresses(end.Add(-time.Second)) || got.Suppresses(end) {
			t.Errorf("%s ends %v", wish, got.Until)
		}
		if got.Evidence.Source != optout.FromPreferences {
			t.Errorf("source %s", got.Evidence.Source)
		}
	}
}

func TestSavedPageSaysWhatChanged(t *testing.T) {
	r := newRig(t)
	r.press(marvin, "events")
	a := r.save("want_email=pause30&was_email=receive&want_sms=stop&was_sms=receive&want_email/events=receive&was_email/events=stop&lang=en")
	for _, piece := range []string{"22 December 2026", "Events and webinars", "text messages"} {
		if !strings.Contains(a.Text, piece) {
			t.Errorf("%q is missing: %s", piece, a.Brief())
		}
	}
}

// An old link shortens no pause, and the page says so.
func TestAPauseOnlyBecomesLonger(t *testing.T) {
	r := newRig(t)
	pauseFor(90)(r)
	until := r.only(marvin).Until
	a := r.Expect(get(r.link("preferences", marvin, ""), browser...), http.StatusOK, "20 February 2027")
	row := a.Body[strings.Index(a.Body, `name="want_email"`):strings.Index(a.Body, `name="want_sms"`)]
	if strings.Contains(row, "pause30") || strings.Contains(row, "pause90") {
		t.Error("a pause is offered that would change nothing")
	}
	a = r.save("want_email=pause30&was_email=paused&lang=en")
	if !r.only(marvin).Until.Equal(until) || !strings.Contains(a.Text, "Your pause until 20 February 2027 stays.") || !strings.Contains(a.Text, "Nothing was changed") {
		t.Errorf("%+v: %s", r.only(marvin), a.Brief())
	}
	a = r.save("want_email=pause60&was_email=paused&want_sms=stop&was_sms=receive&lang=en")
	if !r.recorded(marvin, "email").Until.Equal(until) || !strings.Contains(a.Text, "20 February 2027 stays") || !strings.Contains(a.Text, "Your choices are saved") {
		t.Errorf("beside another choice: %s", a.Brief())
	}
}

func TestPreferencesRefuseABrokenForm(t *testing.T) {
	r := newRig(t)
	path := r.link("preferences", marvin, "")
	broken := func(headers []string) call {
		return post(path, "--X\r\nbroken", append([]string{"Content-Type", "multipart/form-data; boundary=X"}, headers...)...)
	}
	if a := r.Expect(broken(browser), http.StatusUnprocessableEntity, ""); strings.Contains(a.Text, "our side") {
		t.Errorf("the page takes the blame: %s", a.Brief())
	}
	r.Expect(broken(script), http.StatusUnprocessableEntity, `"invalid"`)
	r.wantRows(marvin, "")
}

// Coming back takes the confirmation mail; its link is sealed for the records
// as they were when the person asked.
func TestComingBack(t *testing.T) {
	for name, c := range map[string]struct {
		between func(*rig)
		status  int
		rows    string
	}{
		"at once":                {nil, 200, "email=in@2"},
		"within the week":        {func(r *rig) { r.clock = r.clock.Add(7*24*time.Hour - time.Second) }, 200, "email=in@2"},
		"after the week":         {func(r *rig) { r.clock = r.clock.Add(7 * 24 * time.Hour) }, 410, "email=out@1"},
		"after a later opt-out":  {stopped, 409, "email=out@2"},
		"after a later form":     {func(r *rig) { r.Send(postForm(mine)) }, 409, "email=out@2"},
		"after a topic's":        {func(r *rig) { r.press(marvin, "events") }, 200, "email/events=out@1 email=in@2"},
		"after another's":        {func(r *rig) { r.Send(postForm("email=zaphod%40example.com")) }, 200, "email=in@2"},
		"a scanner looked first": {func(r *rig) { r.Send(get(r.link("opt-in", marvin, ""), browser...)) }, 200, "email=in@2"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			stopped(r)
			r.save("want_email=receive&was_email=stop")
			asks := r.confirmations()
			if len(asks) != 1 || asks[0].Versions["email"] != 1 || asks[0].Address.Reveal() != marvin {
				t.Fatalf("%d asks", len(asks))
			}
			path := r.link("opt-in", marvin, "")
			page := r.Expect(get(path, browser...), http.StatusOK, "m***@e***.com")
			if strings.Count(page.Body, "<button") != 1 {
				t.Errorf("page: %s", page.Brief())
			}
			r.wantRows(marvin, "email=out@1")
			if c.between != nil {
				c.between(r)
			}
			r.Expect(post(path, "lang=en", browser...), c.status, "")
			r.wantRows(marvin, c.rows)
			r.Expect(post(path, "", browser...), c.status, "") // twice is once
			r.wantRows(marvin, c.rows)
			if c.status != http.StatusOK {
				r.Expect(post(path, "", script...), c.status, `"code":`)
				r.Expect(post(path, "", mailClient...), c.status, "")
			}
		})
	}
}

func TestComingBackOfSeveral(t *testing.T) {
	r := newRig(t)
	r.save("everything=stop")
	r.save("want_email=receive&was_email=stop&want_sms=receive&was_sms=stop")
	if asks := r.confirmations(); len(asks) != 1 || len(asks[0].Versions) != 2 {
		t.Fatalf("%v", asks)
	}
	r.wantRows(marvin, "email=out@1 phone=out@1 post=out@1 sms=out@1")
}

// Who left all e-mail since they asked for a topic does not get it.
func TestConfirmingWhatIsStillStopped(t *testing.T) {
	for name, c := range map[string]struct {
		since string // the body of the form that is sent meanwhile
		says  []string
	}{
		"all e-mail":    {mine, []string{"Confirmed, but still stopped", "Stopped together with all emails."}},
		"another topic": {mine + "&topic=events", []string{"Confirmed: this is no longer stopped", "No longer stopped"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.save("want_email/newsletter=stop&was_email/newsletter=receive")
			r.save("want_email/newsletter=receive&was_email/newsletter=stop")
			path := r.link("opt-in", marvin, "newsletter")
			r.Expect(postForm(c.since, browser...), http.StatusOK, thankYou)
			a := r.Expect(post(path, "lang=en", browser...), http.StatusOK, c.says[0])
			row := ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": []string{marvin}, "topic": "newsletter"})[0]
			if promised := strings.Contains(a.Text, "No longer stopped"); promised == row.Suppressed || !strings.Contains(a.Text, c.says[1]) {
				t.Errorf("suppressed %v: %s", row.Suppressed, a.Brief())
			}
		})
	}
}

// Nobody comes back by a link that is for leaving.
func TestNoOldLinkBringsAnybodyBack(t *testing.T) {
	r := newRig(t)
	stopped(r)
	r.clock = r.clock.AddDate(1, 0, 0)
	unsubscribe, preferences := r.link("unsubscribe", marvin, ""), r.link("preferences", marvin, "")
	for _, body := range []string{"want_email=receive", "everything=receive", "want_email=receive&was_email=stop", "want_email=pause30", "List-Unsubscribe=No", "undo=1", "state=in"} {
		r.Send(post(unsubscribe, body, browser...))
		r.Send(post(preferences, body, browser...))
		r.Send(post("/preferences/confirm/"+last(preferences), body, browser...))
		r.Send(post("/undo/"+last(unsubscribe), body, browser...))
		if got := r.only(marvin); got.State != optout.Out {
			t.Errorf("%s: %s", body, got.State)
		}
	}
}

func TestConfirmingWhileTheStoreFails(t *testing.T) {
	r := newRig(t)
	stopped(r)
	path := r.link("opt-in", marvin, "")
	r.store.err = fault.Wrap(fault.Unavailable, errors.New("throttled"), "write")
	r.Expect(post(path, "", browser...), http.StatusServiceUnavailable, "")
	r.store.err = nil
	r.wantRows(marvin, "email=out@1")
}

func TestEveryPageInEveryLanguage(t *testing.T) {
	for _, lang := range catalog.Languages() {
		r := newRig(t)
		speaks := append([]string{"Accept-Language", lang}, browser...)
		for _, c := range []struct {
			call   call
			status int
		}{
			{get("/", speaks...), 200}, {get("/unsubscribe", speaks...), 200}, {postForm("", speaks...), 422}, {postForm(mine, speaks...), 200}, {get("/x", speaks...), 404},
			{get(r.link("unsubscribe", marvin, "events"), speaks...), 200}, {post(r.link("unsubscribe", marvin, ""), "from=page", speaks...), 200},
			{get(r.link("preferences", marvin, ""), speaks...), 200}, {post(r.link("preferences", marvin, ""), encode("want_sms=stop"), speaks...), 200},
			{get(r.link("opt-in", marvin, ""), speaks...), 200}, {post(r.link("undo", marvin, ""), "", speaks...), 409}, {post("/u/x", "", speaks...), 400},
		} {
			a := r.Expect(c.call, c.status, `<html lang="`+lang+`">`)
			if a.Headers["content-language"] != lang {
				t.Errorf("%s %.20s is not in %s", c.call.Method, c.call.Path, lang)
			}
		}
	}
}

// TestASaleOptOutIsSeen: whoever opted out of sale sees by the link of a mail that it is on, and since when (11 CCR 7026(g)).
func TestASaleOptOutIsSeen(t *testing.T) {
	r := newRig(t)
	path := r.link("preferences", marvin, "")
	r.Expect(get(path, browser...), http.StatusOK, "You have not opted out. You can do so in a request.")
	who, err := person.Parse(marvin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.optOuts.Record(t.Context(), optout.Request{Address: who, Scopes: []optout.Scope{optout.Sale.Scope()}, Source: optout.FromRequest}); err != nil {
		t.Fatal(err)
	}
	r.Expect(get(path, browser...), http.StatusOK, "Stopped since 22 November 2026. Your opt-out is on.")
}
