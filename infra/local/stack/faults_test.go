package stack

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/process"
)

func TestFaultsAtTheStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	used := taken.Addr().(*net.TCPAddr).Port
	cases := map[string]struct {
		change func(*Config)
		want   string
	}{
		"port of the site":         {func(c *Config) { c.Port = used }, "is in use"},
		"port of DynamoDB":         {func(c *Config) { c.Port = used - 1 }, "PORT="},
		"port of the stand-in":     {func(c *Config) { c.Port = used - 2 }, "make run"},
		"a function that refuses":  {func(c *Config) { c.Parameters = map[string]string{"Refuse": "settings: KEY is missing"} }, "the function echo did not start: it said: settings: KEY is missing"},
		"an unknown parameter":     {func(c *Config) { c.Parameters = map[string]string{"Nope": "1"} }, `no parameter "Nope"`},
		"no template":              {func(c *Config) { c.Root = t.TempDir() }, "local parameters"},
		"a folder that is in use":  {func(c *Config) { c.Data = claimed(t) }, "held by another process"},
		"a DynamoDB that is not":   {func(c *Config) { c.DynamoDB = "http://127.0.0.1:1" }, "connection refused"},
		"checkpoints that are not": {func(c *Config) { c.Data = withFile(t, "streams.json", "{"); c.Memory = false; c.DynamoDB = "" }, "stream checkpoints"},
		"secrets that are not":     {func(c *Config) { c.Data = withFile(t, "secrets.json", "{") }, "local secrets"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			config := Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "faults-"}
			c.change(&config)
			if strings.HasPrefix(name, "port of DynamoDB") {
				config.DynamoDB = ""
			}
			_, err := start(t, config)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func claimed(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	unlock, err := process.Lock(filepath.Join(folder, "lock"), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(unlock)
	return folder
}

func withFile(t *testing.T, name, content string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestBuildFaults(t *testing.T) {
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "functions", "bad"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"go.mod": "module x\n\ngo 1.26\n", "functions/bad/main.go": "package main\n\nfunc main() { nothing() }\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for function, want := range map[string]string{"bad": "undefined: nothing", "absent": "there is no folder functions/absent"} {
		if err := buildOne(t.Context(), folder, t.TempDir(), function); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", function, err)
		}
	}
}
