// Testreport reads `go test -json` and prints what `go test` prints, plus, below each package, every test that was
// skipped and why: a test that is silently left out is worse than none. It must not judge: its exit status is only
// that something failed. Usage: go test -json ./... | go run ./infra/testreport
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// event is one line of `go test -json` (see `go doc test2json`).
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
}

func main() {
	if !report(os.Stdin, os.Stdout) {
		os.Exit(1)
	}
}

// report copies in to out in the words of `go test` and tells whether all passed.
func report(in io.Reader, out io.Writer) bool {
	tests := map[string]*strings.Builder{} // package and test -> what it printed
	skips := map[string]*skipped{}         // package -> what it skipped
	passed := true
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) != nil { // not an event: `go test` itself has something to say
			fmt.Fprint(out, string(line))
		}
		if e.Action == "fail" || e.Action == "build-fail" {
			passed = false
		}
		e.print(out, tests, skips)
		if err != nil {
			return passed
		}
	}
}

// print holds back what a test prints until it is known whether it failed or was skipped.
func (e event) print(out io.Writer, tests map[string]*strings.Builder, skips map[string]*skipped) {
	name := e.Package + " " + e.Test
	switch {
	case e.Action == "build-output" || e.Action == "output" && e.Test == "":
		if !idle(e.Output) {
			fmt.Fprint(out, e.Output)
		}
	case e.Action == "output":
		if tests[name] == nil {
			tests[name] = &strings.Builder{}
		}
		tests[name].WriteString(e.Output)
	case e.Action == "fail" && e.Test != "":
		fmt.Fprint(out, tests[name])
	case e.Action == "skip" && e.Test != "":
		if skips[e.Package] == nil {
			skips[e.Package] = &skipped{}
		}
		skips[e.Package].add(e.Test, reason(tests[name].String()))
	case e.Test == "" && skips[e.Package] != nil:
		skips[e.Package].print(out)
	}
}

// skipped holds the skipped tests of one package. Cases of one test that are skipped for one reason are one entry.
type skipped struct{ entries []*skippedTest }

type skippedTest struct {
	test, parent, reason string
	more                 int
}

func (s *skipped) add(test, reason string) {
	parent, _, _ := strings.Cut(test, "/")
	for _, e := range s.entries {
		if e.parent == parent && e.reason == reason {
			e.more++
			return
		}
	}
	s.entries = append(s.entries, &skippedTest{test: test, parent: parent, reason: reason})
}

func (s *skipped) print(out io.Writer) {
	for _, e := range s.entries {
		more := ""
		if e.more > 0 {
			more = fmt.Sprintf(" and %d more", e.more)
		}
		fmt.Fprintf(out, "    skipped %s%s: %s\n", e.test, more, e.reason)
	}
}

// idle tells the lines that say nothing: a bare PASS, a package without tests.
func idle(line string) bool {
	return line == "PASS\n" || strings.HasPrefix(line, "?   ") || strings.Contains(line, "[no test files]")
}

// reason takes the sentence of t.Skip out of a skipped test's output.
func reason(output string) string {
	var said []string
	for line := range strings.Lines(output) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}
