package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode"
)

// maxFile is more than any file that is checked here, in bytes.
const maxFile = 128 << 20

// readFile reads a file, "-" being the standard input.
func readFile(name string) ([]byte, error) {
	in := os.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return readSome(in, name)
}

// readKeys reads a JWK Set from a file or an address.
func readKeys(from string) ([]byte, error) {
	if !strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "https://") {
		return readFile(from)
	}
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Get(from)
	if err != nil {
		return nil, fmt.Errorf("no keys to check with (is the stack running? or give KEYS=<file or address>): %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("no keys to check with: %s answers %s", from, answer.Status)
	}
	return readSome(answer.Body, from)
}

func readSome(r io.Reader, from string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", from, err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s is over %d bytes", from, maxFile)
	}
	return data, nil
}

// printable replaces what could move the cursor or hide text: a file is not to be trusted before it is checked, nor
// after.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\ufffd'
	}, s)
}

// when is a time as people read it, "" for none.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006, 15:04:05 UTC")
}
