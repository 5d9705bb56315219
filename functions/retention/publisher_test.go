package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/domain/fault"
)

// What EventBridge may answer; only an entry that it took was said.
func TestPublisher(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		answer string
		code   fault.Code
	}{
		"taken":           {200, `{"FailedEntryCount":0,"Entries":[{"EventId":"x"}]}`, ""},
		"throttled":       {200, `{"FailedEntryCount":1,"Entries":[{"ErrorCode":"ThrottlingException"}]}`, fault.Unavailable},
		"nothing said":    {200, `{}`, fault.Unavailable},
		"no entry":        {200, `{"FailedEntryCount":0,"Entries":[]}`, fault.Unavailable},
		"no JSON":         {200, `<html>`, fault.Unavailable},
		"down":            {503, `{}`, fault.Unavailable},
		"may not":         {400, `{"__type":"AccessDeniedException"}`, fault.Internal},
		"says it as HTML": {403, `<html>`, fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			var target, signed string
			bus := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				target, signed = r.Header.Get("X-Amz-Target"), r.Header.Get("Authorization")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.answer)
			}))
			defer bus.Close()
			for name, value := range map[string]string{"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL_EVENTBRIDGE": bus.URL} {
				t.Setenv(name, value)
			}
			err := publisher{aws.New().Bus(), slog.New(slog.DiscardHandler)}.Erased(t.Context(), "PD-1", "ref", now)
			if fault.CodeOf(err) != c.code {
				t.Errorf("%v", err)
			}
			if target != "AWSEvents.PutEvents" || len(signed) < 100 {
				t.Errorf("%q, signed %q", target, signed)
			}
		})
	}
	t.Setenv("AWS_ENDPOINT_URL_EVENTBRIDGE", "http://127.0.0.1:1")
	if err := (publisher{aws.New().Bus(), slog.New(slog.DiscardHandler)}).Erased(t.Context(), "PD-1", "ref", time.Time{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nobody there: %v", err)
	}
}
