package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The checks themselves are tried on templates that they must refuse.
func TestRetentionChecksRefuse(t *testing.T) {
	const table, bucket, queue = "  Type: AWS::DynamoDB::Table\n", "  Type: AWS::S3::Bucket\n", "  Type: AWS::SQS::Queue\n"
	for name, c := range map[string]struct{ from, to, want string }{
		"another table":           {"  BulkBucket:\n", "  MoreTable:\n  " + table + "    Properties: {AttributeDefinitions: [{AttributeName: k, AttributeType: S}], KeySchema: [{AttributeName: k, KeyType: HASH}]}\n  BulkBucket:\n", "MoreTable keeps data that no class"},
		"another bucket":          {"  BulkBucket:\n", "  MoreBucket:\n  " + bucket + "  BulkBucket:\n", "MoreBucket keeps data that no class"},
		"another queue":           {"  BulkBucket:\n", "  MoreQueue:\n  " + queue + "  BulkBucket:\n", "MoreQueue keeps data that no class"},
		"a log group for ever":    {"  BulkBucket:\n", "  MoreLogs:\n    Type: AWS::Logs::LogGroup\n  BulkBucket:\n", `MoreLogs: RetentionInDays is ""`},
		"days of logs as written": {"RetentionInDays: !Ref LogRetentionDays", "RetentionInDays: 30", `RetentionInDays is "30"`},
		"another kind of store":   {"  BulkBucket:\n", "  More:\n    Type: AWS::Events::Archive\n  BulkBucket:\n", "does AWS::Events::Archive keep data?"},
		"a longer recovery":       {"RecoveryPeriodInDays: 14", "RecoveryPeriodInDays: 35", "keeps backups for 14 days, which is 14"},
		"no recovery":             {"{PointInTimeRecoveryEnabled: true,", "{PointInTimeRecoveryEnabled: false,", "point-in-time recovery and the class backups"},
		"another TTL attribute":   {"{AttributeName: expires_at, Enabled: true}", "{AttributeName: expiry, Enabled: true}", "does not delete by expires_at"},
		"TTL off":                 {"{AttributeName: expires_at, Enabled: true}", "{AttributeName: expires_at, Enabled: false}", "does not delete by expires_at"},
		"no disposal index":       {"IndexName: Disposal", "IndexName: Disposals", "has no index Disposal"},
		"objects for longer":      {"ExpirationInDays: 1", "ExpirationInDays: 2", "keeps import-objects for 1 day, which is 1"},
		"uploads for longer":      {"DaysAfterInitiation: 1", "DaysAfterInitiation: 7", "keeps import-objects for 1 day, which is 1"},
		"a lifecycle in part":     {"{Id: forget, Status: Enabled,", "{Id: forget, Status: Enabled, Prefix: a/,", "the lifecycle rule has Prefix"},
		"a lifecycle that is off": {"{Id: forget, Status: Enabled,", "{Id: forget, Status: Disabled,", "is not enabled"},
		"versions of objects":     {"      LifecycleConfiguration:\n", "      VersioningConfiguration: {Status: Enabled}\n      LifecycleConfiguration:\n", "VersioningConfiguration keeps"},
		"messages for longer":     {"MessageRetentionPeriod: 345600", "MessageRetentionPeriod: 345601", "keeps unread-mail for 4 days, which is 345600"},
		"messages for less":       {"MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 86400", "which is 1209600"},
		"mails that are stored":   {"          - LambdaAction:", "          - S3Action: {BucketName: mails}\n          - LambdaAction:", "an action other than LambdaAction"},
		"another stream":          {"  CountersTable:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n", "  CountersTable:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      StreamSpecification: {StreamViewType: KEYS_ONLY}\n", "CountersTable: a stream is true"},
		"a place that is gone":    {"  CountersTable:\n", "  CountsTable:\n", "CountersTable is named by the schedule's places"},
	} {
		t.Run(name, func(t *testing.T) {
			text := read(t, root+"/template.yaml")
			if !strings.Contains(text, c.from) {
				t.Fatalf("template.yaml has no %q any more", c.from)
			}
			path := filepath.Join(t.TempDir(), "template.yaml")
			text = strings.Replace(text, c.from, c.to, 1)
			if name == "a place that is gone" {
				text = strings.ReplaceAll(text, "CountersTable", "CountsTable")
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if faults := held(t, path); !strings.Contains(strings.Join(faults, "\n"), c.want) {
				t.Errorf("want %q, got %q", c.want, faults)
			}
		})
	}
}
