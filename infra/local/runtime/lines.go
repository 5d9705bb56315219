package runtime

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// longestLine is where a line is cut that never ends; Lambda cuts at 256 KB.
const longestLine = 256 << 10

// lines hands what a process prints on, line by line, and keeps the last one:
// a function that cannot start says why in it.
type lines struct {
	each func(line []byte)

	mu      sync.Mutex
	partial []byte
	kept    string
}

// Write takes output as it comes; it never fails.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.partial = append(l.partial, p...)
	for {
		line, rest, found := bytes.Cut(l.partial, []byte("\n"))
		if !found && len(line) < longestLine {
			return len(p), nil
		}
		l.emit(line)
		l.partial = rest
	}
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.emit(l.partial)
	l.partial = nil
}

func (l *lines) emit(line []byte) {
	if line = bytes.TrimSpace(line); len(line) == 0 {
		return
	}
	if !strings.HasPrefix(l.kept, "panic: ") { // a stack trace follows it, which says less
		l.kept = string(line)
	}
	l.each(bytes.Clone(line))
}

// last is the last line as a sentence: a JSON log line's message and error.
func (l *lines) last() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fields map[string]any
	if json.Unmarshal([]byte(l.kept), &fields) != nil {
		return l.kept
	}
	var parts []string
	for _, name := range []string{"message", "msg", "error", "err", "errorMessage"} {
		if value, ok := fields[name]; ok {
			parts = append(parts, fmt.Sprint(value))
		}
	}
	return strings.Join(parts, ": ")
}
