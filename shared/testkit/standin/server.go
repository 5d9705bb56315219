// Package standin answers, on one machine, what Privacy Desk asks of AWS beside
// DynamoDB: the Amazon SES API v2 (suppression list, sending, configuration sets,
// import jobs), GetSecretValue of Secrets Manager, PutEvents of EventBridge and a small
// S3-like store. Mail that it accepts lands in a mailbox for people (/mailbox) and tests
// (/mailbox.json), events on the bus at /events.json.
//
// It speaks the real wire format and behaves as SES does where that matters to an
// opt-out: entries keep the case of their local part, a call above the rate gets
// 429, mail to a suppressed address is accepted and dropped without a word. What it
// does not know it refuses; it must not guess.
//
// It is for development and tests: it checks no signature but those that a browser
// carries to S3, keeps everything in memory, and must never be reachable from anywhere but the machine it runs on.
package standin

import (
	"cmp"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Config says how the stand-in behaves. The zero value is a production account
// without limits that forgets everything when it ends.
type Config struct {
	StateFile         string             // where state outlives the process; empty keeps it in memory only
	RequestsPerSecond float64            // SES calls other than sending; 0 sets no limit
	Burst             int                // calls that may come at once; default one second's worth, at least 1
	Now               func() time.Time   // default time.Now
	Secrets           []Secret           // what GetSecretValue knows
	ConfigurationSets []ConfigurationSet // those of the account
	Tenants           []string           // tenants that exist; nil lets every name pass
	Sandbox           bool               // without production access import jobs are refused
	ImportDelay       time.Duration      // how long an import job stays PROCESSING; default 1 s
	RefuseSlash       bool               // as SES was seen to: 400 for get and delete of a/b@example.com (aws/aws-sdk issue 158)
	Logger            *slog.Logger       // default discards
	ExpireAfterDays   map[string]int     // by bucket: when S3 deletes an object; 0 never
	ScanBuckets       []string           // whose objects GuardDuty scans and tags
	ScanDelay         time.Duration      // how long that takes, by Now
	SecretKey         string             // of all callers, for forms and addresses of S3; default "local"
	Wall              func() time.Time   // by which those expire; default time.Now, whatever Now says
	Client            *http.Client       // posts one-click requests from the mailbox; default waits 10 s
	OnEvent           func(Event)        // gets each SES event, in order, before the call is answered; must not block

	// Faults, when set, is asked about every request and may spoil it; nil leaves it alone.
	Faults func(*http.Request) *Fault
}

// Server is the stand-in as an http.Handler.
type Server struct {
	cfg     Config
	handler http.Handler
	limiter *rate.Limiter
	saver   *saver
	sets    map[string]ConfigurationSet

	mu sync.Mutex
	st *state
}

// New starts a stand-in from its state file, if there is one. It fails when the
// file is there and cannot be read.
func New(cfg Config) (*Server, error) {
	cfg = withDefaults(cfg)
	st, err := load(cfg.StateFile)
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, st: st, limiter: newLimiter(cfg), sets: map[string]ConfigurationSet{}}
	for _, set := range cfg.ConfigurationSets {
		s.sets[set.Name] = set
	}
	s.saver = newSaver(cfg.StateFile, s.snapshot, cfg.Logger)
	s.handler = s.routes()
	return s, nil
}

func withDefaults(cfg Config) Config {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Wall == nil {
		cfg.Wall = time.Now
	}
	cfg.SecretKey = cmp.Or(cfg.SecretKey, "local")
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.ImportDelay == 0 {
		cfg.ImportDelay = time.Second
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{Timeout: 10 * time.Second}
	}
	return cfg
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close writes what has not been written yet. Requests must have ended before.
func (s *Server) Close() error { return s.saver.close() }

// sesOperations is the list of SES calls that the stand-in knows.
var sesOperations = map[string]operation{
	"PUT /v2/email/suppression/addresses":              (*Server).putSuppressed,
	"GET /v2/email/suppression/addresses":              (*Server).listSuppressed,
	"GET /v2/email/suppression/addresses/{address}":    (*Server).getSuppressed,
	"DELETE /v2/email/suppression/addresses/{address}": (*Server).deleteSuppressed,
	"GET /v2/email/suppression/addresses/{$}":          (*Server).getSuppressed,
	"DELETE /v2/email/suppression/addresses/{$}":       (*Server).deleteSuppressed,
	"POST /v2/email/outbound-emails":                   (*Server).sendEmail,
	"GET /v2/email/account":                            (*Server).getAccount,
	"POST /v2/email/import-jobs":                       (*Server).createImport,
	"GET /v2/email/import-jobs/{job}":                  (*Server).getImport,
	"POST /v2/email/import-jobs/list":                  (*Server).listImports,
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, op := range sesOperations {
		mux.Handle(pattern, s.paced(pattern, s.answer(op)))
	}
	mux.HandleFunc("/v2/email/", func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, &apiError{http.StatusNotFound, "UnknownOperationException", "The stand-in does not know this call."})
	})
	mux.HandleFunc("POST /{$}", s.byTarget)
	s.routeObjects(mux)
	s.routePages(mux)
	return s.spoiled(mux)
}
