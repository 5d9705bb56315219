package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/testkit"
)

// rule says what some packages may import ("only") or must not import ("never"). A pattern is an import path; with
// "..." at the end it is everything that begins so; "std" is the standard library; "=" is the package itself.
type rule struct {
	packages []string
	only     []string
	never    []string
	because  string
}

const house = "privacydesk/"

var (
	base     = []string{"privacydesk/shared/domain/fault", "privacydesk/shared/domain/person", "privacydesk/shared/domain/civil", "privacydesk/shared/domain/patch", "privacydesk/shared/domain/holiday"}
	subjects = slices.Concat(domains("deadline", "audit", "policy", "quota", "inbox", "schedule"), adapter("catalog")) // one subject each
	mailing  = domains("outbox", "optout")                                                                             // the mails, and who gets them
	requests = domains("request", "decision", "export", "disposal", "feedback", "suppression")                         // stand on these subjects
	domain   = slices.Concat(requests, subjects, mailing)
	adapters = adapter("link", "dynamo", "ses", "mail", "page", "web", "boot", "aws", "form")
	glue     = shared("portal") // what several functions put together in the same way

	awsSDK    = []string{"github.com/aws/aws-sdk-go-v2...", "github.com/aws/smithy-go..."}
	lambdaSDK = []string{"github.com/aws/aws-lambda-go..."}
	templates = []string{"html/template", "text/template"}
)

// The rules. `shared/adapter/catalog` holds the words that people read; whoever speaks to people may import it.
var importRules = []rule{
	{
		packages: []string{"privacydesk/shared/domain/fault", "privacydesk/shared/domain/civil", "privacydesk/shared/domain/patch"},
		only:     []string{"std"},
		because:  "everything imports them: they must bring nothing along",
	}, {
		packages: []string{"privacydesk/shared/domain/person"},
		only:     []string{"std", "golang.org/x/net/idna", "golang.org/x/text/unicode/norm"},
		because:  "everything imports person: it must bring nothing along but what one spelling of a domain needs",
	}, {
		packages: slices.Concat(adapter("catalog"), base),
		never:    []string{"net/http...", "html/template"},
		because:  "they are linked into every function; these cost megabytes and start-up time",
	}, {
		packages: domain,
		never:    []string{"net/http...", "html...", "text/template", "database/sql...", "os", "os/exec"},
		because:  "the domain holds the rules of privacy law and must be readable, and testable, without AWS, HTTP or HTML",
	}, {
		packages: subjects,
		only:     slices.Concat([]string{"std", "privacydesk/shared/domain/policy", "privacydesk/shared/domain/schedule", "go.yaml.in/yaml/v3"}, base),
		because:  "each of these packages is one subject; it knows fault, person and the desk's policy, and no other subject",
	}, {
		packages: mailing,
		only:     slices.Concat([]string{"std", "golang.org/x/sync/errgroup"}, domains("outbox", "quota", "schedule"), base),
		because:  "outbox knows no owner of a letter; opt-outs know it for their confirmations, and no request",
	}, {
		packages: requests,
		only:     slices.Concat([]string{"std", "go.yaml.in/yaml/v3", "golang.org/x/sync/errgroup"}, subjects, mailing, domains("request", "decision"), base),
		because:  "requests, their disposal, what SES tells and what it is told stand on the law, the register and the opt-outs, and on nothing outside the domain",
	}, {
		packages: domains("suppression", "feedback"),
		never:    domains("request", "decision", "export", "disposal", "deadline", "audit", "inbox", "suppression", "feedback"),
		because:  "SES's list and SES's events are about opt-outs alone: they know no requests and not each other",
	}, {
		packages: adapters,
		never:    adapters,
		because:  "adapters know the domain, never each other; a function wires them together",
	}, {
		packages: adapter("dynamo/..."),
		never:    adapter("link", "ses", "mail", "page", "web", "boot", "form", "aws"),
		because:  "the stores of the tables stand on dynamo and on each other, and on no other adapter",
	}, {
		packages: slices.Concat(domain, adapters),
		never:    glue,
		because:  "site puts adapters together for functions; what it is made of must not know it",
	}, {
		packages: glue,
		never:    slices.Concat(adapter("dynamo...", "ses", "boot", "aws", "mail"), domains("request")),
		because:  "site is what functions with pages have in common, and no more: no store, no sending",
	}, {
		packages: except("privacydesk/shared...", "privacydesk/shared/testkit..."),
		never:    []string{"privacydesk/functions...", "privacydesk/infra...", "privacydesk/shared/testkit..."},
		because:  "shared code is used by the functions and the local stack, not the other way round; the test kit is for tests",
	}, {
		packages: except("privacydesk/...", slices.Concat([]string{"privacydesk/infra...", "privacydesk/shared/testkit..."}, adapter("dynamo...", "ses", "aws"))...),
		never:    awsSDK,
		because:  "types of the AWS SDK stay in dynamo, ses and aws, so that the rest can be read and tested without AWS",
	}, {
		packages: except("privacydesk/...", slices.Concat([]string{"privacydesk/functions...", "privacydesk/infra...", "privacydesk/shared/testkit..."}, adapter("web", "boot"))...),
		never:    lambdaSDK,
		because:  "Lambda's event types stay in functions, web and infra (boot takes the logger): the rest does not know that it runs in a Lambda",
	}, {
		packages: except("privacydesk/...", slices.Concat([]string{"privacydesk/infra...", "privacydesk/shared/testkit..."}, adapter("page", "mail"))...),
		never:    templates,
		because:  "what people read is made in page and mail alone; html/template adds 2.7 MB to a function",
	}, {
		packages: []string{"privacydesk/functions/suppression"},
		never:    slices.Concat(adapter("page", "mail"), templates),
		because:  "suppression renders nothing: html/template would add 2.7 MB and start-up time for nothing",
	}, {
		packages: []string{"privacydesk/functions..."},
		never:    []string{"privacydesk/functions...", "privacydesk/infra...", "privacydesk/shared/testkit..."},
		because:  "a function is deployed alone; what two of them need belongs in shared",
	},
}

