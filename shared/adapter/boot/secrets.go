package boot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
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

// secret reads a secret of AWS Secrets Manager: one signed call of
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html.
// The service's SDK client would cost more of every start than the call
// (infra/decisions). The error never holds the secret.
func (a *AWS) secret(ctx context.Context, id string) (string, error) {
	body := fmt.Sprintf(`{"SecretId":%q}`, id)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.endpoint("SECRETS_MANAGER", "secretsmanager"), strings.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("read secret %s: %w", id, err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "secretsmanager.GetSecretValue")
	hash := sha256.Sum256([]byte(body))
	keys, _ := credentials{}.Retrieve(ctx)
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(hash[:]), "secretsmanager", a.region, time.Now()); err != nil {
		return "", fmt.Errorf("read secret %s: %w", id, err)
	}
	res, err := a.once.Do(req)
	if err != nil {
		return "", fmt.Errorf("read secret %s: %w", id, err)
	}
	defer res.Body.Close()
	var answer struct {
		SecretString string
		Type         string `json:"__type"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.SecretString == "" {
		return "", fmt.Errorf("read secret %s: status %d %s", id, res.StatusCode, answer.Type)
	}
	return answer.SecretString, nil
}

// Secrets reads several secrets at the same time, in their order.
func (a *AWS) Secrets(ctx context.Context, ids ...string) ([]Secret, error) {
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
