// Package stack is the whole system on one machine, as a library: the command
// and the end-to-end tests start the same thing.
//
// It builds the functions, starts DynamoDB Local, the gateway, the stand-in
// for the other services, the functions' runtime, streams and schedules, as
// template.yaml says, on four ports in a row: site, DynamoDB, stand-in, OpenID
// provider.
//
// It must not hold anything that template.yaml says, nor a rule of the domain.
package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"privacydesk/infra/local/async"
	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/iam"
	"privacydesk/infra/local/logs"
	"privacydesk/infra/local/oidc"
	"privacydesk/infra/local/queues"
	"privacydesk/infra/local/runtime"
	"privacydesk/infra/local/systems"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// Config says what to start. Root is all that must be given.
type Config struct {
	Root        string            // the repository
	Data        string            // what outlives the run; default Root/.local, or a folder in it while another stack uses that
	Memory      bool              // DynamoDB keeps its tables in memory
	Port        int               // the site's; the next three follow. 0 takes any free ports
	DynamoDB    string            // address of a DynamoDB that runs already; empty starts one
	TablePrefix string            // before every table's name, to share a DynamoDB
	Dist        string            // functions built already (see Build); empty builds them into Data/dist
	BuildFlags  []string          // of go build besides, where Dist is empty
	Parameters  map[string]string // over infra/local/parameters.yaml
	OpenID      OpenID            // another provider than the local one
	ClockOffset time.Duration     // moves the stack's time from the start on; see Move
	Out         io.Writer         // what people read; default nothing
	Colour      bool              // for a terminal

	// StandIn may change the stand-in's settings: rates, faults, events.
	StandIn func(*standin.Config)
	// Judged gets what the functions' roles say of each call, from many goroutines; a call that is denied
	// is then refused as AWS refuses it. nil: it passes, and a line warns.
	Judged func(iam.Verdict)
	// Between gives the address that functions call instead of a server's; nil: the server's.
	Between func(server string) string
}

// Stack is a running system.
type Stack struct {
	URL      string // the site: http://127.0.0.1:3000
	DynamoDB string // http://127.0.0.1:3001
	AWS      string // the stand-in for SES, Secrets Manager, S3, Lambda's Invoke
	Data     string // the folder with what outlives the run, and the logs
	Template *template.Template
	Runtime  *runtime.Runtime
	StandIn  *standin.Server
	Logins   *oidc.Provider // nil where Config.OpenID names another one
	Systems  *systems.Server
	Logs     *logs.Sink

	config   Config
	clock    *clock.Clock
	moving   sync.Mutex // one move at a time
	ports    ports
	data     *database.Server
	site     *http.Server
	aws      *http.Server
	logins   *http.Server
	others   *http.Server // the organisation's other systems
	othersAt string
	judge    *iam.Judge
	logging  sync.Map        // functions that have printed a line
	judged   [2]*http.Server // where functions reach DynamoDB and the stand-in
	running  context.Context // until Close
	stop     context.CancelFunc
	work     sync.WaitGroup
	unlock   func()
	queues   *queues.Broker
	async    *async.Queue
	letters  sync.Mutex // the files of dead letters, and undone
	undone   []async.Waiting
	failed   chan error
	closing  sync.Once
	progress func(text string, args ...any)
}

