package stack

import (
	"net"
	"net/http"
	"time"

	"privacydesk/infra/local/systems"
)

// startSystems starts the organisation's other systems. Functions reach them there whatever their hosts are, so they may be
// called by any name.
func (s *Stack) startSystems() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.Systems = &systems.Server{Desk: s.URL, Now: s.Now, Client: &http.Client{Timeout: 10 * time.Second}, Products: systems.NewProducts(s.Now)}
	s.others = s.serve(listener, &http.Server{Handler: s.Systems, ReadHeaderTimeout: 10 * time.Second})
	s.othersAt = listener.Addr().String()
	return nil
}
