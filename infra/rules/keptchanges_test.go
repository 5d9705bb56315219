package rules

import (
	"slices"
	"strings"
	"testing"
)

// Each change that an update of a stack in use does not survive is named, and no other.
func TestChangesOfTablesAreNamed(t *testing.T) {
	const counters = "      AttributeDefinitions:\n        - {AttributeName: key,"
	source := read(t, root+"/template.yaml")
	for name, c := range map[string]struct{ old, new, want string }{
		"the same":             {"ref", "ref", ""},
		"order of projection":  {"[version, pending]", "[pending, version]", ""},
		"a projection":         {"[version, pending]", "[version]", "OptOutsTable: index Disposal is (disposal S, disposal_at S) with version and was (disposal S, disposal_at S) with pending, version. DynamoDB changes no index: add one under a new name"},
		"a whole projection":   {"[version, ref, state]}", "[version]}", "RequestsTable: index Disposal is"},
		"an index's key":       {"{AttributeName: watch, KeyType: HASH}", "{AttributeName: look, KeyType: HASH}", "RequestsTable: index Due is"},
		"an index's name":      {"IndexName: Erasures", "IndexName: Wishes", "OptOutsTable: index Erasures is gone.|OptOutsTable: index Wishes is new."},
		"a key":                {"        - {AttributeName: scope, KeyType: RANGE}\n", "", "OptOutsTable: keys is \"ref S\" and was"},
		"a key's type":         {"{AttributeName: row, AttributeType: S}", "{AttributeName: row, AttributeType: N}", "RequestsTable: keys is \"id S, row N\" and was"},
		"a stream":             {"StreamViewType: KEYS_ONLY", "StreamViewType: NEW_IMAGE", "RequestsTable: stream is"},
		"a logical id":         {"OptOutsTable", "SuppressedTable", "OptOutsTable is \"\" and was \"AWS::DynamoDB::Table\"|SuppressedTable is new"},
		"a secret's id":        {"LinkKeysSecret", "LinksSecret", "LinkKeysSecret is \"\" and was|LinksSecret is new"},
		"a secret's name":      {"    Properties:\n      Tags: [{Key: data-class, Value: key}]\n", "    Properties:\n      Name: keys\n", "LinkKeysSecret has Name:|ReferenceKeySecret has Name:"},
		"a table's name":       {counters, "      TableName: counters\n" + counters, "CountersTable has TableName:"},
		"a name in some":       {counters, "      TableName: !If [HasDomain, counters, !Ref AWS::NoValue]\n" + counters, "CountersTable has TableName:"},
		"an import":            {counters, "      ImportSourceSpecification: {InputFormat: CSV}\n" + counters, "CountersTable has ImportSourceSpecification:"},
		"another key":          {counters, "      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: alias/ours}\n" + counters, "CountersTable has SSESpecification:"},
		"a TTL in some":        {"AttributeName: expires_at, Enabled", "AttributeName: !If [HasDomain, ends_at, expires_at], Enabled", "CountersTable: TimeToLiveSpecification is not the same|OptOutsTable: TimeToLiveSpecification is not the same|RequestsTable: TimeToLiveSpecification is not the same"},
		"a projection in some": {"[version, pending]", "{Fn::If: [HasDomain, [version], [version, pending]]}", "OptOutsTable: GlobalSecondaryIndexes is not the same"},
		"no table in some":     {"  CountersTable:\n", "  CountersTable:\n    Condition: HasReceivingDomain\n", "CountersTable stands under the condition HasReceivingDomain|Resources."},
		"a new table in some":  {"  CountersTable:\n", "  NewTable: {Type: AWS::DynamoDB::Table, Condition: HasTenant}\n  CountersTable:\n", "NewTable is new"},
		"no secret in some":    {"  LinkKeysSecret:\n", "  LinkKeysSecret:\n    Condition: HasTenant\n", "LinkKeysSecret stands under the condition HasTenant|Resources."},
		"a secret's text":      {"      GenerateSecretString: {SecretStringTemplate: \"{}\"", "      SecretString: x\n      GenerateSecretString: {SecretStringTemplate: \"{}\"", "ReferenceKeySecret has SecretString:"},
		"a key in some":        {"GenerateStringKey: k1, PasswordLength: 64", "GenerateStringKey: k1, PasswordLength: !If [HasTenant, 32, 64]", "LinkKeysSecret: GenerateSecretString is not the same"},
		"a copy's own text":    {"SecretString: !GetAtt StaffClient.ClientSecret", "SecretString: x", "StaffClientSecret is new"},
		"a copy that stays":    {"    DeletionPolicy: Delete\n    UpdateReplacePolicy: Delete\n    Properties:\n      Tags: [{Key: data-class, Value: key}]", "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Delete\n    Properties:\n      Tags: [{Key: data-class, Value: key}]", "StaffClientSecret is new"},
		"the pool's id":        {"StaffPool", "OfficersPool", "OfficersPool is new|StaffPool is \"\" and was"},
		"an index twice":       {"        - IndexName: Erasures", "        - {IndexName: Pending, KeySchema: [{AttributeName: ref, KeyType: HASH}], Projection: {ProjectionType: ALL}}\n        - IndexName: Erasures", "OptOutsTable has two indexes of one name"},
		"the API's id":         {"  Api:\n", "  HttpApi:\n", "Api is \"\" and was \"AWS::Serverless::HttpApi\"|Resources."},
		"a queue's id":         {"FeedbackDeadLetters", "FeedbackLost", "FeedbackDeadLetters is \"\" and was"},
		"a queue's id in some": {"UnreadMailQueue", "UnreadQueue", "UnreadMailQueue is \"\" and was"},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := readKept(read(t, root+"/"+keptFile))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(source, c.old) {
				t.Fatalf("template.yaml has no %q", c.old)
			}
			faults := k.faultsOf(strings.ReplaceAll(source, c.old, c.new))
			wanted := strings.FieldsFunc(c.want, func(r rune) bool { return r == '|' })
			if !slices.EqualFunc(faults, wanted, strings.HasPrefix) {
				t.Errorf("%q, want %q", faults, wanted)
			}
		})
	}
}

