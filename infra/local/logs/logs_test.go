package logs

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFormat(t *testing.T) {
	now := time.Date(2026, 9, 23, 20, 0, 0, 0, time.Local)
	stamp := time.Date(2026, 9, 23, 20, 1, 2, 3e6, time.Local).UTC().Format(time.RFC3339Nano)
	cases := map[string]struct{ line, want string }{
		"slog":        {`{"timestamp":"` + stamp + `","level":"INFO","message":"synced","put":2,"why":"a b","requestId":"x"}`, `20:01:02.003 suppression INFO   synced put=2 why="a b"`},
		"plain":       {`panic: oh`, `20:00:00.000 suppression        panic: oh`},
		"metric":      {`{"_aws":{"Timestamp":1,"CloudWatchMetrics":[]},"Function":"suppression","Pending":0,"Oldest":1.50009,"Kind":"x"}`, `20:00:00.000 suppression METRIC Oldest=1.5 Kind=x (1 at 0)`},
		"figures":     {`{"Function":"suppression","DriftMissing":2}`, `20:00:00.000 suppression METRIC DriftMissing=2`},
		"nested":      {`{"level":"warn","message":"m","g":{"a":"b c"}}`, `20:00:00.000 suppression WARN   m g={"a":"b c"}`},
		"empty text":  {`{"level":"INFO","message":"m","x":""}`, `20:00:00.000 suppression INFO   m x=""`},
		"broken JSON": {`{"a":`, `20:00:00.000 suppression        {"a":`},
		"a list":      {`[1]`, `20:00:00.000 suppression        [1]`},
		"newline":     {`{"message":"m","x":"a\nb"}`, `20:00:00.000 suppression        m x="a\nb"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := format("suppression", []byte(c.line), now, false); got != c.want+"\n" {
				t.Errorf("got  %qwant %q", got, c.want)
			}
		})
	}
}

func TestSinkKeepsLinesAsTheyCame(t *testing.T) {
	var out bytes.Buffer
	folder := t.TempDir()
	s := New(Config{Out: &out, Folder: folder, Now: time.Now, Colour: true})
	slog.New(slog.NewJSONHandler(s.Writer("gateway"), nil)).Warn("slow", "ms", 5)
	s.Line("gateway", []byte("plain"))
	s.Say("ready at %s", "http://127.0.0.1:3000")
	s.Close()
	kept, err := os.ReadFile(filepath.Join(folder, "gateway.log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(kept), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], `"msg":"slow","ms":5}`) || lines[1] != "plain" {
		t.Errorf("kept %q", kept)
	}
	if !strings.Contains(out.String(), "WARN   slow ms=5\x1b[0m\n") || !strings.HasSuffix(out.String(), "ready at http://127.0.0.1:3000\n") {
		t.Errorf("shown %q", out.String())
	}
}
