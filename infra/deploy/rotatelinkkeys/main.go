// Rotatelinkkeys changes the key that new links are sealed with. It takes two runs, a day apart:
//
//  1. adds the next key (k2 beside k1). Links are still sealed with the old one.
//  2. makes the newest key "current": from now on links are sealed with it.
//
// Two, because a function reads the keys once, when it starts, and lives on for hours. Did one run do both, a function
// that has just started would seal links with a key that older copies do not know yet, and these would tell people
// that their link is damaged. After a day no copy is that old. Old keys stay for ever, for links work for years.
//
// It works with the `aws` command and whatever rights that has; it prints no key. Usage:
//
//	make rotate-link-keys SECRET=<the stack's output LinkKeysSecretArn>
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"privacydesk/infra/deploy/awscli"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] == "" {
		awscli.Fail("rotate-link-keys", "say which secret: make rotate-link-keys SECRET=<the stack's output LinkKeysSecretArn>")
	}
	if err := rotate(os.Args[1], time.Now(), awscli.Run); err != nil {
		awscli.Fail("rotate-link-keys", err.Error())
	}
}

// rotate takes the one step that is due now.
func rotate(secret string, now time.Time, aws func(stdin string, args ...string) (string, error)) error {
	out, err := aws("", "secretsmanager", "get-secret-value", "--secret-id", secret, "--output", "json")
	if err != nil {
		return err
	}
	var stored struct {
		SecretString string
		CreatedDate  any // of this version: seconds or a text, as the command's settings have it
	}
	if err := json.Unmarshal([]byte(out), &stored); err != nil {
		return fmt.Errorf("the answer of aws cannot be read: %w", err)
	}
	changed, err := parseTime(stored.CreatedDate)
	if err != nil {
		return err
	}
	ring, done, err := step(stored.SecretString, now.Sub(changed), newKey)
	if err != nil {
		return err
	}
	// The keys go through a pipe: arguments of a command can be seen by every user of the machine.
	if _, err := aws(ring, "secretsmanager", "put-secret-value", "--secret-id", secret, "--secret-string", "file:///dev/stdin"); err != nil {
		return err
	}
	fmt.Println(done)
	return nil
}

func parseTime(v any) (time.Time, error) {
	switch v := v.(type) {
	case float64:
		return time.Unix(int64(v), 0), nil
	case string:
		return time.Parse(time.RFC3339, v)
	}
	return time.Time{}, fmt.Errorf("aws does not say when the keys were changed last")
}

// newKey gives 256 random bits as text.
func newKey() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
