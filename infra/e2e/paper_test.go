package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"privacydesk/infra/local/oidc"
	"privacydesk/infra/local/stack"
)

// A letter comes by post, from somebody without e-mail. It is entered, answered and posted; no mail goes.
func TestARequestByPost(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	officer := d.logIn(t, oidc.Officer)
	typed := url.Values{
		"post": {"Hauptstraße 12\r\n01067 Dresden"}, "name": {"Jörg Stein"}, "received_on": {"2020-01-06"}, "kinds": {"access"}, "country": {"DE"},
		"checked": {"document"}, "on_behalf_of": {"self"}, "language": {"de"},
	}
	_, status, body := officer.look(d.URL+"/desk/enter", typed)
	shown := regexp.MustCompile(`name="shown" value="([^"]+)"`).FindStringSubmatch(body)
	if status != http.StatusOK || shown == nil {
		t.Fatalf("%d: %s", status, body)
	}
	typed.Set("shown", shown[1])
	at, _, _ := officer.look(d.URL+"/desk/enter", typed)
	id := at.Path[strings.LastIndexByte(at.Path, '/')+1:]
	says := func(path, what string) bool {
		_, status, body := officer.look(d.URL+path, nil)
		return status == http.StatusOK && strings.Contains(body, what)
	}
	file := "/desk/requests/" + id
	wait(t, "the letter to post", func() bool { return says(file, "/letters/2-acknowledge") })
	if !says(file+"/letters/2-acknowledge", "Jörg Stein<br>Hauptstraße 12<br>01067 Dresden") || says(file+"/letters/2-acknowledge", "https://") {
		t.Error("the letter cannot be printed, or has an address that nobody can click")
	}
	if !says("/desk?view=to_post", id) {
		t.Error("it is not among the letters to post")
	}
	seq := func() string {
		_, _, body := officer.look(d.URL+file+"/act/posted", nil)
		return regexp.MustCompile(`name="seq" value="(\d+)"`).FindStringSubmatch(body)[1]
	}
	posts := func(letter string) {
		t.Helper()
		if _, status, body := officer.look(d.URL+file+"/act/posted", url.Values{"seq": {seq()}, "letter": {letter}}); status != http.StatusOK || !strings.Contains(body, "A letter was posted") {
			t.Errorf("%s: %d %s", letter, status, body)
		}
	}
	posts("2-acknowledge")
	if _, _, body := officer.look(d.URL+"/desk/search", url.Values{"what": {"jorg stein"}}); !strings.Contains(body, id) {
		t.Errorf("the name finds nobody: %s", body)
	}
	d.officer(t, id, "decide", map[string]any{"outcome": "fulfilled"})
	printed := regexp.MustCompile(`/letters/(\d+-decision)"`)
	var letter []string
	wait(t, "the answer to post", func() bool {
		_, _, body := officer.look(d.URL+file, nil)
		letter = printed.FindStringSubmatch(body)
		return letter != nil
	})
	if !says(file+"/letters/"+letter[1], "Eine Kopie Ihrer Daten liegt diesem Brief bei.") {
		t.Error("the answer does not say that a copy is enclosed")
	}
	posts(letter[1])
	at, _, body = officer.look(d.URL+"/desk/search", url.Values{"what": {"Jörg Stein, Hauptstraße 12, 01067 Dresden"}})
	if !strings.Contains(at.Path+body, id) && !strings.HasPrefix(at.Path, "/desk/people/") {
		t.Errorf("the postal address finds nobody: %s", at)
	}
}
