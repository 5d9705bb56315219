// Package sigv4 signs and checks requests to the routes that ask for IAM, as
// API Gateway does with AWS Signature Version 4. There is one user, with the
// access key "local", and one role, whose sessions have keys that begin with
// ASIA. The secret of all of them is "local".
//
// It must not decide what a caller may do. It never reveals a signature, a
// token or a request in an error: errors go into the stack's log.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package sigv4

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"privacydesk/shared/testkit/template"
)

// service is API Gateway's name in a signature.
const service = "execute-api"

const secret = "local"

// User is the local stack's only user.
var User = aws.Credentials{AccessKeyID: "local", SecretAccessKey: secret}

// Session gives the credentials of a session of the local stack's only role.
// The name must be one that STS takes: 2 to 64 letters, digits or _=,.@+-.
func Session(name string) aws.Credentials {
	return aws.Credentials{AccessKeyID: "ASIALOCAL", SecretAccessKey: secret, SessionToken: name}
}

// Sign signs a request with the machine's time. It reads the body by GetBody,
// which http.NewRequest sets for readers in memory.
func Sign(r *http.Request, keys aws.Credentials) error {
	var body []byte
	if r.GetBody != nil {
		reader, err := r.GetBody()
		if err == nil {
			body, err = io.ReadAll(reader)
		}
		if err != nil {
			return err
		}
	}
	return sign(r.Context(), r, keys, body, time.Now())
}

func sign(ctx context.Context, r *http.Request, keys aws.Credentials, body []byte, at time.Time) error {
	sum := sha256.Sum256(body)
	return v4.NewSigner().SignHTTP(ctx, keys, r, hex.EncodeToString(sum[:]), service, template.Region, at)
}
