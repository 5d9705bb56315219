package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/stack"
)

// run starts the stack and keeps it until Ctrl-C, or until it breaks.
func run(ctx context.Context, _ []string) error {
	config, err := settings()
	if err != nil {
		return err
	}
	started := time.Now()
	fmt.Println("Privacy Desk starts (Ctrl-C stops it)")
	s, err := stack.Start(ctx, config)
	if err != nil {
		return err
	}
	fmt.Print(banner(s, time.Since(started)))
	select {
	case err = <-s.Failed():
	case <-ctx.Done():
		err = nil
	}
	fmt.Println("\nstopping")
	s.Close()
	return err
}

// settings reads the environment of `make run`.
func settings() (stack.Config, error) {
	config := stack.Config{Root: ".", DynamoDB: os.Getenv("DYNAMODB_ENDPOINT"), Out: os.Stdout, Colour: colourful()}
	if _, err := os.Stat("template.yaml"); err != nil {
		return config, fmt.Errorf("there is no template.yaml here: start this in the repository's top folder")
	}
	var err error
	if config.Port, err = port(); err != nil {
		return config, err
	}
	if config.ClockOffset, err = clock.Parse(os.Getenv("CLOCK")); err != nil {
		return config, fmt.Errorf("CLOCK=%w", err)
	}
	config.OpenID, err = openID()
	return config, err
}

// openID is another OpenID provider than the local one, if one is named.
func openID() (stack.OpenID, error) {
	o := stack.OpenID{Issuer: os.Getenv("OIDC_ISSUER"), ClientID: os.Getenv("OIDC_CLIENT_ID"), ClientSecret: os.Getenv("OIDC_CLIENT_SECRET")}
	if o != (stack.OpenID{}) && (o.Issuer == "" || o.ClientID == "" || o.ClientSecret == "") {
		return o, fmt.Errorf("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together: set all three, or none for the local provider")
	}
	return o, nil
}

// defaultPort is the site's; DynamoDB, the stand-in and the OpenID provider are on the next three.
const defaultPort = 3000

func port() (int, error) {
	text := os.Getenv("PORT")
	if text == "" {
		return defaultPort, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 65532 {
		return 0, fmt.Errorf("PORT=%s must be a number from 1 to 65532, such as PORT=4300 make run", text)
	}
	return n, nil
}

// colourful tells whether a terminal will see the output.
func colourful() bool {
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == ""
}

func banner(s *stack.Stack, took time.Duration) string {
	var folders []string
	for _, f := range s.Template.Functions {
		folders = append(folders, f.Folder)
	}
	rows := [][2]string{
		{"Desk", s.URL + "/desk"},
		{"site and API", s.URL},
		{"DynamoDB", s.DynamoDB},
		{"mailbox", s.AWS + "/mailbox"},
		{"other systems", s.AWS + "/systems"},
		{"SES, secrets", s.AWS},
		{"OpenID", s.Issuer()},
		{"functions", strings.Join(folders, ", ")},
		{"data and logs", s.Data + " (make clean forgets them)"},
	}
	out := fmt.Sprintf("\nPrivacy Desk runs, after %.1f s:\n", took.Seconds())
	for _, row := range rows {
		out += fmt.Sprintf("  %-14s %s\n", row[0], row[1])
	}
	if os.Getenv("DYNAMODB_ENDPOINT") == "" {
		out += "  (DynamoDB Local listens on all addresses of this machine; it has no option for one)\n"
	}
	if offset := time.Until(s.Now()).Round(time.Second); offset != 0 {
		out += fmt.Sprintf("  %-14s %s (make clock OFFSET=now: back to the machine's)\n", "its time is", s.Now().Format("Mon 2 Jan 2006, 15:04"))
	}
	again := ""
	if n, err := port(); err == nil && n != defaultPort {
		again = fmt.Sprintf(" PORT=%d", n)
	}
	return out + "\nTry:\n  curl -s -H 'Accept: application/json' -d email=me@example.com " + s.URL + "/unsubscribe\n" +
		"  curl -s " + s.AWS + "/v2/email/suppression/addresses\n" +
		"  make send EMAIL=me@example.com" + again + "\n" +
		"  make sample" + again + "\n" +
		"  make clock OFFSET=+31d" + again + "\n\n"
}
