package faults

import (
	"errors"
	"net"
	"net/url"
	"os"
	"sync"
	"time"
)

// Forgetting is how a Relay treats a connection that it has forgotten.
type Forgetting int

// The ways to forget.
const (
	Reset   Forgetting = iota // what comes next is answered with RST, as NAT and restarted servers do
	Finish                    // FIN at once, as servers do that close idle connections
	Swallow                   // what comes next is neither passed on nor answered
)

// Relay passes TCP connections on to a server and forgets those that are idle:
// nothing has come since the last answer for longer than a given time. It is
// what a frozen process finds of its connections when it runs again. A call
// that meets a forgotten connection never reaches the server.
type Relay struct {
	URL string // what clients call instead of the server

	to       string
	idle     time.Duration
	how      Forgetting
	listener net.Listener
	work     sync.WaitGroup

	mu    sync.Mutex
	open  map[*relayed]bool
	dead  int
	ended bool
}

// relayed is one connection through a Relay. The Relay's mutex guards it.
type relayed struct {
	client, server *net.TCPConn
	last           time.Time // when something passed
	waiting        bool      // the client waits for an answer
	forgotten      bool
}

// NewRelay relays to the server at an address such as http://127.0.0.1:3001.
// With idle 0 it forgets only when Forget says so.
func NewRelay(to string, idle time.Duration, how Forgetting) (*Relay, error) {
	target, err := url.Parse(to)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Relay{
		URL: target.Scheme + "://" + listener.Addr().String() + target.Path,
		to:  target.Host, idle: idle, how: how, listener: listener, open: map[*relayed]bool{},
	}
	r.work.Go(r.accept)
	return r, nil
}

// Forget forgets all connections that are idle now.
func (r *Relay) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.open {
		if !c.waiting {
			r.forget(c)
		}
	}
}

// Dead is how many calls have met a forgotten connection; with Finish, how
// many connections were ended.
func (r *Relay) Dead() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dead
}

// Close ends the relay and all its connections.
func (r *Relay) Close() {
	r.mu.Lock()
	r.ended = true
	_ = r.listener.Close()
	for c := range r.open {
		c.close()
	}
	r.mu.Unlock()
	r.work.Wait()
}

func (r *Relay) accept() {
	for {
		client, err := r.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", r.to)
		if err != nil {
			_ = client.Close()
			continue
		}
		c := &relayed{client: client.(*net.TCPConn), server: server.(*net.TCPConn), last: time.Now()}
		r.mu.Lock()
		if r.open[c] = true; r.ended {
			c.close()
		}
		r.mu.Unlock()
		r.work.Go(func() { r.ask(c) })
		r.work.Go(func() { r.answer(c) })
	}
}

// ask passes on what the client says.
func (r *Relay) ask(c *relayed) {
	defer r.end(c)
	chunk := make([]byte, 64<<10)
	for {
		n, err := r.read(c, chunk)
		if err != nil {
			return
		}
		if !r.alive(c) {
			if r.how == Swallow {
				r.swallow(c)
			}
			return
		}
		if _, err := c.server.Write(chunk[:n]); err != nil {
			return
		}
	}
}

// read waits for what the client says; with Finish, no longer than the
// connection may be idle.
func (r *Relay) read(c *relayed, chunk []byte) (int, error) {
	for {
		if r.how == Finish && r.idle > 0 {
			_ = c.client.SetReadDeadline(time.Now().Add(r.idle))
		}
		n, err := c.client.Read(chunk)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		r.mu.Lock()
		if r.old(c) {
			r.forget(c)
		}
		r.mu.Unlock()
	}
}

// alive reports whether the connection is known when the client speaks, and
// notes that it waits for an answer.
func (r *Relay) alive(c *relayed) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.forgotten || r.old(c) {
		r.forget(c)
		r.dead++
		return false
	}
	c.waiting, c.last = true, time.Now()
	return true
}

func (r *Relay) old(c *relayed) bool {
	return r.idle > 0 && !c.waiting && time.Since(c.last) > r.idle
}

func (r *Relay) forget(c *relayed) {
	if c.forgotten {
		return
	}
	c.forgotten = true
	switch r.how {
	case Reset:
		_ = c.client.SetLinger(0) // its end is then RST
	case Finish:
		r.dead++
		c.close()
	}
}

// swallow reads on until the client gives up.
func (r *Relay) swallow(c *relayed) {
	chunk := make([]byte, 4<<10)
	for {
		if _, err := c.client.Read(chunk); err != nil {
			return
		}
	}
}

// answer passes on what the server says. Its end is not the client's where the
// connection is forgotten: nobody tells.
func (r *Relay) answer(c *relayed) {
	chunk := make([]byte, 64<<10)
	for {
		n, err := c.server.Read(chunk)
		r.mu.Lock()
		c.waiting, c.last = false, time.Now()
		silent := c.forgotten
		r.mu.Unlock()
		if n > 0 && !silent {
			_, _ = c.client.Write(chunk[:n])
		}
		if err != nil && !silent {
			_ = c.client.CloseWrite()
		}
		if err != nil {
			return
		}
	}
}

func (r *Relay) end(c *relayed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.close()
	delete(r.open, c)
}

func (c *relayed) close() {
	_ = c.client.Close()
	_ = c.server.Close()
}
