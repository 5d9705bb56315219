package rules

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/testkit/template"
)

// statement is one statement of an IAM policy.
type statement struct {
	Effect           string
	Action, Resource list
	Condition        any
}

// list is a text or a list of texts.
type list []string

func (l *list) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*l = list{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(l))
}

type role struct {
	Policies []struct {
		PolicyDocument struct{ Statement []statement }
	}
}

// Resource "*" is for what SES cannot narrow, and the number of an import job is SES's; the comments in the template say so.
var mayNameEverything = []string{"ses:PutSuppressedDestination", "ses:DeleteSuppressedDestination", "ses:ListSuppressedDestinations", "ses:GetSuppressedDestination", "ses:CreateImportJob", "ses:ListImportJobs", "ses:GetImportJob"}

// What a role may do is named. A wildcard stands only behind the ARN of something that the template makes.
func TestPermissionsAreLeast(t *testing.T) {
	tpl := loadTemplate(t)
	own := func(arn string) bool {
		return !strings.Contains(arn, "*") || slices.ContainsFunc(tpl.Resources, func(r template.Resource) bool {
			return r.ARN != "" && (arn == r.ARN || strings.HasPrefix(arn, r.ARN+"/"))
		})
	}
	for _, r := range tpl.Resources {
		if r.Type != "AWS::IAM::Role" {
			continue
		}
		for _, s := range statements(t, r) {
			for _, action := range s.Action {
				if strings.Contains(action, "*") {
					t.Errorf("%s allows %s: name the actions, a wildcard allows tomorrow's too", r.LogicalID, action)
				}
				for _, arn := range s.Resource {
					if !own(arn) && !slices.Contains(mayNameEverything, action) {
						t.Errorf("%s allows %s on %s, also on what is not this stack's: name the resource", r.LogicalID, action, arn)
					}
				}
			}
		}
	}
}

func statements(tb testing.TB, r template.Resource) []statement {
	tb.Helper()
	var parsed role
	if r.Err != nil {
		tb.Fatal(r.Err)
	}
	if err := r.Decode(&parsed); err != nil {
		tb.Fatal(err)
	}
	var all []statement
	for _, p := range parsed.Policies {
		all = append(all, p.PolicyDocument.Statement...)
	}
	if len(all) == 0 {
		tb.Fatalf("%s: no statements found", r.LogicalID)
	}
	return all
}

// A function whose role SAM makes would get managed policies with Resource "*".
func TestFunctionsHaveTheirOwnRoleLogsAndFolder(t *testing.T) {
	tpl := loadTemplate(t)
	resources := map[string]template.Resource{}
	for _, r := range tpl.Resources {
		resources[r.LogicalID] = r
	}
	for _, f := range tpl.Functions {
		name := strings.TrimSuffix(f.LogicalID, "Function")
		for _, suffix := range []string{"Role", "Logs", "ErrorsAlarm"} {
			if _, ok := resources[name+suffix]; !ok {
				t.Errorf("%s has no %s of its own", f.LogicalID, name+suffix)
			}
		}
		if strings.ToLower(name) != f.Folder {
			t.Errorf("%s is built from functions/%s; name both alike", f.LogicalID, f.Folder)
		}
		if _, err := os.Stat(filepath.Join(root, "functions", f.Folder)); err != nil {
			t.Errorf("%s has no folder functions/%s", f.LogicalID, f.Folder)
		}
	}
}

// AWS documents aws:Referer for import jobs; statements of a policy are alternatives.
func TestImportJobsMayReadTheirObject(t *testing.T) {
	var p struct {
		PolicyDocument struct{ Statement []statement }
	}
	r, _ := loadTemplate(t).Resource("BulkBucketPolicy")
	if err := r.Decode(&p); err != nil {
		t.Fatal(err)
	}
	conditions := map[string]bool{}
	for _, s := range p.PolicyDocument.Statement {
		if text, _ := json.Marshal(s.Condition); s.Effect == "Allow" && s.Action[0] == "s3:GetObject" {
			conditions[string(text)] = true
		}
	}
	if !conditions[`{"StringEquals":{"aws:Referer":"000000000000"}}`] || len(conditions) != 2 {
		t.Errorf("SES is allowed under %v", conditions)
	}
}
