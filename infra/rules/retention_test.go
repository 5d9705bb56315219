package rules

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	_ "time/tzdata"

	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit/template"
)

// places says where template.yaml keeps what: each place that keeps data must stand under the classes of what lies in
// it. All log groups are of the class logs.
var places = map[schedule.Class][]string{
	schedule.UnverifiedRequest:    {"RequestsTable"},
	schedule.ClosedRequest:        {"RequestsTable"},
	schedule.RequestLog:           {"RequestsTable"},
	schedule.OptOutEvidence:       {"OptOutsTable"},
	schedule.SoftBounces:          {"OptOutsTable"},
	schedule.Tombstone:            {"OptOutsTable"},
	schedule.LegalHolds:           {"RequestsTable"},
	schedule.DisposalCertificates: {"RequestsTable"},
	schedule.OptInConfirmation:    {"OptOutsTable"},
	schedule.SentRequest:          {"RequestsTable"},
	schedule.DeskSessions:         {"RequestsTable"},
	schedule.BulkJobs:             {"OptOutsTable"},
	schedule.Reconciliations:      {"OptOutsTable"},
	schedule.DriftReports:         {"OptOutsTable"},
	schedule.Counters:             {"CountersTable"},
	schedule.ImportObjects:        {"BulkBucket"},
	schedule.Files:                {"FilesBucket"},
	schedule.FeedbackEvents:       {"FeedbackQueue", "FeedbackDeadLetters"}, // SQS goes on counting when it moves a message
	schedule.UnreadMail:           {"UnreadMailQueue"},
	schedule.Undelivered:          {"UndeliveredQueue"},
	schedule.Streams:              {"OptOutsTable", "RequestsTable"},
	schedule.Backups:              {"OptOutsTable", "RequestsTable", "CountersTable"},
	schedule.SuppressionList:      {}, // Amazon SES, of the account or of a tenant
	schedule.Export:               {}, // made from the tables whenever it is fetched
}

// keepers are the types of resources that keep data, with what their settings must say.
var keepers = map[string]func(*retentionCheck, template.Resource){
	"AWS::DynamoDB::Table":  (*retentionCheck).table,
	"AWS::S3::Bucket":       (*retentionCheck).bucket,
	"AWS::SQS::Queue":       (*retentionCheck).queue,
	"AWS::Logs::LogGroup":   (*retentionCheck).logs,
	"AWS::SES::ReceiptRule": (*retentionCheck).mail,
	"AWS::SNS::Topic":       (*retentionCheck).topic,
}

// forgetful are the types that keep nothing of what passes through them.
var forgetful = []string{
	"AWS::ApiGatewayV2::ApiMapping", "AWS::ApiGatewayV2::DomainName", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Events::Rule", "AWS::Logs::QueryDefinition",
	"AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission", "AWS::Logs::MetricFilter",
	"AWS::S3::BucketPolicy", "AWS::SES::ConfigurationSet", "AWS::SES::ConfigurationSetEventDestination",
	"AWS::SES::ReceiptRuleSet", "AWS::SNS::Subscription", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy",
	"AWS::Scheduler::Schedule", "AWS::Serverless::Function", "AWS::Serverless::HttpApi",
	"AWS::SecretsManager::Secret", // keys, and nobody's data
	// The organisation's own staff, whom its administrators add and delete: no record of a person who asks or opts out.
	"AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient", "AWS::Cognito::UserPoolDomain", "AWS::Cognito::UserPoolGroup", "AWS::Cognito::ManagedLoginBranding",
}

// retentionCheck holds a template against a schedule.
type retentionCheck struct {
	schedule *schedule.Schedule
	logDays  string // what the parameter LogRetentionDays is for this reading
	faults   []string
}

func (c *retentionCheck) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// want compares a setting with the period of a class.
func (c *retentionCheck) want(r template.Resource, class schedule.Class, path string, unit int) {
	rule := c.schedule.Rule(class)
	if want := strconv.Itoa(rule.Period.Days * unit); r.Text(path) != want {
		c.fault("%s: %s is %q; desk.yaml line %d keeps %s for %s, which is %s", r.LogicalID, path, r.Text(path), rule.Line, class, rule.Period, want)
	}
}

// in gives the classes of a place that are disposed of in some way.
func (c *retentionCheck) in(r template.Resource, how schedule.How) []schedule.Class {
	var classes []schedule.Class
	for _, rule := range c.schedule.Rules() {
		if rule.How == how && slices.Contains(places[rule.Class], r.LogicalID) {
			classes = append(classes, rule.Class)
		}
	}
	return classes
}

func (c *retentionCheck) table(r template.Resource) {
	if len(c.in(r, schedule.BySweep)) > 0 && !disposalIndex(r) {
		c.fault("%s has no index Disposal by disposal and disposal_at, so the sweep finds nothing of %s", r.LogicalID, c.in(r, schedule.BySweep))
	}
	if len(c.in(r, schedule.ByTTL)) > 0 && (r.Text("TimeToLiveSpecification.AttributeName") != "expires_at" || r.Text("TimeToLiveSpecification.Enabled") != "true") {
		c.fault("%s does not delete by expires_at, so %s stay for ever", r.LogicalID, c.in(r, schedule.ByTTL))
	}
	if _, streams := r.Get("StreamSpecification"); streams != (len(c.in(r, schedule.ByStream)) > 0) {
		c.fault("%s: a stream is %v; say so at the class streams", r.LogicalID, streams)
	}
	if _, ok := r.Get("KinesisStreamSpecification"); ok {
		c.fault("%s: a Kinesis stream keeps its changes, which no class names", r.LogicalID)
	}
	if r.Text("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled") == "true" != (len(c.in(r, schedule.ByBackup)) > 0) {
		c.fault("%s: point-in-time recovery and the class backups do not agree", r.LogicalID)
	}
	for _, class := range c.in(r, schedule.ByBackup) {
		c.want(r, class, "PointInTimeRecoverySpecification.RecoveryPeriodInDays", 1)
	}
}

