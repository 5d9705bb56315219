package rules

import (
	"strings"
	"testing"
)

// standIn is the setting by which the local stack answers for every other system, on loopback and without TLS.
const standIn = "SYSTEMS_STAND_IN"

// A deployed desk calls other systems at their own public addresses alone.
func TestNoStandInIsDeployed(t *testing.T) {
	if strings.Contains(read(t, root+"/template.yaml"), standIn) {
		t.Errorf("template.yaml sets %s, by which a function would call this machine instead of other systems", standIn)
	}
	for _, f := range loadTemplate(t).Functions {
		for name, value := range f.Environment {
			if name == standIn || strings.Contains(value, "127.0.0.1") || strings.Contains(value, "localhost") {
				t.Errorf("%s is given %s=%s", f.LogicalID, name, value)
			}
		}
	}
	for _, path := range []string{"/functions/systems/main.go", "/infra/local/stack/functions.go"} {
		if !strings.Contains(read(t, root+path), `"`+standIn+`"`) {
			t.Errorf("%s does not name %s: the rule holds for nothing", path, standIn)
		}
	}
}

// A stack has no secret for the keys of other systems. Where it names one, only the function systems reads it.
func TestTheKeysOfOtherSystems(t *testing.T) {
	for _, arn := range []string{"", "arn:aws:secretsmanager:us-east-1:000000000000:secret:systems-AbCdEf"} {
		tpl := loadTemplateWith(t, map[string]string{"SystemsSecretArn": arn})
		for _, f := range tpl.Functions {
			if got, told := f.Environment["SYSTEMS_SECRET"]; got != arn && told || told != (f.Folder == "systems") {
				t.Errorf("%s is told %q, want %q", f.LogicalID, got, arn)
			}
		}
		for _, r := range tpl.ByType("AWS::IAM::Role") {
			if got := reads(t, r, arn); got != (arn != "" && r.LogicalID == "SystemsRole") {
				t.Errorf("%s: reading %q is %v", r.LogicalID, arn, got)
			}
		}
	}
}
