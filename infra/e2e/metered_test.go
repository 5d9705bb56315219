package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit/standin"
)

// units sums what DynamoDB says that calls consume, and what the test itself has timed.
type units struct {
	mu                sync.Mutex
	reads, writes, ms float64
}

func (u *units) reset() { u.mu.Lock(); u.reads, u.writes, u.ms = 0, 0, 0; u.mu.Unlock() }

// invoked is 1 where the test has invoked and timed a run itself.
func (u *units) invoked() float64 {
	if u.ms > 0 {
		return 1
	}
	return 0
}

// startMetered starts a stack whose calls of DynamoDB are counted.
func startMetered(t *testing.T) (*desk, *units) {
	t.Helper()
	shared(t) // skips where there is no DynamoDB Local
	u := &units{}
	dist, err := build()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{}
	d.Stack, err = stack.Start(context.Background(), stack.Config{
		Root: "../..", Data: t.TempDir(), Dist: dist, Memory: true, Out: &d.shown,
		StandIn: func(c *standin.Config) { c.RequestsPerSecond = 1000 },
		Between: func(server string) string { return u.before(t, server) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d, u
}

// before puts a proxy before a server that asks each call of DynamoDB what it consumes.
func (u *units) before(t *testing.T, server string) string {
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(answer *http.Response) error {
		if _, call, ok := strings.Cut(answer.Request.Header.Get("X-Amz-Target"), "DynamoDB_20120810."); ok {
			return u.read(call, answer)
		}
		return nil
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB_") {
			proxy.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		var last *httptest.ResponseRecorder
		for _, one := range apart(t, body) {
			one = append([]byte(`{"ReturnConsumedCapacity":"TOTAL",`), one[1:]...)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(one)), int64(len(one))
			last = httptest.NewRecorder()
			if proxy.ServeHTTP(last, r); last.Code != http.StatusOK {
				break
			}
		}
		maps.Copy(w.Header(), last.Header())
		w.WriteHeader(last.Code)
		_, _ = w.Write(last.Body.Bytes())
	}))
	t.Cleanup(front.Close)
	return front.URL
}

// apart makes a transaction of each write of a transaction: of several that consume the same, DynamoDB Local counts
// one. What it says of one is the most that AWS bills, since it doubles the writes of indexes too.
func apart(t *testing.T, body []byte) [][]byte {
	var call map[string]json.RawMessage
	var writes []json.RawMessage
	if err := json.Unmarshal(body, &call); err != nil || json.Unmarshal(call["TransactItems"], &writes) != nil || len(writes) < 2 {
		return [][]byte{body}
	}
	delete(call, "ClientRequestToken")
	all := make([][]byte, len(writes))
	for i, one := range writes {
		call["TransactItems"] = slices.Concat([]byte("["), one, []byte("]"))
		text, err := json.Marshal(call)
		if err != nil {
			t.Error(err)
		}
		all[i] = text
	}
	return all
}

// minRead is what DynamoDB takes for a read that finds nothing; DynamoDB Local says 0 of some
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
const minRead = 0.5

func (u *units) read(call string, answer *http.Response) error {
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	var said struct{ ConsumedCapacity json.RawMessage }
	_ = json.Unmarshal(body, &said) // a refusal says nothing
	type capacity struct{ CapacityUnits float64 }
	var one capacity
	var many []capacity
	if json.Unmarshal(said.ConsumedCapacity, &many) != nil && json.Unmarshal(said.ConsumedCapacity, &one) == nil {
		many = []capacity{one}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range many {
		if strings.HasPrefix(call, "Get") || strings.HasPrefix(call, "BatchGet") || call == "Query" || call == "Scan" {
			u.reads += max(c.CapacityUnits, minRead)
		} else {
			u.writes += c.CapacityUnits
		}
	}
	return nil
}
