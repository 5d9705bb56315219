package aws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"privacydesk/shared/domain/fault"
)

// Secret is the text of a secret. It does not print itself.
type Secret struct{ text string }

// Text returns the secret itself.
func (s Secret) Text() string { return s.text }

// Field returns one text of a secret that is a JSON object, as
// GenerateSecretString makes it; "" when there is none.
func (s Secret) Field(name string) string {
	var fields map[string]string
	_ = json.Unmarshal([]byte(s.text), &fields)
	return fields[name]
}

// String hides the secret.
func (Secret) String() string { return "***" }

// GoString hides the secret.
func (Secret) GoString() string { return "***" }

// secret reads a secret of AWS Secrets Manager
// (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
// The service's SDK client would cost more of every start than the call. The
// error never holds the secret.
func (a *Clients) secret(ctx context.Context, id string) (string, error) {
	op := "read secret " + id
	body, err := a.send(ctx, call{
		op: op, service: "secretsmanager", method: http.MethodPost, url: a.endpoint("SECRETS_MANAGER", "secretsmanager"),
		target: "secretsmanager.GetSecretValue", body: fmt.Appendf(nil, `{"SecretId":%q}`, id),
	})
	if err != nil {
		return "", err
	}
	var answer struct{ SecretString string }
	if err := json.Unmarshal(body, &answer); err != nil || answer.SecretString == "" {
		return "", fault.Wrap(fault.Internal, errors.New("it holds no text"), op)
	}
	return answer.SecretString, nil
}

// Secrets reads several secrets at the same time, in their order.
func (a *Clients) Secrets(ctx context.Context, ids ...string) ([]Secret, error) {
	var (
		secrets = make([]Secret, len(ids))
		faults  = make([]error, len(ids))
		wg      sync.WaitGroup
	)
	for i, id := range ids {
		wg.Go(func() {
			text, err := a.secret(ctx, id)
			secrets[i], faults[i] = Secret{text}, err
		})
	}
	wg.Wait()
	return secrets, errors.Join(faults...)
}
