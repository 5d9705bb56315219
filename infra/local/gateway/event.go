package gateway

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"privacydesk/shared/testkit/template"
)

// event is the payload format 2.0.
type event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        requestContext    `json:"requestContext"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	Body                  string            `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

type requestContext struct {
	AccountID    string      `json:"accountId"`
	APIID        string      `json:"apiId"`
	Authorizer   *authorizer `json:"authorizer,omitempty"`
	DomainName   string      `json:"domainName"`
	DomainPrefix string      `json:"domainPrefix"`
	HTTP         httpContext `json:"http"`
	RequestID    string      `json:"requestId"`
	RouteKey     string      `json:"routeKey"`
	Stage        string      `json:"stage"`
	Time         string      `json:"time"`
	TimeEpoch    int64       `json:"timeEpoch"`
}

type httpContext struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

// clf is the time format of requestContext.time.
const clf = "02/Jan/2006:15:04:05 -0700"

func newEvent(r *http.Request, body []byte, m match, now time.Time, id string) event {
	// The service decodes the path, and takes a decoded ? for the query's.
	path, _, _ := strings.Cut(decoded(r.URL.EscapedPath()), "?")
	sourceIP, _, _ := net.SplitHostPort(r.RemoteAddr)
	host, _, _ := strings.Cut(r.Host, ":")
	prefix, _, _ := strings.Cut(host, ".")
	e := event{
		Version: "2.0", RouteKey: m.route.Key(), RawPath: path, RawQueryString: r.URL.RawQuery,
		Cookies: cookies(r.Header), Headers: headers(r, len(body), sourceIP, now, id),
		QueryStringParameters: query(r.URL.RawQuery), PathParameters: m.parameters,
		RequestContext: requestContext{
			AccountID: template.Account, APIID: "local", DomainName: host, DomainPrefix: prefix,
			HTTP:      httpContext{r.Method, path, r.Proto, sourceIP, r.UserAgent()},
			RequestID: id, RouteKey: m.route.Key(), Stage: "$default",
			Time: now.UTC().Format(clf), TimeEpoch: now.UnixMilli(),
		},
	}
	e.Body, e.IsBase64Encoded = encodeBody(r.Header.Get("Content-Type"), body)
	return e
}

func (e event) encode() []byte {
	out, err := json.Marshal(e)
	if err != nil { // strings and numbers alone: cannot happen
		panic(err)
	}
	return out
}

// hopByHop are the headers between the client and the gateway alone.
var hopByHop = map[string]bool{
	"Connection": true, "Keep-Alive": true, "Proxy-Connection": true, "Te": true, "Trailer": true,
	"Transfer-Encoding": true, "Upgrade": true, "Cookie": true, // cookies have a field of their own
}

func headers(r *http.Request, bodySize int, sourceIP string, now time.Time, id string) map[string]string {
	out := map[string]string{}
	for name, values := range r.Header {
		if !hopByHop[name] {
			out[strings.ToLower(name)] = valid(strings.Join(values, ","))
		}
	}
	out["host"] = r.Host
	out["content-length"] = strconv.Itoa(bodySize)
	out["x-forwarded-proto"], out["x-forwarded-port"] = "http", port(r)
	out["x-forwarded-for"] = strings.TrimPrefix(out["x-forwarded-for"]+", "+sourceIP, ", ")
	if out["x-amzn-trace-id"] == "" {
		out["x-amzn-trace-id"] = trace(now, id)
	}
	return out
}

// trace makes an X-Ray root: its seconds and 24 hex digits.
func trace(now time.Time, id string) string {
	sum := sha256.Sum256([]byte(id))
	return fmt.Sprintf("Root=1-%08x-%s", now.Unix(), hex.EncodeToString(sum[:12]))
}

func port(r *http.Request) string {
	address, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return "80"
	}
	_, port, _ := net.SplitHostPort(address.String())
	return port
}

func cookies(h http.Header) []string {
	var out []string
	for _, line := range h.Values("Cookie") {
		for cookie := range strings.SplitSeq(line, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				out = append(out, cookie)
			}
		}
	}
	return out
}

// query decodes the parameters, and joins those of one name with a comma. It
// takes what url.ParseQuery would refuse: a scanner's odd link is no error.
func query(raw string) map[string]string {
	out := map[string]string{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, value = unescapeQuery(name), unescapeQuery(value)
		if before, twice := out[name]; twice {
			value = before + "," + value
		}
		out[name] = value
	}
	return out
}

func unescapeQuery(text string) string {
	out, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return valid(out)
}

// valid replaces each byte that is no UTF-8.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}
