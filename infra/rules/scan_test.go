package rules

import (
	"slices"
	"testing"

	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/template"
)

// Where files are scanned, what is given out depends on the scan: the functions that
// give out and delete know of it, may read the tag, and nobody may write one but GuardDuty.
func TestFilesAreScannedWhereItIsAskedFor(t *testing.T) {
	dir, err := testkit.Root()
	if err != nil {
		t.Fatal(err)
	}
	for _, setting := range []string{"no", "yes"} {
		stack, err := template.LoadLocal(dir, map[string]string{"PublicUrl": "http://127.0.0.1:3000", "ScanFiles": setting}, template.Options{})
		if err != nil {
			t.Fatal(err)
		}
		plans := stack.ByType("AWS::GuardDuty::MalwareProtectionPlan")
		if len(plans) == 1 != (setting == "yes") {
			t.Fatalf("%s: %d plans", setting, len(plans))
		}
		for _, plan := range plans {
			role, _ := stack.Resource("FilesScanRole")
			if plan.Text("ProtectedResource.S3Bucket.BucketName") != "FilesBucket" || plan.Text("Actions.Tagging.Status") != "ENABLED" || plan.Text("Role") != role.ARN || role.Err != nil || plan.Err != nil {
				t.Errorf("%+v, %v", plan, role.Err)
			}
		}
		var told []string
		for _, f := range stack.Functions {
			if f.Environment["FILES_BUCKET"] == "" {
				continue
			}
			if told = append(told, f.Folder); f.Environment["SCAN_FILES"] != setting {
				t.Errorf("%s is told %q", f.Folder, f.Environment["SCAN_FILES"])
			}
		}
		if slices.Sort(told); !slices.Equal(told, []string{"desk", "retention", "rights"}) {
			t.Errorf("told: %q", told)
		}
		for _, r := range stack.ByType("AWS::IAM::Role") {
			mayRead, mayWrite := grants(t, r, "s3:GetObjectTagging"), grants(t, r, "s3:PutObjectTagging")
			reads := slices.Contains([]string{"DeskRole", "RetentionRole", "RightsRole", "FilesScanRole"}, r.LogicalID) && setting == "yes"
			if mayRead != reads || mayWrite != (r.LogicalID == "FilesScanRole") {
				t.Errorf("%s, with %s: reads %v, writes %v", r.LogicalID, setting, mayRead, mayWrite)
			}
		}
	}
}

// grants reports whether a role allows an action somewhere.
func grants(t *testing.T, role template.Resource, action string) bool {
	t.Helper()
	var fields struct {
		Policies []struct {
			PolicyDocument struct {
				Statement []struct{ Action any }
			}
		}
	}
	if err := role.Decode(&fields); err != nil {
		t.Fatal(err)
	}
	for _, policy := range fields.Policies {
		for _, s := range policy.PolicyDocument.Statement {
			list, _ := s.Action.([]any)
			if s.Action == action || slices.Contains(list, any(action)) {
				return true
			}
		}
	}
	return false
}
