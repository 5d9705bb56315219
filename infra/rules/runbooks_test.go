package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// parts are what each runbook answers: how bad it is, how to see, how to know that it is over. What rings stands
// before them, by name.
var parts = []string{"**How bad**: ", "\n## Look\n", "; . infra/runbooks/tools.sh\n", "\n## It is over when\n"}

// typed are the commands of infra/runbooks/tools.sh and of AWS in a runbook, and what their word must be a name of.
var typed = map[string]*regexp.Regexp{
	"resource or schedule": regexp.MustCompile(`\b(?:named|waiting) "?([A-Za-z]+)`),
	"output":               regexp.MustCompile(`(?:\$\(output |the output ` + "`" + `)([A-Za-z]+)`),
	"function":             regexp.MustCompile(`(?m)(?:^|` + "`" + `)(?:lines|call) ([a-z]+)`),
	"saved query":          regexp.MustCompile(`saved query ` + "`" + `([a-z-]+)`),
	"event":                regexp.MustCompile(`\b(events/[a-z/-]+\.json)`),
}

// Whoever is woken types what a runbook says, so what it names is there.
func TestRunbooksNameWhatThereIs(t *testing.T) {
	tpl := loadTemplate(t)
	known := map[string]bool{}
	for _, r := range tpl.Resources {
		known["resource or schedule "+r.LogicalID] = true
	}
	for _, s := range tpl.Schedules {
		known["resource or schedule "+s.LogicalID] = true
	}
	for _, o := range tpl.Outputs {
		known["output "+o.Name] = true
	}
	for _, f := range tpl.Functions {
		known["function "+f.Folder] = true
	}
	known["function gateway"] = true // of the local stack
	for _, q := range tpl.ByType("AWS::Logs::QueryDefinition") {
		_, name, _ := strings.Cut(q.Text("Name"), "/")
		known["saved query "+name] = true
	}
	for book, text := range runbooks(t) {
		for kind, command := range typed {
			for _, m := range command.FindAllStringSubmatch(text, -1) {
				if _, err := os.Stat(filepath.Join(root, m[1])); !known[kind+" "+m[1]] && (kind != "event" || err != nil) {
					t.Errorf("%s: %q names no %s", book, m[0], kind)
				}
			}
		}
	}
}

// A page that an alarm leads to begins with what that alarm says.
func TestRunbooksSayWhatRings(t *testing.T) {
	books := runbooks(t)
	for book, text := range books {
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s has no %q", book, strings.TrimSpace(part))
			}
		}
	}
	for _, r := range loadTemplate(t).Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		_, book, _ := strings.Cut(r.Text("AlarmDescription"), "Runbook: infra/runbooks/")
		head, _, _ := strings.Cut(books[book], "\n## ")
		if !strings.Contains(head, "`"+r.LogicalID+"`") {
			t.Errorf("%s does not say in its head what %s is, which leads to it", book, r.LogicalID)
		}
	}
}

func runbooks(tb testing.TB) map[string]string {
	tb.Helper()
	paths, _ := filepath.Glob(root + "/infra/runbooks/*.md")
	books := map[string]string{}
	for _, path := range paths {
		books[filepath.Base(path)] = read(tb, path)
	}
	return books
}
