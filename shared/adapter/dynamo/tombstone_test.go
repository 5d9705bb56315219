package dynamo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit"
)

// tombstoneAttributes are all that the row of a tombstone may hold.
var tombstoneAttributes = strings.Fields("ref scope state version first_at out_since changed_at until ses ses_at reduced_at erased_at")

// Whatever stands in a row that this code does not know of, a sweep and an
// erasure leave nothing but the tombstone.
func TestTombstoneAsStored(t *testing.T) {
	for name, dispose := range map[string]func(*testing.T, *shelf, person.Ref) []disposal.Work{
		"its period is over": func(t *testing.T, s *shelf, _ person.Ref) []disposal.Work {
			items, _, err := s.Due(t.Context(), disposal.OptOutEvidence, testkit.T0.AddDate(3, 0, 0), "", 10)
			if err != nil || len(items) != 1 {
				t.Fatalf("%+v, %v", items, err)
			}
			ready, err := s.Prepare(t.Context(), disposal.OptOutEvidence, disposal.Reduce, items, testkit.T0.AddDate(3, 0, 0))
			if err != nil || ready[0].Work == nil {
				t.Fatalf("%+v, %v", ready, err)
			}
			return []disposal.Work{ready[0].Work}
		},
		"the person is erased": func(t *testing.T, s *shelf, ref person.Ref) []disposal.Work {
			order := s.erasable(t, ref, "PD-1")
			o, err := s.Order(t.Context(), order, testkit.T0.AddDate(3, 0, 0))
			if err != nil {
				t.Fatal(err)
			}
			var works []disposal.Work
			for _, p := range o.Pieces {
				if p.Work == nil {
					t.Fatalf("%+v", p)
				}
				works = append(works, p.Work)
			}
			return works
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t)
			r := testkit.FullOptOut(t, s.OptOuts)
			row := map[string]types.AttributeValue{"ref": &types.AttributeValueMemberS{Value: string(r.Ref)}, "scope": &types.AttributeValueMemberS{Value: string(r.Scope)}}
			if _, err := s.OptOuts.DB.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
				TableName: &s.OptOuts.Table, Key: row, UpdateExpression: aws.String("SET user_agent = :agent, notes = :notes"),
				ExpressionAttributeValues: map[string]types.AttributeValue{
					":agent": &types.AttributeValueMemberS{Value: "Mozilla/5.0 zaphod"},
					":notes": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"name": &types.AttributeValueMemberS{Value: "Zaphod"}}},
				},
			}); err != nil {
				t.Fatal(err)
			}
			works := dispose(t, s, r.Ref)
			if err := s.Dispose(t.Context(), disposal.Batch{Run: disposal.Run{ID: "r", Version: 1}, Class: disposal.OptOutEvidence, Part: 1, Works: works}); err != nil {
				t.Fatal(err)
			}
			out, err := s.OptOuts.DB.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &s.OptOuts.Table, Key: row, ConsistentRead: aws.Bool(true)})
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