// disposalIndex reports whether a table has the index that the sweep reads.
func disposalIndex(r template.Resource) bool {
	var p struct {
		GlobalSecondaryIndexes []struct {
			IndexName string
			KeySchema []struct{ AttributeName, KeyType string }
		}
	}
	if err := r.Decode(&p); err != nil {
		return false
	}
	for _, i := range p.GlobalSecondaryIndexes {
		if k := i.KeySchema; i.IndexName == "Disposal" && len(k) == 2 && k[0].AttributeName == "disposal" && k[1].AttributeName == "disposal_at" {
			return true
		}
	}
	return false
}

func (c *retentionCheck) bucket(r template.Resource) {
	for _, kept := range []string{"VersioningConfiguration", "ObjectLockConfiguration", "ReplicationConfiguration"} {
		if _, ok := r.Get(kept); ok {
			c.fault("%s: %s keeps what the lifecycle deletes", r.LogicalID, kept)
		}
	}
	rules, _ := r.Get("LifecycleConfiguration.Rules")
	list, _ := rules.([]any)
	if len(list) != 1 {
		c.fault("%s needs one lifecycle rule, for all objects", r.LogicalID)
		return
	}
	first, _ := list[0].(map[string]any)
	rule := template.Resource{LogicalID: r.LogicalID, Properties: first}
	for name := range rule.Properties {
		if !slices.Contains([]string{"Id", "Status", "ExpirationInDays", "AbortIncompleteMultipartUpload"}, name) {
			c.fault("%s: the lifecycle rule has %s, so it may not delete all", r.LogicalID, name)
		}
	}
	if rule.Text("Status") != "Enabled" {
		c.fault("%s: the lifecycle rule is not enabled", r.LogicalID)
	}
	for _, class := range c.in(r, schedule.ByBucket) {
		c.want(rule, class, "ExpirationInDays", 1)
		c.want(rule, class, "AbortIncompleteMultipartUpload.DaysAfterInitiation", 1)
	}
}

func (c *retentionCheck) queue(r template.Resource) {
	for _, class := range c.in(r, schedule.ByQueue) {
		c.want(r, class, "MessageRetentionPeriod", 86400)
	}
}

func (c *retentionCheck) logs(r template.Resource) {
	if got := r.Text("RetentionInDays"); got != c.logDays {
		c.fault("%s: RetentionInDays is %q; it must be the parameter LogRetentionDays", r.LogicalID, got)
	}
}

// Only headers go to the function; any other action would store the mail.
func (c *retentionCheck) mail(r template.Resource) {
	var p struct {
		Rule struct{ Actions []map[string]any }
	}
	if err := r.Decode(&p); err != nil || len(p.Rule.Actions) == 0 {
		c.fault("%s: no actions found: %v", r.LogicalID, err)
	}
	for _, action := range p.Rule.Actions {
		if _, ok := action["LambdaAction"]; !ok || len(action) != 1 {
			c.fault("%s: an action other than LambdaAction may keep mails, which no class names", r.LogicalID)
		}
	}
}

func (c *retentionCheck) topic(r template.Resource) {
	if _, ok := r.Get("ArchivePolicy"); ok {
		c.fault("%s: its archive keeps messages, which no class names", r.LogicalID)
	}
}

// all looks at every resource: one that keeps data must stand at a class.
func (c *retentionCheck) all(t *template.Template) {
	var named []string
	for _, ids := range places {
		named = append(named, ids...)
	}
	for _, r := range t.Resources {
		check, keeps := keepers[r.Type]
		switch {
		case !keeps && !slices.Contains(forgetful, r.Type):
			c.fault("%s: does %s keep data? Say so in infra/rules/retention_test.go", r.LogicalID, r.Type)
		case r.Err != nil:
			c.fault("%s cannot be read: %v", r.LogicalID, r.Err)
		case keeps:
			check(c, r)
		}
		kept := []string{"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue"}
		if slices.Contains(kept, r.Type) && !slices.Contains(named, r.LogicalID) {
			c.fault("%s keeps data that no class of the schedule names", r.LogicalID)
		}
	}
	for _, id := range named {
		if _, ok := t.Resource(id); !ok {
			c.fault("%s is named by the schedule's places and is not in template.yaml", id)
		}
	}
}

func shippedSchedule(tb testing.TB) *schedule.Schedule {
	tb.Helper()
	desk, err := settings.Load()
	if err != nil {
		tb.Fatal(err)
	}
	s, err := schedule.New(desk)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// held reads a template with 60 days of logs, so that a number that only happens to be the default shows.
func held(tb testing.TB, path string) []string {
	tb.Helper()
	c := &retentionCheck{schedule: shippedSchedule(tb), logDays: "60"}
	t, err := template.Load(path, template.Options{Parameters: map[string]string{
		"PublicUrl": "https://privacy.example.com", "SesFrom": "privacy@example.com",
		"ReceivingDomain": "in.example.com", "LogRetentionDays": c.logDays,
	}})
	if err != nil {
		return []string{err.Error()}
	}
	c.all(t)
	return c.faults
}

func TestTemplateKeepsTheSchedule(t *testing.T) {
	for _, fault := range held(t, root+"/template.yaml") {
		t.Error(fault)
	}
	for _, rule := range shippedSchedule(t).Rules() {
		if _, ok := places[rule.Class]; !ok && rule.Class != schedule.Logs {
			t.Errorf("%s lies nowhere: name its place, or take it out of the schedule", rule.Class)
		}
	}
}