func TestReleasesChangeOneIndexATable(t *testing.T) {
	source := strings.TrimSuffix(read(t, root+"/"+keptFile), "releases: []\n")
	for name, c := range map[string]struct{ releases, want string }{
		"one added":          {`[{release: "2", add: {OptOutsTable: {New: {keys: x S, projection: ALL}}}}]`, ""},
		"one of each table":  {`[{release: "2", add: {OptOutsTable: {New: {keys: x S, projection: ALL}}}, drop: {RequestsTable: Due}}]`, ""},
		"two releases":       {`[{release: "2", add: {OptOutsTable: {New: {keys: x S, projection: ALL}}}}, {release: "3", drop: {OptOutsTable: Disposal}}]`, ""},
		"two added":          {`[{release: "2", add: {OptOutsTable: {A: {keys: x S, projection: ALL}, B: {keys: x S, projection: ALL}}}}]`, "release 2: OptOutsTable: DynamoDB adds or removes one index"},
		"added and dropped":  {`[{release: "2", add: {OptOutsTable: {New: {keys: x S, projection: ALL}}}, drop: {OptOutsTable: Disposal}}]`, "release 2: OptOutsTable: DynamoDB adds or removes one index"},
		"the name of an old": {`[{release: "2", add: {OptOutsTable: {Disposal: {keys: x S, projection: ALL}}}}]`, "needs a new name"},
		"a table's first":    {`[{release: "2", add: {CountersTable: {New: {keys: x S, projection: ALL}}}}]`, ""},
		"none to drop":       {`[{release: "2", drop: {OptOutsTable: None}}]`, "no index None"},
		"of no table":        {`[{release: "2", add: {Other: {New: {keys: x S, projection: ALL}}}}]`, "there is no table Other"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readKept(source + "releases: " + c.releases + "\n")
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
