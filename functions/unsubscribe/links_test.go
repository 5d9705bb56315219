package main

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

const oneClick = "List-Unsubscribe=One-Click"

// RFC 8058 section 3.2, and the clients that fall short of it.
func TestOneClickInEveryShape(t *testing.T) {
	multipart := "--X\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--X--\r\n"
	for name, c := range map[string]struct {
		body    string
		headers []string
	}{
		"urlencoded":            {oneClick, []string{"Content-Type", "application/x-www-form-urlencoded"}},
		"multipart":             {multipart, []string{"Content-Type", "multipart/form-data; boundary=X"}},
		"multipart, cut":        {multipart[:60], []string{"Content-Type", "multipart/form-data; boundary=X"}},
		"extra fields":          {oneClick + "&extra=1&email=zaphod%40example.com", []string{"Content-Type", "application/x-www-form-urlencoded"}},
		"empty":                 {"", nil},
		"empty, typed":          {"", []string{"Content-Type", "application/x-www-form-urlencoded"}},
		"no type":               {oneClick, nil},
		"text":                  {oneClick, []string{"Content-Type", "text/plain;charset=UTF-8"}},
		"JSON type":             {oneClick, []string{"Content-Type", "application/json"}},
		"JSON":                  {`{"List-Unsubscribe":"One-Click"}`, []string{"Content-Type", "application/json", "Accept", "application/json"}},
		"unknown type":          {oneClick, []string{"Content-Type", "application/octet-stream"}},
		"nonsense type":         {oneClick, []string{"Content-Type", ";;;"}},
		"noise":                 {"\x00\xff\xfe{", nil},
		"too large":             {strings.Repeat("x", 300<<10), nil},
		"a browser's fetch":     {oneClick, []string{"Accept", "*/*", "Sec-Fetch-Mode", "no-cors", "Origin", "https://mail.example.org"}},
		"Java, which takes all": {oneClick, []string{"Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"}},
		"a client's cookies":    {oneClick, []string{"Content-Type", "application/x-www-form-urlencoded", "Cookie", "a=b", "Authorization", "Basic x"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			c := call{Method: http.MethodPost, Path: r.link("unsubscribe", marvin, ""), Body: c.body, Headers: c.headers}
			a := r.Expect(c, http.StatusOK, "You are unsubscribed.")
			if len(a.Body) > 100 || !strings.HasPrefix(a.Headers["content-type"], "text/plain") || a.Headers["location"] != "" {
				t.Errorf("%v %q", a.Headers, a.Body)
			}
			r.wantRows(marvin, "email=out@1")
			if got := r.only(marvin).Evidence.Source; got != optout.FromOneClick {
				t.Errorf("source %s", got)
			}
			r.logs(optout.FromOneClick, 1)
			if r.store.reads != 0 || r.store.writes != 1 {
				t.Errorf("%d reads, %d writes; want one write alone", r.store.reads, r.store.writes)
			}
			r.wantRows("zaphod@example.com", "")
		})
	}
}

// One-click says what stopped: a topic's link does not stop the rest.
func TestOneClickSaysWhatStopped(t *testing.T) {
	for name, c := range map[string]struct{ topic, language, says string }{
		"all":               {"", "", "You are unsubscribed.\n"},
		"a topic":           {"newsletter", "", "Emails on “News” have stopped.\n"},
		"all, in German":    {"", "de", "Sie sind abgemeldet.\n"},
		"an unknown topic":  {"gone", "", "have stopped.\n"},
		"unknown, Spanish":  {"gone", "es", ".\n"},
		"a topic, in Dutch": {"newsletter", "nl", "Emails on “News” have stopped.\n"},
	} {
		r := newRig(t)
		a := r.Expect(post(r.link("unsubscribe", marvin, c.topic), oneClick, append([]string{"Accept-Language", c.language}, mailClient...)...), http.StatusOK, "")
		if !strings.HasSuffix(a.Body, c.says) || strings.Contains(a.Body, "unsubscribed") != (c.says == "You are unsubscribed.\n") || a.Headers["location"] != "" {
			t.Errorf("%s: %q", name, a.Body)
		}
		if r.store.reads != 0 || r.store.writes != 1 {
			t.Errorf("%s: %d reads, %d writes; want one write alone", name, r.store.reads, r.store.writes)
		}
	}
}

