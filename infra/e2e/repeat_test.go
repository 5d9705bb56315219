package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// A form that is sent many times at once, and once more later, is one request
// with one mail; so is the wish to be deleted on the unsubscribe form.
func TestAFormSentTwice(t *testing.T) {
	t.Parallel()
	d := shared(t)
	for path, form := range map[string]url.Values{
		"/requests":    {"kind": {"access"}, "country": {"DE"}, "details": {"all of it"}},
		"/unsubscribe": {"erase": {"yes"}, "everything": {"yes"}},
	} {
		address, name := person(t)
		form.Set("email", address)
		form.Set("name", name)
		var group sync.WaitGroup
		answers := make([]answer, 7)
		for i := range answers[:6] {
			group.Go(func() { answers[i] = d.post(t, path, form) })
		}
		group.Wait()
		answers[6] = d.post(t, path, form)
		references := map[string]bool{}
		for _, a := range answers {
			if a.status != http.StatusOK {
				t.Errorf("%s answered %d: %s", path, a.status, a.body)
			}
			references[reference.FindString(a.body)] = true
		}
		if len(references) != 1 {
			t.Errorf("%s: %v", path, references)
		}
		d.mailed(t, address, "/requests/confirm/", "")
		time.Sleep(3 * time.Second) // whatever would be mailed twice has been by now
		asked := 0
		for _, text := range d.mails(t, address) {
			if strings.Contains(text, "/requests/confirm/") {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("%s: %d mails ask to confirm", path, asked)
		}
	}
}
