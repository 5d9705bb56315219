package people

import (
	"context"

	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
)

func disagree(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	words, came, err := w.entered(s, "statement")
	if err != nil {
		return request.Request{}, err
	}
	return s.Disagree(ctx, w.id, w.actor(), words, came)
}

func appeal(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	words, came, err := w.entered(s, "reasons")
	if err != nil {
		return request.Request{}, err
	}
	return s.Appeal(ctx, w.id, words, came)
}

// entered are words of the person that the officer enters, and how they came.
func (w doing) entered(s *request.Service, name string) (string, intake.Entered, error) {
	words, err := text(w.typed, name)
	if err != nil {
		return "", intake.Entered{}, err
	}
	at, err := intake.Moment("received_on", w.typed.First("received_on"), s.Law.Zone())
	return words, intake.Entered{Officer: w.officer, At: at, By: intake.Channel(w.typed.First("came_by"))}, err
}
