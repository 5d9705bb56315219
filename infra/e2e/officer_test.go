package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"privacydesk/infra/local/sigv4"
)

// Officers who come by IAM Identity Center sign with a session that is named
// by their e-mail address. It stays in no table, and in no log.
func TestNoTableKeepsAnOfficersAddress(t *testing.T) {
	d := shared(t)
	address, _ := person(t)
	sessions := []string{"alice.officer@example.com", "bob.officer@example.com"}
	private.add(sessions...)
	calls := func(session, path, body string) string {
		t.Helper()
		r := request(t, http.MethodPost, d.URL+path, body, nil)
		sign(t, r, sigv4.Session(session))
		got := do(t, r)
		d.accepted(t, got)
		return got.body
	}
	var by []string
	for _, session := range sessions {
		asked := calls(session, "/api/requests", fmt.Sprintf(`{"address":%q,"kinds":["erasure"],"country":"DE"}`, address))
		calls(session, "/api/requests/"+reference.FindString(asked)+"/verify", `{"officer":"dpo","checked":["call_back"]}`)
		calls(session, "/api/requests/"+reference.FindString(asked)+"/decide", `{"outcome":"fulfilled"}`)
		held := calls(session, "/api/holds", fmt.Sprintf(`{"address":%q,"reason":"a dispute"}`, address))
		lifted := calls(session, "/api/holds/"+holdID.FindStringSubmatch(held)[1]+"/lift", `{"reason":"It is over."}`)
		_, who, _ := strings.Cut(lifted, `"lifted_by":"AROALOCAL:`)
		by = append(by, who[:min(43, len(who))])
	}
	if len(by[0]) != 43 || by[0] == by[1] {
		t.Errorf("they are kept as %q", by)
	}
	for _, table := range []string{"RequestsTable", "OptOutsTable", "CountersTable"} {
		for _, r := range d.rows(t, table) {
			if text := fmt.Sprint(r); slices.ContainsFunc(sessions, func(s string) bool { return strings.Contains(text, s) }) {
				t.Errorf("%s: %s", table, text)
			}
		}
	}
}
