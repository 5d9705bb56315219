// Deskgen turns desk.yaml into the Go data that functions carry, or says what is wrong with it. It is run by
// `go generate ./shared/policy`; a test fails when its output is stale.
package main

import (
	"log"
	"os"

	"privacydesk/shared/policy/deskfile"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: deskgen desk.yaml desk_data.go")
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func generate(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	desk, err := deskfile.Parse(text)
	if err != nil {
		return err
	}
	code, err := deskfile.GoSource(desk)
	if err != nil {
		return err
	}
	return os.WriteFile(to, code, 0o644)
}
