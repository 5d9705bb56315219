package iam

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/mail"
	"strings"
)

const (
	sesPath     = "/v2/email/"
	objectsPath = "/s3/"
)

// sesActions are the calls of SES API v2 by method and path; {} is one part.
var sesActions = map[string]string{
	"PUT suppression/addresses":       "ses:PutSuppressedDestination",
	"GET suppression/addresses":       "ses:ListSuppressedDestinations",
	"GET suppression/addresses/{}":    "ses:GetSuppressedDestination",
	"DELETE suppression/addresses/{}": "ses:DeleteSuppressedDestination",
	"POST import-jobs":                "ses:CreateImportJob",
	"POST import-jobs/list":           "ses:ListImportJobs",
	"GET import-jobs/{}":              "ses:GetImportJob",
	"POST outbound-emails":            "ses:SendEmail",
}

// ses: the suppression calls know a tenant as a resource, or none; SendEmail
// needs every resource that it uses.
func (r *Roles) ses(request *http.Request, body []byte) ([]Call, error) {
	parts := strings.Split(strings.TrimPrefix(request.URL.EscapedPath(), sesPath), "/")
	name := request.Method + " " + strings.Join(parts, "/")
	if len(parts) == 3 {
		name = request.Method + " " + parts[0] + "/" + parts[1] + "/{}"
	} else if request.Method == http.MethodGet && parts[0] == "import-jobs" {
		name = "GET import-jobs/{}"
	}
	action := sesActions[name]
	switch {
	case action == "":
		return nil, errUnknown(request)
	case action == "ses:SendEmail":
		return r.send(body)
	case action == "ses:GetImportJob":
		return []Call{{Action: action, Resource: r.arn("ses", "import-job/"+parts[1])}}, nil
	case parts[0] == "import-jobs":
		return []Call{{Action: action, Resource: "*"}}, nil
	}
	var in struct{ TenantName string }
	if len(body) > 0 && json.Unmarshal(body, &in) != nil {
		return nil, fmt.Errorf("the body of %s is not read", action)
	}
	if in.TenantName += request.URL.Query().Get("TenantName"); in.TenantName != "" {
		return []Call{{Action: action, Resource: r.arn("ses", "tenant/"+in.TenantName+"/local")}}, nil
	}
	return []Call{{Action: action, Resource: "*"}}, nil
}

// send: SES asks for a permission on each of identity, configuration set and
// tenant. Raw mails, which need ses:SendRawEmail, and templates are not used.
func (r *Roles) send(body []byte) ([]Call, error) {
	var in struct {
		FromEmailAddress, ConfigurationSetName, TenantName string
		Content                                            struct{ Simple json.RawMessage }
	}
	err := json.Unmarshal(body, &in)
	from, fault := mail.ParseAddress(in.FromEmailAddress)
	if err != nil || fault != nil || in.Content.Simple == nil {
		return nil, fmt.Errorf("infra/local/iam does not know this form of SendEmail")
	}
	c := Call{Action: "ses:SendEmail", Resource: r.arn("ses", "identity/"+r.identity(from.Address)),
		Context: map[string][]string{fromAddress: {from.Address}}}
	calls := []Call{c}
	if in.ConfigurationSetName != "" {
		c.Resource = r.arn("ses", "configuration-set/"+in.ConfigurationSetName)
		calls = append(calls, c)
	}
	if in.TenantName != "" {
		c.Resource = r.arn("ses", "tenant/"+in.TenantName+"/local")
		calls = append(calls, c)
	}
	return calls, nil
}

// identity is the verified identity that covers an address: the one that the
// parameter SesIdentity names, if it does, or the address's domain.
func (r *Roles) identity(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	own := r.sesIdentity
	if own != "" && (own == address || own == domain || strings.HasSuffix(domain, "."+own)) {
		return own
	}
	return domain
}

func (r *Roles) secrets(request *http.Request, body []byte) ([]Call, error) {
	var in struct{ SecretId string }
	if operation(request) != "GetSecretValue" || json.Unmarshal(body, &in) != nil || in.SecretId == "" {
		return nil, errUnknown(request)
	}
	if !strings.HasPrefix(in.SecretId, "arn:") {
		in.SecretId = r.arn("secretsmanager", "secret:"+in.SecretId)
	}
	return []Call{{Action: "secretsmanager:GetSecretValue", Resource: in.SecretId}}, nil
}

// events: every entry is judged by itself.
func (r *Roles) events(request *http.Request, body []byte) ([]Call, error) {
	var in struct {
		Entries []struct{ Source, DetailType, EventBusName string }
	}
	if operation(request) != "PutEvents" || json.Unmarshal(body, &in) != nil || len(in.Entries) == 0 {
		return nil, errUnknown(request)
	}
	var calls []Call
	for _, e := range in.Entries {
		bus := e.EventBusName
		switch {
		case bus == "":
			bus = r.arn("events", "event-bus/default")
		case !strings.HasPrefix(bus, "arn:"):
			bus = r.arn("events", "event-bus/"+bus)
		}
		calls = append(calls, Call{Action: "events:PutEvents", Resource: bus,
			Context: map[string][]string{eventSource: {e.Source}, eventDetailType: {e.DetailType}}})
	}
	return calls, nil
}