func TestOneClickTwiceIsOneRecord(t *testing.T) {
	r := newRig(t)
	path, start := r.link("unsubscribe", marvin, "newsletter"), r.clock
	for range 3 {
		r.Expect(post(path, oneClick, mailClient...), http.StatusOK, "Emails on “News” have stopped.")
		r.clock = r.clock.Add(time.Hour)
	}
	r.wantRows(marvin, "email/newsletter=out@3")
	if got := r.only(marvin); got.FirstAt != start || got.OutSince != start || got.Evidence.At != start.Add(2*time.Hour) {
		t.Errorf("%+v", got)
	}
}

func TestOldLinksStillWork(t *testing.T) {
	r := newRig(t)
	path := r.link("unsubscribe", marvin, "a-topic-that-is-gone")
	r.clock = r.clock.AddDate(9, 0, 0)
	r.Ring = ring(t, bothKeys)
	r.Expect(get(path, browser...), http.StatusOK, "m***@e***.com")
	r.Expect(post(path, oneClick, mailClient...), http.StatusOK, "have stopped.")
	r.wantRows(marvin, "email/a-topic-that-is-gone=out@1")
	newer := r.link("unsubscribe", marvin, "")
	r.Expect(post(newer, oneClick, mailClient...), http.StatusOK, "unsubscribed")
	r.Ring = ring(t, secondKey) // never done in earnest: the old links die
	r.Expect(post(path, oneClick, mailClient...), http.StatusBadRequest, "damaged")
	r.Expect(post(newer, oneClick, mailClient...), http.StatusOK, "unsubscribed")
}

func TestDamagedLinksTouchNobody(t *testing.T) {
	damage := map[string]func(r *rig, token string) string{
		"cut":           func(_ *rig, token string) string { return token[:len(token)-3] },
		"cut to a word": func(_ *rig, token string) string { return token[:1] },
		"longer":        func(_ *rig, token string) string { return token + "A" },
		"altered":       func(_ *rig, token string) string { return flip(token, len(token)/2) },
		"altered end":   func(_ *rig, token string) string { return flip(token, len(token)-1) },
		"altered head":  func(_ *rig, token string) string { return flip(token, 1) },
		"lower-cased":   func(_ *rig, token string) string { return strings.ToLower(token) },
		"upper-cased":   func(_ *rig, token string) string { return strings.ToUpper(token) },
		"a plus":        func(_ *rig, token string) string { return strings.ReplaceAll(token, token[9:10], " ") },
		"a dot":         func(_ *rig, token string) string { return token + "." },
		"quoted":        func(_ *rig, token string) string { return token + "%3E" },
		"another":       func(*rig, string) string { return "%%%" },
		"not ours":      func(*rig, string) string { return "marvin-example-com" },
		"enormous":      func(_ *rig, token string) string { return strings.Repeat(token, 60) },
	}
	purposes := []link.Purpose{link.Unsubscribe, link.Preferences, link.Undo, link.OptIn}
	for _, other := range purposes {
		damage["sealed for "+string(other)] = func(r *rig, _ string) string { return last(r.link(other, marvin, "")) }
	}
	for _, purpose := range purposes {
		for name, spoil := range damage {
			if name == "sealed for "+string(purpose) {
				continue
			}
			t.Run(string(purpose)+" "+name, func(t *testing.T) {
				r := newRig(t)
				r.Expect(postForm(mine), http.StatusOK, "")
				good := r.link(purpose, marvin, "")
				bad := strings.TrimSuffix(good, last(good)) + spoil(r, last(good))
				for _, body := range []string{oneClick, "", "from=page", "everything=stop"} {
					page := r.Expect(post(bad, body, browser...), http.StatusBadRequest, "<h1>")
					if !strings.Contains(page.Body, `href="/unsubscribe?lang=en"`) {
						t.Error("the page does not lead to the form")
					}
					if got := r.Expect(post(bad, body, script...), http.StatusBadRequest, "").JSON(t); got.Status != "damaged" || got.Code != 400 {
						t.Errorf("%+v", got)
					}
					text := r.Expect(post(bad, body, mailClient...), http.StatusBadRequest, "damaged")
					if !strings.HasPrefix(text.Headers["content-type"], "text/plain") {
						t.Errorf("mail clients are answered in %s", text.Headers["content-type"])
					}
				}
				if purpose != link.Undo {
					r.Expect(get(bad, browser...), http.StatusBadRequest, "")
					r.Expect(call{Method: http.MethodHead, Path: bad, Headers: mailClient}, http.StatusBadRequest, "")
				}
				r.wantRows(marvin, "email=out@1")
				if r.store.writes != 1 || len(r.confirmations()) != 0 {
					t.Errorf("%d writes", r.store.writes)
				}
			})
		}
	}
}

