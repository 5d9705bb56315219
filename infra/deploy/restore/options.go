package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"privacydesk/shared/adapter/dynamo/recoveries"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/recovery"
)

// options are the arguments, read.
type options struct {
	copy       recoveries.Copy
	erased     map[person.Ref]time.Time
	spoilt     recovery.Span
	stack      string
	port, pace int
	dry        bool

	at, erasedFile, span string // as they were given
}

func read(arguments []string) (options, error) {
	var o options
	if err := flags(&o).Parse(arguments); err != nil {
		return o, err
	}
	var atErr, erasedErr, spanErr error
	if o.copy.At, atErr = time.Parse(time.RFC3339, o.at); atErr != nil || o.copy.At.After(time.Now()) {
		atErr = errors.New("AT= must say of when the copies are, a time that is over, such as 2026-11-22T03:14:00Z")
	}
	o.erased, erasedErr = readErased(o.erasedFile)
	if o.span != "" {
		o.spoilt, spanErr = readSpan(o.span)
	}
	var none error
	if o.copy.OptOuts == "" && o.copy.Requests == "" {
		none = errors.New("name a copy: OPTOUTS=, REQUESTS=, or both")
	}
	return o, errors.Join(none, atErr, erasedErr, spanErr)
}

func readSpan(text string) (s recovery.Span, err error) {
	from, to, _ := strings.Cut(text, "/")
	if s.From, err = time.Parse(time.RFC3339, from); err == nil {
		s.To, err = time.Parse(time.RFC3339, to)
	}
	if err != nil || s.To.Before(s.From) {
		return s, errors.New("SPOILT= must be two times, such as 2026-11-22T03:00:00Z/2026-11-22T05:00:00Z")
	}
	return s, nil
}

// refBytes are those of a keyed reference, see package person.
const refBytes = 32

// readErased reads keyed references, one a line, with the time of the erasure behind a space where it is known: else
// it was now.
func readErased(file string) (map[person.Ref]time.Time, error) {
	if file == "" {
		return nil, errors.New("ERASED= must name the file of those who were erased since the copy; it may be empty (infra/runbooks/restore.md)")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	erased, n := map[person.Ref]time.Time{}, 0
	for line := range strings.Lines(string(text)) {
		n++
		ref, when, timed := strings.Cut(strings.TrimSpace(line), " ")
		if ref == "" {
			continue
		}
		at := time.Now()
		if timed {
			at, err = time.Parse(time.RFC3339, when)
		}
		digest, refErr := base64.RawURLEncoding.DecodeString(ref)
		if err != nil || refErr != nil || len(digest) != refBytes {
			return nil, fmt.Errorf("%s, line %d: it must be a keyed reference of 43 characters, and may have a time behind a space", file, n)
		}
		erased[person.Ref(ref)] = at
	}
	return erased, nil
}

// show prints what a run has counted.
func show(out io.Writer, r *recovery.Report, dry bool) {
	back := "brought back"
	if dry {
		back = "to bring back"
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "rows\tin the copy\tthere\t%s\tleft\trefused\t\n", back)
	for _, kind := range slices.Sorted(maps.Keys(r.Kinds)) {
		c := r.Kinds[kind]
		why := ""
		if c.Left > 0 {
			why = "left: " + c.Why
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", kind, c.Copy, c.There, c.Back, c.Left, c.Refused, why)
	}
	_ = table.Flush()
	for _, named := range r.Refused {
		fmt.Fprintln(out, "refused:", named)
	}
	for _, letter := range r.Letters {
		fmt.Fprintln(out, "a mail that waited when the copy was made, and is not sent by itself:", letter)
	}
}
