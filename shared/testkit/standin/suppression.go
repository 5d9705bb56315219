package standin

import (
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const maxPage = 1000

var suppressionReasons = []string{"BOUNCE", "COMPLAINT"}

type putSuppressedInput struct {
	EmailAddress string
	Reason       string
	TenantName   string
}

// putSuppressed is PutSuppressedDestination. An entry that is there gets the new
// reason and date and is no longer one that SES made.
func (s *Server) putSuppressed(c *call) (any, error) {
	var in putSuppressedInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := checkAddress(in.EmailAddress); err != nil {
		return nil, err
	}
	if err := oneOf("reason", in.Reason, suppressionReasons...); err != nil {
		return nil, err
	}
	l, err := s.list(in.TenantName)
	if err != nil {
		return nil, err
	}
	l.put(entry{Address: in.EmailAddress, Reason: in.Reason, Updated: c.now})
	s.changed()
	return nil, nil
}

// getSuppressed is GetSuppressedDestination.
func (s *Server) getSuppressed(c *call) (any, error) {
	l, address, err := s.named(c)
	if err != nil {
		return nil, err
	}
	e, ok := l.get(address)
	if !ok {
		return nil, notSuppressed(address)
	}
	return map[string]any{"SuppressedDestination": described(e, tenantOf(c))}, nil
}

// deleteSuppressed is DeleteSuppressedDestination.
func (s *Server) deleteSuppressed(c *call) (any, error) {
	l, address, err := s.named(c)
	if err != nil {
		return nil, err
	}
	if !l.remove(address) {
		return nil, notSuppressed(address)
	}
	s.changed()
	return nil, nil
}

// notSuppressed words the error as SES does, address included.
func notSuppressed(address string) error {
	return notFound("Email address %s does not exist on your suppression list.", fold(address))
}

// list finds a tenant's list, or the account's for the empty name.
func (s *Server) list(tenant string) (*list, error) {
	if tenant != "" && s.cfg.Tenants != nil && !slices.Contains(s.cfg.Tenants, tenant) {
		return nil, notFound("Tenant %s does not exist.", tenant)
	}
	return s.st.list(tenant), nil
}

func (s *Server) named(c *call) (*list, string, error) {
	address := c.PathValue("address")
	if err := checkAddress(address); err != nil {
		return nil, "", err
	}
	if s.cfg.RefuseSlash && strings.Contains(address, "/") {
		return nil, "", badRequest("Invalid email address %s.", address)
	}
	l, err := s.list(tenantOf(c))
	return l, address, err
}

func tenantOf(c *call) string { return c.URL.Query().Get("TenantName") }

type suppressedDestination struct {
	EmailAddress   string
	Reason         string
	LastUpdateTime epoch
	Attributes     *suppressedAttributes `json:",omitempty"`
	TenantName     string                `json:",omitempty"`
}

type suppressedAttributes struct {
	MessageID  string `json:"MessageId,omitempty"`
	FeedbackID string `json:"FeedbackId,omitempty"`
}

func described(e entry, tenant string) suppressedDestination {
	d := summarised(e)
	d.TenantName = tenant
	if e.MessageID != "" || e.FeedbackID != "" {
		d.Attributes = &suppressedAttributes{e.MessageID, e.FeedbackID}
	}
	return d
}

func summarised(e entry) suppressedDestination {
	return suppressedDestination{EmailAddress: e.Address, Reason: e.Reason, LastUpdateTime: epoch{e.Updated}}
}

// listSuppressed is ListSuppressedDestinations.
func (s *Server) listSuppressed(c *call) (any, error) {
	l, err := s.list(tenantOf(c))
	if err != nil {
		return nil, err
	}
	query := c.URL.Query()
	keep, err := listFilter(query)
	if err != nil {
		return nil, err
	}
	size, err := strconv.Atoi(query.Get("PageSize"))
	if query.Has("PageSize") && err != nil {
		return nil, badRequest("PageSize is not a number.")
	}
	size, err = pageSize(size, 100, maxPage)
	if err != nil {
		return nil, err
	}
	after, err := openToken(query)
	if err != nil {
		return nil, err
	}
	return listReply(l, after, size, keep, query), nil
}

type listOutput struct {
	SuppressedDestinationSummaries []suppressedDestination
	NextToken                      string `json:",omitempty"`
}

func listReply(l *list, after string, size int, keep func(entry) bool, query url.Values) listOutput {
	found, more := l.page(after, size, keep)
	out := listOutput{SuppressedDestinationSummaries: make([]suppressedDestination, 0, len(found))}
	for _, e := range found {
		out.SuppressedDestinationSummaries = append(out.SuppressedDestinationSummaries, summarised(e))
	}
	if more {
		out.NextToken = sealToken(query, found[len(found)-1].Address)
	}
	return out
}

// listFilter keeps the entries of the asked reasons with start <= time < end.
func listFilter(query url.Values) (func(entry) bool, error) {
	reasons := query["Reason"]
	for _, r := range reasons {
		if err := oneOf("reasons", r, suppressionReasons...); err != nil {
			return nil, err
		}
	}
	start, errStart := queryTime(query, "StartDate")
	end, errEnd := queryTime(query, "EndDate")
	if errStart != nil || errEnd != nil {
		return nil, badRequest("StartDate and EndDate must be times.")
	}
	return func(e entry) bool {
		return (len(reasons) == 0 || slices.Contains(reasons, e.Reason)) &&
			(start.IsZero() || !e.Updated.Before(start)) &&
			(end.IsZero() || e.Updated.Before(end))
	}, nil
}

func queryTime(query url.Values, name string) (time.Time, error) {
	if !query.Has(name) {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339Nano, query.Get(name))
}

// A token is the last key of a page, tied to the question that was asked.
func sealToken(query url.Values, last string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(question(query) + " " + last))
}

func openToken(query url.Values) (string, error) {
	token := query.Get("NextToken")
	if token == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	asked, last, ok := strings.Cut(string(raw), " ")
	if err != nil || !ok || asked != question(query) {
		return "", &apiError{http.StatusBadRequest, "InvalidNextTokenException", "The specified request includes an invalid or expired token."}
	}
	return last, nil
}

func question(query url.Values) string {
	h := fnv.New32a()
	for _, name := range []string{"TenantName", "Reason", "StartDate", "EndDate"} {
		fmt.Fprint(h, name, query[name])
	}
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}
