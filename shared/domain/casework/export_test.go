package casework

import (
	"context"

	"privacydesk/shared/domain/request"
)

// Attempts are the acts that Acts tries, with the input with which it tries them.
func Attempts(f *request.File, officer string) (codes []string, acts []func(context.Context, *request.Service) (request.Request, error)) {
	for _, a := range attempts(f, officer) {
		codes, acts = append(codes, a.code+" "+a.of), append(acts, a.do)
	}
	return codes, acts
}
