package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// persons numbers the made-up persons of a run.
var persons atomic.Int64

// private are the addresses, names and link tokens that the tests have used.
var private secrets

type secrets struct {
	mu    sync.Mutex
	texts []string
}

func (s *secrets) add(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range texts {
		if len(text) > 4 && !slices.Contains(s.texts, text) {
			s.texts = append(s.texts, text)
		}
	}
}

// spellings are the ways in which a text could stand in a log.
func spellings(text string) []string {
	inJSON, _ := json.Marshal(text)
	forms := []string{text, url.QueryEscape(text), url.PathEscape(text), strings.Trim(string(inJSON), `"`)}
	forms = append(forms, inBase64(text)...)
	if local, _, isAddress := strings.Cut(text, "@"); isAddress && len(local) > 8 {
		forms = append(forms, local)
	}
	for i, form := range forms {
		forms[i] = strings.ToLower(form)
	}
	return forms
}

// inBase64 is a text as it looks in the midst of something encoded, such as a
// request's body: it may begin at any of three places in a group.
func inBase64(text string) []string {
	var out []string
	for shift, lead := range []int{0, 2, 3} {
		code := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), text...))
		if (shift+len(text))%3 != 0 {
			code = code[:len(code)-1] // it depends on what follows
		}
		out = append(out, code[lead:])
	}
	return out
}

// leaks names every log line, by file and number, that holds something private.
func (s *secrets) leaks(logs map[string][]byte) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []string
	for name, log := range logs {
		lines := bytes.Split(bytes.ToLower(log), []byte("\n"))
		for _, text := range s.texts {
			for _, form := range spellings(text) {
				if at := slices.IndexFunc(lines, func(line []byte) bool { return bytes.Contains(line, []byte(form)) }); at >= 0 {
					found = append(found, fmt.Sprintf("%s, line %d: %.300s", name, at+1, lines[at]))
					break
				}
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// logs are all log files of a stack as they were written, and what was shown.
func (d *desk) logs() map[string][]byte {
	out := map[string][]byte{"terminal": d.shown.bytes()}
	_ = filepath.WalkDir(d.Data, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && (strings.HasSuffix(path, ".log") || strings.HasSuffix(path, ".jsonl")) {
			out[filepath.Base(path)], err = os.ReadFile(path)
		}
		return err
	})
	return out
}

// A whole story, its mistakes included, leaves nothing of a person in any log.
func TestLogsHoldNothingPersonal(t *testing.T) {
	d := shared(t)
	address, name := person(t)
	d.tellStory(t, address, name)
	d.quiet(t)
	logs := d.logs()
	for _, leak := range private.leaks(logs) {
		t.Error(leak)
	}
	for _, f := range d.Template.Functions {
		if f.Folder == "systems" {
			continue // it has nothing to tell here: TestOtherSystems reads its log
		}
		if len(logs[f.Folder+".log"]) == 0 {
			t.Errorf("%s.log is empty: let the story (story_test.go) come to it", f.Folder)
		}
	}
	for _, route := range d.Template.Routes {
		if route.Method == http.MethodPost && !bytes.Contains(logs["gateway.log"], []byte(`"`+route.Key()+`"`)) {
			t.Errorf("gateway.log has no request of %s: let the story (story_test.go) go there too", route.Key())
		}
	}
}

// The search finds what it should, however it is spelled.
func TestTheSearchForLeaksCanFail(t *testing.T) {
	t.Parallel()
	planted := secrets{texts: []string{"ford.prefect@example.com", `Ford "Ix" Prefect`, "AbCdEf-token"}}
	for name, line := range map[string]string{
		"plain":       "mail to ford.prefect@example.com",
		"other case":  "FORD.PREFECT@EXAMPLE.COM",
		"escaped":     "GET /unsubscribe?email=ford.prefect%40example.com",
		"base64":      `"body":"` + base64.StdEncoding.EncodeToString([]byte("name=Ford&email=ford.prefect@example.com&x=y")) + `"`,
		"local part":  "ford.prefect at some host",
		"name inJSON": `{"name":"Ford \"Ix\" Prefect"}`,
		"token":       "/u/AbCdEf-token 200",
	} {
		if found := planted.leaks(map[string][]byte{"x.log": []byte("first line\n" + line + "\nlast line")}); len(found) != 1 || !strings.HasPrefix(found[0], "x.log, line 2:") {
			t.Errorf("%s: found %q", name, found)
		}
	}
	if found := planted.leaks(map[string][]byte{"x.log": []byte("opt-out recorded source=form")}); len(found) != 0 {
		t.Errorf("found %q in a clean log", found)
	}
}
