package disposals_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit/contract"
)

// tombstoneAttributes are all that the row of a tombstone may hold.
var tombstoneAttributes = strings.Fields("ref scope state version first_at out_since changed_at until ses ses_at reduced_at erased_at lifted_at")

// Whatever stands in a row that this code does not know of, a sweep and an
// erasure leave nothing but the tombstone.
func TestTombstoneAsStored(t *testing.T) {
	for name, c := range map[string]struct {
		class schedule.Class
		order func(*testing.T, *records, person.Ref)
	}{
		"its period is over":   {schedule.OptOutEvidence, func(*testing.T, *records, person.Ref) {}},
		"the person is erased": {schedule.ErasureOrder, func(t *testing.T, s *records, ref person.Ref) { s.erasable(t, ref, "PD-1") }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRecords(t)
			r := contract.FullOptOut(t, s.OptOuts)
			row := map[string]types.AttributeValue{"ref": &types.AttributeValueMemberS{Value: string(r.Ref)}, "scope": &types.AttributeValueMemberS{Value: string(r.Scope)}}
			if _, err := s.OptOuts.Table.DB.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
				TableName: &s.OptOuts.Table.Name, Key: row, UpdateExpression: aws.String("SET user_agent = :agent, notes = :notes"),
				ExpressionAttributeValues: map[string]types.AttributeValue{
					":agent": &types.AttributeValueMemberS{Value: "Mozilla/5.0 zaphod"},
					":notes": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"name": &types.AttributeValueMemberS{Value: "Zaphod"}}},
				},
			}); err != nil {
				t.Fatal(err)
			}
			c.order(t, s, r.Ref)
			w := &watched{Disposals: s.Disposals}
			if l, err := w.sweep(t, c.class, overdue); err != nil || l.Reduced == 0 || l.Due != len(w.works) {
				t.Fatalf("%+v, %v", l, err)
			}
			out, err := s.OptOuts.Table.DB.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &s.OptOuts.Table.Name, Key: row, ConsistentRead: aws.Bool(true)})
			if err != nil || len(out.Item) < 8 {
				t.Fatalf("%v, %v", out.Item, err)
			}
			for attribute := range out.Item {
				if !slices.Contains(tombstoneAttributes, attribute) {
					t.Errorf("the row holds %s", attribute)
				}
			}
		})
	}
}