func last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// flip puts another letter in a place of a token.
func flip(token string, at int) string {
	letter := "B"
	if token[at:at+1] == letter {
		letter = "C"
	}
	return token[:at] + letter + token[at+1:]
}

func TestLinkPage(t *testing.T) {
	r := newRig(t)
	path := r.link("unsubscribe", marvin, "newsletter")
	a := r.Expect(get(path, browser...), http.StatusOK, "m***@e***.com")
	if !strings.Contains(a.Body, `action="`+path+`"`) || strings.Count(a.Body, "<button") != 2 || !strings.Contains(a.Body, "News") {
		t.Errorf("page: %s", a.Brief())
	}
	r.Expect(get(path, append([]string{"Accept-Language", "de"}, browser...)...), http.StatusOK, "Neuigkeiten")
	// Nobody but us puts words on it.
	odd := get(path, browser...)
	odd.Query = "lang=%3Cscript%3E&from=page"
	if got := r.Expect(odd, http.StatusOK, ""); strings.Contains(got.Body, "<script") {
		t.Error("the query is shown")
	}
}

var (
	undoPath = regexp.MustCompile(`/undo/[A-Za-z0-9_-]+`)
	ViewOf   = regexp.MustCompile(`name="view" value="([A-Za-z0-9_-]{22})"`)
)

// open shows the page of a link, and returns a press on its button. Where it
// has none, the press is that of a page opened before.
func (r *rig) open(path string) call {
	r.T.Helper()
	a, view := r.Expect(get(path, browser...), http.StatusOK, ""), optout.NewNonce(r.random)
	if named := ViewOf.FindStringSubmatch(a.Body); named != nil {
		view = named[1]
	} else if !strings.Contains(a.Text, "since") {
		r.T.Fatalf("the page has no button, and does not say since when: %s", a.Brief())
	}
	return post(path, "from=page&lang=en&view="+view, browser...)
}

// press opens the page of a link, presses its button, and returns the path of
// the undo button.
func (r *rig) press(address, topic string) (undo string) {
	r.T.Helper()
	a := r.Expect(r.open(r.link("unsubscribe", address, topic)), http.StatusOK, "It takes effect right away")
	if !strings.Contains(a.Body, "/preferences/") {
		r.T.Error("the page does not lead to the preferences")
	}
	return undoPath.FindString(a.Body)
}

