package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"privacydesk/shared/testkit/template"
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
		t, known := k.Tables[table]
		switch {
		case !known:
			return fmt.Errorf("there is no table %s", table)
		case len(added) != 1 || drop[table] != "":
			return fmt.Errorf("%s: DynamoDB adds or removes one index in an update; make two releases of it", table)
		case t.Indexes == nil:
			t.Indexes = map[string]keptIndex{}
			k.Tables[table] = t
		}
		for name, index := range added {
			if _, there := t.Indexes[name]; there {
				return fmt.Errorf("%s: there is an index %s already; a changed index needs a new name", table, name)
			}
			t.Indexes[name] = index
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

// written is a resource as template.yaml has it, whatever its Condition says.
type written struct {
	Type           string               `yaml:"Type"`
	Condition      string               `yaml:"Condition"`
	DeletionPolicy string               `yaml:"DeletionPolicy"`
	Properties     map[string]yaml.Node `yaml:"Properties"`
}

// mayHave are the properties of what outlives its stack. Each is held still by a test, or changes in place. Others
// (TableName, Name, ImportSourceSpecification, LocalSecondaryIndexes) replace it (CloudFormation, "Update requires"), or
// lock it with another key than DynamoDB's own, which is billed by its uses (SSESpecification).
var mayHave = map[string][]string{
	"AWS::DynamoDB::Table": {"AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "GlobalSecondaryIndexes", "KeySchema",
		"PointInTimeRecoverySpecification", "StreamSpecification", "Tags", "TimeToLiveSpecification"},
	"AWS::SecretsManager::Secret": {"Description", "GenerateSecretString", "Tags"},
}

// faults are what an update of a stack in use would lose, or could not do.
func (k *kept) faults(source string, tpl *template.Template) []string {
	faults := k.resourceFaults(source)
	for _, table := range tpl.Tables {
		r, _ := tpl.Resource(table.LogicalID)
		was, known := k.Tables[table.LogicalID]
		is := shapeOf(table, r.Text("BillingMode"))
		switch {
		case !known && k.Resources[table.LogicalID] != "":
			faults = append(faults, fmt.Sprintf("%s: write its keys and indexes into %s", table.LogicalID, keptFile))
		case known && len(is.Indexes) != len(table.Indexes):
			faults = append(faults, fmt.Sprintf("%s has two indexes of one name", table.LogicalID))
		case known:
			faults = append(faults, was.faults(table.LogicalID, is)...)
		}
	}
	slices.Sort(faults)
	return faults
}

// resourceFaults looks at the text of the template: under a condition, a resource is missing in some stacks alone.
func (k *kept) resourceFaults(source string) []string {
	var document struct {
		Resources map[string]written `yaml:"Resources"`
	}
	if err := yaml.Unmarshal([]byte(source), &document); err != nil {
		return []string{err.Error()}
	}
	var faults []string
	for id, kind := range k.Resources {
		if is := document.Resources[id].Type; is != kind {
			faults = append(faults, fmt.Sprintf("%s is %q and was %q: a stack would get a new one, without what the old one holds. Keep the logical id and its type", id, is, kind))
		}
	}
	for id, r := range document.Resources {
		_, outlives := mayHave[r.Type]
		outlives = outlives && !r.copies()
		switch {
		case k.Resources[id] == "" && (outlives || strings.HasPrefix(r.DeletionPolicy, "Retain")):
			faults = append(faults, fmt.Sprintf("%s is new and outlives its stack: write it into %s, where it can never change again", id, keptFile))
		case outlives:
			faults = append(faults, r.faults(id)...)
		}
	}
	return faults
}

// copies reports whether it is a secret whose text is another resource's. It holds nothing of its own, and goes with the stack.
func (r written) copies() bool {
	text := r.Properties["SecretString"]
	_, generated := r.Properties["GenerateSecretString"]
	return r.Type == "AWS::SecretsManager::Secret" && r.DeletionPolicy == "Delete" && text.Tag == "!GetAtt" && !generated
}

func (r written) faults(id string) []string {
	var faults []string
	if r.Condition != "" {
		faults = append(faults, fmt.Sprintf("%s stands under the condition %s: where it does not hold, an update takes the resource away. Take the condition out", id, r.Condition))
	}
	for name, value := range r.Properties {
		if !slices.Contains(mayHave[r.Type], name) {
			faults = append(faults, fmt.Sprintf("%s has %s: an update may replace it by an empty one, or lock it. Take the property out, or show in kept_test.go that it changes in place", id, name))
		} else if varies(&value) {
			faults = append(faults, fmt.Sprintf("%s: %s is not the same in every stack. Write its value out", id, name))
		}
	}
	return faults
}

// varies reports whether a value depends on parameters, conditions or other resources.
func varies(n *yaml.Node) bool {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") || n.Kind == yaml.AliasNode {
		return true
	}
	for i, below := range n.Content {
		function := n.Kind == yaml.MappingNode && i%2 == 0 && (below.Value == "Ref" || strings.HasPrefix(below.Value, "Fn::"))
		if function || varies(below) {
			return true
		}
	}
	return false
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

// faultsOf reads the text, and says what is wrong in it where it cannot be read.
func (k *kept) faultsOf(source string) []string {
	tpl, err := template.Parse([]byte(source), template.Options{Parameters: map[string]string{"PublicUrl": "https://privacy.example.com", "SesFrom": "p@example.com"}})
	if err != nil {
		return append(k.resourceFaults(source), err.Error())
	}
	return k.faults(source, tpl)
}

func TestTablesAndSecretsStandStill(t *testing.T) {
	k, err := readKept(read(t, root+"/"+keptFile))
	if err != nil {
		t.Fatal(keptFile, err)
	}
	for _, fault := range k.faultsOf(read(t, root+"/template.yaml")) {
		t.Error(fault)
	}
}
