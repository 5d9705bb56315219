package standin

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const maxMails = 10_000 // the oldest go first

// state is everything that the stand-in remembers.
type state struct {
	Lists     map[string]*list // by tenant; "" is the account's
	Mails     []Mail           // oldest first
	Jobs      []importJob      // oldest first
	Objects   map[string]object
	BusEvents []BusEvent // oldest first
}

func (st *state) list(tenant string) *list {
	l, ok := st.Lists[tenant]
	if !ok {
		l = newList()
		st.Lists[tenant] = l
	}
	return l
}

func (st *state) addMail(m Mail) {
	if len(st.Mails) >= maxMails {
		st.Mails = slices.Clone(st.Mails[len(st.Mails)-maxMails+1:])
	}
	st.Mails = append(st.Mails, m)
}

// saved is the state as the file holds it.
type saved struct {
	Lists     map[string][]entry `json:"lists"`
	Mails     []Mail             `json:"mails"`
	Jobs      []importJob        `json:"import_jobs"`
	Objects   map[string]object  `json:"objects"`
	BusEvents []BusEvent         `json:"events"`
}

// snapshot copies the state so that it can be written without the lock. Mails,
// events and objects are replaced, never changed, so a shallow copy is a copy.
func (s *Server) snapshot() saved {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := saved{
		Lists: map[string][]entry{}, Mails: s.st.Mails,
		Jobs: slices.Clone(s.st.Jobs), Objects: maps.Clone(s.st.Objects), BusEvents: s.st.BusEvents,
	}
	for tenant, l := range s.st.Lists {
		out.Lists[tenant] = l.all()
	}
	return out
}

func load(path string) (*state, error) {
	st := &state{Lists: map[string]*list{}, Objects: map[string]object{}}
	var in saved
	if err := readState(path, &in); err != nil {
		return nil, err
	}
	for tenant, entries := range in.Lists {
		for _, e := range entries {
			st.list(tenant).put(e)
		}
	}
	maps.Copy(st.Objects, in.Objects)
	st.Mails, st.Jobs, st.BusEvents = in.Mails, in.Jobs, in.BusEvents
	return st, nil
}

func readState(path string, in *saved) error {
	if path == "" {
		return nil
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the stand-in's state: %w", err)
	}
	if err := json.Unmarshal(raw, in); err != nil {
		return fmt.Errorf("%s is damaged; remove it to start anew: %w", path, err)
	}
	return nil
}

// changed says that the state must be written soon.
func (s *Server) changed() { s.saver.touch() }

// saver writes the state a moment after it changed, and never more than a fifth of
// the time, however large it grows.
type saver struct {
	path     string
	snapshot func() saved
	log      *slog.Logger
	wake     chan struct{}
	stop     chan struct{}
	stopped  sync.WaitGroup
}

const saveDelay = 200 * time.Millisecond

func newSaver(path string, snapshot func() saved, log *slog.Logger) *saver {
	s := &saver{path: path, snapshot: snapshot, log: log, wake: make(chan struct{}, 1), stop: make(chan struct{})}
	if path != "" {
		s.stopped.Go(s.run)
	}
	return s
}

func (s *saver) touch() {
	select {
	case s.wake <- struct{}{}:
	default: // already awake
	}
}

func (s *saver) run() {
	delay := saveDelay
	for {
		select {
		case <-s.stop:
			return
		case <-s.wake:
		}
		select {
		case <-s.stop:
			s.touch()
			return
		case <-time.After(delay):
		}
		delay = s.saveTimed()
	}
}

// saveTimed writes and returns how long to wait before the next time.
func (s *saver) saveTimed() time.Duration {
	start := time.Now()
	if err := s.save(); err != nil {
		s.log.Error("the stand-in's state was not written", "error", err)
		s.touch()
	}
	return max(saveDelay, 4*time.Since(start))
}

func (s *saver) close() error {
	close(s.stop)
	s.stopped.Wait()
	if s.path == "" || len(s.wake) == 0 {
		return nil
	}
	return s.save()
}

// save replaces the file in one step, so that a crash leaves the old or the new one.
func (s *saver) save() error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), ".standin-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	w := bufio.NewWriter(f)
	err = errors.Join(json.NewEncoder(w).Encode(s.snapshot()), w.Flush(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), s.path)
}
