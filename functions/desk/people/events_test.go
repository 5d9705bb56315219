package people

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/login"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit/webrig"
)

type eventCase struct {
	status int
	piece  string // of the page, or of where it leads
}

// What becomes of each file in events/desk/people, which are of our own making: nobody is signed in.
var eventCases = map[string]eventCase{
	"queue":                  {http.StatusSeeOther, "/desk/login?to=%2Fdesk"},
	"queue-closing-slash":    {http.StatusSeeOther, "/desk/login?to=%2Fdesk"},
	"damaged-cookie":         {http.StatusSeeOther, "/desk/login?to=%2Fdesk"},
	"logged-out":             {http.StatusOK, "<!doctype html>"},
	"callback-of-nothing":    {http.StatusBadRequest, "<!doctype html>"},
	"hold-from-another-site": {http.StatusForbidden, "<!doctype html>"},
	"hold-without-session":   {http.StatusUnauthorized, "<!doctype html>"},
	"not-found":              {http.StatusNotFound, "<!doctype html>"},
}

func readEvent(t *testing.T, file string) events.APIGatewayV2HTTPRequest {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return webrig.Decode(t, file, text)
}

func TestEvents(t *testing.T) {
	ring, err := link.ParseKeyRing(`{"current":"k1","k1":"a key for the tests of the desk, long enough"}`)
	if err != nil {
		t.Fatal(err)
	}
	webrig.EachFile(t, "events/desk/people", eventCases, func(t *testing.T, file string, c eventCase) {
		d := testDoor(staff.Admin, noon)
		d.Login = &login.Login{Now: d.Now, Begun: link.Box{Ring: ring, Purpose: link.DeskLogin}, Session: link.Box{Ring: ring, Purpose: link.DeskSession}}
		got, err := web.Lambda(d.Routes())(t.Context(), readEvent(t, file))
		if err != nil || got.StatusCode != c.status || !strings.Contains(got.Body+got.Headers["location"], c.piece) || len(got.Cookies) > 1 {
			t.Errorf("%d to %q, cookies %q, %v:\n%s", got.StatusCode, got.Headers["location"], got.Cookies, err, got.Body)
		}
		if got.Headers["cache-control"] != "no-store" || got.Headers["content-security-policy"] == "" {
			t.Errorf("%v", got.Headers)
		}
	})
}

// An event says of itself what the template routes.
func TestEventsAreOfTheTemplatesRoutes(t *testing.T) {
	webrig.CheckEvents(t, webrig.Routes(t, "desk", "/desk"), "events/desk/people", func(file string) events.APIGatewayV2HTTPRequest { return readEvent(t, file) })
}
