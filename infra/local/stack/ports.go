package stack

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// ports are the four addresses of a stack. Site, stand-in and OpenID provider
// are held from the start; DynamoDB Local takes its own.
type ports struct {
	site, aws, logins net.Listener
	dynamodb          int
}

// takePorts takes four ports in a row, or any free ones where first is 0.
func takePorts(first int, database bool) (ports, error) {
	if first == 0 {
		return anyPorts()
	}
	var p ports
	var err error
	if p.site, err = listen(first, first); err != nil {
		return p, err
	}
	if p.aws, err = listen(first+2, first); err != nil {
		p.release()
		return ports{}, err
	}
	if p.logins, err = listen(first+3, first); err != nil {
		p.release()
		return ports{}, err
	}
	p.dynamodb = first + 1
	if database {
		if err := probe(first+1, first); err != nil {
			p.release()
			return ports{}, err
		}
	}
	return p, nil
}

func anyPorts() (ports, error) {
	var p ports
	var err error
	for _, listener := range []*net.Listener{&p.site, &p.aws, &p.logins} {
		if *listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			p.release()
			return ports{}, err
		}
	}
	return p, nil
}

// listen takes a port on loopback alone.
func listen(port, first int) (net.Listener, error) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, explain(err, port, first)
	}
	return listener, nil
}

// probe looks whether a port is free on all addresses, as DynamoDB Local wants it.
func probe(port, first int) error {
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return explain(err, port, first)
	}
	return listener.Close()
}

// explain says what to do about a port that cannot be had.
func explain(err error, port, first int) error {
	if !errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("cannot listen on port %d: %w", port, err)
	}
	other := first + 1300
	if other > 65000 {
		other = 4300
	}
	return fmt.Errorf("port %d is in use, perhaps by another `make run`: stop that, or take other ports with PORT=%d make run (it takes %d to %d)",
		port, other, other, other+3)
}

func (p ports) url(listener net.Listener) string { return "http://" + listener.Addr().String() }

func (p ports) release() {
	for _, listener := range []net.Listener{p.site, p.aws, p.logins} {
		if listener != nil {
			_ = listener.Close()
		}
	}
}
