package people

import (
	"context"

	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
)

func disagree(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	words, err := text(w.typed, "statement")
	if err != nil {
		return request.Request{}, err
	}
	came, err := w.entered(s)
	if err != nil {
		return request.Request{}, err
	}
	return s.Disagree(ctx, w.id, w.actor(), words, came)
}

func appeal(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	words, err := text(w.typed, "reasons")
	if err != nil {
		return request.Request{}, err
	}
	came, err := w.entered(s)
	if err != nil {
		return request.Request{}, err
	}
	return s.Appeal(ctx, w.id, words, came)
}

// entered is how words came that the officer enters.
func (w doing) entered(s *request.Service) (intake.Entered, error) {
	at, err := intake.Moment("received_on", w.typed.First("received_on"), s.Law.Zone())
	return intake.Entered{Officer: w.officer, At: at, By: intake.Channel(w.typed.First("came_by"))}, err
}
