// Package logs turns what functions and the stack itself print into lines that
// people read: "15:04:05.000 suppression INFO  synced put=2", and keeps the
// lines as they were in one file per source.
//
// It shows what it is given; whoever logs a person's data is at fault, not
// this package. It must not drop a line, however odd.
package logs

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Sink takes lines from many sources at once.
type Sink struct {
	out    io.Writer
	folder string
	now    func() time.Time
	colour bool

	mu    sync.Mutex
	files map[string]*os.File
}

// Config says where lines go.
type Config struct {
	Out    io.Writer // readable lines
	Folder string    // <source>.log with the lines as they came; empty for none
	Colour bool      // for a terminal
	Now    func() time.Time
}

// New gives a sink.
func New(c Config) *Sink {
	return &Sink{out: c.Out, folder: c.Folder, colour: c.Colour, now: c.Now, files: map[string]*os.File{}}
}

// Line takes one line of a source, JSON or plain.
func (s *Sink) Line(source string, line []byte) {
	readable := format(source, line, s.now(), s.colour)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = io.WriteString(s.out, readable)
	s.keep(source, line)
}

// Say prints a line of the stack's own, for people alone.
func (s *Sink) Say(text string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = fmt.Fprintf(s.out, text+"\n", args...)
}

// Writer gives a source as an io.Writer, for slog's JSON handler: one write is
// one line.
func (s *Sink) Writer(source string) io.Writer { return lineWriter{s, source} }

type lineWriter struct {
	sink *Sink
	name string
}

func (w lineWriter) Write(p []byte) (int, error) {
	w.sink.Line(w.name, bytes.TrimRight(p, "\n"))
	return len(p), nil
}

// keep appends to the source's file. A full disk must not stop the stack.
func (s *Sink) keep(source string, line []byte) {
	if s.folder == "" {
		return
	}
	file, open := s.files[source]
	if !open {
		file, _ = openLog(s.folder, source)
		s.files[source] = file
	}
	if file != nil {
		_, _ = file.Write(append(bytes.Clone(line), '\n'))
	}
}

func openLog(folder, source string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(filepath.Join(folder, filepath.Base(source)+".log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
}

// Close closes the files. What comes later is kept nowhere: the end of a
// killed function is logged late.
func (s *Sink) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, file := range s.files {
		if file != nil {
			_ = file.Close()
		}
	}
	s.files, s.folder = map[string]*os.File{}, ""
}
