package gateway

import (
	"net/url"
	"slices"
	"strings"

	"privacydesk/shared/testkit/template"
)

// match is a route and the values of its path parameters.
type match struct {
	route      template.Route
	parameters map[string]string
}

type pattern struct {
	route    template.Route
	segments []string
	rank     string // sorts the more specific pattern first
}

// routes finds the most specific route, as HTTP APIs do: a full match before
// one with parameters, before a greedy one, before $default; and a route for
// the method before one for ANY.
type routes []pattern

func newRoutes(list []template.Route) (r routes) {
	for _, route := range list {
		segments := strings.Split(strings.TrimPrefix(route.Path, "/"), "/")
		r = append(r, pattern{route, segments, rank(route, segments)})
	}
	slices.SortStableFunc(r, func(a, b pattern) int { return strings.Compare(a.rank, b.rank) })
	return r
}

func rank(route template.Route, segments []string) string {
	if route.Path == "$default" {
		return "~"
	}
	out := ""
	for _, s := range segments {
		switch {
		case strings.HasSuffix(s, "+}"):
			out += "2"
		case strings.HasPrefix(s, "{"):
			out += "1"
		default:
			out += "0"
		}
	}
	if route.Method == "ANY" {
		out += "any"
	}
	return out
}

// match takes the path as it was sent, still percent-encoded.
func (r routes) match(method, path string) (match, bool) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for _, p := range r {
		if p.route.Method != "ANY" && p.route.Method != method {
			continue
		}
		if parameters, ok := p.take(segments); ok {
			return match{p.route, parameters}, true
		}
	}
	return match{}, false
}

func (p pattern) take(segments []string) (map[string]string, bool) {
	if p.route.Path == "$default" {
		return nil, true
	}
	parameters := map[string]string{}
	for i, want := range p.segments {
		if i >= len(segments) {
			return nil, false
		}
		if name, greedy := strings.CutSuffix(want, "+}"); greedy {
			// Nothing after the slash is a rest too, as users of the service report; what it documents leaves that open.
			parameters[strings.TrimPrefix(name, "{")] = decoded(strings.Join(segments[i:], "/"))
			return parameters, true
		}
		if !strings.HasPrefix(want, "{") {
			if decoded(segments[i]) != want {
				return nil, false
			}
			continue
		}
		if segments[i] == "" {
			return nil, false
		}
		parameters[strings.Trim(want, "{}")] = decoded(segments[i])
	}
	return parameters, len(segments) == len(p.segments)
}

// decoded gives a path as API Gateway hands it on; what is no valid escape
// stays as it is.
func decoded(path string) string {
	if out, err := url.PathUnescape(path); err == nil {
		return out
	}
	return path
}
