package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"privacydesk/infra/local/template"
)

// kept is testdata/kept.yaml.
type kept struct {
	Resources map[string]string
	Tables    map[string]keptTable
	Releases  []struct {
		Release string
		Add     map[string]map[string]keptIndex
		Drop    map[string]string
	}
}

type keptTable struct {
	Keys, Billing, Stream, TTL string
	Indexes                    map[string]keptIndex
}

type keptIndex struct{ Keys, Projection string }

func (i keptIndex) String() string { return "(" + i.Keys + ") with " + i.Projection }

const keptFile = "infra/rules/testdata/kept.yaml"

func readKept(text string) (kept, error) {
	var k kept
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&k); err != nil {
		return k, err
	}
	for _, r := range k.Releases {
		if err := k.release(r.Add, r.Drop); err != nil {
			return k, fmt.Errorf("release %s: %w", r.Release, err)
		}
	}
	return k, nil
}

// release brings the tables to what they are after a release.
func (k *kept) release(add map[string]map[string]keptIndex, drop map[string]string) error {
	for table, added := range add {
		indexes := k.Tables[table].Indexes
		if len(added) != 1 || drop[table] != "" {
			return fmt.Errorf("%s: DynamoDB adds or removes one index in an update; make two releases of it", table)
		}
		for name, index := range added {
			if _, there := indexes[name]; there || indexes == nil {
				return fmt.Errorf("%s: there is an index %s already, or no such table; a changed index needs a new name", table, name)
			}
			indexes[name] = index
		}
	}
	for table, name := range drop {
		if _, there := k.Tables[table].Indexes[name]; !there {
			return fmt.Errorf("%s: there is no index %s to drop", table, name)
		}
		delete(k.Tables[table].Indexes, name)
	}
	return nil
}

// faults are what an update of a stack in use would lose, or could not do.
func (k *kept) faults(tpl *template.Template) []string {
	var faults []string
	say := func(format string, values ...any) { faults = append(faults, fmt.Sprintf(format, values...)) }
	for id, kind := range k.Resources {
		if r, _ := tpl.Resource(id); r.Type != kind {
			say("%s is %q and was %q: a stack would get an empty one, and no function would read the old one. Keep the logical id and its type", id, r.Type, kind)
		}
	}
	for _, r := range tpl.Resources {
		if k.Resources[r.LogicalID] == "" && strings.HasPrefix(r.DeletionPolicy, "Retain") {
			say("%s is new and outlives its stack: write it into %s, where it can never change again", r.LogicalID, keptFile)
		}
		for _, property := range []string{"TableName", "Name", "LocalSecondaryIndexes"} {
			if _, set := r.Get(property); set && k.Resources[r.LogicalID] != "" {
				say("%s has %s: a stack would get an empty one under that name. Take it out", r.LogicalID, property)
			}
		}
	}
	for _, table := range tpl.Tables {
		r, _ := tpl.Resource(table.LogicalID)
		if was, known := k.Tables[table.LogicalID]; known {
			faults = append(faults, was.faults(table.LogicalID, shapeOf(table, r.Text("BillingMode")))...)
		}
	}
	slices.Sort(faults)
	return faults
}

func (was keptTable) faults(id string, is keptTable) []string {
	var faults []string
	for what, values := range map[string][2]string{"keys": {is.Keys, was.Keys}, "billing": {is.Billing, was.Billing}, "stream": {is.Stream, was.Stream}, "ttl": {is.TTL, was.TTL}} {
		if values[0] != values[1] {
			faults = append(faults, fmt.Sprintf("%s: %s is %q and was %q. It never changes (%s says why)", id, what, values[0], values[1], keptFile))
		}
	}
	names := maps.Clone(is.Indexes)
	maps.Copy(names, was.Indexes)
	for name := range names {
		now, stays := is.Indexes[name]
		before, there := was.Indexes[name]
		switch {
		case !there:
			faults = append(faults, fmt.Sprintf("%s: index %s is new. If the release changes no other index of the table, add it to the releases of %s", id, name, keptFile))
		case !stays:
			faults = append(faults, fmt.Sprintf("%s: index %s is gone. If the release changes no other index of the table, drop it in the releases of %s", id, name, keptFile))
		case now != before:
			faults = append(faults, fmt.Sprintf("%s: index %s is %s and was %s. DynamoDB changes no index: add one under a new name in this release, and drop %s in the next", id, name, now, before, name))
		}
	}
	return faults
}

