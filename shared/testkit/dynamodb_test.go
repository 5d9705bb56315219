package testkit

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func TestEachTestHasATableOfItsOwn(t *testing.T) {
	client, one := Table(t, "OptOutsTable")
	_, two := StreamedTable(t, "OptOutsTable")
	if one == two {
		t.Errorf("both are %s", one)
	}
	for name, stream := range map[string]bool{one: false, two: true} {
		got, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
		if err != nil {
			t.Fatal(err)
		}
		if (got.Table.LatestStreamArn != nil) != stream || len(got.Table.GlobalSecondaryIndexes) != 4 {
			t.Errorf("%s: stream %v, %d indexes", name, got.Table.LatestStreamArn, len(got.Table.GlobalSecondaryIndexes))
		}
	}
}