// Start starts everything and returns when it takes requests. What it has
// started by the time of a fault is stopped again.
func Start(ctx context.Context, config Config) (*Stack, error) {
	ports, err := takePorts(config.Port, config.DynamoDB == "")
	if err != nil {
		return nil, err
	}
	unlock, err := config.defaults()
	if err != nil {
		ports.release()
		return nil, err
	}
	s := &Stack{config: config, clock: clock.New(config.ClockOffset), Data: config.Data, ports: ports, unlock: unlock, failed: make(chan error, 8)}
	s.running, s.stop = context.WithCancel(context.Background())
	s.Logs = logs.New(logs.Config{Out: config.Out, Folder: filepath.Join(config.Data, "logs"), Colour: config.Colour, Now: time.Now})
	s.progress = s.Logs.Say
	if err := s.start(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (c *Config) defaults() (unlock func(), err error) {
	if c.Out == nil {
		c.Out = io.Discard
	}
	if c.StandIn == nil {
		c.StandIn = func(*standin.Config) {}
	}
	if c.Between == nil {
		c.Between = func(server string) string { return server }
	}
	return c.claimData()
}

func (s *Stack) start(ctx context.Context) error {
	var err error
	s.URL, s.AWS, s.DynamoDB = s.ports.url(s.ports.site), s.ports.url(s.ports.aws), s.config.DynamoDB
	if err := s.startLogins(); err != nil {
		return err
	}
	if s.Template, err = s.readTemplate(); err != nil {
		return err
	}
	if s.judge, err = s.newJudge(); err != nil {
		return err
	}
	both, bothCtx := errgroup.WithContext(ctx)
	both.Go(func() error { return s.buildFunctions(bothCtx) })
	both.Go(func() error { return s.startDatabase(bothCtx) })
	if err := both.Wait(); err != nil {
		return err
	}
	if err := s.startSystems(); err != nil {
		return err
	}
	if err := s.startStandIn(); err != nil {
		return err
	}
	return s.startFunctions(ctx)
}

func (s *Stack) readTemplate() (*template.Template, error) {
	parameters := map[string]string{"PublicUrl": s.URL,
		"OidcIssuer": s.config.OpenID.Issuer, "OidcClientId": s.config.OpenID.ClientID, "OidcClientSecretArn": clientSecretARN,
		"SystemsSecretArn": systemsSecretARN}
	for name, value := range s.config.Parameters {
		parameters[name] = value
	}
	return template.LoadLocal(s.config.Root, parameters, template.Options{
		TablePrefix: s.config.TablePrefix,
		Attributes:  map[string]string{"Api.ApiEndpoint": s.URL},
	})
}

func (s *Stack) startDatabase(ctx context.Context) error {
	started := time.Now()
	if s.DynamoDB == "" {
		config := database.Config{NPM: database.Folder(s.config.Root), Data: filepath.Join(s.config.Data, "dynamodb"), Port: s.ports.dynamodb,
			Say: func(text string) { s.progress("  %s", text) }}
		if s.config.Memory {
			config.Data = ""
		}
		var err error
		if s.data, err = database.Start(ctx, config); err != nil {
			return err
		}
		s.DynamoDB = s.data.Endpoint
		s.watch("DynamoDB Local", s.data.Exited())
	}
	if err := database.CreateTables(ctx, database.Client(s.DynamoDB), s.Template.Tables, ""); err != nil {
		return err
	}
	s.progress("  DynamoDB Local is up, with %s (%.1f s)", count(len(s.Template.Tables), "table"), time.Since(started).Seconds())
	return nil
}

// watch tells Failed when something ends that should run.
func (s *Stack) watch(name string, exited <-chan struct{}) {
	go func() {
		<-exited
		s.failed <- fmt.Errorf("%s has ended; nothing works without it", name)
	}()
}

// Failed gives the fault after which the stack is of no more use.
func (s *Stack) Failed() <-chan error { return s.failed }

// Now is the stack's time.
func (s *Stack) Now() time.Time { return s.clock.Now() }

// Invoke runs a function by its logical id, name or folder.
func (s *Stack) Invoke(ctx context.Context, function string, payload []byte) (answer []byte, functionError string, err error) {
	return s.Runtime.Invoke(ctx, function, payload)
}

// Close stops everything, in the order in which nobody misses what is gone.
// It may be called twice.
func (s *Stack) Close() {
	s.closing.Do(func() {
		s.stop()
		s.work.Wait()
		stopServer(s.site)
		if s.Runtime != nil {
			s.Runtime.Close()
		}
		stopServer(s.judged[0])
		stopServer(s.judged[1])
		stopServer(s.aws)
		stopServer(s.logins)
		stopServer(s.others)
		if s.StandIn != nil {
			_ = s.StandIn.Close()
		}
		s.keepWaiting()
		if s.data != nil {
			s.data.Stop()
		}
		s.ports.release()
		s.Logs.Close()
		s.unlock()
	})
}

// stopServer lets requests end that are under way, for a moment.
func stopServer(server *http.Server) {
	if server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}

// serve answers on a listener until Close.
func (s *Stack) serve(listener net.Listener, server *http.Server) *http.Server {
	server.ErrorLog = slog.NewLogLogger(s.logger("server").Handler(), slog.LevelWarn)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("the server at %s ended: %w", listener.Addr(), err)
		}
	}()
	return server
}

// logger gives one of the stack's parts a logger.
func (s *Stack) logger(part string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(s.Logs.Writer(part), nil))
}

func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprint(n, " ", thing)
}

func list(names []string) string { return strings.Join(names, ", ") }
