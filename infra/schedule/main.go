// Schedule prints the schedule of retention and disposal as a lawyer reads it: what is kept, from when, how long, what
// is then done and by whom, why, and what is due. The schedule is desk.yaml's; the counts are those of a running stack,
// or of an answer of its function that was saved. It changes nothing. Usage: make retention.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
)

func main() {
	log.SetFlags(0)
	file := flag.String("file", "", "saved answer of the function retention to {\"forecast\": true}; none asks the running stack")
	format := flag.String("format", "", "md for Markdown, or text, as without it")
	flag.Parse()
	if err := run(os.Stdout, *file, *format); err != nil {
		log.Fatal(err)
	}
}

func run(out io.Writer, file, format string) error {
	if format != "" && format != "text" && format != "md" {
		return fmt.Errorf("FORMAT is md for Markdown, or text; %q is neither", format)
	}
	desk, err := settings.Load()
	if err != nil {
		return err
	}
	schedule, err := schedule.New(desk)
	if err != nil {
		return err
	}
	p := page{name: desk.Organisation.LegalName, zone: desk.Organisation.Zone(), schedule: schedule}
	port, err := strconv.Atoi(cmp.Or(os.Getenv("PORT"), "3000"))
	if err != nil {
		return fmt.Errorf("PORT must be a number: %w", err)
	}
	p.counts, p.from, err = counts(file, port)
	if err != nil {
		return err
	}
	write := p.text
	if format == "md" {
		write = p.markdown
	}
	_, err = io.WriteString(out, write())
	return err
}

// counts are those of a saved answer or of the running stack, and words for where they come from; nil where none runs.
func counts(file string, port int) (map[schedule.Class]disposal.Outlook, string, error) {
	answer, from, err := ask(file, port)
	if err != nil || answer == nil {
		return nil, "", err
	}
	var saved struct {
		Forecast []disposal.Outlook `json:"forecast"`
	}
	if err := json.Unmarshal(answer, &saved); err != nil || len(saved.Forecast) == 0 {
		return nil, "", fmt.Errorf("the answer of %s is no forecast: %s", from, bytes.TrimSpace(answer[:min(len(answer), 200)]))
	}
	byClass := map[schedule.Class]disposal.Outlook{}
	for _, o := range saved.Forecast {
		byClass[o.Class] = o
	}
	return byClass, from, nil
}

func ask(file string, port int) (answer []byte, from string, err error) {
	if file != "" {
		answer, err = os.ReadFile(file)
		return answer, file, err
	}
	client := &http.Client{Timeout: time.Minute}
	address := fmt.Sprintf("http://127.0.0.1:%d/2015-03-31/functions/retention/invocations", port+2)
	r, err := client.Post(address, "application/json", bytes.NewReader([]byte(`{"forecast": true}`)))
	if errors.Is(err, syscall.ECONNREFUSED) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = r.Body.Close() }()
	answer, err = io.ReadAll(r.Body)
	return answer, fmt.Sprintf("the stack on port %d", port), err
}
