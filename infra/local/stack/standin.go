package stack

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"privacydesk/infra/local/inbound"
	"privacydesk/infra/local/loopback"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// startStandIn starts the stand-in with the template's secrets and
// configuration sets, and Lambda's Invoke beside it.
func (s *Stack) startStandIn() error {
	secrets, err := s.secrets()
	if err != nil {
		return err
	}
	config := standin.Config{
		StateFile: filepath.Join(s.config.Data, "standin.json"),
		Now:       s.Now, Secrets: secrets, Logger: s.logger("standin"),
		RequestsPerSecond: s.pace(),
	}
	if config.ConfigurationSets, err = configurationSets(s.Template); err != nil {
		return err
	}
	if config.ExpireAfterDays, err = lifecycles(s.Template); err != nil {
		return err
	}
	for _, plan := range s.Template.ByType("AWS::GuardDuty::MalwareProtectionPlan") {
		config.ScanBuckets = append(config.ScanBuckets, plan.Text("ProtectedResource.S3Bucket.BucketName"))
	}
	s.startQueues()
	config.OnEvent = s.publish
	s.config.StandIn(&config)
	if s.StandIn, err = standin.New(config); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /2015-03-31/functions/{name}/invocations", guarded(http.HandlerFunc(s.invokeAPI)))
	mux.Handle("/clock", guarded(http.HandlerFunc(s.clockAPI)))
	rules, err := receiptRules(s.Template)
	if err != nil {
		return err
	}
	mux.Handle("/inbound", http.NewCrossOriginProtection().Handler(&inbound.Server{Rules: rules, Invoke: s.invokeMail, Now: s.Now, Received: s.keepMail}))
	mux.Handle("POST /redrive", guarded(http.HandlerFunc(s.redriveAPI)))
	mux.Handle("/systems", guarded(http.HandlerFunc(s.Systems.Page)))
	mux.Handle("/", s.StandIn)
	s.aws = s.serve(s.ports.aws, &http.Server{Handler: loopback.Only(mux), ReadHeaderTimeout: 10 * time.Second})
	return nil
}

// pace is the stand-in's own limit: what the template tells the functions, so
// that a function that keeps its pace is never refused.
func (s *Stack) pace() float64 {
	for _, p := range s.Template.Parameters {
		if p.Name == "SesRequestsPerSecond" {
			pace, _ := strconv.ParseFloat(p.Value, 64)
			return pace
		}
	}
	return 0
}

func configurationSets(t *template.Template) ([]standin.ConfigurationSet, error) {
	var out []standin.ConfigurationSet
	for _, r := range t.ByType("AWS::SES::ConfigurationSet") {
		var fields struct {
			SuppressionOptions struct{ SuppressedReasons []string }
		}
		if err := r.Decode(&fields); err != nil {
			return nil, err
		}
		out = append(out, standin.ConfigurationSet{Name: r.Ref, SuppressedReasons: fields.SuppressionOptions.SuppressedReasons})
	}
	return out, addDestinations(t, out)
}

// lifecycles are the days after which each bucket deletes its objects.
func lifecycles(t *template.Template) (map[string]int, error) {
	out := map[string]int{}
	for _, r := range t.ByType("AWS::S3::Bucket") {
		var fields struct {
			LifecycleConfiguration struct {
				Rules []struct{ ExpirationInDays int }
			}
		}
		if err := r.Decode(&fields); err != nil {
			return nil, err
		}
		for _, rule := range fields.LifecycleConfiguration.Rules {
			out[r.Ref] = rule.ExpirationInDays
		}
	}
	return out, nil
}

func addDestinations(t *template.Template, sets []standin.ConfigurationSet) error {
	for _, r := range t.ByType("AWS::SES::ConfigurationSetEventDestination") {
		var fields struct {
			ConfigurationSetName string
			EventDestination     struct {
				Name               string
				Enabled            bool
				MatchingEventTypes []string
				SnsDestination     *struct{ TopicARN string }
			}
		}
		if err := r.Decode(&fields); err != nil {
			return err
		}
		from := fields.EventDestination
		destination := standin.EventDestination{Name: from.Name, Enabled: from.Enabled}
		for _, kind := range from.MatchingEventTypes {
			destination.MatchingEventTypes = append(destination.MatchingEventTypes, eventType(kind))
		}
		if from.SnsDestination != nil {
			destination.SnsDestination = &standin.SnsDestination{TopicArn: from.SnsDestination.TopicARN}
		}
		for i := range sets {
			if sets[i].Name == fields.ConfigurationSetName {
				sets[i].Destinations = append(sets[i].Destinations, destination)
			}
		}
	}
	return nil
}

