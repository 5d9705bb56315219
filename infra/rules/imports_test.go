package rules

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rule says what some packages must not reach. A pattern is an import path; with "..." at the end it is everything that
// begins so; "std" is the standard library; with "!" before it, it takes packages out of the rule.
type rule struct {
	packages []string
	never    []string            // not through any dependency
	only     []string            // of all dependencies; nil is everything
	direct   []string            // not by an import of its own
	apart    string              // the folders below this one never import each other,
	but      map[string][]string // except those that the importer's line names, and everyone's
	because  string
}

const (
	house    = "privacydesk/"
	everyone = "*"
)

// subjects says which other folders of the domain each may import. One that is not here may import everyone's alone, so
// that a new package fails until somebody has decided what it may know.
var subjects = map[string][]string{
	everyone:      {"fault", "civil", "patch", "person", "spelling"},
	"deadline":    {"holiday"},
	"schedule":    {"settings"},
	"ledger":      {"settings"},
	"access":      {"attachment", "deadline", "decision", "intake", "ledger"},
	"feed":        {"ledger", "optout", "screening", "settings"},
	"outbox":      {"quota"},
	"decision":    {"deadline"},
	"optout":      {"schedule"},
	"screening":   {"optout"},
	"optin":       {"optout", "outbox", "quota", "schedule", "screening"},
	"mylinks":     {"outbox", "quota", "request", "schedule"},
	"backfill":    {"optout"},
	"suppression": {"optout"},
	"feedback":    {"optout"},
	"intake":      {"deadline", "optout"},
	"recovery":    {"optout"},
	"filing":      {"access", "attachment", "audit", "deadline", "intake", "lifecycle", "request", "settings"},
	"request":     {"attachment", "audit", "deadline", "decision", "draft", "foureyes", "intake", "ledger", "lifecycle", "optout", "outbox", "quota", "requestmail", "schedule", "settings", "waiting"},
	"waiting":     {"deadline", "decision", "intake"},
	"draft":       {"decision", "foureyes", "lifecycle", "waiting"},
	"requestmail": {"outbox"},
	"requestlog":  {"attachment", "audit", "decision", "draft", "ledger", "lifecycle", "outbox", "request", "schedule"},
	"casework":    {"audit", "deadline", "decision", "disposal", "draft", "foureyes", "intake", "ledger", "lifecycle", "optout", "outbox", "request", "waiting"},
	"agenda":      {"audit", "deadline", "intake", "ledger", "lifecycle", "outbox", "request"},
	"activity":    {"audit", "casework", "disposal", "lifecycle", "request"},
	"health":      {"disposal", "lifecycle", "outbox", "request", "schedule", "suppression"},
	"export":      {"access", "audit", "deadline", "decision", "intake", "lifecycle", "optin", "optout", "outbox", "request"},
	"disposal":    {"audit", "draft", "feed", "foureyes", "ledger", "lifecycle", "optout", "request", "requestlog", "schedule"},
}

var (
	base      = in("shared/domain/fault", "shared/domain/civil", "shared/domain/patch", "shared/domain/person", "shared/domain/spelling")
	awsSDK    = []string{"github.com/aws/aws-sdk-go-v2...", "github.com/aws/smithy-go..."}
	lambdaSDK = []string{"github.com/aws/aws-lambda-go..."}
	templates = []string{"html/template", "text/template"}
	logins    = []string{"github.com/coreos/go-oidc...", "golang.org/x/oauth2...", "github.com/go-jose..."}
)