func shapeOf(t template.Table, billing string) keptTable {
	types := map[string]string{}
	for _, a := range t.Attributes {
		types[a.Name] = a.Type
	}
	keys := func(k template.Key) string {
		text := k.Hash + " " + types[k.Hash]
		if k.Range != "" {
			text += ", " + k.Range + " " + types[k.Range]
		}
		return text
	}
	shape := keptTable{Keys: keys(t.Key), Billing: billing, Stream: t.Stream, TTL: t.TTL, Indexes: map[string]keptIndex{}}
	for _, index := range t.Indexes {
		projection := index.Projection
		if projection == "INCLUDE" {
			projection = strings.Join(slices.Sorted(slices.Values(index.Include)), ", ")
		}
		shape.Indexes[index.Name] = keptIndex{keys(index.Key), projection}
	}
	return shape
}

func TestTablesAndSecretsStandStill(t *testing.T) {
	k, err := readKept(read(t, root+"/"+keptFile))
	if err != nil {
		t.Fatal(keptFile, err)
	}
	tpl, err := template.Load(root+"/template.yaml", template.Options{Parameters: map[string]string{"PublicUrl": "https://privacy.example.com", "SesFrom": "p@example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range k.faults(tpl) {
		t.Error(fault)
	}
}

// Each change that an update of a stack in use does not survive is named, and no other.
func TestChangesOfTablesAreNamed(t *testing.T) {
	source := read(t, root+"/template.yaml")
	for name, c := range map[string]struct{ old, new, want string }{
		"the same":            {"ref", "ref", ""},
		"order of projection": {"[version, pending]", "[pending, version]", ""},
		"a projection":        {"[version, pending]", "[version]", "OptOutsTable: index Disposal is (disposal S, disposal_at S) with version and was (disposal S, disposal_at S) with pending, version. DynamoDB changes no index: add one under a new name"},
		"a whole projection":  {"[version, ref, state]}", "[version]}", "RequestsTable: index Disposal is"},
		"an index's key":      {"{AttributeName: watch, KeyType: HASH}", "{AttributeName: look, KeyType: HASH}", "RequestsTable: index Due is"},
		"an index's name":     {"IndexName: Erasures", "IndexName: Wishes", "OptOutsTable: index Erasures is gone.|OptOutsTable: index Wishes is new."},
		"a key":               {"        - {AttributeName: scope, KeyType: RANGE}\n", "", "OptOutsTable: keys is \"ref S\" and was"},
		"a key's type":        {"{AttributeName: row, AttributeType: S}", "{AttributeName: row, AttributeType: N}", "RequestsTable: keys is \"id S, row N\" and was"},
		"a stream":            {"StreamViewType: KEYS_ONLY", "StreamViewType: NEW_IMAGE", "RequestsTable: stream is"},
		"a logical id":        {"OptOutsTable", "SuppressedTable", "OptOutsTable is \"\" and was \"AWS::DynamoDB::Table\"|SuppressedTable is new"},
		"a secret's id":       {"LinkKeysSecret", "LinksSecret", "LinkKeysSecret is \"\" and was|LinksSecret is new"},
		"a secret's name":     {"    Properties:\n      Tags: [{Key: data-class, Value: key}]\n", "    Properties:\n      Name: keys\n", "LinkKeysSecret has Name:|ReferenceKeySecret has Name:"},
		"a table's name":      {"      AttributeDefinitions:\n        - {AttributeName: key,", "      TableName: counters\n      AttributeDefinitions:\n        - {AttributeName: key,", "CountersTable has TableName:"},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := readKept(read(t, root+"/"+keptFile))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(source, c.old) {
				t.Fatalf("template.yaml has no %q", c.old)
			}
			options := template.Options{Parameters: map[string]string{"PublicUrl": "https://privacy.example.com", "SesFrom": "p@example.com"}}
			tpl, err := template.Parse([]byte(strings.ReplaceAll(source, c.old, c.new)), options)
			if err != nil {
				t.Fatal(err)
			}
			faults := k.faults(tpl)
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
		"none to drop":       {`[{release: "2", drop: {OptOutsTable: None}}]`, "no index None"},
		"of no table":        {`[{release: "2", add: {Other: {New: {keys: x S, projection: ALL}}}}]`, "no such table"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readKept(source + "releases: " + c.releases + "\n")
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