func TestImports(t *testing.T) {
	for _, p := range goList(t) {
		for _, r := range importRules {
			if !r.covers(p.ImportPath) {
				continue
			}
			for _, imported := range p.Imports {
				if !r.allows(p.ImportPath, imported) {
					t.Errorf("%s imports %s, which is against a rule of the house:\n\t%s.",
						strings.TrimPrefix(p.ImportPath, house), strings.TrimPrefix(imported, house), r.because)
				}
			}
		}
	}
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

// allows lets a package import its own sub-packages and parent whatever the rule says: they are one part.
func (r rule) allows(importer, imported string) bool {
	if strings.HasPrefix(imported+"/", importer+"/") || strings.HasPrefix(importer+"/", imported+"/") {
		return true
	}
	if anyMatches(r.never, imported) {
		return false
	}
	return r.only == nil || anyMatches(r.only, imported)
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

// shared names packages under shared/.
func shared(names ...string) []string {
	var paths []string
	for _, name := range names {
		paths = append(paths, house+"shared/"+name)
	}
	return paths
}

func domains(names ...string) []string { return below("domain/", names) }
func adapter(names ...string) []string { return below("adapter/", names) }

func below(folder string, names []string) []string {
	var paths []string
	for _, name := range names {
		paths = append(paths, shared(folder+name)...)
	}
	return paths
}

// except is a pattern with others taken out of it.
func except(pattern string, out ...string) []string {
	patterns := []string{pattern}
	for _, o := range out {
		patterns = append(patterns, "!"+o)
	}
	return patterns
}

type pkg struct {
	ImportPath string
	Dir        string
	Imports    []string
	GoFiles    []string
}

// goList gives every package of both modules; test files do not count as imports. A package that does not compile is
// for the compiler to name, hence -e.
func goList(tb testing.TB) []pkg {
	tb.Helper()
	if err := testkit.Sources("infra"); err != nil {
		tb.Fatal(err)
	}
	var all []pkg
	for _, module := range []string{root, root + "/infra"} {
		cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Imports,GoFiles", "./...")
		cmd.Dir = module
		out, err := cmd.Output()
		if err != nil {
			tb.Fatalf("go list: %v", err)
		}
		for dec := json.NewDecoder(bytes.NewReader(out)); ; {
			var p pkg
			if err := dec.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				tb.Fatal(err)
			}
			all = append(all, p)
		}
	}
	return all
}

// A new package under shared/ must say which rules it lives by.
func TestSharedPackagesHaveAPlace(t *testing.T) {
	places := slices.Concat(base, domain, adapters, glue, shared("testkit"))
	for _, p := range goList(t) {
		if path := strings.TrimPrefix(p.ImportPath, house); (strings.Count(path, "/") == 1 && !strings.HasPrefix(path, "shared/adapter") && !strings.HasPrefix(path, "shared/domain") || path != "" && strings.Count(path, "/") == 2 && !strings.HasPrefix(path, "shared/portal/") && !strings.HasPrefix(path, "shared/testkit/")) && strings.HasPrefix(path, "shared/") && !slices.Contains(places, p.ImportPath) {
			t.Errorf("%s is neither domain nor adapter: name it at the top of infra/rules/imports_test.go, so that the import rules hold for it", path)
		}
	}
}

// The rules themselves are tried on imports that they must refuse, so that a typing error cannot switch one off.
func TestImportRulesRefuse(t *testing.T) {
	cases := map[string][2]string{
		"a dependency in fault":            {"shared/domain/fault", "golang.org/x/text/language"},
		"HTTP in the domain":               {"shared/domain/optout", "net/http"},
		"the SDK in the domain":            {"shared/domain/optout", "github.com/aws/aws-sdk-go-v2/aws"},
		"an adapter in the domain":         {"shared/domain/optout", "privacydesk/shared/adapter/dynamo"},
		"one subject in another":           {"shared/domain/optout", "privacydesk/shared/domain/deadline"},
		"an adapter in rights":             {"shared/domain/request", "privacydesk/shared/adapter/mail"},
		"one adapter in another":           {"shared/adapter/web", "privacydesk/shared/adapter/page"},
		"the SDK in a function":            {"functions/unsubscribe", "github.com/aws/aws-sdk-go-v2/service/dynamodb"},
		"Lambda events in an adapter":      {"shared/adapter/dynamo", "github.com/aws/aws-lambda-go/events"},
		"html/template in a function":      {"functions/unsubscribe", "html/template"},
		"a page in suppression":            {"functions/suppression", "privacydesk/shared/adapter/page"},
		"one function in another":          {"functions/unsubscribe", "privacydesk/functions/notices"},
		"the test kit in a deployed thing": {"shared/adapter/dynamo", "privacydesk/shared/testkit"},
		"the local stack in shared code":   {"shared/adapter/boot", "privacydesk/shared/testkit/template"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for _, r := range importRules {
				if r.covers(house+c[0]) && !r.allows(house+c[0], c[1]) {
					return
				}
			}
			t.Errorf("no rule refuses %s in %s", c[1], c[0])
		})
	}
}
