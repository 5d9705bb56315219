package people

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
)

// What is sent about a file says as of which entry it was seen. It may be missing where nothing goes by it.
func TestNothingIsSentWithoutAFreshSeq(t *testing.T) {
	r := answering(t)
	q := r.confirmed(deadline.Access, deadline.Erasure)
	r.decide(q, "show", oneOfTwo)
	head := r.file(q.ID).Request.Head
	needless := map[string]bool{"/reveal": true, "/callback": true}
	for _, to := range r.door.table() {
		rest, about := strings.CutPrefix(to.pattern, "POST /desk/requests/{id}")
		if !about || needless[rest] {
			continue
		}
		paths := []string{rest}
		if rest == "/act/{act}" {
			paths = nil
			for name := range acts {
				paths = append(paths, "/act/"+name)
			}
		}
		for _, path := range paths {
			typed := with(oneOfTwo, url.Values{"when": {"now"}, "of": {"1"}, "do": {"save"}, "note": {"x"}, "reason": {"x"}, "to": {"nobody"}, "mail": {"decision"}, "question": {"x"}})
			if path == "/act/ask" {
				typed.Set("of", "clarification")
			}
			for _, seq := range []string{"", "0", "-1", "x", "1.5", strconv.Itoa(head.Seq + 1), "99999999999999999999"} {
				w := r.post(q.ID, "/desk/requests/"+q.ID+path, with(typed, url.Values{"seq": {seq}}))
				if w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusConflict {
					t.Errorf("%s with seq %q: %d", path, seq, w.Code)
				}
			}
		}
	}
	if now := r.file(q.ID).Request; now.Head != head || now.Draft.OnItsWay() {
		t.Errorf("something was done: %+v", now.Head)
	}
}

// hasty is a store in which a colleague acts once a file has been read.
type hasty struct {
	request.Store
	then func()
}

func (h *hasty) File(ctx context.Context, id string) (request.File, error) {
	f, err := h.Store.File(ctx, id)
	if then := h.then; then != nil {
		h.then = nil
		then()
	}
	return f, err
}

// A colleague who acts in the very moment between the look at the file and the act is not overlooked.
func TestAColleagueIsNotOverlooked(t *testing.T) {
	for name, c := range map[string]struct {
		path  string
		typed url.Values
	}{
		"a note":  {"/act/note", url.Values{"note": {"mine"}}},
		"a draft": {"/decide", with(oneOfTwo, url.Values{"do": {"save"}})},
		"sent":    {"/send", url.Values{"when": {"now"}}},
	} {
		r := answering(t)
		q := r.confirmed(deadline.Access, deadline.Erasure)
		r.decide(q, "show", oneOfTwo)
		note := func() {
			r.ok((&request.Service{Store: r.store, Now: r.door.Now, Random: r.door.Rights.Random}).Note(background, q.ID, "Ben Ito/b2", "wait"))
		}
		seq := strconv.Itoa(r.file(q.ID).Request.Head.Seq)
		r.door.Rights.Store = &hasty{r.store, note}
		w := r.post(q.ID, "/desk/requests/"+q.ID+c.path, with(c.typed, url.Values{"seq": {seq}}))
		if last := r.last(q.ID); w.Code != http.StatusConflict || last.Kind != "noted" || !strings.Contains(w.Body.String(), "The request has changed") {
			t.Errorf("%s: %d, last %s\n%s", name, w.Code, last.Kind, w.Body)
		}
	}
}

// Who sends an answer decides. Who wrote it may sign that, under whatever name; who sent it may not (decision 25).
func TestWhoMaySign(t *testing.T) {
	r := answering(t, foureyes.Refusal)
	q := r.confirmed(deadline.Correction)
	r.decide(q, "show", url.Values{"outcome.correction": {"refused"}, "ground.correction": {"no_data_found"}, "explanation.correction": {"none"}})
	ben := r.as("b2", "Ben Ito")
	ben.post(q.ID, "/desk/requests/"+q.ID+"/send", url.Values{"when": {"now"}})
	path, of := "/desk/requests/"+q.ID+"/sign", url.Values{"of": {strconv.Itoa(r.file(q.ID).Request.Draft.Way.Seq)}}
	renamed := r.as("b2", "Anna Weber")
	for name, own := range map[string]*rig{"who sent it": ben, "who sent it, under another name": renamed} {
		if body := own.get(path).Body.String(); strings.Contains(body, `action="`+path) {
			t.Errorf("%s is offered to sign", name)
		}
		if w := own.post(q.ID, path, with(of, nil)); w.Code != http.StatusConflict {
			t.Errorf("%s signs: %d", name, w.Code)
		}
	}
	r.shows(r.get(path), http.StatusOK, `action="`+path)
	if w := r.post(q.ID, path, with(of, nil)); w.Code != http.StatusSeeOther {
		t.Errorf("who wrote it: %d %s", w.Code, w.Body)
	}
}

// A viewer reads what the page shows, and no words of an answer that has not gone.
func TestJSONGivesNoMoreThanThePage(t *testing.T) {
	r := answering(t)
	q := r.confirmed(deadline.Access, deadline.Erasure)
	r.decide(q, "show", oneOfTwo)
	r.door.Sessions = testDoor(staff.Viewer, noon).Sessions
	page := r.get("/desk/requests/" + q.ID)
	asked, _ := http.NewRequest(http.MethodGet, "https://desk.example/desk/requests/"+q.ID, nil)
	asked.Header.Set("Accept", "application/json")
	for name, w := range map[string]interface{ String() string }{"page": page.Body, "JSON": r.send(asked).Body} {
		for _, secret := range []string{zoe, "Rechnungen bis 2032"} {
			if strings.Contains(w.String(), secret) {
				t.Errorf("the %s says %q", name, secret)
			}
		}
		if !strings.Contains(w.String(), q.ID) || !strings.Contains(w.String(), "z***@e***.com") {
			t.Errorf("the %s is another: %s", name, w)
		}
	}
}
