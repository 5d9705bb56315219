package outbound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/fault"
)

// Limits of a call.
const (
	patience  = 15 * time.Second // for a whole call, its answer's last byte included
	maxAnswer = 1 << 20          // bytes of an answer that are read
	maxHeader = 64 << 10         // bytes

	spare = 5 * time.Second // of its context's time that a call leaves, to note what became of it
)

// Client calls the systems of one organisation.
type Client struct {
	http    *http.Client
	hosts   []string // "host" or "host:port", in lower case
	now     func() time.Time
	standIn bool // everything is answered by a process of this machine, without TLS
}

// New makes the client that may call hosts, each "host" or "host:port", and no other. standIn is empty in a deployment:
// the local stack names the loopback address there, such as 127.0.0.1:3004, that answers for every host.
func New(hosts []string, standIn string, now func() time.Time) (*Client, error) {
	d := dialer{net.DefaultResolver, func(a netip.AddrPort) bool { return public(a.Addr()) }}
	c := newClient(hosts, now, d.dial)
	if standIn == "" {
		return c, nil
	}
	at, err := netip.ParseAddrPort(standIn)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, errors.New("the stand-in of other systems must be a loopback address and a port")
	}
	c = newClient(hosts, now, func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, at.String())
	})
	c.standIn = true
	return c, nil
}

func newClient(hosts []string, now func() time.Time, dial func(context.Context, string, string) (net.Conn, error)) *Client {
	lower := make([]string, len(hosts))
	for i, host := range hosts {
		lower[i] = authority(host)
	}
	return &Client{hosts: lower, now: now, http: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dial,
			DisableCompression:     true,        // or a small answer could become a large one
			IdleConnTimeout:        time.Second, // Lambda freezes connections, and nothing repeats a POST over a dead one
			TLSHandshakeTimeout:    5 * time.Second,
			MaxResponseHeaderBytes: maxHeader,
		},
	}}
}

func authority(host string) string {
	return strings.TrimSuffix(strings.ToLower(host), ":443")
}

// Call is one call. Only Op is ever written anywhere, so it must hold nothing personal.
type Call struct {
	Op      string // what is being done, for errors: "tell crm"
	Method  string
	URL     string
	Headers map[string]string
	Body    []byte
}

// Answer is what a system said, redirects included.
type Answer struct {
	Status     int
	Body       []byte        // at most maxAnswer
	RetryAfter time.Duration // the system asked for; 0: it did not; at most maxWait
}

// Caller makes calls as Client does.
type Caller interface {
	Do(context.Context, Call) (Answer, error)
}

// Do makes a call once. Forbidden: the address is not https, or not of a host that New was given. Unavailable: there was
// no whole answer; the call may have been done. No error holds an address, a path or a header.
func (c *Client) Do(ctx context.Context, call Call) (Answer, error) {
	if end, ends := ctx.Deadline(); ends {
		var stop context.CancelFunc
		ctx, stop = context.WithDeadline(ctx, end.Add(-spare))
		defer stop()
	}
	target, err := c.target(call.URL)
	if err != nil {
		return Answer{}, fault.Wrap(fault.Forbidden, err, call.Op)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, target, bytes.NewReader(call.Body))
	if err != nil {
		return Answer{}, fault.Wrap(fault.Internal, errors.New("the call could not be made"), call.Op)
	}
	req.Header.Set("User-Agent", "PrivacyDesk")
	for name, value := range call.Headers {
		req.Header.Set(name, value)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return Answer{}, fault.Wrap(fault.Unavailable, reason(err), call.Op)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return Answer{}, fault.Wrap(fault.Unavailable, reason(err), fmt.Sprintf("%s, which answered %d", call.Op, res.StatusCode))
	}
	return Answer{res.StatusCode, body, retryAfter(res.Header, c.now())}, nil
}

// target is the address as it is called.
func (c *Client) target(address string) (string, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return "", errors.New("the address is none")
	case u.Scheme != "https":
		return "", errors.New("the address does not begin with https")
	case u.User != nil:
		return "", errors.New("the address holds a user")
	case !slices.Contains(c.hosts, authority(u.Host)):
		return "", errors.New("the host is not one of desk.yaml")
	case c.standIn:
		u.Scheme = "http"
	}
	return u.String(), nil
}
