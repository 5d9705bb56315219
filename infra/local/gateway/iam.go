package gateway

import (
	"regexp"

	"privacydesk/infra/local/template"
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

// signature is a SigV4 Authorization header: "AWS4-HMAC-SHA256 Credential=
// <key>/<date>/<region>/<service>/aws4_request, SignedHeaders=..., Signature=...".
var signature = regexp.MustCompile(`^AWS4-HMAC-SHA256 +Credential=([\w+=.@-]+)/\d{8}/[a-z0-9-]+/[a-z0-9-]+/aws4_request` +
	`, *SignedHeaders=[!#$%&'*+.^_|~0-9a-z;-]+, *Signature=[0-9a-f]{64}$`)

// accessKey gives the key that signed, and whether the header is well-formed.
func accessKey(authorization string) (string, bool) {
	parts := signature.FindStringSubmatch(authorization)
	if parts == nil {
		return "", false
	}
	return parts[1], true
}

// iamAuthorizer says who called; locally, every key is a user of its name.
func iamAuthorizer(key string) *authorizer {
	return &authorizer{iam{
		AccessKey: key, AccountID: template.Account, CallerID: "AIDALOCAL", PrincipalOrgID: "o-local",
		UserARN: "arn:aws:iam::" + template.Account + ":user/" + key, UserID: "AIDALOCAL",
	}}
}
