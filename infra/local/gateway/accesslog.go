package gateway

import (
	"regexp"
	"strconv"
	"time"
)

// access is one request, as the access log may tell of it: nothing that the
// client sent.
type access struct {
	id     string
	at     time.Time
	route  string
	answer response
	took   time.Duration
}

var variable = regexp.MustCompile(`\$context(\.[A-Za-z]+)+`)

// accessLine fills in the format of an access log. What has no value, or is not
// known here, is "-", as API Gateway writes it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
func accessLine(format string, a access) []byte {
	values := map[string]string{
		"$context.requestId": a.id, "$context.requestTime": a.at.UTC().Format(clf), "$context.routeKey": a.route,
		"$context.status": strconv.Itoa(a.answer.status), "$context.responseLength": strconv.Itoa(len(a.answer.body)),
		"$context.responseLatency":    strconv.FormatInt(a.took.Milliseconds(), 10),
		"$context.error.responseType": a.answer.refused,
	}
	if l := a.answer.lambda; l != (lambda{}) {
		values["$context.integration.latency"] = strconv.FormatInt(l.latency.Milliseconds(), 10)
		values["$context.integration.integrationStatus"], values["$context.integration.status"] = code(l.status), code(l.function)
	}
	return variable.ReplaceAllFunc([]byte(format), func(name []byte) []byte {
		if value := values[string(name)]; value != "" {
			return []byte(value)
		}
		return []byte("-")
	})
}

func code(status int) string {
	if status == 0 {
		return ""
	}
	return strconv.Itoa(status)
}
