package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"privacydesk/infra/local/template"
	"privacydesk/shared/link"
	"privacydesk/shared/person"
)

// secrets stands in for Secrets Manager, which the tool's own stub cannot: it answers {} to everything.
type secrets struct {
	url   string
	texts map[string]string // id -> secret
	ring  *link.KeyRing
}

// serveSecrets makes a reference key and a key ring for this run and serves them on loopback until the process ends.
func serveSecrets(functions []template.Function) (*secrets, error) {
	text := fmt.Sprintf(`{"current":"k1","k1":%q}`, rand.Text()+rand.Text())
	ring, err := link.ParseKeyRing(text)
	if err != nil {
		return nil, err
	}
	s := &secrets{texts: map[string]string{}, ring: ring}
	for _, f := range functions {
		s.texts[f.Environment["LINK_KEYS_SECRET"]] = text
		s.texts[f.Environment["REFERENCE_KEY_SECRET"]] = fmt.Sprintf(`{"key":%q}`, rand.Text()+rand.Text())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.url = "http://" + listener.Addr().String()
	go http.Serve(listener, s)
	return s, nil
}

func (s *secrets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct{ SecretId string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(map[string]string{"SecretString": s.texts[in.SecretId]})
}

// post is a form post; the tool fills in {{...}} for each request.
const post = `{"version":"2.0","routeKey":"POST ROUTE","rawPath":"PATH","rawQueryString":"","headers":{"accept":"*/*",` +
	`"content-type":"application/x-www-form-urlencoded","host":"privacy.example.com","user-agent":"Mozilla/5.0 (bench)",` +
	`"x-forwarded-for":"203.0.113.7","x-forwarded-port":"443","x-forwarded-proto":"https"},"requestContext":{` +
	`"accountId":"123456789012","apiId":"a1b2c3d4e5","domainName":"privacy.example.com","domainPrefix":"privacy","http":{` +
	`"method":"POST","path":"PATH","protocol":"HTTP/1.1","sourceIp":"203.0.113.7","userAgent":"Mozilla/5.0 (bench)"},` +
	`"requestId":"{{REQUEST_ID}}","routeKey":"POST ROUTE","stage":"$default","time":"22/Nov/2026:12:00:00 +0000",` +
	`"timeEpoch":{{NOW_MS}}},"pathParameters":{"link":"TOKEN"},"body":"BODY","isBase64Encoded":true}`

// scheduled is what EventBridge Scheduler sends.
const scheduled = `{"version":"0","id":"{{UUID}}","detail-type":"Scheduled Event","source":"aws.scheduler","account":"123456789012",` +
	`"time":"2026-11-22T12:00:00Z","region":"us-east-1","resources":[],"detail":"{}"}`

// writeEvents writes the baselines' event and each target's: one-click and form posts of 64 people.
func writeEvents(s *secrets) error {
	var clicks, forms strings.Builder
	for i := range 64 {
		address := fmt.Sprintf("person-%d@example.com", i)
		token, err := s.token(address)
		if err != nil {
			return err
		}
		clicks.WriteString(event("/u/{link}", token, "List-Unsubscribe=One-Click") + "\n")
		forms.WriteString(event("/unsubscribe", "", "email="+url.QueryEscape(address)) + "\n")
	}
	files := map[string]string{
		"baseline.json":     event("/u/{link}", "{{UUID}}", "List-Unsubscribe=One-Click"),
		"unsubscribe.jsonl": clicks.String(),
		"form.jsonl":        forms.String(),
		"suppression.jsonl": scheduled,
		"notices.jsonl":     scheduled,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func event(route, token, body string) string {
	return strings.NewReplacer("ROUTE", route, "PATH", strings.ReplaceAll(route, "{link}", token), "TOKEN", token,
		"BODY", base64.StdEncoding.EncodeToString([]byte(body))).Replace(post)
}

func (s *secrets) token(address string) (string, error) {
	a, err := person.Parse(address)
	if err != nil {
		return "", err
	}
	return s.ring.Seal(link.Unsubscribe, link.Claims{Address: a, Topic: "newsletter", IssuedAt: time.Now()})
}
