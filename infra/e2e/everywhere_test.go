package e2e

import (
	"io"
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"privacydesk/infra/local/systems"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
)

const (
	hubSpotHost   = "api.hubapi.com"
	mailchimpHost = "us21.api.mailchimp.com"
	shopHost      = "shop.example.com"
	filesOwner    = "sales@biosero.com"
)

// everywhere are five systems, told in five ways: HubSpot, Mailchimp, a webhook, a task by mail and an event.
func everywhere(d *settings.Desk) {
	testkit.WithSystems(d)
	for i := range d.Systems {
		if s := &d.Systems[i]; s.ID == "crm" {
			s.Way, s.URL, s.Secret, s.AnswerDays, s.Needs = "hubspot", "https://"+hubSpotHost, "hubspot", 45, []string{"email"}
		}
	}
	d.Systems = append(d.Systems, settings.System{
		ID: "shop", Name: settings.Words{"en": "our shop"}, Owner: "shop@biosero.com", Told: []string{"erasure"}, Way: "webhook",
		URL: "https://" + shopHost + "/privacy", Secret: "shop", AnswerDays: 7, Required: true, Needs: []string{"email", "name"},
	})
}

const everywhereKeys = `{"SystemsSecret":"{\"hubspot\":\"pat-eu1-key\",\"mailchimp\":\"k3y-us21\",\"shop\":\"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\"}"}`

var buildEverywhere = sync.OnceValues(func() (string, error) { return buildWith("everywhere", everywhere) })

// witness is the API of a product. It keeps what comes, whole, and may be in trouble.
type witness struct {
	product systems.API

	mu      sync.Mutex
	came    []string
	trouble func(http.ResponseWriter)
}

// ServeHTTP implements http.Handler.
func (w *witness) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	whole, _ := httputil.DumpRequest(r, true)
	w.mu.Lock()
	w.came = append(w.came, string(whole))
	trouble := w.trouble
	w.mu.Unlock()
	if trouble != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		trouble(out)
		return
	}
	w.product.ServeHTTP(out, r)
}

func (w *witness) gets(trouble func(http.ResponseWriter)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trouble = trouble
}

func (w *witness) heard() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.came)
}

// telling is a desk that tells those five systems, and what HubSpot and Mailchimp heard of it.
type telling struct {
	*desk
	hubSpot, mailchimp *witness
	seen               int // people who were looked for while the desk still had them
}

// witnessed has what a product hears kept.
func (d *telling) witnessed(name, host string) *witness {
	i := slices.IndexFunc(d.Systems.Products, func(p systems.Product) bool { return p.Name == name })
	w := &witness{product: d.Systems.Products[i].API}
	d.Systems.Handle(host, w)
	return w
}

func tellEverywhere(t *testing.T) *telling {
	t.Helper()
	d := &telling{desk: withSystems(t, buildEverywhere, everywhereKeys)}
	d.hubSpot, d.mailchimp = d.witnessed("HubSpot", hubSpotHost), d.witnessed("Mailchimp", mailchimpHost)
	return d
}

// known puts a person into both products.
func (d *telling) known(address string) {
	d.hubSpot.product.Put(address)
	d.mailchimp.product.Put(address)
}

// has reports whether a product still has a record of a person.
func (w *witness) has(address string) bool {
	return slices.ContainsFunc(w.product.Records(), func(line string) bool { return strings.Contains(line, address) })
}

// runs lets time pass, and tells the systems what is due then.
func (d *telling) runs(t *testing.T, after time.Duration) {
	t.Helper()
	d.ahead(t, after)
	d.tellsSystems(t)
}
