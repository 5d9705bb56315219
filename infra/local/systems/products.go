package systems

import (
	"net/http"
	"strings"
	"time"

	"privacydesk/shared/testkit/vendors"
)

// Product is one that the desk tells by its API.
type Product struct {
	Name, domain string
	API
}

// API acts as a product documents.
type API interface {
	http.Handler
	Put(email string)  // makes a record
	Records() []string // a line each
	Calls() []string   // that came, the earliest first
}

// NewProducts makes HubSpot, Mailchimp and Zendesk, with nobody in them. They take any key.
func NewProducts(now func() time.Time) []Product {
	h, m, z := vendors.NewHubSpot("", now), vendors.NewMailchimp("", now, "a1b2c3d4e5", "f6a7b8c9d0"), vendors.NewZendesk("", now)
	h.Key, m.Key, z.Key = "", "", ""
	return []Product{{"HubSpot", ".hubapi.com", h}, {"Mailchimp", ".api.mailchimp.com", m}, {"Zendesk", ".zendesk.com", z}}
}

// productAt is the one that answers for a host.
func (s *Server) productAt(host string) http.Handler {
	for _, p := range s.Products {
		if strings.HasSuffix("."+host, p.domain) {
			return p.API
		}
	}
	return nil
}

// put makes a record of a product by a form.
func (s *Server) put(r *http.Request) {
	for _, p := range s.Products {
		if p.Name == r.FormValue("product") && strings.Contains(r.FormValue("email"), "@") {
			p.Put(strings.ToLower(r.FormValue("email")))
		}
	}
}
