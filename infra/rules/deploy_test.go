package rules

import (
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/testkit/template"
)

// stack is the template with these parameters beside those that must be given.
func stack(tb testing.TB, more map[string]string) *template.Template {
	tb.Helper()
	parameters := map[string]string{"PublicUrl": "https://privacy.example.com", "SesFrom": "privacy@example.com"}
	for name, value := range more {
		parameters[name] = value
	}
	tpl, err := template.Load(root+"/template.yaml", template.Options{
		Parameters: parameters, Attributes: map[string]string{"ApiDomain.RegionalDomainName": "d-x.example.com"},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return tpl
}

// The name of each log group that API Gateway writes to and that does not begin with /aws/vendedlogs/ is added to a
// resource policy of the account. At 5,120 characters that is full, and no stage with a log can be made any more
// (CloudWatch Logs User Guide, "Enable logging from AWS services").
func TestAccessLogsAreVended(t *testing.T) {
	logs := 0
	for _, r := range loadTemplate(t).Resources {
		for _, settings := range []string{"AccessLogSettings", "AccessLogSetting"} { // of an HTTP API and of a REST API
			to := r.Text(settings + ".DestinationArn")
			if to == "" {
				continue
			}
			if logs++; !strings.Contains(to, ":log-group:/aws/vendedlogs/") {
				t.Errorf("%s logs to %s, which is not below /aws/vendedlogs/", r.LogicalID, to)
			}
		}
	}
	if logs == 0 {
		t.Error("no API has an access log")
	}
}

// A log group is typed by the resource that it is, so that no page names one that has gone.
func TestRunbooksTypeNoLogGroup(t *testing.T) {
	for book, text := range runbooks(t) {
		if found := regexp.MustCompile(`/aws/[a-z]+/\S*`).FindString(text); found != "" {
			t.Errorf(`%s types %s; write "$(named …Logs)", or lines`, book, found)
		}
	}
}

// Lambda keeps 100 executions unreserved, and refuses a reservation beyond that.
func TestReadmeAsksForTheConcurrencyThatIsReserved(t *testing.T) {
	reserved := 0
	for _, f := range loadTemplate(t).Functions {
		reserved += max(f.Reserved, 0)
	}
	if want := fmt.Sprintf("at least %d unreserved concurrent executions", 100+reserved); !strings.Contains(read(t, root+"/README.md"), want) {
		t.Errorf("README.md, Deploy, does not ask for %s", want)
	}
}

// China, GovCloud and the sovereign cloud have ARNs and hosts of their own; service principals are the same everywhere.
func TestTemplateNamesNoPartition(t *testing.T) {
	for i, line := range strings.Split(read(t, root+"/template.yaml"), "\n") {
		principal := regexp.MustCompile(`(Service: |Principal: |"events:ManagedBy": |"principalId":\[")([a-z-]+\.)?[a-z]+\.amazonaws\.com`).MatchString(line)
		if strings.Contains(line, "arn:aws") || strings.Contains(line, "amazonaws.") && !principal {
			t.Errorf("template.yaml:%d: %s", i+1, strings.TrimSpace(line))
		}
	}
}

// With a domain the API is closed under AWS's own name, unless links that were mailed lead there.
func TestOneNameOfTheAPI(t *testing.T) {
	domain := map[string]string{"DomainName": "privacy.example.com", "CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/x"}
	kept := map[string]string{"KeepApiUrl": "yes"}
	for name := range domain {
		kept[name] = domain[name]
	}
	const own, given = "https://privacy.example.com", "https://Api.execute-api.us-east-1.amazonaws.com"
	for name, c := range map[string]struct {
		parameters  map[string]string
		closed, url string
	}{
		"no domain":         {nil, "false", given},
		"a domain":          {domain, "true", own},
		"links to both":     {kept, "false", own},
		"kept for no other": {map[string]string{"KeepApiUrl": "yes"}, "false", given},
	} {
		t.Run(name, func(t *testing.T) {
			tpl, url := stack(t, c.parameters), ""
			for _, o := range tpl.Outputs {
				if o.Name == "ApiUrl" {
					url = o.Value
				}
			}
			if api, _ := tpl.Resource("Api"); api.Text("DisableExecuteApiEndpoint") != c.closed || url != c.url {
				t.Errorf("closed: %s, ApiUrl is %s", api.Text("DisableExecuteApiEndpoint"), url)
			}
		})
	}
}

// A function is told of tables that its role lets it use, and of no other.
func TestFunctionsAreToldOfTheirOwnTables(t *testing.T) {
	tpl := loadTemplate(t)
	for _, f := range tpl.Functions {
		r, _ := tpl.Resource(strings.TrimSuffix(f.LogicalID, "Function") + "Role")
		allowed := fmt.Sprint(statements(t, r))
		for variable, table := range f.Environment {
			if strings.HasSuffix(variable, "_TABLE") && !strings.Contains(allowed, ":table/"+table) {
				t.Errorf("%s is given %s, and its role has no right to %s", f.LogicalID, variable, table)
			}
		}
	}
}

// sam build looks for a way to build what has no SkipBuild, and fails.
func TestSamBuildsNothing(t *testing.T) {
	text := read(t, root+"/template.yaml")
	functions := regexp.MustCompile(`Type: AWS::Serverless::Function\n(    Condition: \w+\n)?    Metadata: \{SkipBuild: true\}\n`).FindAllString(text, -1)
	if want := strings.Count(text, "Type: AWS::Serverless::Function\n"); len(functions) != want {
		t.Errorf("%d of %d functions have Metadata: {SkipBuild: true}", len(functions), want)
	}
}

// Where people's data is kept is written down; no profile's default decides it.
func TestDeployNeedsItsRegion(t *testing.T) {
	command := exec.Command("make", "region", "ENV=none-such")
	command.Dir = root
	if said, err := command.CombinedOutput(); err == nil || !strings.Contains(string(said), "names no Region for ENV=none-such.") {
		t.Errorf("%s (%v)", said, err)
	}
	command = exec.Command("make", "-n", "deploy") // prints what it would do
	command.Dir = root
	if said, err := command.CombinedOutput(); err != nil || !strings.Contains(string(said), "names no Region for ENV=default.") {
		t.Errorf("make deploy does not look for the Region: %s (%v)", said, err)
	}
}

// The schedules' role starts what is scheduled and nothing else, and only for schedules of this account.
func TestSchedulesStartTheirFunctionsAlone(t *testing.T) {
	tpl := loadTemplate(t)
	r, _ := tpl.Resource("ScheduleRole")
	scheduled, allowed := map[string]bool{}, map[string]bool{}
	for _, s := range tpl.Schedules {
		scheduled["arn:aws:lambda:us-east-1:000000000000:function:"+s.Function] = true
	}
	for _, s := range statements(t, r) {
		for _, arn := range s.Resource {
			if slices.Contains(s.Action, "lambda:InvokeFunction") {
				allowed[arn] = true
			}
		}
	}
	if !maps.Equal(scheduled, allowed) {
		t.Errorf("scheduled are %v, allowed is %v", scheduled, allowed)
	}
	trust, _ := r.Get("AssumeRolePolicyDocument")
	if text := fmt.Sprint(trust); !strings.Contains(text, "aws:SourceAccount:000000000000") {
		t.Errorf("any account's schedule may use it: %s", text)
	}
	text := read(t, root+"/template.yaml")
	if of, all := strings.Count(text, "RoleArn: !GetAtt ScheduleRole.Arn\n"), strings.Count(text, "Type: ScheduleV2\n"); of != all {
		t.Errorf("%d of %d schedules have that role; SAM makes one for each other", of, all)
	}
}