// The rules hold for whole folders: a new package is covered without being named here.
var importRules = []rule{
	{
		packages: base,
		only:     append([]string{"std", "golang.org/x/net/idna", "golang.org/x/text..."}, base...), // idna: one spelling of a domain
		because:  "everything imports them: they must bring nothing along",
	}, {
		packages: in("shared/domain...", "shared/adapter/catalog"),
		never:    slices.Concat(in("shared/adapter...", "shared/portal..."), awsSDK, lambdaSDK, templates, []string{"net/http...", "html...", "database/sql..."}),
		only:     append([]string{"std", "go.yaml.in/yaml/v3", "golang.org/x/net/idna", "golang.org/x/text...", "golang.org/x/sync..."}, in("shared/domain...")...),
		direct:   []string{"os", "os/exec"},
		because:  "the domain holds the rules of privacy law and must be readable, and testable, without AWS, HTTP or HTML",
	}, {
		packages: in("shared/domain..."),
		apart:    house + "shared/domain",
		but:      subjects,
		because:  "each is one subject and knows only those that its line in `subjects` names (outbox: no owner of a letter; opt-outs: no requests)",
	}, {
		packages: in("shared/adapter..."),
		apart:    house + "shared/adapter",
		but:      map[string][]string{everyone: {"catalog", "outbound", "product"}},
		never:    in("shared/portal..."),
		because:  "adapters know the domain, never each other; a function wires them together. catalog, the words, is for all who speak to people, outbound for all who call other systems, and product for those who know the API of one",
	}, {
		packages: in("shared/portal..."),
		never:    slices.Concat(in("shared/adapter/dynamo...", "shared/adapter/ses", "shared/adapter/boot", "shared/adapter/mail"), awsSDK),
		because:  "portal is what functions with pages have in common, and no more: no store, no sending",
	}, {
		packages: in("shared...", "functions...", "!shared/testkit..."),
		apart:    house + "functions",
		never:    in("shared/testkit..."),
		because:  "a function is deployed alone, without what is for tests; what two functions need belongs in shared",
	}, {
		packages: in("shared...", "functions...", "!shared/testkit...", "!shared/adapter/dynamo...", "!shared/adapter/ses", "!shared/adapter/aws", "!shared/adapter/boot"),
		direct:   awsSDK,
		because:  "types of the AWS SDK stay in dynamo, ses, aws and boot, so that the rest can be read and tested without AWS",
	}, {
		packages: in("shared...", "!shared/testkit...", "!shared/adapter/web", "!shared/adapter/boot"),
		direct:   lambdaSDK,
		because:  "Lambda's event types stay in functions and web (boot takes the logger): the rest does not know that it runs in a Lambda",
	}, {
		packages: in("shared...", "functions...", "!shared/testkit...", "!shared/adapter/page...", "!shared/adapter/mail...", "!shared/adapter/deskpage"),
		direct:   templates,
		because:  "what people read is made in page, deskpage and mail alone",
	}, {
		packages: in("functions/desk..."),
		apart:    house + "functions/desk",
		because:  "the desk's doors know the same acts of the domain, never each other; main opens both",
	}, {
		packages: in("functions/suppression", "functions/feedback", "functions/desk/api", "functions/mailbox", "functions/retention", "functions/systems"),
		never:    templates,
		because:  "these render nothing: html/template would add 2.7 MB and start-up time for nothing",
	}, {
		packages: in("shared...", "functions...", "!shared/testkit...", "!shared/adapter/login"),
		direct:   logins,
		because:  "what the identity provider says is read in login alone",
	}, {
		packages: in("functions...", "!functions/desk..."),
		never:    logins,
		because:  "nobody logs in at the other functions, and their starts stay short",
	},
}

func TestImports(t *testing.T) {
	for _, p := range goList(t) {
		if p.Name == "main" && strings.HasPrefix(p.ImportPath, house+"shared/") {
			continue // writes generated code, and is not deployed
		}
		for _, r := range importRules {
			if fault := r.fault(p); fault != "" {
				t.Errorf("%s reaches %s, which is against a rule of the house (go mod why -m, go list -deps):\n\t%s.",
					strings.TrimPrefix(p.ImportPath, house), strings.TrimPrefix(fault, house), r.because)
			}
		}
	}
}

// fault gives the first package that the rule forbids, or nothing.
func (r rule) fault(p pkg) string {
	if !r.covers(p.ImportPath) {
		return ""
	}
	for _, reached := range p.Deps {
		if !samePart(p.ImportPath, reached) && (anyMatches(r.never, reached) || r.only != nil && !anyMatches(r.only, reached)) {
			return reached
		}
	}
	for _, imported := range p.Imports {
		if anyMatches(r.direct, imported) || r.sibling(p.ImportPath, imported) {
			return imported
		}
	}
	return ""
}

// sibling tells whether both lie below the rule's folder, in different folders of which the one may not know the other.
func (r rule) sibling(one, other string) bool {
	first, found := strings.CutPrefix(one, r.apart+"/")
	second, too := strings.CutPrefix(other, r.apart+"/")
	first, _, _ = strings.Cut(first, "/")
	second, _, _ = strings.Cut(second, "/")
	return r.apart != "" && found && too && first != second && !slices.Contains(slices.Concat(r.but[first], r.but[everyone]), second)
}

func (r rule) covers(path string) bool {
	covered := false
	for _, pattern := range r.packages {
		if out, not := strings.CutPrefix(pattern, "!"); not {
			if matches(out, path) {
				return false
			}
		} else if matches(pattern, path) {
			covered = true
		}
	}
	return covered
}

// samePart lets a package reach its own sub-packages and parent whatever a rule says.
func samePart(one, other string) bool {
	return strings.HasPrefix(other+"/", one+"/") || strings.HasPrefix(one+"/", other+"/")
}

func anyMatches(patterns []string, path string) bool {
	for _, pattern := range patterns {
		if matches(pattern, path) {
			return true
		}
	}
	return false
}

