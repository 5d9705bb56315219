// Command sample fills the running stack with two dozen requests of several laws,
// states and languages, so that the desk's screens can be seen full. `make sample` is
// how people call it. The people ask, confirm and wait as real ones would, over two
// months of moved time; officers answer some of them through the API.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"go.yaml.in/yaml/v3"
)

//go:embed cases.yaml
var cases []byte

func main() {
	port := flag.Int("port", 3000, "first port of the running stack")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := fill(ctx, *port); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func fill(ctx context.Context, port int) error {
	var all []person
	if err := yaml.Unmarshal(cases, &all); err != nil {
		return err
	}
	s := at(port)
	if err := play(ctx, s, all); err != nil {
		_ = s.move(ctx, "now")
		return err
	}
	if err := s.move(ctx, "now"); err != nil {
		return err
	}
	fmt.Printf("%d people have asked. Their requests are at %s/desk\n", len(all), s.site)
	return nil
}
