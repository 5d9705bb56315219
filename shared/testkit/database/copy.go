package database

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Copy makes a table with the rows of another one, as a restore to a point in
// time does on AWS: without its indexes, its stream and its TTL.
func Copy(ctx context.Context, client *dynamodb.Client, from, to string) error {
	have, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &from})
	if err != nil {
		return fmt.Errorf("copy the table %s: %w", from, err)
	}
	in := &dynamodb.CreateTableInput{TableName: &to, BillingMode: types.BillingModePayPerRequest, KeySchema: have.Table.KeySchema}
	for _, a := range have.Table.AttributeDefinitions {
		if slices.ContainsFunc(in.KeySchema, func(k types.KeySchemaElement) bool { return *k.AttributeName == *a.AttributeName }) {
			in.AttributeDefinitions = append(in.AttributeDefinitions, a)
		}
	}
	if _, err := client.CreateTable(ctx, in); err != nil {
		return fmt.Errorf("make the table %s: %w", to, err)
	}
	if err := waitActive(ctx, client, to); err != nil {
		return err
	}
	return fill(ctx, client, from, to)
}

func fill(ctx context.Context, client *dynamodb.Client, from, to string) error {
	pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{TableName: &from, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("read the table %s: %w", from, err)
		}
		var writes []types.WriteRequest
		for _, row := range page.Items {
			writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: row}})
		}
		for left := range slices.Chunk(writes, 25) {
			if err := write(ctx, client, to, left); err != nil {
				return err
			}
		}
	}
	return nil
}

func write(ctx context.Context, client *dynamodb.Client, to string, left []types.WriteRequest) error {
	for len(left) > 0 {
		out, err := client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{to: left}})
		if err != nil {
			return fmt.Errorf("fill the table %s: %w", to, err)
		}
		if left = out.UnprocessedItems[to]; len(left) > 0 {
			time.Sleep(50 * time.Millisecond)
		}
	}
	return nil
}
