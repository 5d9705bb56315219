package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"privacydesk/infra/local/stack"
	"privacydesk/infra/local/systems"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// others are the systems of these tests: two that are called, one that hears events, and one whose owner looks what it holds.
func others(d *settings.Desk) {
	testkit.WithSystems(d)
	kept := d.Systems[:0]
	for _, s := range d.Systems {
		switch s.ID {
		case "newsletter":
			s.Way, s.URL, s.Secret, s.Lists = "webhook", "https://news.example.com/hooks/privacy", "news", nil
		case "contracts":
			s.Told = []string{"access"}
		}
		kept = append(kept, s)
	}
	d.Systems = kept
}

var buildWithOthers = sync.OnceValues(func() (string, error) { return buildWith("others", others) })

// buildWith builds the functions with other settings.
func buildWith(name string, change func(*settings.Desk)) (string, error) {
	root, err := testkit.Root()
	if err != nil {
		return "", err
	}
	t, err := template.LoadLocal(root, map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{})
	if err != nil {
		return "", err
	}
	folder := filepath.Join(scratch, name)
	overlay, err := testkit.DeskFlag(folder, change)
	if err != nil {
		return "", err
	}
	dist := filepath.Join(folder, "dist")
	return dist, stack.Build(context.Background(), root, dist, t.Functions, overlay)
}

// withOthers is a stack whose desk tells other systems.
func withOthers(tb testing.TB) *desk {
	tb.Helper()
	return withSystems(tb, buildWithOthers, `{"SystemsSecret":"{\"news\":\"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\"}"}`)
}

// withSystems is a stack of functions that are built for it, with the keys of its systems.
func withSystems(tb testing.TB, built func() (string, error), keys string) *desk {
	tb.Helper()
	_, err := buildFor(tb) // which looks at the sources, and skips where there is no DynamoDB Local
	var dist string
	if err == nil {
		dist, err = built()
	}
	var d *desk
	data := tb.TempDir()
	if err == nil {
		err = os.WriteFile(filepath.Join(data, "secrets.json"), []byte(keys), 0o600)
	}
	if err == nil {
		d, err = newDeskOf(stack.Config{
			Data: data, Memory: true, Dist: dist, StandIn: func(c *standin.Config) { c.RequestsPerSecond = 1000 },
		}, faults.Reset)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(d.Close)
	return d
}

// ahead moves the desk's time on.
func (d *desk) ahead(t *testing.T, by time.Duration) {
	t.Helper()
	d.travel(t, fmt.Sprintf("+%ds", int(by.Seconds())))
}

// erasing is a person whose erasure was granted.
func (d *desk) erasing(t *testing.T) (address, id string) {
	t.Helper()
	address, name := person(t)
	id = d.entered(t, map[string]any{"address": address, "name": name, "kinds": []string{"erasure"}})
	d.officer(t, id, "decide", map[string]any{"outcome": "fulfilled"})
	return address, id
}

// tellsSystems runs the function by hand, as its schedule does every minute.
func (d *desk) tellsSystems(t *testing.T) { d.call(t, "systems", []byte(`{}`)) }

// handsOver has the owners asked of systems that are gone, without the wait for a schedule: the first run finds it out.
func (d *desk) handsOver(t *testing.T) {
	t.Helper()
	d.tellsSystems(t)
	d.tellsSystems(t)
}

// callsOf are the webhooks about a request to a host.
func (d *desk) callsOf(id, host string) (found []systems.Call) {
	for _, c := range d.Systems.Calls() {
		if c.Request == id && c.Host == host {
			found = append(found, c)
		}
	}
	return found
}

// answered is how often the history says that systems have answered.
func (d *desk) happened(t *testing.T, id, kind string) int {
	t.Helper()
	file := do(t, request(t, http.MethodGet, d.URL+"/api/requests/"+id, "", signed))
	return strings.Count(file.body, `"kind":"`+kind+`"`)
}

func (d *desk) ledgerRow(t *testing.T, id, system string) row {
	t.Helper()
	return d.entry(t, id, "erasure", system)
}

func (d *desk) entry(t *testing.T, id, task, system string) row {
	t.Helper()
	for _, r := range d.rows(t, "RequestsTable") {
		if r["id"] == id && r["row"] == "system#"+task+"#"+system {
			return r
		}
	}
	t.Fatalf("there is no row of %s", system)
	return nil
}
