//go:build secondaws

package secondaws

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"privacydesk/shared/testkit/standin"
)

const (
	stackName = "privacy-desk" // as infra/deploy/samconfig.toml has it
	publicURL = "https://privacy.example.com"
)

// writeOverlay copies the template without the resources that MiniStack does not know, and without their outputs. Ref
// of a secret is its ARN on AWS and its name on MiniStack, so the copy asks for the ARN.
func writeOverlay(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return err
	}
	var unknown, secrets []string
	drop(section(document.Content[0], "Resources"), func(name string, r *yaml.Node) bool {
		switch section(r, "Type").Value {
		case "AWS::SecretsManager::Secret":
			secrets = append(secrets, name)
		case "AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptRule", "AWS::Logs::QueryDefinition", "AWS::Cognito::ManagedLoginBranding":
			unknown = append(unknown, name)
			return true
		}
		return false
	})
	drop(section(document.Content[0], "Outputs"), func(_ string, o *yaml.Node) bool {
		return slices.Contains(unknown, section(o, "Value").Value)
	})
	nameARNs(&document, secrets)
	out, err := yaml.Marshal(&document)
	if err != nil {
		return err
	}
	return os.WriteFile(to, out, 0o600)
}

func nameARNs(n *yaml.Node, secrets []string) {
	if n.Tag == "!Ref" && slices.Contains(secrets, n.Value) {
		n.Tag, n.Value = "!GetAtt", n.Value+".Id"
	}
	for _, below := range n.Content {
		nameARNs(below, secrets)
	}
}

func section(of *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(of.Content); i += 2 {
		if of.Content[i].Value == name {
			return of.Content[i+1]
		}
	}
	return nil
}

func drop(from *yaml.Node, which func(string, *yaml.Node) bool) {
	for i := len(from.Content) - 2; i >= 0; i -= 2 {
		if which(from.Content[i].Value, from.Content[i+1]) {
			from.Content = slices.Delete(from.Content, i, i+2)
		}
	}
}

// sam runs the real command and fails with all that it said.
func (c *cloud) sam(t *testing.T, args ...string) {
	t.Helper()
	run, err := c.start("sam", filepath.Join(c.tools, "bin", "sam"), append(args, "--region", region))
	if err != nil {
		t.Fatal(err)
	}
	if <-run.done; run.err != nil {
		t.Fatalf("sam %s: %v\n%s", args[0], run.err, c.said("sam"))
	}
}

// deploy is make deploy, and then what MiniStack leaves out.
func (c *cloud) deploy(t *testing.T, parameters ...string) {
	t.Helper()
	c.sam(t, append([]string{"deploy", "--template-file", filepath.Join(c.dir, "template.yaml"), "--config-file", filepath.Join(c.root, "infra/deploy/samconfig.toml"), "--no-confirm-changeset",
		"--parameter-overrides", "PublicUrl=" + publicURL, "SesFrom=privacy@example.com", "ReceivingDomain=in.example.com", "AlarmEmail=alarm@example.com", "FeedbackFromEventBridge=yes"}, parameters...)...)
	c.look(t)
	c.makeRoutes(t)
}

// look reads what was deployed.
func (c *cloud) look(t *testing.T) {
	t.Helper()
	c.resources, c.outputs = map[string]string{}, map[string]string{}
	for token := ""; ; {
		var page struct {
			Members []struct {
				LogicalResourceId, PhysicalResourceId, ResourceStatus string
			} `xml:"ListStackResourcesResult>StackResourceSummaries>member"`
			NextToken string `xml:"ListStackResourcesResult>NextToken"`
		}
		ask := url.Values{"StackName": {stackName}}
		if token != "" {
			ask.Set("NextToken", token)
		}
		must(t, c.query("cloudformation", "ListStackResources", ask, &page))
		for _, r := range page.Members {
			c.resources[r.LogicalResourceId] = r.PhysicalResourceId
			if !strings.HasSuffix(r.ResourceStatus, "_COMPLETE") {
				t.Errorf("%s is %s", r.LogicalResourceId, r.ResourceStatus)
			}
		}
		if token = page.NextToken; token == "" {
			break
		}
	}
	var described struct {
		Outputs []struct{ OutputKey, OutputValue string } `xml:"DescribeStacksResult>Stacks>member>Outputs>member"`
	}
	must(t, c.query("cloudformation", "DescribeStacks", url.Values{"StackName": {stackName}}, &described))
	for _, o := range described.Outputs {
		c.outputs[o.OutputKey] = o.OutputValue
	}
	c.readTransformed(t)
}

