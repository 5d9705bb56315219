package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"privacydesk/shared/domain/person"

	"github.com/aws/aws-lambda-go/events"
)

// Principal is who signed the call of an authorised route. It may hold a
// person's name, so it prints as its id alone.
type Principal struct{ id, name string }

// idOfIAM is a unique id of a user or a role, or an account's number (IAM User
// Guide, "Unique identifiers" and the values of aws:userid). Nobody chooses
// one, so nothing personal can be in it.
var idOfIAM = regexp.MustCompile(`^((AIDA|AROA)[A-Z0-9]{1,124}|[0-9]{12})$`)

// principal reads what API Gateway says of the caller. userId is AIDA... for a
// user, AROA...:<session name> for a role, <account>:<name> for a federated
// user and <account> for the root user. All of Cognito's users share one
// session name; their identity id tells them apart. What is not known to be an
// id counts as a name.
func principal(iam *events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription) Principal {
	id, name, _ := strings.Cut(iam.UserID, ":")
	if !idOfIAM.MatchString(id) {
		id, name = "", iam.UserID
	}
	if cognito := iam.CognitoIdentity.IdentityID; id != "" && cognito != "" {
		name = cognito
	}
	return Principal{id, name}
}

// Known reports whether anybody has signed the call.
func (p Principal) Known() bool { return p != Principal{} }

// Who names the principal for the records: the id that IAM gave, and a digest
// of the name that the caller chose, mostly an e-mail address. Either may be
// missing.
func (p Principal) Who(digest func(name string) string) string {
	if p.name == "" {
		return p.id
	}
	return strings.TrimPrefix(p.id+":"+digest(p.name), ":")
}

// String hides the name.
func (p Principal) String() string { return p.Who(func(string) string { return "***" }) }

// GoString hides the name.
func (p Principal) GoString() string { return p.String() }

type callerKey struct{}

func withCaller(ctx context.Context, e events.APIGatewayV2HTTPRequest) context.Context {
	if a := e.RequestContext.Authorizer; a != nil && a.IAM != nil {
		ctx = context.WithValue(ctx, callerKey{}, principal(a.IAM))
	}
	return ctx
}

// Caller is who signed the call; nobody where the route is public.
func Caller(r *http.Request) Principal {
	p, _ := r.Context().Value(callerKey{}).(Principal)
	return p
}

const maxHost = 253 // characters (RFC 1035)

// FormHost is the host of the page that held a form, as evidence; "" when the browser does not say.
func FormHost(r *http.Request) string {
	for _, header := range []string{"Origin", "Referer"} {
		if u, err := url.Parse(r.Header.Get(header)); err == nil && u.Host != "" {
			return person.CleanText(strings.ToLower(u.Hostname()), maxHost)
		}
	}
	return ""
}
