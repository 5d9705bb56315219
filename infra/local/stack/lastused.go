package stack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// lastUsed is when, by the stack's time, a stack has last run on these tables;
// now for new ones, and for those that are not kept. On AWS schedules never
// stop: what was due since then runs once when the stack starts.
func (s *Stack) lastUsed() (time.Time, error) {
	path := s.besideTables("used.txt")
	if path == "" {
		return s.Now(), nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s.Now(), nil
	}
	var at time.Time
	if err == nil {
		at, err = time.Parse(time.RFC3339, strings.TrimSpace(string(text)))
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("when the data was last used: %w; remove the file to forget it", err)
	}
	return at, nil
}

// keepLastUsed writes it every minute, after a move, and at the end.
func (s *Stack) keepLastUsed() error {
	path := s.besideTables("used.txt")
	if path == "" {
		return nil
	}
	for s.running.Err() == nil {
		moved := s.clock.Moved()
		s.writeLastUsed(path)
		select {
		case <-s.running.Done():
		case <-moved:
		case <-time.After(time.Minute):
		}
	}
	s.writeLastUsed(path)
	return nil
}

func (s *Stack) writeLastUsed(path string) {
	if err := os.WriteFile(path, []byte(s.Now().UTC().Format(time.RFC3339)+"\n"), 0o644); err != nil {
		s.logger("clock").Warn("cannot write when the data was last used", "error", err)
	}
}
