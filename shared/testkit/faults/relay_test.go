package faults_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"privacydesk/shared/testkit/faults"
)

// ways are what a client sees that speaks over a forgotten connection.
var ways = map[string]struct {
	how  faults.Forgetting
	sees func(error) bool
}{
	"RST": {faults.Reset, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
	// Mostly the transport has seen the end in time, and has taken a new connection.
	"FIN": {faults.Finish, func(err error) bool {
		return err == nil || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)
	}},
	"black hole": {faults.Swallow, func(err error) bool { return err != nil && strings.Contains(err.Error(), "awaiting response headers") }},
}

func TestRelayForgets(t *testing.T) {
	for name, way := range ways {
		for when, forget := range map[string]func(*faults.Relay){
			"when told": (*faults.Relay).Forget, "after a while": func(*faults.Relay) { time.Sleep(200 * time.Millisecond) },
		} {
			t.Run(name+", "+when, func(t *testing.T) {
				heard := 0
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					heard++
					_, _ = io.Copy(w, r.Body)
				}))
				defer server.Close()
				idle := time.Duration(0)
				if when == "after a while" {
					idle = 100 * time.Millisecond
				}
				relay, err := faults.NewRelay(server.URL+"/path", idle, way.how)
				if err != nil {
					t.Fatal(err)
				}
				defer relay.Close()
				client := &http.Client{Transport: &http.Transport{ResponseHeaderTimeout: 300 * time.Millisecond}}
				if err := say(client, relay.URL); err != nil {
					t.Fatal(err)
				}
				if err := say(client, relay.URL); err != nil || heard != 2 {
					t.Fatalf("one connection, used twice: %v, %d heard", err, heard)
				}
				forget(relay)
				err = say(client, relay.URL)
				if !way.sees(err) || relay.Dead() != 1 || err != nil && heard != 2 {
					t.Errorf("%v, %d dead, %d heard", err, relay.Dead(), heard)
				}
				if err := say(client, relay.URL); err != nil {
					t.Errorf("a new connection: %v", err)
				}
			})
		}
	}
}

// A call under way is not idle, however long it takes.
func TestRelayForgetsNoCallUnderWay(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(300 * time.Millisecond) }))
	defer server.Close()
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			relay, err := faults.NewRelay(server.URL, 50*time.Millisecond, way.how)
			if err != nil {
				t.Fatal(err)
			}
			defer relay.Close()
			time.AfterFunc(150*time.Millisecond, relay.Forget)
			if err := say(http.DefaultClient, relay.URL); err != nil {
				t.Error(err)
			}
		})
	}
}

func say(client *http.Client, url string) error {
	answer, err := client.Post(url, "text/plain", strings.NewReader("hello"))
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return err
}
