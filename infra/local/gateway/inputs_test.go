package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"privacydesk/shared/testkit"
)

// recorded is a request of a real client as an event of the real service.
type recorded struct {
	ID    string
	Event struct {
		RawQueryString, Body  string
		Headers               map[string]string
		QueryStringParameters map[string]string
		Cookies               []string
		RequestContext        struct{ HTTP struct{ Method string } }
		IsBase64Encoded       bool
	}
}

// made are the headers that the gateway adds or that follow from the connection.
var made = []string{"host", "content-length", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"}

// Sent again as HTTP, the recorded requests must become the recorded events.
func TestRecordedRequestsBecomeTheRecordedEvents(t *testing.T) {
	top, err := testkit.Root()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range []string{"form-posts.jsonl", "one-click.jsonl"} {
		data, err := os.ReadFile(filepath.Join(top, "..", "shared", "inputs", name))
		if err != nil {
			t.Skipf("SKIPPED, NOT TESTED: the recorded requests are not beside the repository: %v", err)
		}
		for line := range bytes.Lines(data) {
			var r recorded
			if err := json.Unmarshal(line, &r); err != nil {
				t.Fatal(err)
			}
			found++
			t.Run(r.ID, func(t *testing.T) { compare(t, r) })
		}
	}
	t.Logf("%d recorded requests", found)
}

func compare(t *testing.T, r recorded) {
	body := []byte(r.Event.Body)
	if r.Event.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(r.Event.Body); err != nil {
			t.Fatal(err)
		}
	}
	var wire bytes.Buffer
	target := strings.TrimSuffix("/any/x?"+r.Event.RawQueryString, "?")
	wire.WriteString(r.Event.RequestContext.HTTP.Method + " " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n")
	for name, value := range r.Event.Headers {
		if name != "host" && name != "content-length" {
			wire.WriteString(name + ": " + value + "\r\n")
		}
	}
	for _, cookie := range r.Event.Cookies {
		wire.WriteString("cookie: " + cookie + "\r\n")
	}
	wire.WriteString("transfer-encoding: chunked\r\n\r\n")
	wire.Write(chunked(body))

	f := &function{answer: `{}`}
	server, _ := serve(t, f)
	if status := raw(t, server, wire.String()); !strings.Contains(status, "200") {
		t.Fatalf("got %s", status)
	}
	var got recorded
	event, _ := json.Marshal(f.event)
	if err := json.Unmarshal(event, &got.Event); err != nil {
		t.Fatal(err)
	}
	for _, name := range made {
		if got.Event.Headers[name] == "" {
			t.Errorf("no header %s", name)
		}
		delete(got.Event.Headers, name)
		delete(r.Event.Headers, name)
	}
	if !reflect.DeepEqual(got.Event, r.Event) {
		t.Errorf("got  %+v\nwant %+v", got.Event, r.Event)
	}
}

// chunked encodes a body in two chunks, as some mail clients send theirs.
func chunked(body []byte) []byte {
	var out bytes.Buffer
	for _, part := range [][]byte{body[:len(body)/2], body[len(body)/2:]} {
		if len(part) > 0 {
			_, _ = fmt.Fprintf(&out, "%x\r\n", len(part))
			out.Write(part)
			out.WriteString("\r\n")
		}
	}
	out.WriteString("0\r\n\r\n")
	return out.Bytes()
}