func matches(pattern, path string) bool {
	first, _, _ := strings.Cut(path, "/")
	if pattern == "std" {
		return !strings.Contains(first, ".") && first != strings.TrimSuffix(house, "/")
	}
	if prefix, ok := strings.CutSuffix(pattern, "..."); ok {
		return strings.HasPrefix(path+"/", strings.TrimSuffix(prefix, "/")+"/")
	}
	return path == pattern
}

// in names packages of the house.
func in(patterns ...string) []string {
	out := make([]string, len(patterns))
	for i, pattern := range patterns {
		if name, not := strings.CutPrefix(pattern, "!"); not {
			out[i] = "!" + house + name
		} else {
			out[i] = house + pattern
		}
	}
	return out
}

// A rule about a package that does not exist holds for nothing.
func TestRulesNameWhatExists(t *testing.T) {
	std, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields(string(std))
	for _, p := range goList(t) {
		known = append(append(known, p.ImportPath), p.Deps...)
	}
	for _, r := range importRules {
		var allowed []string
		for one, others := range r.but {
			for _, name := range append(slices.Clone(others), one) {
				allowed = append(allowed, strings.TrimSuffix(r.apart+"/"+name, everyone)+"...")
			}
		}
		for _, pattern := range slices.Concat(r.packages, r.never, r.only, r.direct, allowed) {
			pattern = strings.TrimPrefix(pattern, "!")
			if !slices.ContainsFunc(known, func(path string) bool { return matches(pattern, path) }) {
				t.Errorf("a rule names %s, which does not exist", pattern)
			}
		}
	}
}

// Each rule is tried on imports that it must refuse, so that a typing error cannot switch one off.
func TestImportRulesRefuse(t *testing.T) {
	cases := map[string][2]string{
		"a dependency in fault":            {"shared/domain/fault", "golang.org/x/time/rate"},
		"HTTP in the domain":               {"shared/domain/optout", "net/http"},
		"files in the domain":              {"shared/domain/optout", "os"},
		"the SDK in the domain":            {"shared/domain/optout", "github.com/aws/aws-sdk-go-v2/aws"},
		"an adapter in a new subject":      {"shared/domain/anything/new", "privacydesk/shared/adapter/dynamo"},
		"requests in opt-outs":             {"shared/domain/optout", "privacydesk/shared/domain/request"},
		"opt-outs in the register":         {"shared/domain/audit", "privacydesk/shared/domain/optout"},
		"a subject in another":             {"shared/domain/inbox", "privacydesk/shared/domain/schedule"},
		"a subject in a new one":           {"shared/domain/new/part", "privacydesk/shared/domain/settings"},
		"a new subject in an old one":      {"shared/domain/request", "privacydesk/shared/domain/new"},
		"another library in the domain":    {"shared/domain/optout", "golang.org/x/time/rate"},
		"HTTP in the words":                {"shared/adapter/catalog", "net/http"},
		"one adapter in another":           {"shared/adapter/web", "privacydesk/shared/adapter/page"},
		"one adapter in a new one":         {"shared/adapter/new/part", "privacydesk/shared/adapter/page"},
		"the portal in an adapter":         {"shared/adapter/page", "privacydesk/shared/portal"},
		"the store in the portal":          {"shared/portal", "privacydesk/shared/adapter/dynamo"},
		"the SDK in a function":            {"functions/unsubscribe", "github.com/aws/aws-sdk-go-v2/service/dynamodb"},
		"Lambda events in an adapter":      {"shared/adapter/dynamo", "github.com/aws/aws-lambda-go/events"},
		"html/template in a function":      {"functions/unsubscribe", "html/template"},
		"templates in suppression":         {"functions/suppression", "text/template"},
		"one function in another":          {"functions/unsubscribe", "privacydesk/functions/notices"},
		"one door in the other":            {"functions/desk/people", "privacydesk/functions/desk/api"},
		"the login in another adapter":     {"shared/adapter/web", "golang.org/x/oauth2"},
		"the login in another function":    {"functions/rights", "github.com/coreos/go-oidc/v3/oidc"},
		"the test kit in a deployed thing": {"shared/adapter/dynamo", "privacydesk/shared/testkit"},
	}
	tried := map[string]bool{}
	for name, c := range cases {
		refused := false
		for _, r := range importRules {
			if r.fault(pkg{ImportPath: house + c[0], Imports: []string{c[1]}, Deps: []string{c[1]}}) != "" {
				refused, tried[r.because] = true, true
			}
		}
		if !refused {
			t.Errorf("%s: no rule refuses %s in %s", name, c[1], c[0])
		}
	}
	for _, r := range importRules {
		if !tried[r.because] {
			t.Errorf("nothing tries the rule: %s", r.because)
		}
	}
}
