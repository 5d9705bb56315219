package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"privacydesk/infra/local/sigv4"
)

// site is the running stack: the desk, and what stands for AWS.
type site struct{ site, aws string }

func at(port int) site {
	on := func(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }
	return site{on(port), on(port + 2)}
}

// move moves the stack's time, as make clock does: "now" is the machine's.
func (s site) move(ctx context.Context, by string) error {
	_, err := s.do(ctx, "", s.aws+"/clock", "text/plain", []byte(by))
	return err
}

// never stands for the days of before the first step.
const never = -1

// goOn moves the time on from so many days ago to fewer. It never stands at the machine's time in between: what is
// due would then be done, and mails would be dated, out of turn.
func (s site) goOn(ctx context.Context, from, to int) error {
	if from != never {
		return s.move(ctx, fmt.Sprintf("+%dd", from-to))
	}
	if err := s.move(ctx, "now"); err != nil {
		return err
	}
	return s.move(ctx, fmt.Sprintf("-%dd", to))
}

var reference = regexp.MustCompile(`PD(-[0-9A-Z]{4}){4}`)

// form posts a form as a person's browser does, and gives the reference in the answer.
func (s site) form(ctx context.Context, path string, fields url.Values) (string, error) {
	body, err := s.do(ctx, "", s.site+path, "application/x-www-form-urlencoded", []byte(fields.Encode()))
	return reference.FindString(string(body)), err
}

// officer acts through the API, as the session by.
func (s site) officer(ctx context.Context, by, path string, with map[string]any) (string, error) {
	if with == nil {
		with = map[string]any{}
	}
	text, err := json.Marshal(with)
	if err != nil {
		return "", err
	}
	body, err := s.do(ctx, cmp.Or(by, "first-officer"), s.site+path, "application/json", text)
	return reference.FindString(string(body)), err
}

// seen reads a file, and gives what whoever signs must name: the entry that waits.
func (s site) seen(ctx context.Context, by, file string) (map[string]any, error) {
	body, err := s.do(ctx, by, s.site+file, "", nil)
	if err != nil {
		return nil, err
	}
	var shown struct {
		Draft struct{ Way struct{ Seq int } }
	}
	err = json.Unmarshal(body, &shown)
	return map[string]any{"of": shown.Draft.Way.Seq}, err
}

var field = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// button opens a page and gives what its first button sends.
func (s site) button(ctx context.Context, path string) (url.Values, error) {
	page, err := s.do(ctx, "", s.site+path, "", nil)
	first, _, _ := strings.Cut(string(page), "<button")
	fields := url.Values{}
	for _, f := range field.FindAllStringSubmatch(first, -1) {
		fields.Add(f[1], html.UnescapeString(f[2]))
	}
	return fields, err
}

// longest is how long a mail may take.
const longest = time.Minute

// mailed waits for the mail with a link about a request, and gives the link's path.
func (s site) mailed(ctx context.Context, to, path, about string) (string, error) {
	until := time.Now().Add(longest)
	for time.Now().Before(until) && ctx.Err() == nil {
		body, err := s.do(ctx, "", s.aws+"/mailbox.json?to="+url.QueryEscape(to), "", nil)
		var mails []struct{ Text string }
		if err == nil {
			err = json.Unmarshal(body, &mails)
		}
		if err != nil {
			return "", err
		}
		for _, m := range mails {
			if from := strings.Index(m.Text, s.site+path); from >= 0 && strings.Contains(m.Text, about) {
				return strings.TrimPrefix(strings.Fields(m.Text[from:])[0], s.site), nil
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	return "", errors.New("a mail with a link to " + path + " about " + about + " has not come")
}

// do makes one call: a POST where there is a body, signed where by names a session.
func (s site) do(ctx context.Context, by, address, media string, body []byte) ([]byte, error) {
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", media)
		r.Header.Set("Accept", "application/json")
	}
	if by != "" {
		if err := sigv4.Sign(r, sigv4.Session(by)); err != nil {
			return nil, err
		}
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("nothing answers at %s://%s: start the stack with `make run` in another terminal, or name its PORT", r.URL.Scheme, r.URL.Host)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("%s answered %s: %s", r.URL.Path, res.Status, text)
	}
	return text, err
}
