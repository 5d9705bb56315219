package rules

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"privacydesk/shared/testkit/template"
)

func loadTemplate(tb testing.TB) *template.Template {
	tb.Helper()
	return loadTemplateWith(tb, map[string]string{"ReceivingDomain": "in.example.com"}) // what stands under a condition is held to the rules too
}

// loadTemplateWith is the template of a stack with parameters beside those that each needs.
func loadTemplateWith(tb testing.TB, parameters map[string]string) *template.Template {
	tb.Helper()
	all := map[string]string{"PublicUrl": "https://privacy.example.com", "SesFrom": "privacy@example.com"}
	maps.Copy(all, parameters)
	tpl, err := template.Load(root+"/template.yaml", template.Options{Parameters: all})
	if err != nil {
		tb.Fatal(err)
	}
	return tpl
}

// No route falls back to SAM's 5 seconds, and routes for systems and officers are not open: nor is anything below
// them. HEAD is answered where GET is, by the same function.
func TestRoutes(t *testing.T) {
	systems := []string{"/links", "/suppressions", "/api"}
	routes := loadTemplate(t).Routes
	for _, r := range routes {
		head := func(other template.Route) bool {
			return other.Method == "HEAD" && other.Path == r.Path && other.Function == r.Function && other.IAM == r.IAM
		}
		if r.Method == "GET" && !slices.ContainsFunc(routes, head) && !strings.HasPrefix(r.Path, "/api/") { // below /api, ANY takes it
			t.Errorf("%s has no HEAD beside it", r.Key())
		}
		if strings.HasSuffix(r.Path, "/") && r.Path != "/" {
			t.Errorf("%s: an HTTP API takes no route that ends in a slash", r.Key())
		}
		if r.Timeout.Seconds() != 29 {
			t.Errorf("%s has a timeout of %s; the API waits at most 30 s, set TimeoutInMillis: 29000", r.Key(), r.Timeout)
		}
		ours := slices.ContainsFunc(systems, func(p string) bool { return r.Path == p || strings.HasPrefix(r.Path, p+"/") })
		if r.IAM != ours {
			t.Errorf("%s: IAM authorisation is %v", r.Key(), r.IAM)
		}
	}
}

func TestTablesForgetAndSurvive(t *testing.T) {
	for _, r := range loadTemplate(t).Resources {
		if r.Type != "AWS::DynamoDB::Table" {
			continue
		}
		want := map[string]string{
			"DeletionProtectionEnabled":             "true",
			"TimeToLiveSpecification.AttributeName": "expires_at",
			"BillingMode":                           "PAY_PER_REQUEST",
		}
		for path, value := range want {
			if got := r.Text(path); got != value {
				t.Errorf("%s: %s is %q, want %q", r.LogicalID, path, got, value)
			}
		}
		// Not RetainExceptOnCreate: the protection against deletion would stop the rollback of a first deployment.
		if r.DeletionPolicy != "Retain" || r.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s is deleted with the stack; opt-outs must survive it", r.LogicalID)
		}
	}
}

// CloudFormation writes a fresh value over a secret when these properties change: every opt-out or every link that
// was ever mailed would be lost. They may never change, so they stand here a second time.
func TestSecretsAreNeverGeneratedAgain(t *testing.T) {
	want := map[string]string{
		"ReferenceKeySecret": `{"ExcludePunctuation":true,"GenerateStringKey":"key","PasswordLength":64,"SecretStringTemplate":"{}"}`,
		"LinkKeysSecret":     `{"ExcludePunctuation":true,"GenerateStringKey":"k1","PasswordLength":64,"SecretStringTemplate":"{\"current\":\"k1\"}"}`,
	}
	for _, r := range loadTemplate(t).Resources {
		if r.Type != "AWS::SecretsManager::Secret" {
			if strings.HasPrefix(r.Type, "AWS::SecretsManager::") {
				t.Errorf("%s is %s: Secrets Manager must never write over a key", r.LogicalID, r.Type)
			}
			continue
		}
		if r.LogicalID == "StaffClientSecret" { // a copy: kept_test.go
			continue
		}
		generate, _ := r.Get("GenerateSecretString")
		got, err := json.Marshal(generate)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want[r.LogicalID] {
			t.Errorf("%s: GenerateSecretString is\n\t%s\nand was\n\t%s", r.LogicalID, got, want[r.LogicalID])
		}
		// Of a first deployment that failed nothing stays: an operator might keep a copy of the wrong key.
		if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s is deleted with the stack, or outlives a first deployment that failed: %s, %s", r.LogicalID, r.DeletionPolicy, r.UpdateReplacePolicy)
		}
	}
}

// The access log may know the route; the path holds a link token, the query an address.
func TestAccessLogHoldsNoPersonalData(t *testing.T) {
	for _, r := range loadTemplate(t).Resources {
		if r.Type != "AWS::Serverless::HttpApi" {
			continue
		}
		format := r.Text("AccessLogSettings.Format")
		if !json.Valid([]byte(format)) || !strings.Contains(format, "$context.routeKey") {
			t.Errorf("the access log's format is not JSON with the route: %q", format)
		}
		for _, leak := range []string{"path", "$context.protocol", "query", "sourceIp", "userAgent", "domainName", "caller", "identity"} {
			if strings.Contains(strings.ToLower(format), strings.ToLower(leak)) {
				t.Errorf("the access log's format has %s", leak)
			}
		}
	}
}