// path is what SAM's transform made of a path: an operation for each method.
type path map[string]struct {
	Security    []map[string]any
	Integration struct {
		URI struct {
			Sub string `json:"Fn::Sub"`
		}
		PayloadFormatVersion string
		TimeoutInMillis      int
	} `json:"x-amazon-apigateway-integration"`
}

func (c *cloud) readTransformed(t *testing.T) {
	t.Helper()
	var got struct {
		Body string `xml:"GetTemplateResult>TemplateBody"`
	}
	must(t, c.query("cloudformation", "GetTemplate", url.Values{"StackName": {stackName}, "TemplateStage": {"Processed"}}, &got))
	var processed struct {
		Resources map[string]struct {
			DeletionPolicy string
			Properties     struct {
				Body struct{ Paths map[string]path }
			}
		}
	}
	must(t, json.Unmarshal([]byte(got.Body), &processed))
	c.bodies, c.retained = processed.Resources["Api"].Properties.Body.Paths, nil
	for name, r := range processed.Resources {
		if strings.HasPrefix(r.DeletionPolicy, "Retain") {
			c.retained = append(c.retained, name)
		}
	}
	slices.Sort(c.retained)
}

var functionInURI = regexp.MustCompile(`\$\{(\w+)\.Arn\}`)

// makeRoutes gives the HTTP API the routes of its body, in place of those that it had.
func (c *cloud) makeRoutes(t *testing.T) {
	t.Helper()
	api := "/v2/apis/" + c.resources["Api"]
	var had struct {
		Items []struct{ RouteID string }
	}
	c.rest(t, "apigateway", http.MethodGet, api+"/routes?maxResults=500", nil, &had)
	for _, r := range had.Items {
		c.rest(t, "apigateway", http.MethodDelete, api+"/routes/"+r.RouteID, nil, nil)
	}
	for where, methods := range c.bodies {
		for method, operation := range methods {
			logicalID := functionInURI.FindStringSubmatch(operation.Integration.URI.Sub)
			if logicalID == nil {
				t.Fatalf("%s %s: the transform names no function: %q", method, where, operation.Integration.URI.Sub)
			}
			var made struct{ IntegrationID string }
			c.rest(t, "apigateway", http.MethodPost, api+"/integrations", map[string]any{
				"integrationType": "AWS_PROXY", "integrationMethod": "POST", "payloadFormatVersion": operation.Integration.PayloadFormatVersion, "timeoutInMillis": operation.Integration.TimeoutInMillis,
				"integrationUri": fmt.Sprintf("arn:aws:lambda:%s:000000000000:function:%s", region, c.resources[logicalID[1]]),
			}, &made)
			route := map[string]any{"routeKey": routeKey(method, where), "target": "integrations/" + made.IntegrationID, "authorizationType": "NONE"}
			if len(operation.Security) > 0 {
				route["authorizationType"] = "AWS_IAM"
			}
			c.rest(t, "apigateway", http.MethodPost, api+"/routes", route, nil)
		}
	}
}

func routeKey(method, where string) string {
	if where == "$default" {
		return "$default"
	}
	if method == "x-amazon-apigateway-any-method" {
		method = "any"
	}
	return strings.ToUpper(method) + " " + where
}

// copySets gives the stand-in the configuration sets as the stack made them.
func (c *cloud) copySets(t *testing.T) {
	t.Helper()
	for _, output := range []string{"MarketingConfigurationSetName", "TransactionalConfigurationSetName"} {
		name, sets := c.outputs[output], "/v2/email/configuration-sets"
		var made struct {
			SuppressionOptions struct {
				SuppressedReasons []string
				SuppressionScope  string
			}
		}
		var destinations struct{ EventDestinations []standin.EventDestination }
		c.rest(t, "ses", http.MethodGet, sets+"/"+name, nil, &made)
		c.rest(t, "ses", http.MethodGet, sets+"/"+name+"/event-destinations", nil, &destinations)
		o := made.SuppressionOptions
		c.list.AddSet(standin.ConfigurationSet{Name: name, SuppressedReasons: o.SuppressedReasons, Scope: o.SuppressionScope, Destinations: destinations.EventDestinations})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
