package gateway

import (
	"net/http"
	"time"

	"privacydesk/infra/local/sigv4"
	"privacydesk/shared/testkit/template"
)

type authorizer struct {
	IAM iam `json:"iam"`
}

type iam struct {
	AccessKey       string  `json:"accessKey"`
	AccountID       string  `json:"accountId"`
	CallerID        string  `json:"callerId"`
	CognitoIdentity *string `json:"cognitoIdentity"`
	PrincipalOrgID  string  `json:"principalOrgId"`
	UserARN         string  `json:"userArn"`
	UserID          string  `json:"userId"`
}

// authorize says who signed a request. An HTTP API refuses all others with the
// same 403; why is in the stack's log alone. Signatures go by the machine's
// time, whatever the stack's time is.
func (g *gateway) authorize(r *http.Request, body []byte, route template.Route) *authorizer {
	caller, err := sigv4.Verify(r, body, time.Now())
	if err != nil {
		g.Log.Warn("signature refused", "route", route.Key(), "why", err.Error())
		return nil
	}
	return &authorizer{iam{
		AccessKey: caller.AccessKey, AccountID: template.Account, CallerID: caller.UserID, PrincipalOrgID: "o-local",
		UserARN: caller.UserARN, UserID: caller.UserID,
	}}
}
