// Command letters prints the lawyer's book: every letter that the desk can send to a person, in every language, for
// every kind of request, answer, ground and place whose words differ. It plays each case with the real rules, so a
// case that they refuse is not in the book. The settings are those of desk.yaml; names, numbers and dates are samples.
// It stores nothing and mails nobody. Usage: make letters.
package main

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/settings"
)

func main() {
	log.SetFlags(0)
	file := flag.String("file", "", "where the book goes; none is the screen")
	at := flag.String("at", "", "day on which the requests come, such as 2027-01-04; none is today. The law in force on that day counts")
	lang := flag.String("lang", "", "the only language, such as de; none is all")
	place := flag.String("place", "", "the only place, such as DE or US-CA; none is all")
	flag.Parse()
	if err := run(os.Stdout, *file, *at, *lang, *place, time.Now()); err != nil {
		log.Fatal(err)
	}
}

// run writes the book. What it holds is told on the screen, where a file takes it.
func run(screen io.Writer, file, at, lang, place string, now time.Time) error {
	day, err := time.Parse(time.DateOnly, cmp.Or(at, now.Format(time.DateOnly)))
	if err != nil {
		return fmt.Errorf("AT is a day such as 2027-01-04; %q is none", at)
	}
	langs := slices.DeleteFunc(catalog.Languages(), func(l string) bool { return lang != "" && l != lang })
	if len(langs) == 0 {
		return fmt.Errorf("LANG is one of %s; %q is none", strings.Join(catalog.Languages(), ", "), lang)
	}
	desk, err := settings.Load()
	if err != nil {
		return err
	}
	b, err := newBook(desk, day.Add(18*time.Hour), langs, place)
	if err != nil {
		return err
	}
	if file == "" {
		out := bufio.NewWriter(screen)
		b.print(out)
		return out.Flush()
	}
	f, err := os.Create(file) //nolint:gosec // the operator's own file
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	b.print(out)
	if err := cmp.Or(out.Flush(), f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(screen, "%s: %s\n", file, b.summary())
	return err
}
