package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

type circle struct {
	choose func(t *testing.T, d *desk, address string)
	states string            // the person's rows at once
	row    map[string]string // of the row about all e-mail: what it must say
	listed bool              // on the SES list, in the end
	absent string            // an attribute that the row must not have
}

// circles are the ways in which a person's choice reaches the table and SES.
var circles = map[string]circle{
	"form": {
		choose: func(t *testing.T, d *desk, address string) {
			d.form(t, url.Values{"email": {address}, "name": {"Zarniwoop"}})
		},
		states: "email=out", listed: true,
		row: map[string]string{"source": "form", "form": "www.example.com", "version": "1", "name": "Zarniwoop"}, absent: "erase_wanted_at",
	},
	"form: everything, and delete my data": {
		choose: func(t *testing.T, d *desk, address string) {
			d.form(t, url.Values{"email": {address}, "everything": {"yes"}, "erase": {"yes"}})
		},
		states: "email=out phone=out post=out sms=out", listed: true, row: map[string]string{"source": "form"}, absent: "name",
	},
	"form: one topic, which SES is not told": {
		choose: func(t *testing.T, d *desk, address string) {
			d.form(t, url.Values{"email": {address}, "topic": {"newsletter"}})
		},
		states: "email/newsletter=out",
	},
	"form twice is one record": {
		choose: func(t *testing.T, d *desk, address string) {
			d.form(t, url.Values{"email": {address}})
			d.form(t, url.Values{"email": {strings.ToUpper(address)}})
		},
		states: "email=out", listed: true, row: map[string]string{"version": "2"},
	},
	"one-click": {
		choose: func(t *testing.T, d *desk, address string) { d.oneClick(t, d.link(t, address, "")) },
		states: "email=out", listed: true, row: map[string]string{"source": "one-click", "campaign": "spring"},
	},
	"one-click about a topic": {
		choose: func(t *testing.T, d *desk, address string) { d.oneClick(t, d.link(t, address, "newsletter")) },
		states: "email/newsletter=out",
	},
	"undo, after SES was told": {
		choose: func(t *testing.T, d *desk, address string) {
			undo := d.press(t, d.link(t, address, "")).on(t, "/undo/")
			wait(t, "SES holds the address back", func() bool { return d.listed(t, address) })
			d.accepted(t, d.post(t, undo, nil))
		},
		states: "email=in", row: map[string]string{"source": "undo", "version": "2"}, absent: "out_since",
	},
	"undo, before SES was told": {
		choose: func(t *testing.T, d *desk, address string) {
			d.accepted(t, d.post(t, d.press(t, d.link(t, address, "")).on(t, "/undo/"), nil))
		},
		states: "email=in", row: map[string]string{"source": "undo"},
	},
	"preferences: everything": {
		choose: func(t *testing.T, d *desk, address string) {
			d.accepted(t, d.post(t, d.preferences(t, address), url.Values{"everything": {"stop"}}))
		},
		states: "email=out phone=out post=out sms=out", listed: true, row: map[string]string{"source": "preferences"},
	},
	"preferences: pause, and a topic less": {
		choose: func(t *testing.T, d *desk, address string) {
			d.accepted(t, d.post(t, d.preferences(t, address), url.Values{"was_email": {"receive"}, "want_email": {"pause30"},
				"was_email/newsletter": {"receive"}, "want_email/newsletter": {"stop"}, "was_sms": {"receive"}, "want_sms": {"receive"}}))
		},
		states: "email=paused email/newsletter=out", listed: true,
		row: map[string]string{"source": "preferences", "pending": "ses"}, // comes back by itself
	},
	"coming back, confirmed": {
		choose: func(t *testing.T, d *desk, address string) {
			d.oneClick(t, d.link(t, address, ""))
			wait(t, "SES holds the address back", func() bool { return d.listed(t, address) })
			d.comeBack(t, address, d.preferences(t, address))
		},
		states: "email=in", row: map[string]string{"source": "opt-in-mail", "version": "2"},
	},
	"leaving again, by the first link": {
		choose: func(t *testing.T, d *desk, address string) {
			link := d.link(t, address, "")
			d.oneClick(t, link)
			d.comeBack(t, address, d.preferences(t, address))
			d.oneClick(t, link)
		},
		states: "email=out", listed: true, row: map[string]string{"source": "one-click", "version": "3"},
	},
}

// Every way ends in the right rows at once, and in the right SES list within
// seconds.
func TestEveryWayClosesTheCircle(t *testing.T) {
	d := shared(t)
	for name, c := range circles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, _ := person(t)
			began := time.Now()
			c.choose(t, d, address)
			chosen := time.Since(began)
			if got := d.states(t, address); got != c.states {
				t.Fatalf("rows: %q, want %q", got, c.states)
			}
			told := wait(t, "SES has been told", func() bool { return d.told(t, address) })
			if d.listed(t, address) != c.listed {
				t.Errorf("listed: %v, want %v", !c.listed, c.listed)
			}
			c.check(t, d.of(t, address)["email"])
			t.Logf("recorded in %.2f s, SES told %.2f s later", chosen.Seconds(), told.Seconds())
		})
	}
}

func (c circle) check(t *testing.T, got row) {
	t.Helper()
	for name, want := range c.row {
		if kind, _, _ := strings.Cut(got[name], "#"); got[name] != want && kind != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	if value, there := got[c.absent]; there {
		t.Errorf("the row holds %s: %q", c.absent, value)
	}
}

// told tells whether nothing of a person is left to be told to SES now.
func (d *desk) told(t *testing.T, address string) bool {
	t.Helper()
	now := d.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	for _, r := range d.of(t, address) {
		if strings.HasPrefix(r["pending"], "ses#") && (r["ses_at"] == "" || r["pending_at"] <= now) {
			return false
		}
	}
	return true
}

// form posts to the desk from a page of another site.
func (d *desk) form(t *testing.T, fields url.Values) {
	t.Helper()
	r := request(t, http.MethodPost, d.URL+"/unsubscribe", fields.Encode(), browser)
	r.Header.Set("Origin", "https://www.example.com")
	d.accepted(t, do(t, r))
}

func (d *desk) accepted(t *testing.T, got answer) {
	t.Helper()
	if got.status != http.StatusOK {
		t.Fatalf("answered %d: %s", got.status, got.body)
	}
}
