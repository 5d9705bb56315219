package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	cases := map[string]struct {
		in, out string
		passed  bool
	}{
		"a passing package keeps go test's own line": {
			in: `{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"PASS\n"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`,
			out: "ok  \tp\t0.1s\n", passed: true,
		},
		"a skipped test is named with its reason": {
			in: `{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:9: no Java here\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`,
			out: "ok  \tp\t0.1s\n    skipped TestA: a_test.go:9: no Java here\n", passed: true,
		},
		"cases skipped for one reason are one line": {
			in: `{"Action":"output","Package":"p","Test":"TestA/x","Output":"    a_test.go:9: not here\n"}
{"Action":"skip","Package":"p","Test":"TestA/x"}
{"Action":"output","Package":"p","Test":"TestA/y","Output":"    a_test.go:9: not here\n"}
{"Action":"skip","Package":"p","Test":"TestA/y"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`,
			out: "ok  \tp\t0.1s\n    skipped TestA/x and 1 more: a_test.go:9: not here\n", passed: true,
		},
		"a failed test shows all that it printed": {
			in: `{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:9: got 1\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"--- FAIL: TestA (0.00s)\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}
`,
			out: "    a_test.go:9: got 1\n--- FAIL: TestA (0.00s)\nFAIL\tp\t0.1s\n",
		},
		"a package that does not compile fails": {
			in: `{"ImportPath":"p","Action":"build-output","Output":"a.go:1: undefined: x\n"}
{"ImportPath":"p","Action":"build-fail"}
`,
			out: "a.go:1: undefined: x\n",
		},
		"words of the go command itself pass through": {in: "go: no such tool\n", out: "go: no such tool\n", passed: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if passed := report(strings.NewReader(c.in), &out); passed != c.passed || out.String() != c.out {
				t.Errorf("passed %v, printed:\n%s\nwant %v:\n%s", passed, out.String(), c.passed, c.out)
			}
		})
	}
}