// receiptRules are the template's rules for mail that comes in.
func receiptRules(t *template.Template) ([]inbound.Rule, error) {
	var out []inbound.Rule
	for _, r := range t.ByType("AWS::SES::ReceiptRule") {
		var fields struct {
			Rule struct {
				Recipients []string
				Actions    []struct{ LambdaAction struct{ FunctionArn string } }
			}
		}
		if err := r.Decode(&fields); err != nil {
			return nil, err
		}
		for _, action := range fields.Rule.Actions {
			out = append(out, inbound.Rule{Recipients: fields.Rule.Recipients, Function: action.LambdaAction.FunctionArn})
		}
	}
	return out, nil
}

var capital = regexp.MustCompile(`([a-z])([A-Z])`)

// eventType turns CloudFormation's name of an event type, renderingFailure, into
// the API's, RENDERING_FAILURE.
func eventType(name string) string { return strings.ToUpper(capital.ReplaceAllString(name, "${1}_$2")) }

// The secrets that an organisation makes itself, and names in parameters: the
// client's at the OpenID provider, and the keys of the other systems.
const (
	clientSecret     = "OidcClientSecret"
	systemsSecret    = "SystemsSecret"
	secretsARN       = "arn:aws:secretsmanager:" + template.Region + ":" + template.Account + ":secret:"
	clientSecretARN  = secretsARN + clientSecret
	systemsSecretARN = secretsARN + systemsSecret
)

// secrets makes the secrets that CloudFormation would generate, once: they are
// kept in a file, for links and references must outlive a restart. That of the
// other systems stands there too, to be filled in.
func (s *Stack) secrets() ([]standin.Secret, error) {
	path := filepath.Join(s.config.Data, "secrets.json")
	kept := map[string]string{}
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &kept)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the local secrets: %w", err)
	}
	var out []standin.Secret
	for _, r := range s.Template.ByType("AWS::SecretsManager::Secret") {
		if kept[r.LogicalID] == "" {
			if kept[r.LogicalID], err = generate(r); err != nil {
				return nil, err
			}
		}
		out = append(out, standin.Secret{ARN: r.ARN, Name: r.LogicalID, Value: kept[r.LogicalID]})
	}
	if kept[systemsSecret] == "" {
		kept[systemsSecret] = "{}"
	}
	out = append(out,
		standin.Secret{ARN: clientSecretARN, Name: clientSecret, Value: s.config.OpenID.ClientSecret},
		standin.Secret{ARN: systemsSecretARN, Name: systemsSecret, Value: kept[systemsSecret]})
	return out, writeSecrets(path, kept)
}

func writeSecrets(path string, secrets map[string]string) error {
	data, err := json.MarshalIndent(secrets, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

// defaultPasswordLength is Secrets Manager's.
const defaultPasswordLength = 32

// generate does what GenerateSecretString says.
func generate(r template.Resource) (string, error) {
	if fixed := r.Text("SecretString"); fixed != "" {
		return fixed, nil
	}
	length := defaultPasswordLength
	if text := r.Text("GenerateSecretString.PasswordLength"); text != "" {
		if _, err := fmt.Sscan(text, &length); err != nil {
			return "", fmt.Errorf("%s: PasswordLength %q is no number", r.LogicalID, text)
		}
	}
	password, key := newPassword(length), r.Text("GenerateSecretString.GenerateStringKey")
	if key == "" {
		return password, nil
	}
	secret := map[string]any{}
	if err := json.Unmarshal([]byte(r.Text("GenerateSecretString.SecretStringTemplate")), &secret); err != nil {
		return "", fmt.Errorf("%s: SecretStringTemplate: %w", r.LogicalID, err)
	}
	secret[key] = password
	out, err := json.Marshal(secret)
	return string(out), err
}

// newPassword is of letters and digits, which every Exclude... option allows.
func newPassword(length int) (password string) {
	for len(password) < length {
		password += rand.Text()
	}
	return password[:length]
}
