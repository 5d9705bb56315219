package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// stage is what the measured functions find around them: events, their environment of template.yaml, and secrets, which
// the tool's own stub does not have.
type stage struct {
	tpl     *template.Template
	dir     string            // for files of this run
	secrets string            // URL of Secrets Manager
	texts   map[string]string // ARN -> secret
}

// scene is what a target of ours is: a function, and the file of the event that it is given; none for a function that
// reads no event.
type scene struct{ function, event string }

var scenes = map[string]scene{
	"one-click":   {"unsubscribe", "events/unsubscribe/one-click.json"},
	"form":        {"unsubscribe", "events/unsubscribe/post-urlencoded.json"},
	"suppression": {"suppression", ""},
	"notices":     {"notices", ""},
	"systems":     {"systems", ""},
	"clock":       {"clock", "events/clock/hourly.json"},
	"rights":      {"rights", "events/rights/post-urlencoded.json"},
	"feedback":    {"feedback", "events/feedback/sqs-ten-bounces.json"},
	"desk":        {"desk", "events/desk/api/list.json"},
	"desk-page":   {"desk", "events/desk/people/logged-out.json"},
}

// secretText is the text that CloudFormation would give a secret.
func secretText(r template.Resource) (string, error) {
	if text := r.Text("SecretString"); text != "" {
		return text, nil
	}
	secret := map[string]string{}
	if err := json.Unmarshal([]byte(r.Text("GenerateSecretString.SecretStringTemplate")), &secret); err != nil {
		return "", err
	}
	secret[r.Text("GenerateSecretString.GenerateStringKey")] = rand.Text() + rand.Text()
	text, err := json.Marshal(secret)
	return string(text), err
}

func newStage(tpl *template.Template, dir string) (*stage, error) {
	s := &stage{tpl: tpl, dir: dir, texts: map[string]string{}}
	var secrets []standin.Secret
	for _, r := range tpl.ByType("AWS::SecretsManager::Secret") {
		text, err := secretText(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.LogicalID, err)
		}
		s.texts[r.ARN] = text
		secrets = append(secrets, standin.Secret{ARN: r.ARN, Name: r.LogicalID, Value: text})
	}
	manager, err := standin.New(standin.Config{Secrets: secrets})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.secrets = "http://" + listener.Addr().String()
	go http.Serve(listener, manager)
	return s, nil
}

// target is one of the scenes, or else a baseline, which gets the one-click event.
func (s *stage) target(name string, even bool) (target, error) {
	unsubscribe, _ := s.tpl.Function("unsubscribe")
	folder, event, env := name, scenes["one-click"].event, map[string]string{"TABLE": "bench"}
	if even {
		env["GOMAXPROCS"] = unsubscribe.Environment["GOMAXPROCS"]
	}
	if scene, ours := scenes[name]; ours {
		f, ok := s.tpl.Function(scene.function)
		if !ok {
			return target{}, fmt.Errorf("template.yaml has no function %s", scene.function)
		}
		folder, event, env = f.Folder, scene.event, maps.Clone(f.Environment)
		env["AWS_ENDPOINT_URL_SECRETS_MANAGER"], env["AWS_LAMBDA_LOG_FORMAT"] = s.secrets, f.LogFormat
	}
	bootstrap, err := filepath.Abs(filepath.Join(out, folder, "bootstrap"))
	if err != nil {
		return target{}, err
	}
	file := filepath.Join(s.dir, name+".json")
	good := []int{http.StatusOK, http.StatusSeeOther} // a form's answer leads to its result
	return target{name, []string{bootstrap}, file, env, good}, s.writeEvent(event, file)
}

// linkHole is where an event file wants a link.
var linkHole = regexp.MustCompile(`\{\{LINK:unsubscribe:([^}]*)\}\}`)

// writeEvent makes an event file as API Gateway sends it: without blanks, and with a link that opens.
func (s *stage) writeEvent(from, to string) error {
	if from == "" {
		return os.WriteFile(to, []byte("{}"), 0o600)
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	for _, hole := range linkHole.FindAllSubmatch(text, -1) {
		token, err := s.seal(string(hole[1]))
		if err != nil {
			return err
		}
		text = bytes.ReplaceAll(text, hole[0], []byte(token))
	}
	var event bytes.Buffer
	if err := json.Compact(&event, text); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	return os.WriteFile(to, event.Bytes(), 0o600)
}

func (s *stage) seal(address string) (string, error) {
	unsubscribe, _ := s.tpl.Function("unsubscribe")
	ring, err := link.ParseKeyRing(s.texts[unsubscribe.Environment["LINK_KEYS_SECRET"]])
	if err != nil {
		return "", err
	}
	a, err := person.Parse(address)
	if err != nil {
		return "", err
	}
	return ring.Seal(link.Unsubscribe, link.Claims{Address: a, IssuedAt: time.Now()})
}
