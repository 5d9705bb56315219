package ses

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
)

var errNoAnswer = errors.New("SES did not answer")

// ErrUnsure: a call was made and no answer came. It may or may not have had its
// effect. It comes wrapped in a fault.Unavailable.
var ErrUnsure = errors.New("SES was called and did not answer")

// classified turns an error of the SDK into a fault, suppression.ErrThrottled or
// suppression.ErrUnlistable. Nothing of the SDK's text survives: not-found and
// validation texts hold the address, and so does the URL in a network error.
func classified(err error, a person.Address, doing string) error {
	if err == nil {
		return nil
	}
	status := 0
	if answer, ok := errors.AsType[interface {
		error
		HTTPStatusCode() int
	}](err); ok {
		status = answer.HTTPStatusCode()
	}
	refusal, refused := errors.AsType[smithy.APIError](err)
	switch {
	case status == http.StatusTooManyRequests || refused && throttles(refusal):
		return suppression.ErrThrottled
	case status >= http.StatusInternalServerError:
		return fault.Wrap(fault.Unavailable, errNoAnswer, doing)
	case !refused && status >= http.StatusBadRequest: // by whatever answers in SES's place
		return fault.Wrap(fault.Internal, fmt.Errorf("SES refused: status %d", status), doing)
	case !refused:
		return fault.Wrap(fault.Unavailable, unsure(err), doing)
	case aboutAddress(refusal, a):
		return suppression.ErrUnlistable
	}
	return fault.Wrap(fault.Internal, errors.New("SES refused: "+exception(refusal)), doing)
}

// unsure is ErrUnsure, with the end of the caller's time if that was why.
func unsure(err error) error {
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			return fmt.Errorf("%w: %w", ErrUnsure, ended)
		}
	}
	return ErrUnsure
}

func throttles(e smithy.APIError) bool {
	_, ok := retry.DefaultThrottleErrorCodes[e.ErrorCode()]
	return ok
}

// aboutAddress reports whether SES refused the address itself. It is strict on purpose:
// such an address is never tried again, while anything else stays pending. A 400 may
// as well be about a tenant, a configuration set or the sandbox. The address is taken
// out first, so that its own words do not decide.
func aboutAddress(e smithy.APIError, a person.Address) bool {
	text := strings.ReplaceAll(strings.ToLower(e.ErrorMessage()), a.Reveal(), "")
	if e.ErrorCode() != "BadRequestException" || !strings.Contains(text, "address") {
		return false
	}
	for _, other := range []string{"tenant", "configuration set", "sandbox", "production access", "not verified"} {
		if strings.Contains(text, other) {
			return false
		}
	}
	return true
}

// exception is the error's name, which is safe to log.
func exception(e smithy.APIError) string {
	name := e.ErrorCode()
	if strings.ContainsFunc(name, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') }) {
		return "unknown"
	}
	return name
}
