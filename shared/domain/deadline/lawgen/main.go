// Lawgen turns law.yaml into the Go data that functions carry, so that a cold start parses nothing. It is run by
// `go generate ./shared/domain/deadline`; a test fails when its output is stale. With -table it prints the law table for a
// lawyer to read. It must not decide anything about the law.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"

	"privacydesk/shared/domain/deadline/lawfile"
)

func main() {
	log.SetFlags(0)
	table := flag.Bool("table", false, "print the figures of a law.yaml and what each was checked against")
	flag.Parse()
	switch args := flag.Args(); {
	case *table && len(args) == 1:
		exit(show(args[0]))
	case !*table && len(args) == 2:
		exit(generate(args[0], args[1]))
	default:
		log.Fatal("usage: lawgen law.yaml law_data.go | lawgen -table law.yaml")
	}
}

func exit(err error) {
	if err != nil {
		log.Fatal("lawgen: ", err)
	}
}

func show(from string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	book, err := lawfile.Parse(text)
	if err != nil {
		return err
	}
	return book.WriteTable(os.Stdout)
}

func generate(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	book, err := lawfile.Parse(text)
	if err != nil {
		return err
	}
	code, err := lawfile.GoSource(book)
	if err != nil {
		return fmt.Errorf("writing %s: %w", to, err)
	}
	return os.WriteFile(to, code, 0o644)
}
