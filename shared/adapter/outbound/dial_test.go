package outbound

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
)

// names answers each question with its next list, the last one for ever.
type names struct {
	lists [][]string
	asked atomic.Int32
}

func (n *names) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	var out []netip.Addr
	at := min(int(n.asked.Add(1)), len(n.lists)) - 1
	for _, text := range n.lists[at] {
		out = append(out, netip.MustParseAddr(text))
	}
	return out, nil
}

// onlyHere is the rule of these tests: 127.0.0.1 stands for what is public.
func onlyHere(a netip.AddrPort) bool { return a.Addr().String() == "127.0.0.1" }

func TestNamesThatLeadElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		list []string
		ok   bool
	}{
		"public":             {[]string{"127.0.0.1"}, true},
		"as Go's own has it": {[]string{"::ffff:127.0.0.1"}, true},
		"private":            {[]string{"127.0.0.2"}, false},
		"private and public": {[]string{"127.0.0.1", "127.0.0.2"}, false},
		"public and private": {[]string{"127.0.0.2", "127.0.0.1"}, false},
		"none":               {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			called := 0
			server := serve(t, func(http.ResponseWriter, *http.Request) { called++ })
			client := server.client(dialer{&names{lists: [][]string{c.list}}, onlyHere})
			_, err := client.Do(t.Context(), server.call())
			if c.ok != (err == nil) || c.ok != (called == 1) {
				t.Errorf("called %d times, %v", called, err)
			}
			if !c.ok && fault.CodeOf(err) != fault.Unavailable {
				t.Errorf("%v", err)
			}
		})
	}
}

// A name that is public when it is checked and private when it is called gains nothing: it is asked once for a connection,
// and each new one is checked again.
func TestAnswersThatChange(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	answers := &names{lists: [][]string{{"127.0.0.1"}, {"127.0.0.2"}}}
	client := server.client(dialer{answers, onlyHere})
	if _, err := client.Do(t.Context(), server.call()); err != nil || answers.asked.Load() != 1 {
		t.Fatalf("%v after %d questions", err, answers.asked.Load())
	}
	client.http.CloseIdleConnections()
	if _, err := client.Do(t.Context(), server.call()); !errors.Is(err, errAddress) {
		t.Errorf("%v", err)
	}
}

// The last check is on what is connected to, whatever the checks before it were told.
func TestTheConnectionIsChecked(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was called") })
	checks := 0
	client := server.client(dialer{&names{lists: [][]string{{"127.0.0.1"}}}, func(netip.AddrPort) bool { checks++; return checks == 1 }})
	if _, err := client.Do(t.Context(), server.call()); !errors.Is(err, errAddress) || checks != 2 {
		t.Errorf("%v after %d checks", err, checks)
	}
	d := dialer{allowed: func(netip.AddrPort) bool { return true }}
	if err := d.control(t.Context(), "tcp4", "a name", nil); !errors.Is(err, errAddress) {
		t.Errorf("not an address: %v", err)
	}
}

// New's own rule refuses this machine, as a name and as a number.
func TestThisMachineIsRefused(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was called") }))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for _, host := range []string{"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "[::ffff:127.0.0.1]:" + port, "0.0.0.0:" + port, "2130706433:" + port} {
		client, err := New([]string{host}, "", time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Do(t.Context(), Call{Op: "tell", Method: http.MethodPost, URL: "https://" + host + "/"}); fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", host, err)
		}
	}
}
