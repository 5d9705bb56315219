package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/faults"
)

// outages are what people and clients do while the database is away.
var outages = map[string]func(t *testing.T, d *desk, address, name, link, preferences string) answer{
	"form": func(t *testing.T, d *desk, address, name, _, _ string) answer {
		return d.post(t, "/unsubscribe", url.Values{"email": {address}, "name": {name}})
	},
	"form, as a script": func(t *testing.T, d *desk, address, name, _, _ string) answer {
		return do(t, request(t, http.MethodPost, d.URL+"/unsubscribe", `{"email":"`+address+`","name":"`+name+`"}`,
			map[string]string{"Content-Type": "application/json", "Accept": "application/json"}))
	},
	"one-click": func(t *testing.T, d *desk, _, _, link, _ string) answer { return d.oneClick(t, link) },
	"button": func(t *testing.T, d *desk, _, _, link, _ string) answer {
		return d.post(t, link, url.Values{"from": {"page"}})
	},
	"preferences page": func(t *testing.T, d *desk, _, _, _, preferences string) answer { return d.get(t, preferences) },
	"preferences": func(t *testing.T, d *desk, _, _, _, preferences string) answer {
		return d.post(t, preferences, url.Values{"everything": {"stop"}})
	},
	"screening": func(t *testing.T, d *desk, address, _, _, _ string) answer {
		return do(t, request(t, http.MethodPost, d.URL+"/suppressions/check", `{"addresses":["`+address+`"],"channel":"email"}`, signed))
	},
}

// startFailing starts a stack whose database is away while the switch is on.
func startFailing(t *testing.T, prefix string) (*desk, *atomic.Bool) {
	t.Helper()
	away := new(atomic.Bool)
	dynamoDB := testkit.DynamoDBEndpoint(t)
	proxy := newProxy(t, dynamoDB, dynamoDB)
	proxy.Decide(func(*faults.Call) faults.Outcome { return faults.Outcome{Lost: away.Load()} })
	gate := httptest.NewServer(proxy)
	t.Cleanup(gate.Close)
	d := start(t, stack.Config{Data: t.TempDir(), DynamoDB: gate.URL, TablePrefix: prefix})
	t.Cleanup(d.Close)
	return d, away
}

// While the database is away nobody is told that it was done, mail clients are
// told to try again (5xx), strangers learn nothing of the inside, and the logs
// still hold nothing of a person.
func TestAnOutageIsNoSuccess(t *testing.T) {
	t.Parallel()
	d, away := startFailing(t, "outage-")
	address, name := person(t)
	link := d.link(t, address, "")
	preferences := d.preferences(t, address)
	away.Store(true)
	t.Run("while", func(t *testing.T) {
		for what, ask := range outages {
			t.Run(what, func(t *testing.T) {
				t.Parallel()
				ask(t, d, address, name, link, preferences).isFault(t)
			})
		}
	})
	d.accepted(t, d.get(t, link)) // the link's page needs no database
	away.Store(false)
	d.accepted(t, d.oneClick(t, link))
	d.searchLogs(t, "request failed")
}

func (a answer) isFault(t *testing.T) {
	t.Helper()
	if a.status < 500 || a.status > 503 {
		t.Errorf("answered %d", a.status)
	}
	for _, inside := range []string{"dynamodb", "127.0.0.1", "connection", "goroutine"} {
		if strings.Contains(strings.ToLower(a.body), inside) {
			t.Errorf("strangers read of %q: %s", inside, a.body)
		}
	}
}

// searchLogs looks for leaks in logs that must say something at least.
func (d *desk) searchLogs(t *testing.T, something string) {
	t.Helper()
	logs := d.logs()
	for _, leak := range private.leaks(logs) {
		t.Error(leak)
	}
	if !strings.Contains(string(logs["unsubscribe.log"]), something) {
		t.Errorf("unsubscribe.log does not say %q", something)
	}
}
