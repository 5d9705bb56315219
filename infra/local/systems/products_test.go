package systems

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/mailchimp"
	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
)

// A developer adds somebody, and sees them go.
func TestProducts(t *testing.T) {
	s := &Server{Now: time.Now, Products: NewProducts(time.Now)}
	server := httptest.NewServer(s)
	defer server.Close()
	client, err := outbound.New([]string{"us21.api.mailchimp.com"}, server.Listener.Addr().String(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	post := httptest.NewRequest(http.MethodPost, "/systems", strings.NewReader(url.Values{"product": {"Mailchimp"}, "email": {"Zaphod@example.com"}}.Encode()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.Page(httptest.NewRecorder(), post)
	show := func() string {
		w := httptest.NewRecorder()
		s.Page(w, httptest.NewRequest(http.MethodGet, "/systems", nil))
		return w.Body.String()
	}
	if text := show(); strings.Count(text, "zaphod@example.com, subscribed") != 2 {
		t.Error(text)
	}
	address, _ := person.Parse("zaphod@example.com")
	way := &mailchimp.Way{API: product.API{Caller: client, Now: time.Now, Secret: func(context.Context, string) (string, error) { return "k3y", nil }}}
	n := ledger.Notice{System: ledger.System{ID: "news", URL: "https://us21.api.mailchimp.com"}, Task: ledger.Erasure, Person: func(context.Context) (ledger.Person, error) { return ledger.Person{Email: address}, nil }}
	var answer ledger.Answer
	for range 3 {
		if answer, err = way.Tell(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		n.Mark = "2"
	}
	if text := show(); answer.State != ledger.Done || strings.Contains(text, "zaphod@example.com") || !strings.Contains(text, "calls</summary>") {
		t.Errorf("%+v\n%s", answer, text)
	}
}
