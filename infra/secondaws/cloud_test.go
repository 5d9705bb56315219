//go:build secondaws

package secondaws

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/process"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// cloud is MiniStack, the SES stand-in beside it, and the stack on both.
type cloud struct {
	root  string // of the project
	tools string // where make second-aws installed MiniStack, SAM and the runtime emulator
	dir   string // of the run; its end or the next run removes it
	url   string // of MiniStack
	port  string
	list  *standin.Server
	ses   *httptest.Server

	unlock func() // lets another run begin; kept, or the lock would go with its garbage

	mu       sync.Mutex
	children []*child
	ended    bool

	resources map[string]string // logical ID to physical ID
	outputs   map[string]string
	bodies    map[string]path // of the HTTP API, as the transform made them
	retained  []string        // logical IDs that outlive the stack
}

// child is a started command. done is closed once it has ended.
type child struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

var aws *cloud

func TestMain(m *testing.M) {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	aws = &cloud{}
	go func() {
		<-interrupted
		aws.end()
		os.Exit(130)
	}()
	code := 1
	if err := aws.begin(); err != nil {
		fmt.Println("FAIL:", err)
	} else {
		code = m.Run()
	}
	aws.end()
	os.Exit(code)
}

func (c *cloud) begin() (err error) {
	if c.root, err = testkit.Root(); err != nil {
		return err
	}
	c.tools = filepath.Join(c.root, ".local", "secondaws")
	for _, tool := range []string{"bin/ministack", "bin/sam", "aws-lambda-rie"} {
		if _, err := os.Stat(filepath.Join(c.tools, tool)); err != nil {
			return fmt.Errorf("%w: delete .local/secondaws, and make second-aws installs it again", err)
		}
	}
	if c.unlock, err = process.Lock(filepath.Join(c.tools, "lock"), false); err != nil {
		return fmt.Errorf("another run of second-aws in this folder: %w", err)
	}
	c.dir = filepath.Join(c.tools, "run")
	if err := errors.Join(os.RemoveAll(c.dir), os.Mkdir(c.dir, 0o700)); err != nil { // a run that was killed has left its own
		return err
	}
	if err := c.build(); err != nil {
		return err
	}
	if c.list, err = standin.New(standin.Config{OnEvent: c.publish}); err != nil {
		return err
	}
	c.ses = httptest.NewServer(c.list)
	return c.startMiniStack()
}

// build builds the functions for this machine and writes the template that is deployed.
func (c *cloud) build() error {
	t, err := template.LoadLocal(c.root, map[string]string{"PublicUrl": publicURL}, template.Options{})
	if err != nil {
		return err
	}
	settings, err := testkit.DeskFlag(c.dir)
	if err != nil {
		return err
	}
	if err := stack.Build(context.Background(), c.root, filepath.Join(c.dir, "dist"), t.Functions, settings); err != nil {
		return err
	}
	return writeOverlay(filepath.Join(c.root, "template.yaml"), filepath.Join(c.dir, "template.yaml"))
}

func (c *cloud) startMiniStack() error {
	var err error
	if c.port, err = freePort(); err != nil {
		return err
	}
	c.url = "http://127.0.0.1:" + c.port
	// A function inherits the two endpoints, and nothing else of this shell. AUTH has every call judged by policies.
	server, err := c.start("ministack", filepath.Join(c.tools, "bin", "python"), []string{"-m", "ministack"}, "GATEWAY_PORT="+c.port, "BIND_HOST=127.0.0.1", "AUTH=true",
		"AWS_ENDPOINT_URL_SESV2="+c.ses.URL, "IOT_MTLS_ENABLED=0", "S3_DATA_DIR="+filepath.Join(c.dir, "s3"), "STATE_DIR="+filepath.Join(c.dir, "state"))
	if err != nil {
		return err
	}
	for range 150 {
		if res, err := http.Get(c.url + "/_ministack/health"); err == nil {
			_ = res.Body.Close()
			return nil
		}
		select {
		case <-server.done:
			return fmt.Errorf("MiniStack ended: %w\n%s", server.err, c.said("ministack"))
		case <-time.After(200 * time.Millisecond):
		}
	}
	return errors.New("MiniStack does not answer within 30 s:\n" + c.said("ministack"))
}

// start starts a command whose output goes to a file of the run. It sees AWS
// at MiniStack alone, and has no home but the run's folder.
func (c *cloud) start(name, program string, args []string, environment ...string) (*child, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return nil, errors.New("interrupted")
	}
	out, err := os.Create(filepath.Join(c.dir, name+".log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	one := &child{cmd: exec.Command(program, args...), done: make(chan struct{})}
	one.cmd.Dir, one.cmd.Stdout, one.cmd.Stderr = c.dir, out, out
	one.cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + c.dir, "TMPDIR=" + c.dir, "LANG=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1", "SAM_CLI_TELEMETRY=0", "AWS_ENDPOINT_URL=" + c.url,
		"AWS_ACCESS_KEY_ID=" + root.id, "AWS_SECRET_ACCESS_KEY=" + root.secret, "AWS_REGION=" + region, "AWS_DEFAULT_REGION=" + region, "AWS_EC2_METADATA_DISABLED=true",
	}, environment...)
	if err := process.Start(one.cmd); err != nil {
		return nil, err
	}
	c.children = append(c.children, one)
	go func() { one.err = one.cmd.Wait(); close(one.done) }()
	return one, nil
}

var progress = regexp.MustCompile(`\s*Uploading to [^\r\n]*[\r\n]`)

// said is what a command has printed so far, but for sam's progress.
func (c *cloud) said(name string) string {
	text, _ := os.ReadFile(filepath.Join(c.dir, name+".log"))
	return progress.ReplaceAllString(string(text), "")
}

// stop asks a command to end, and then ends it with whatever it started. One
// that has ended is left alone: its number may be another process's by now.
func (one *child) stop() {
	select {
	case <-one.done:
		return
	default:
	}
	process.Terminate(one.cmd)
	select {
	case <-one.done:
	case <-time.After(5 * time.Second):
	}
	process.Kill(one.cmd)
	<-one.done
}

// end leaves nothing running and no file of this run.
func (c *cloud) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.ended = true
	for _, one := range c.children {
		one.stop()
	}
	if c.ses != nil {
		c.ses.Close()
	}
	_ = os.RemoveAll(c.dir)
}

// publish hands an event of the stand-in to the topics of MiniStack that its configuration set names.
func (c *cloud) publish(e standin.Event) {
	for _, topic := range e.Topics {
		go func() {
			_ = c.query("sns", "Publish", url.Values{"TopicArn": {topic}, "Message": {string(e.JSON)}}, nil)
		}()
	}
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port, listener.Close()
}