func TestButtonAndUndo(t *testing.T) {
	stop := func(r *rig) { r.press(marvin, "") }
	for name, c := range map[string]struct {
		before  func(*rig)
		between func(*rig)
		status  int
		piece   string
		rows    string
	}{
		"within the hour":           {nil, func(r *rig) { r.clock = r.clock.Add(59 * time.Minute) }, 200, "", "email=in@2"},
		"after the hour":            {nil, func(r *rig) { r.clock = r.clock.Add(time.Hour) }, 410, "", "email=out@1"},
		"after another opt-out":     {nil, stop, 409, "", "email=out@2"},
		"after a one-click":         {nil, func(r *rig) { r.Send(post(r.link("unsubscribe", marvin, ""), oneClick)) }, 409, "", "email=out@2"},
		"after a form":              {nil, func(r *rig) { r.Send(postForm(mine)) }, 409, "", "email=out@2"},
		"after another's opt-out":   {nil, func(r *rig) { r.Send(postForm("email=zaphod%40example.com")) }, 200, "", "email=in@2"},
		"after a topic's opt-out":   {nil, func(r *rig) { r.press(marvin, "events") }, 200, "", "email/events=out@1 email=in@2"},
		"from a pause that runs":    {pauseFor(30), nil, 200, "", "email=paused@3"},
		"from a pause that is over": {pauseFor(-1), nil, 200, "", "email=in@3"},
		"after the button of another page, and this one's again": {nil, func(r *rig) {
			stop(r)
			r.Send(r.again)
		}, 409, "", "email=out@3"},
		"after a second click": {nil, func(r *rig) { r.Send(r.again) }, 200, "", "email=in@3"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if c.before != nil {
				c.before(r)
			}
			r.again = r.open(r.link("unsubscribe", marvin, ""))
			undo := undoPath.FindString(r.Expect(r.again, http.StatusOK, "You are unsubscribed").Body)
			if got := r.records(marvin)[0].Evidence.Source; got != optout.FromLink {
				t.Errorf("source %s", got)
			}
			r.logs(optout.FromLink, 1)
			if c.between != nil {
				c.between(r)
			}
			a := r.Expect(post(undo, "lang=en", browser...), c.status, c.piece)
			r.wantRows(marvin, c.rows)
			if c.status != http.StatusOK && !strings.Contains(a.Body, `href="/unsubscribe?lang=en"`) {
				t.Errorf("no way out: %s", a.Brief())
			}
			r.Expect(post(undo, "lang=en", browser...), c.status, c.piece) // twice is once
			r.wantRows(marvin, c.rows)
			if c.status != http.StatusOK {
				r.Expect(post(undo, "", script...), c.status, `"code":`)
				r.Expect(post(undo, "", mailClient...), c.status, "")
			}
		})
	}
}

func pauseFor(days int) func(*rig) {
	return func(r *rig) {
		a := testkit.Address(r.T, marvin)
		_, err := r.store.OptOuts.Apply(r.T.Context(), optout.Change{
			Key: optout.Key{Ref: r.key.Ref(a), Scope: "email"}, To: optout.Paused, Until: r.clock.AddDate(0, 0, days+1).Truncate(24 * time.Hour), Address: a,
		})
		if err != nil {
			r.T.Fatal(err)
		}
	}
}

func TestUndoKeepsTheEndOfThePause(t *testing.T) {
	r := newRig(t)
	pauseFor(30)(r)
	until := r.only(marvin).Until
	r.Expect(post(r.press(marvin, ""), "", browser...), http.StatusOK, "")
	if got := r.only(marvin); got.State != optout.Paused || !got.Until.Equal(until) {
		t.Errorf("%+v", got)
	}
}

// Undo brings back what its page view stopped. Where another choice, a
// complaint or a bounce stops it still, the answer says so and promises nothing.
func TestUndoSaysWhatIsStillStopped(t *testing.T) {
	for name, c := range map[string]struct {
		topic, body string // of the form that is sent meanwhile
		scope       optout.Scope
		says        string
	}{
		"nothing":                 {"newsletter", "", "", "No longer stopped"},
		"another topic":           {"newsletter", "topic=events", "", "No longer stopped"},
		"all e-mail":              {"newsletter", "topic=", "", "Stopped together with all emails."},
		"a complaint":             {"", "", optout.Complaint.Scope(), "Stopped."},
		"a bounce":                {"", "", optout.Bounce.Scope(), "Stopped."},
		"a complaint and a topic": {"newsletter", "", optout.Complaint.Scope(), "Stopped."},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			undo := r.press(marvin, c.topic)
			if c.body != "" {
				r.Expect(postForm(mine+"&"+c.body, browser...), http.StatusOK, thankYou)
			}
			if c.scope != "" {
				a := testkit.Address(t, marvin)
				_, err := r.store.OptOuts.Apply(t.Context(), optout.Change{
					Key: optout.Key{Ref: r.key.Ref(a), Scope: c.scope}, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: optout.FromComplaint, At: r.clock},
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			a := r.Expect(post(undo, "lang=en", browser...), http.StatusOK, c.says)
			row := ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": []string{marvin}, "topic": c.topic})[0]
			if promised := strings.Contains(a.Text, "No longer stopped"); promised == row.Suppressed {
				t.Errorf("suppressed %v: %s", row.Suppressed, a.Brief())
			}
		})
	}
}

