package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
)

// Signer signs with the keys that the desk publishes: audit.Signer.
type Signer interface{ SignNotice(message []byte) [][]byte }

// Way tells systems by webhook.
type Way struct {
	Caller outbound.Caller
	Signer Signer
	Source string // base URL of the desk
	// Address seals the address for a notice, at which the system fetches and answers.
	Address func(ledger.Notice) (string, error)
	// ChoicesAt seals the address from which a system fetches what a batch holds.
	ChoicesAt func(feed.Batch) (string, error)
	// Secret reads the secret that desk.yaml names for a system.
	Secret func(ctx context.Context, name string) (string, error)
	Now    func() time.Time
}

// Tell implements ledger.Way.
func (w *Way) Tell(ctx context.Context, n ledger.Notice) (ledger.Answer, error) {
	address, err := w.Address(n)
	if err != nil {
		return ledger.Answer{}, err
	}
	answer, err := w.send(ctx, n.System, event{
		ID: n.ID, Type: "privacydesk.request." + string(n.Task), Subject: n.Request,
		Data: task{n.Request, string(n.Task), n.System.ID, n.DueAt.UTC().Format(time.RFC3339), address},
	})
	switch {
	case err != nil:
		return ledger.Answer{}, err
	case answer.Status == http.StatusGone:
		return ledger.Answer{Gone: true}, nil
	}
	return read(answer.Body), nil
}

// event is a CloudEvents 1.0 event in the JSON format, structured mode.
type event struct {
	SpecVersion string `json:"specversion"`
	ID          string `json:"id"`
	Source      string `json:"source"`
	Type        string `json:"type"`
	Subject     string `json:"subject,omitempty"`
	ContentType string `json:"datacontenttype"`
	Data        any    `json:"data"`
}

// task is the data of an event about a request.
type task struct {
	Request string `json:"request"`
	Task    string `json:"task"`
	System  string `json:"system"`
	DueAt   string `json:"due_at"`
	Address string `json:"address"`
}

// send makes one signed call. An answer that it returns is 2xx or 410; any other is an error, so that the call is made again.
func (w *Way) send(ctx context.Context, system ledger.System, e event) (outbound.Answer, error) {
	op := "tell " + system.ID
	e.SpecVersion, e.Source, e.ContentType = "1.0", w.Source, "application/json"
	e.ID = strings.ReplaceAll(e.ID, ".", ":") // the signature is over id, time and body with full stops between them
	body, err := json.Marshal(e)
	if err != nil {
		return outbound.Answer{}, fault.Wrap(fault.Internal, errors.New("the event has no JSON form"), op)
	}
	headers, err := w.sign(ctx, system, e.ID, body)
	if err != nil {
		return outbound.Answer{}, err
	}
	answer, err := w.Caller.Do(ctx, outbound.Call{Op: op, Method: http.MethodPost, URL: system.URL, Headers: headers, Body: body})
	if err != nil || answer.Status/100 == 2 || answer.Status == http.StatusGone {
		return answer, err
	}
	return outbound.Answer{}, answer.Refused(op, w.Now())
}

// read is what the body of a 2xx says. Most systems say nothing of use: they have taken the task, and answer later.
func read(body []byte) ledger.Answer {
	var said struct {
		Outcome ledger.State `json:"outcome"`
		Records int          `json:"records"`
		Ground  string       `json:"ground"`
	}
	if json.Unmarshal(body, &said) == nil {
		taken := ledger.Entry{State: ledger.Told}
		answered := ledger.Deed{Act: ledger.Answered, State: said.Outcome, Outcome: ledger.Outcome{Records: said.Records, Ground: said.Ground}}
		if _, err := taken.Do(time.Time{}, answered, ledger.System{}); err == nil {
			return ledger.Answer{State: said.Outcome, Records: said.Records, Ground: said.Ground}
		}
	}
	return ledger.Answer{State: ledger.Told}
}
