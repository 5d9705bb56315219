// Command send plays the organisation that sends a campaign: it asks the running
// stack for a person's link and headers, as a sender's system would, and sends a
// sample newsletter through the SES stand-in. `make send EMAIL=me@example.com` is
// how people call it. It must know nothing that a sender would not know.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

func main() {
	port := flag.Int("port", portFrom(os.Getenv("PORT")), "first port of the running stack")
	topic := flag.String("topic", "newsletter", "topic of the mail, from desk.yaml; none for the link to end all mail")
	set := flag.String("set", "privacydesk-marketing", "SES configuration set to send through")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: send [flags] ADDRESS")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	s := local(*port)
	s.set, s.topic = *set, *topic
	if err := s.run(ctx, os.Stdout, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func portFrom(env string) int {
	port, err := strconv.Atoi(cmp.Or(env, "3000"))
	if err != nil {
		return 3000
	}
	return port
}

// sender is a sender's system.
type sender struct {
	site, mail string // base URLs of the desk and of the SES stand-in
	set, topic string
}

func local(port int) sender {
	at := func(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }
	return sender{site: at(port), mail: at(port + 2)}
}

// run sends one mail and says what became of it.
func (s sender) run(ctx context.Context, out io.Writer, to string) error {
	link, err := s.link(ctx, to)
	if err != nil {
		return err
	}
	verdict, err := s.check(ctx, to)
	if err != nil {
		return err
	}
	id, err := s.send(ctx, to, link)
	if err != nil {
		return err
	}
	arrived, err := s.arrived(ctx, id)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, s.report(to, id, link, verdict, arrived))
	return nil
}

func (s sender) report(to, id string, link linkRow, v verdict, arrived bool) string {
	switch {
	case arrived && v.Suppressed:
		return fmt.Sprintf("Sent, although %s must not be written to (%s): either SES has not been told yet, or only a topic was left.\nA sender asks POST /suppressions/check first. The mail: %s/mailbox/%s", to, v.why(), s.mail, id)
	case arrived:
		return fmt.Sprintf("Sent. Open the mail and press its unsubscribe button: %s/mailbox/%s\nIts link, for curl: %s", s.mail, id, link.URL)
	case v.Suppressed:
		return fmt.Sprintf("SES accepted the mail and dropped it without a word: %s must not be written to (%s).\nTo come back, open %s/mailbox for an earlier mail's link, or pick another EMAIL.", to, v.why(), s.mail)
	}
	return fmt.Sprintf("SES accepted the mail and dropped it, although the desk knows no opt-out of %s; see %s/suppression", to, s.mail)
}
