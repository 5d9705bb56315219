package database

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/testkit/template"
)

// credentials are what every client of the local stack signs with.
var credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local", SessionToken: "local"}, nil
})

// AWS is the SDK's configuration for anything that the local stack serves.
func AWS() aws.Config {
	return aws.Config{Region: template.Region, Credentials: credentials, HTTPClient: &http.Client{Timeout: time.Minute}}
}

// Client gives a client of the DynamoDB at that address.
func Client(endpoint string) *dynamodb.Client {
	return dynamodb.NewFromConfig(AWS(), func(o *dynamodb.Options) { o.BaseEndpoint = &endpoint })
}

// CreateTables makes the tables that are not there yet, prefix before their
// names, and adds to those that are: indexes and streams that the template has
// gained, and indexes whose projection it has changed. A key that it has
// changed is an error. TTL stays off: DynamoDB Local deletes by the machine's
// time, and tests and the local stack have a time of their own.
func CreateTables(ctx context.Context, client *dynamodb.Client, tables []template.Table, prefix string) error {
	for _, table := range tables {
		table.Name = prefix + table.Name
		if err := createTable(ctx, client, table); err != nil {
			return fmt.Errorf("make the table %s: %w", table.Name, err)
		}
	}
	return nil
}

func createTable(ctx context.Context, client *dynamodb.Client, table template.Table) error {
	input := createInput(table)
	have, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table.Name})
	if absent := new(types.ResourceNotFoundException); errors.As(err, &absent) {
		_, err = client.CreateTable(ctx, input)
	} else if err == nil {
		err = bringUpToDate(ctx, client, have.Table, input)
	}
	return err
}

func createInput(table template.Table) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{TableName: &table.Name, BillingMode: types.BillingModePayPerRequest, KeySchema: schema(table.Key)}
	for _, a := range table.Attributes {
		in.AttributeDefinitions = append(in.AttributeDefinitions,
			types.AttributeDefinition{AttributeName: aws.String(a.Name), AttributeType: types.ScalarAttributeType(a.Type)})
	}
	for _, index := range table.Indexes {
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(index.Name), KeySchema: schema(index.Key), Projection: projection(index)})
	}
	if table.Stream != "" {
		in.StreamSpecification = stream(table)
	}
	return in
}

func schema(key template.Key) []types.KeySchemaElement {
	out := []types.KeySchemaElement{{AttributeName: aws.String(key.Hash), KeyType: types.KeyTypeHash}}
	if key.Range != "" {
		out = append(out, types.KeySchemaElement{AttributeName: aws.String(key.Range), KeyType: types.KeyTypeRange})
	}
	return out
}

func projection(index template.Index) *types.Projection {
	return &types.Projection{ProjectionType: types.ProjectionType(index.Projection), NonKeyAttributes: index.Include}
}

func stream(table template.Table) *types.StreamSpecification {
	return &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewType(table.Stream)}
}

// bringUpToDate adds what a table of an earlier run lacks.
func bringUpToDate(ctx context.Context, client *dynamodb.Client, have *types.TableDescription, want *dynamodb.CreateTableInput) error {
	if !sameKey(have.KeySchema, want.KeySchema) {
		return errors.New("it has another key than template.yaml says; `make clean` forgets the old one and its data")
	}
	for _, index := range want.GlobalSecondaryIndexes {
		if err := addIndex(ctx, client, have, index, want.AttributeDefinitions); err != nil {
			return err
		}
	}
	if want.StreamSpecification == nil || have.StreamSpecification != nil {
		return nil
	}
	_, err := client.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: have.TableName, StreamSpecification: want.StreamSpecification})
	return err
}

func sameKey(a, b []types.KeySchemaElement) bool {
	return slices.EqualFunc(a, b, func(a, b types.KeySchemaElement) bool {
		return *a.AttributeName == *b.AttributeName && a.KeyType == b.KeyType
	})
}

func addIndex(ctx context.Context, client *dynamodb.Client, have *types.TableDescription, index types.GlobalSecondaryIndex, attributes []types.AttributeDefinition) error {
	for _, there := range have.GlobalSecondaryIndexes {
		if *there.IndexName != *index.IndexName {
			continue
		}
		if !sameKey(there.KeySchema, index.KeySchema) {
			return fmt.Errorf("its index %s has another key than template.yaml says; `make clean` forgets the old one and its data", *index.IndexName)
		}
		if sameProjection(there.Projection, index.Projection) {
			return nil
		}
		if err := dropIndex(ctx, client, have, index); err != nil {
			return err
		}
	}
	in := &dynamodb.UpdateTableInput{
		TableName: have.TableName, AttributeDefinitions: attributes,
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
			IndexName: index.IndexName, KeySchema: index.KeySchema, Projection: index.Projection}}},
	}
	if err := whenFree(ctx, client, in); err != nil {
		return fmt.Errorf("add the index %s: %w", *index.IndexName, err)
	}
	return waitActive(ctx, client, *have.TableName)
}

// whenFree updates a table once the update before has ended: DynamoDB Local says that an index is made, or gone, a
// moment before it takes the next.
func whenFree(ctx context.Context, client *dynamodb.Client, in *dynamodb.UpdateTableInput) error {
	for deadline := time.Now().Add(time.Minute); ; {
		_, err := client.UpdateTable(ctx, in)
		var busy *types.LimitExceededException
		var failed *types.InternalServerError
		if !errors.As(err, &busy) && !errors.As(err, &failed) || time.Now().After(deadline) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func sameProjection(a, b *types.Projection) bool {
	return a.ProjectionType == b.ProjectionType &&
		slices.Equal(slices.Sorted(slices.Values(a.NonKeyAttributes)), slices.Sorted(slices.Values(b.NonKeyAttributes)))
}

// dropIndex drops an index that is to be made anew: none can be changed.
func dropIndex(ctx context.Context, client *dynamodb.Client, have *types.TableDescription, index types.GlobalSecondaryIndex) error {
	_, err := client.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: have.TableName,
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: index.IndexName}}}})
	if err != nil {
		return fmt.Errorf("drop the old index %s: %w", *index.IndexName, err)
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		now, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: have.TableName})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(now.Table.GlobalSecondaryIndexes, func(i types.GlobalSecondaryIndexDescription) bool { return *i.IndexName == *index.IndexName }) {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the old index %s is still there; `make clean` forgets it and the data", *index.IndexName)
}

// waitActive waits until a table and its indexes are made.
func waitActive(ctx context.Context, client *dynamodb.Client, name string) error {
	for deadline := time.Now().Add(time.Minute); ; {
		now, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
		if err == nil && now.Table.TableStatus == types.TableStatusActive && !slices.ContainsFunc(now.Table.GlobalSecondaryIndexes,
			func(i types.GlobalSecondaryIndexDescription) bool { return i.IndexStatus != types.IndexStatusActive }) {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.Join(fmt.Errorf("the table %s is not active after a minute", name), err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
