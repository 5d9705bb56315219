package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"privacydesk/infra/local/sigv4"
)

// linkRow is one answer of POST /links.
type linkRow struct {
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// link asks the desk for the unsubscribe link and headers of one recipient.
func (s sender) link(ctx context.Context, to string) (linkRow, error) {
	ask := map[string]any{"recipients": []map[string]string{{"address": to, "topic": s.topic, "campaign": "sample"}}}
	var answer struct{ Links []linkRow }
	if err := s.post(ctx, "/links", ask, &answer); err != nil {
		return linkRow{}, err
	}
	switch {
	case len(answer.Links) != 1:
		return linkRow{}, fmt.Errorf("POST /links answered with %d rows for one recipient", len(answer.Links))
	case answer.Links[0].Error != nil:
		return linkRow{}, fmt.Errorf("the desk makes no link for %s: %s", to, answer.Links[0].Error.Message)
	}
	return answer.Links[0], nil
}

// verdict is one answer of POST /suppressions/check.
type verdict struct {
	Suppressed bool   `json:"suppressed"`
	Scope      string `json:"scope"`
	Reason     string `json:"reason"`
	Since      string `json:"since"`
}

func (v verdict) why() string { return fmt.Sprintf("%s, %s, since %s", v.Reason, v.Scope, v.Since) }

// check asks the desk whether the recipient may be written to.
func (s sender) check(ctx context.Context, to string) (verdict, error) {
	ask := map[string]any{"addresses": []string{to}, "channel": "email", "topic": s.topic}
	var answer struct{ Results []verdict }
	if err := s.post(ctx, "/suppressions/check", ask, &answer); err != nil {
		return verdict{}, err
	}
	if len(answer.Results) != 1 {
		return verdict{}, fmt.Errorf("POST /suppressions/check answered with %d rows for one address", len(answer.Results))
	}
	return answer.Results[0], nil
}

// post calls an IAM-authorised route of the desk.
func (s sender) post(ctx context.Context, path string, ask, answer any) error {
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.site+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if err := sigv4.Sign(req, sigv4.User); err != nil {
		return err
	}
	return s.do(req, answer)
}

// arrived says whether the mail is in the mailbox.
func (s sender) arrived(ctx context.Context, id string) (bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.mail+"/mailbox.json", nil)
	if err != nil {
		return false, err
	}
	var inbox []struct{ ID string }
	if err := s.do(req, &inbox); err != nil {
		return false, err
	}
	for _, m := range inbox {
		if m.ID == id {
			return true, nil
		}
	}
	return false, nil
}

func (s sender) do(req *http.Request, answer any) error {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("nothing answers at %s://%s; start the stack with `make run` in another terminal, or give the port it runs on as PORT=", req.URL.Scheme, req.URL.Host)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s answered %s: %s", req.Method, req.URL, res.Status, bytes.TrimSpace(body))
	}
	return json.Unmarshal(body, answer)
}
