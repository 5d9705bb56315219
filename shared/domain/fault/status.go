package fault

import "errors"

// status is the one map from codes to HTTP status codes (RFC 9110 section 15;
// 422 and 429 from RFC 9110 and RFC 6585).
var status = map[Code]int{
	Invalid:     422,
	Damaged:     400,
	NotFound:    404,
	Forbidden:   403,
	Conflict:    409,
	Expired:     410,
	TooLarge:    413,
	Unsupported: 415,
	TooMany:     429,
	Unavailable: 503,
	Internal:    500,
}

// public is what is said where the fault's own words are not for the public.
var public = map[Code]string{
	Unavailable: "We could not store this just now. Please try again in a minute.",
	Internal:    "Something went wrong on our side. Please try again in a minute.",
}

// Status returns the HTTP status code for err: 200 for nil, 500 for an error
// that is no fault.
func Status(err error) int {
	if err == nil {
		return 200
	}
	return status[CodeOf(err)]
}

// Public returns the sentence that may be shown to the public.
func Public(err error) string {
	if text, hidden := public[CodeOf(err)]; hidden {
		return text
	}
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Message
	}
	return ""
}
