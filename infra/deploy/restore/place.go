package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/template"
)

// desk is the tables in service, and the key by which they know people.
type desk struct {
	db                *dynamodb.Client
	optOuts, requests string
	key               person.Key
}

func find(ctx context.Context, o options) (desk, error) {
	if o.stack == "" {
		return onThisMachine(ctx, o.port)
	}
	return onAWS(o, cli)
}

// onThisMachine is the stack that make run has started.
func onThisMachine(ctx context.Context, port int) (desk, error) {
	for name, value := range map[string]string{
		"AWS_REGION": template.Region, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
		"AWS_ENDPOINT_URL": fmt.Sprintf("http://127.0.0.1:%d", port+2),
	} {
		_ = os.Setenv(name, value)
	}
	secrets, err := aws.New().Secrets(ctx, "ReferenceKeySecret")
	if err != nil {
		return desk{}, fmt.Errorf("no stack runs here at PORT=%d (STACK= names one on AWS): %w", port, err)
	}
	d := desk{db: database.Client(fmt.Sprintf("http://127.0.0.1:%d", port+1)), optOuts: "OptOutsTable", requests: "RequestsTable"}
	d.key, err = person.NewKey(secrets[0].Field("key"))
	return d, err
}

// command runs aws and returns what it prints.
type command func(args ...string) (string, error)

func cli(args ...string) (string, error) {
	cmd := exec.Command("aws", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("aws %s %s: %w", args[0], args[1], err)
	}
	return strings.TrimSpace(string(out)), nil
}

// frozen are the functions that must stand still while rows come back.
var frozen = []string{"NoticesFunction", "RetentionFunction", "SuppressionFunction", "ClockFunction"}

// onAWS is a stack, with whatever rights the aws command has.
func onAWS(o options, aws command) (d desk, err error) {
	named := func(logicalID string) (string, error) {
		return aws("cloudformation", "describe-stack-resource", "--stack-name", o.stack, "--logical-resource-id", logicalID,
			"--query", "StackResourceDetail.PhysicalResourceId", "--output", "text")
	}
	if d.optOuts, err = named("OptOutsTable"); err != nil {
		return d, err
	}
	if d.requests, err = named("RequestsTable"); err != nil {
		return d, err
	}
	for _, f := range frozen {
		if err := standsStill(f, named, aws); err != nil && !o.dry {
			return d, err
		}
	}
	secret, err := named("ReferenceKeySecret")
	if err != nil {
		return d, err
	}
	if d.key, err = referenceKey(secret, aws); err != nil {
		return d, err
	}
	d.db, err = client(aws)
	return d, err
}

func standsStill(function string, named func(string) (string, error), aws command) error {
	name, err := named(function)
	if err != nil {
		return err
	}
	reserved, err := aws("lambda", "get-function-concurrency", "--function-name", name, "--query", "ReservedConcurrentExecutions", "--output", "text")
	if err == nil && reserved != "0" {
		err = fmt.Errorf("%s must stand still first (reserved concurrency 0); infra/runbooks/restore.md says how", function)
	}
	return err
}

func referenceKey(secret string, aws command) (person.Key, error) {
	text, err := aws("secretsmanager", "get-secret-value", "--secret-id", secret, "--query", "SecretString", "--output", "text")
	if err != nil {
		return person.Key{}, err
	}
	var fields struct {
		Key string `json:"key"`
	}
	if json.Unmarshal([]byte(text), &fields) != nil {
		return person.Key{}, errors.New("the secret of the reference key cannot be read")
	}
	return person.NewKey(fields.Key)
}

func client(run command) (*dynamodb.Client, error) {
	region := cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
	if region == "" {
		var err error
		if region, err = run("configure", "get", "region"); err != nil {
			return nil, fmt.Errorf("set AWS_REGION: %w", err)
		}
	}
	return dynamodb.NewFromConfig(sdk.Config{Region: region, Credentials: sdk.NewCredentialsCache(exported(run)), RetryMaxAttempts: 8}), nil
}

// exported asks the aws command for credentials, again when they have run out.
func exported(run command) sdk.CredentialsProviderFunc {
	return func(context.Context) (c sdk.Credentials, err error) {
		text, err := run("configure", "export-credentials", "--format", "process")
		if err != nil {
			return c, err
		}
		var given struct {
			AccessKeyID     string `json:"AccessKeyId"`
			SecretAccessKey string
			SessionToken    string
			Expiration      time.Time
		}
		if json.Unmarshal([]byte(text), &given) != nil {
			return c, errors.New("the credentials of aws cannot be read")
		}
		return sdk.Credentials{
			AccessKeyID: given.AccessKeyID, SecretAccessKey: given.SecretAccessKey, SessionToken: given.SessionToken,
			CanExpire: !given.Expiration.IsZero(), Expires: given.Expiration,
		}, nil
	}
}