// A double click is one opt-out: both answers say so, both offer undo, and
// both undo it, in whatever order, and once.
func TestDoubleClick(t *testing.T) {
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		r := newRig(t)
		press := r.open(r.link("unsubscribe", marvin, "newsletter"))
		var undo []string
		for range 2 {
			undo = append(undo, undoPath.FindString(r.Expect(press, http.StatusOK, "have stopped").Body))
			r.clock = r.clock.Add(time.Second)
		}
		for _, n := range order {
			r.Expect(post(undo[n], "lang=en", browser...), http.StatusOK, "Undone")
			r.wantRows(marvin, "email/newsletter=in@3")
		}
		if asks := r.confirmations(); len(asks) != 1 || !asks[0].Confirmed || asks[0].Language != "en" || len(asks[0].Versions) != 1 {
			t.Errorf("the person hears of it: %+v", asks)
		}
	}
}

// Whoever holds an old or forwarded link cannot take back what the person did
// elsewhere, however often they try.
func TestAnotherHolderUndoesNothing(t *testing.T) {
	for name, leave := range map[string]func(*rig){
		"a form":             func(r *rig) { r.Expect(postForm(mine), 200, "") },
		"everything":         func(r *rig) { r.Expect(postForm(mine+"&everything=yes"), 200, "") },
		"and delete my data": func(r *rig) { r.Expect(postForm(mine+"&erase=yes"), 200, "") },
		"one-click":          func(r *rig) { r.Expect(post(r.link("unsubscribe", marvin, ""), oneClick, mailClient...), 200, "") },
		"the same page":      func(r *rig) { r.press(marvin, "") },
		"the preferences":    func(r *rig) { r.save("want_email=stop&was_email=receive") },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			old := r.link("unsubscribe", marvin, "")
			before := r.open(old) // the page was open before the person left
			leave(r)
			r.clock = r.clock.Add(time.Second)
			for range 4 {
				for _, press := range []call{before, r.open(old), post(old, "from=page", browser...), post(old, "from=page&view="+strings.Repeat("A", 22), browser...)} {
					if a := r.Expect(press, http.StatusOK, "already unsubscribed"); undoPath.MatchString(a.Body) {
						t.Fatal("undo is offered to whoever holds the link")
					}
				}
				r.clock = r.clock.Add(50 * time.Minute)
			}
			if got := r.recorded(marvin, "email"); got.State != optout.Out {
				t.Errorf("%+v", got)
			}
		})
	}
	// Nor does it help to have been first.
	r := newRig(t)
	mallory := r.open(r.link("unsubscribe", marvin, ""))
	undo := undoPath.FindString(r.Expect(mallory, http.StatusOK, "You are unsubscribed").Body)
	r.clock = r.clock.Add(time.Second)
	r.Expect(r.open(r.link("unsubscribe", marvin, "")), http.StatusOK, "already unsubscribed")
	r.Expect(mallory, http.StatusOK, "already unsubscribed")
	r.Expect(post(undo, "", browser...), http.StatusConflict, "")
	r.wantRows(marvin, "email=out@3")
}

// A button without its page's view opts out like any other, in words that are
// true.
func TestButtonWithoutAView(t *testing.T) {
	r := newRig(t)
	old := r.link("unsubscribe", marvin, "")
	if a := r.Expect(post(old, "from=page", browser...), http.StatusOK, "You are unsubscribed"); undoPath.MatchString(a.Body) {
		t.Error("undo is offered to nobody in particular")
	}
	r.clock = r.clock.AddDate(1, 0, 0)
	r.Expect(post(old, "from=page", browser...), http.StatusOK, "already")
}

func TestUndoWhileTheStoreFails(t *testing.T) {
	r := newRig(t)
	undo := r.press(marvin, "")
	r.store.err = fault.Wrap(fault.Unavailable, errors.New("throttled"), "read")
	r.Expect(post(undo, "", browser...), http.StatusServiceUnavailable, "")
	r.store.err = nil
	r.wantRows(marvin, "email=out@1")
	r.Expect(post(undo, "", browser...), http.StatusOK, "")
}
