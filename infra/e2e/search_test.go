package e2e

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	keys "privacydesk/shared/domain/person"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/standin"
)

// sought is what a search looks for: the spellings of a person's address and name, hashes of the address that anybody
// can make, and the reference that only the desk's key makes.
type sought struct {
	plain     []string
	reference string
}

// signsOf is what may betray a person.
func (d *desk) signsOf(t *testing.T, address, name string) sought {
	t.Helper()
	var s sought
	for _, text := range []string{address, name} {
		s.plain = append(s.plain, spellings(text)...)
	}
	for _, text := range []string{address, strings.ToUpper(address)} {
		five, one, two := md5.Sum([]byte(text)), sha1.Sum([]byte(text)), sha256.Sum256([]byte(text))
		for _, sum := range [][]byte{five[:], one[:], two[:]} {
			s.plain = append(s.plain, hex.EncodeToString(sum), strings.ToLower(base64.RawStdEncoding.EncodeToString(sum)), strings.ToLower(base64.RawURLEncoding.EncodeToString(sum)))
		}
	}
	var secrets struct{ ReferenceKeySecret string }
	var reference struct{ Key string }
	kept, err := os.ReadFile(filepath.Join(d.Data, "secrets.json"))
	if err == nil {
		err = json.Unmarshal(kept, &secrets)
	}
	if err == nil {
		err = json.Unmarshal([]byte(secrets.ReferenceKeySecret), &reference)
	}
	key, wrong := keys.NewKey(reference.Key)
	parsed, invalid := keys.Parse(address)
	if err != nil || wrong != nil || invalid != nil {
		t.Fatal(err, wrong, invalid)
	}
	s.reference = strings.ToLower(string(key.Ref(parsed)))
	return s
}

// traces are the places where something of a person stands. "ref in …" is a place of their keyed reference.
type traces map[string]bool

func (f traces) look(s sought, place, text string) {
	text = strings.ToLower(text)
	if slices.ContainsFunc(s.plain, func(form string) bool { return strings.Contains(text, form) }) {
		f[place] = true
	}
	if strings.Contains(text, s.reference) {
		f["ref in "+place] = true
	}
}

// but are the places that nobody has allowed, and those where the search should have found something: without those it
// might be blind.
func (f traces) but(allowed ...string) (stray, missed []string) {
	for place := range f {
		if !slices.Contains(allowed, place) {
			stray = append(stray, place)
		}
	}
	for _, place := range allowed {
		if !f[place] {
			missed = append(missed, place)
		}
	}
	slices.Sort(stray)
	return stray, missed
}

// search looks for a person in all that the desk keeps, writes and sends.
func (d *telling) search(t *testing.T, w wish) traces {
	t.Helper()
	found, s := traces{}, d.signsOf(t, w.address, w.name)
	d.searchTables(t, found, s)
	d.searchAWS(t, found, s, w.address)
	for name, log := range d.logs() {
		found.look(s, "log "+name, string(log))
	}
	for _, c := range d.Systems.Calls() {
		found.look(s, "webhook", c.Body+c.ID+c.Type)
	}
	for product, came := range map[string]*witness{"HubSpot": d.hubSpot, "Mailchimp": d.mailchimp} {
		for _, call := range came.heard() {
			found.look(s, "call to "+product, call)
		}
	}
	return found
}

// searchTables reads every table and every index of it, attribute by attribute.
func (d *telling) searchTables(t *testing.T, found traces, s sought) {
	t.Helper()
	db := database.Client(d.DynamoDB)
	names, err := db.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil || len(names.TableNames) < 3 {
		t.Fatalf("%v, %v", names, err)
	}
	for _, table := range names.TableNames {
		described, err := db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &table})
		if err != nil {
			t.Fatal(err)
		}
		searchIndex(t, found, s, db, table, nil)
		for _, index := range described.Table.GlobalSecondaryIndexes {
			searchIndex(t, found, s, db, table, index.IndexName)
		}
	}
}

func searchIndex(t *testing.T, found traces, s sought, db *dynamodb.Client, table string, index *string) {
	t.Helper()
	place := table
	if index != nil {
		place += "." + *index
	}
	pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{TableName: &table, IndexName: index})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			for name, value := range item {
				found.look(s, place+" "+kindOf(item)+" "+name, whole(value))
			}
		}
	}
}

// kindOf names what a row is: "event", "mail", "request".
func kindOf(item map[string]types.AttributeValue) string {
	for _, key := range []string{"row", "scope", "key"} {
		if v, ok := item[key].(*types.AttributeValueMemberS); ok {
			kind, _, _ := strings.Cut(strings.TrimPrefix(v.Value, "#"), "#")
			return kind
		}
	}
	return "?"
}

// whole is all that a value holds, down to its bytes.
func whole(value types.AttributeValue) string {
	switch v := value.(type) {
	case *types.AttributeValueMemberB:
		return string(v.Value)
	case *types.AttributeValueMemberM:
		var all []string
		for name, one := range v.Value {
			all = append(all, name, whole(one))
		}
		return strings.Join(all, "\n")
	case *types.AttributeValueMemberL:
		var all []string
		for _, one := range v.Value {
			all = append(all, whole(one))
		}
		return strings.Join(all, "\n")
	}
	return text(value)
}

// searchAWS looks through mails, SES's list, the event bus and S3, as the stand-in has them.
func (d *telling) searchAWS(t *testing.T, found traces, s sought, address string) {
	t.Helper()
	var mails []standin.Mail
	got := do(t, request(t, http.MethodGet, d.AWS+"/mailbox.json", "", nil))
	if err := json.Unmarshal([]byte(got.body), &mails); err != nil || len(mails) == 0 {
		t.Fatalf("%d, %v", got.status, err)
	}
	for _, m := range mails {
		text, _ := json.Marshal(m)
		found.look(s, map[bool]string{true: "mail to the person", false: "mail to others"}[slices.Equal(m.Recipients, []string{address})], string(text))
	}
	for one := range d.suppressed(t) {
		found.look(s, "SES's list", one)
	}
	bus := do(t, request(t, http.MethodGet, d.AWS+"/events.json", "", nil))
	found.look(s, "event bus", bus.body)
}

// searchDisk looks through every file of a stack that has ended: queues, dead letters, calls that wait, and S3's objects.
func (d *telling) searchDisk(t *testing.T, w wish) traces {
	t.Helper()
	found, s := traces{}, d.signsOf(t, w.address, w.name)
	files := 0
	err := filepath.WalkDir(d.Data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files++
		if name := filepath.Base(path); name != "standin.json" {
			found.look(s, "file "+name, string(content))
			return err
		}
		var kept map[string]json.RawMessage
		var objects map[string]struct{ Content []byte }
		if err = json.Unmarshal(content, &kept); err == nil {
			err = json.Unmarshal(kept["objects"], &objects)
		}
		for name, o := range objects {
			found.look(s, "object "+name, name+string(bytes.ToLower(o.Content)))
		}
		for _, part := range slices.Sorted(maps.Keys(kept)) {
			found.look(s, "stand-in's "+part, string(kept[part]))
		}
		return err
	})
	if err != nil || files < 5 {
		t.Errorf("%d files, %v", files, err)
	}
	return found
}
