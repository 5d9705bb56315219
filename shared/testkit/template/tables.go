package template

import "fmt"

type keySchema []struct{ AttributeName, KeyType string }

type indexFields struct {
	IndexName  string
	KeySchema  keySchema
	Projection struct {
		ProjectionType   string
		NonKeyAttributes []string
	}
}

type tableFields struct {
	AttributeDefinitions    []struct{ AttributeName, AttributeType string }
	KeySchema               keySchema
	GlobalSecondaryIndexes  []indexFields
	StreamSpecification     struct{ StreamViewType word }
	TimeToLiveSpecification struct {
		AttributeName word
		Enabled       flag
	}
}

func (t *Template) addTable(r Resource) error {
	if _, ok := r.Properties["LocalSecondaryIndexes"]; ok {
		return fmt.Errorf("%s: the local stack does not make LocalSecondaryIndexes", place(r.LogicalID))
	}
	var fields tableFields
	if err := r.Decode(&fields); err != nil {
		return err
	}
	table := Table{LogicalID: r.LogicalID, Name: r.Ref, Key: fields.KeySchema.key(),
		Stream: string(fields.StreamSpecification.StreamViewType)}
	if table.Key.Hash == "" {
		return fmt.Errorf("%s: the table has no HASH key", place(r.LogicalID))
	}
	for _, a := range fields.AttributeDefinitions {
		table.Attributes = append(table.Attributes, Attribute{a.AttributeName, a.AttributeType})
	}
	for _, index := range fields.GlobalSecondaryIndexes {
		table.Indexes = append(table.Indexes, index.index())
	}
	if fields.TimeToLiveSpecification.Enabled {
		table.TTL = string(fields.TimeToLiveSpecification.AttributeName)
	}
	t.Tables = append(t.Tables, table)
	return nil
}

func (f indexFields) index() Index {
	return Index{Name: f.IndexName, Key: f.KeySchema.key(),
		Projection: f.Projection.ProjectionType, Include: f.Projection.NonKeyAttributes}
}

func (schema keySchema) key() Key {
	var key Key
	for _, part := range schema {
		if part.KeyType == "RANGE" {
			key.Range = part.AttributeName
		} else {
			key.Hash = part.AttributeName
		}
	}
	return key
}