// Each alarm leads to a page that says what to do. Each page is led to, by an alarm or by the page of one.
func TestAlarmsHaveRunbooks(t *testing.T) {
	named := map[string]bool{}
	for _, r := range loadTemplate(t).Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		_, book, found := strings.Cut(r.Text("AlarmDescription"), "Runbook: ")
		if _, err := os.Stat(filepath.Join(root, book)); !found || err != nil {
			t.Errorf("the description of %s names no runbook that exists: %q", r.LogicalID, r.Text("AlarmDescription"))
		}
		named[filepath.Base(book)] = true
	}
	for book, text := range runbooks(t) {
		for other := range runbooks(t) {
			named[other] = named[other] || other != book && strings.Contains(text, "infra/runbooks/"+other)
		}
	}
	for book := range runbooks(t) {
		if !named[book] {
			t.Errorf("infra/runbooks/%s: no alarm and no other page leads to this page", book)
		}
	}
}

// What API Gateway refuses before any function sees it is counted from the access log, and rings; what a function
// refuses is not counted. An opt-out is not refused at some hundreds of requests a second.
func TestThrottledRequestsRing(t *testing.T) {
	tpl := loadTemplate(t)
	filter, _ := tpl.Resource("ThrottledRequests")
	var f struct {
		MetricTransformations []struct{ MetricNamespace, MetricName, MetricValue string }
	}
	if err := filter.Decode(&f); err != nil || len(f.MetricTransformations) != 1 {
		t.Fatalf("%+v, %v", f, err)
	}
	alarm, _ := tpl.Resource("ApiThrottledAlarm")
	if to := f.MetricTransformations[0]; alarm.Text("Namespace") != to.MetricNamespace || alarm.Text("MetricName") != to.MetricName || to.MetricValue != "1" || alarm.Text("Threshold") != "1" {
		t.Errorf("%+v is counted, the alarm looks at %s %s", to, alarm.Text("Namespace"), alarm.Text("MetricName"))
	}
	api, _ := tpl.Resource("Api")
	for _, field := range []string{"status", "functionStatus"} {
		if !strings.Contains(filter.Text("FilterPattern"), "$."+field+" ") || !strings.Contains(api.Text("AccessLogSettings.Format"), `"`+field+`":"$context.`) {
			t.Errorf("%s is not in the log and in the filter: %s", field, filter.Text("FilterPattern"))
		}
	}
	for setting, least := range map[string]int{"ThrottlingRateLimit": 1000, "ThrottlingBurstLimit": 2000} {
		if n, _ := strconv.Atoi(api.Text("DefaultRouteSettings." + setting)); n < least {
			t.Errorf("%s is %d as shipped", setting, n)
		}
	}
}

// A variable that nothing reads is a promise that nobody keeps.
func TestEnvironmentIsUsed(t *testing.T) {
	var source strings.Builder
	for _, p := range goList(t) {
		if path := strings.TrimPrefix(p.ImportPath, house); strings.HasPrefix(path, "shared/") || strings.HasPrefix(path, "functions/") {
			for _, file := range p.GoFiles {
				source.WriteString(read(t, filepath.Join(p.Dir, file)))
			}
		}
	}
	readByGo := []string{"GOMAXPROCS", "SSL_CERT_DIR", "AWS_NEW_RETRIES_2026"} // the runtime, crypto/x509 and the SDK
	tpl := loadTemplate(t)
	for _, f := range tpl.Functions {
		for name := range f.Environment {
			if !slices.Contains(readByGo, name) && !strings.Contains(source.String(), `"`+name+`"`) {
				t.Errorf("%s is given %s, which no code reads", f.LogicalID, name)
			}
		}
	}
}

// Parameters are asked one by one by `sam deploy --guided`: each must explain itself.
func TestParametersExplainThemselves(t *testing.T) {
	for _, p := range loadTemplate(t).Parameters {
		if len(p.Description) < 20 {
			t.Errorf("parameter %s has no description that helps", p.Name)
		}
	}
}

// The local stack's own values name parameters that exist.
func TestLocalParametersExist(t *testing.T) {
	known := map[string]bool{}
	for _, p := range loadTemplate(t).Parameters {
		known[p.Name] = true
	}
	for line := range strings.Lines(read(t, root+"/infra/local/parameters.yaml")) {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, "#") && !known[name] {
			t.Errorf("infra/local/parameters.yaml: template.yaml has no parameter %s", name)
		}
	}
}

// Forms that came with Global Privacy Control are counted from the logs of the functions that take them in.
func TestPrivacySignalsAreCounted(t *testing.T) {
	for name, of := range map[string]struct{ file, message string }{
		"PrivacySignals": {"rights", "request received"}, "PrivacySignalsOfOptOuts": {"unsubscribe", "opt-out recorded"},
	} {
		filter, _ := loadTemplate(t).Resource(name)
		pattern := filter.Text("FilterPattern")
		log, err := os.ReadFile("../../functions/" + of.file + "/form.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range []string{of.message, "gpc"} {
			if !strings.Contains(pattern, piece) || !strings.Contains(string(log), `"`+piece+`"`) {
				t.Errorf("%q is not in the log and in the filter: %s", piece, pattern)
			}
		}
	}
}
