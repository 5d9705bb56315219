package iam

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// asked is the request as the local stack's functions send it.
func asked(method, path, target, body string) *http.Request {
	r := httptest.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=DoFunction/20261127/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	return r
}

func TestNamesOfCalls(t *testing.T) {
	const dynamo, arn = "DynamoDB_20120810.", "arn:aws:dynamodb:us-east-1:000000000000:table/"
	cases := map[string]struct {
		method, path, target, body string
		want                       []string // action, resource, context
	}{
		"GetItem":    {"POST", "/", dynamo + "GetItem", `{"TableName":"Things","Key":{"id":{"S":"1"},"row":{"S":"2"}}}`, []string{"dynamodb:GetItem " + arn + "Things map[dynamodb:LeadingKeys:[1]]"}},
		"PutItem":    {"POST", "/", dynamo + "PutItem", `{"TableName":"Things","Item":{"id":{"S":"1"},"m":{"M":{"id":{"S":"no"}}}}}`, []string{"dynamodb:PutItem " + arn + "Things map[dynamodb:LeadingKeys:[1]]"}},
		"UpdateItem": {"POST", "/", dynamo + "UpdateItem", `{"TableName":"Things","Key":{"id":{"N":"7"}}}`, []string{"dynamodb:UpdateItem " + arn + "Things map[dynamodb:LeadingKeys:[7]]"}},
		"DeleteItem": {"POST", "/", dynamo + "DeleteItem", `{"TableName":"Things","Key":{"id":{"B":"AA=="}}}`, []string{"dynamodb:DeleteItem " + arn + "Things map[dynamodb:LeadingKeys:[AA==]]"}},
		"Query":      {"POST", "/", dynamo + "Query", `{"TableName":"Things","KeyConditionExpression":"begins_with(#row, :r) AND #id=:i","ExpressionAttributeNames":{"#id":"id","#row":"row"},"ExpressionAttributeValues":{":i":{"S":"1"},":r":{"S":"x"}}}`, []string{"dynamodb:Query " + arn + "Things map[dynamodb:LeadingKeys:[1]]"}},
		"Query of an index": {"POST", "/", dynamo + "Query", `{"TableName":"Things","IndexName":"Due","KeyConditionExpression":"watch = :w","ExpressionAttributeValues":{":w":{"S":"1"}}}`,
			[]string{"dynamodb:Query " + arn + "Things/index/Due map[dynamodb:LeadingKeys:[1]]"}},
		"Scan":             {"POST", "/", dynamo + "Scan", `{"TableName":"Things"}`, []string{"dynamodb:Scan " + arn + "Things map[]"}},
		"Scan of an index": {"POST", "/", dynamo + "Scan", `{"TableName":"Things","IndexName":"Due"}`, []string{"dynamodb:Scan " + arn + "Things/index/Due map[]"}},
		"BatchGetItem":     {"POST", "/", dynamo + "BatchGetItem", `{"RequestItems":{"Things":{"Keys":[{"id":{"S":"1"}},{"id":{"S":"2"}}]}}}`, []string{"dynamodb:BatchGetItem " + arn + "Things map[dynamodb:LeadingKeys:[1 2]]"}},
		"BatchWriteItem":   {"POST", "/", dynamo + "BatchWriteItem", `{"RequestItems":{"Things":[{"PutRequest":{"Item":{"id":{"S":"1"}}}},{"DeleteRequest":{"Key":{"id":{"S":"2"}}}}]}}`, []string{"dynamodb:BatchWriteItem " + arn + "Things map[dynamodb:LeadingKeys:[1 2]]"}},
		"TransactWriteItems": {"POST", "/", dynamo + "TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"Things","Item":{"id":{"S":"1"}}}},{"Update":{"TableName":"Things","Key":{"id":{"S":"2"}}}},
			{"Delete":{"TableName":"Things","Key":{"id":{"S":"3"}}}},{"ConditionCheck":{"TableName":"Things","Key":{"id":{"S":"4"}}}}]}`, []string{
			"dynamodb:PutItem " + arn + "Things map[dynamodb:LeadingKeys:[1]]",
			"dynamodb:UpdateItem " + arn + "Things map[dynamodb:LeadingKeys:[2]]",
			"dynamodb:DeleteItem " + arn + "Things map[dynamodb:LeadingKeys:[3]]",
			"dynamodb:ConditionCheckItem " + arn + "Things map[dynamodb:LeadingKeys:[4]]"}},
		"TransactGetItems": {"POST", "/", dynamo + "TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"Things","Key":{"id":{"S":"1"}}}}]}`,
			[]string{"dynamodb:GetItem " + arn + "Things map[dynamodb:LeadingKeys:[1]]"}},

		"SES, put":              {"PUT", "/v2/email/suppression/addresses", "", `{"EmailAddress":"a@b"}`, []string{"ses:PutSuppressedDestination * map[]"}},
		"SES, put for a tenant": {"PUT", "/v2/email/suppression/addresses", "", `{"TenantName":"t"}`, []string{"ses:PutSuppressedDestination arn:aws:ses:us-east-1:000000000000:tenant/t/local map[]"}},
		"SES, list":             {"GET", "/v2/email/suppression/addresses?PageSize=1000", "", "", []string{"ses:ListSuppressedDestinations * map[]"}},
		"SES, list of a tenant": {"GET", "/v2/email/suppression/addresses?TenantName=t", "", "", []string{"ses:ListSuppressedDestinations arn:aws:ses:us-east-1:000000000000:tenant/t/local map[]"}},
		"SES, get":              {"GET", "/v2/email/suppression/addresses/a%2Fb%40c", "", "", []string{"ses:GetSuppressedDestination * map[]"}},
		"SES, delete":           {"DELETE", "/v2/email/suppression/addresses/a%40c", "", "", []string{"ses:DeleteSuppressedDestination * map[]"}},
		"SES, import":           {"POST", "/v2/email/import-jobs", "", `{}`, []string{"ses:CreateImportJob * map[]"}},
		"SES, imports":          {"POST", "/v2/email/import-jobs/list", "", `{}`, []string{"ses:ListImportJobs * map[]"}},
		"SES, an import":        {"GET", "/v2/email/import-jobs/7", "", "", []string{"ses:GetImportJob arn:aws:ses:us-east-1:000000000000:import-job/7 map[]"}},
		"SES, send": {"POST", "/v2/email/outbound-emails", "", `{"FromEmailAddress":"Desk <desk@in.example>","ConfigurationSetName":"set","Content":{"Simple":{}}}`, []string{
			"ses:SendEmail arn:aws:ses:us-east-1:000000000000:identity/in.example map[ses:FromAddress:[desk@in.example]]",
			"ses:SendEmail arn:aws:ses:us-east-1:000000000000:configuration-set/set map[ses:FromAddress:[desk@in.example]]"}},
		"SES, send for a tenant": {"POST", "/v2/email/outbound-emails", "", `{"FromEmailAddress":"a@b","TenantName":"t","Content":{"Simple":{}}}`, []string{
			"ses:SendEmail arn:aws:ses:us-east-1:000000000000:identity/b map[ses:FromAddress:[a@b]]",
			"ses:SendEmail arn:aws:ses:us-east-1:000000000000:tenant/t/local map[ses:FromAddress:[a@b]]"}},

		"a secret":         {"POST", "/", "secretsmanager.GetSecretValue", `{"SecretId":"arn:aws:secretsmanager:us-east-1:000000000000:secret:Key"}`, []string{"secretsmanager:GetSecretValue arn:aws:secretsmanager:us-east-1:000000000000:secret:Key map[]"}},
		"a secret by name": {"POST", "/", "secretsmanager.GetSecretValue", `{"SecretId":"Key"}`, []string{"secretsmanager:GetSecretValue arn:aws:secretsmanager:us-east-1:000000000000:secret:Key map[]"}},
		"events": {"POST", "/", "AWSEvents.PutEvents", `{"Entries":[{"Source":"me","DetailType":"x"},{"Source":"you","EventBusName":"other"}]}`, []string{
			"events:PutEvents arn:aws:events:us-east-1:000000000000:event-bus/default map[events:detail-type:[x] events:source:[me]]",
			"events:PutEvents arn:aws:events:us-east-1:000000000000:event-bus/other map[events:detail-type:[] events:source:[you]]"}},
		"an object":      {"PUT", "/s3/bucket/imports/1.json", "", "{}", []string{"s3:PutObject arn:aws:s3:::bucket/imports/1.json map[]"}},
		"an object read": {"GET", "/s3/bucket/a/b", "", "", []string{"s3:GetObject arn:aws:s3:::bucket/a/b map[]", "s3:ListBucket arn:aws:s3:::bucket map[]"}},
		"an object seen": {"HEAD", "/s3/bucket/a", "", "", []string{"s3:GetObject arn:aws:s3:::bucket/a map[]", "s3:ListBucket arn:aws:s3:::bucket map[]"}},
		"an object gone": {"DELETE", "/s3/bucket/a", "", "", []string{"s3:DeleteObject arn:aws:s3:::bucket/a map[]"}},
		"its tags":       {"GET", "/s3/bucket/a?tagging=", "", "", []string{"s3:GetObjectTagging arn:aws:s3:::bucket/a map[]"}},
		"a download":     {"GET", "/s3/bucket/a?X-Amz-Credential=DoFunction&response-content-type=x", "", "", []string{"s3:GetObject arn:aws:s3:::bucket/a map[]"}},
	}
	roles := rolesOf(t, "")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := asked(c.method, c.path, c.target, c.body)
			calls, err := serviceOf(r).calls(roles, r, []byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, call := range calls {
				got = append(got, fmt.Sprint(call.Action, " ", call.Resource, " ", call.Context))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %v\nwant %v", got, c.want)
			}
		})
	}
}

// What cannot be named is denied even to a role that may do everything, and is
// answered in the words of its service; what is personal is in no answer.
func TestUnknownCallsAreDenied(t *testing.T) {
	cases := map[string]struct {
		method, path, target, body string
		status                     int
	}{
		"PartiQL":              {"POST", "/", "DynamoDB_20120810.ExecuteStatement", `{"Statement":"private"}`, 400},
		"a table's end":        {"POST", "/", "DynamoDB_20120810.DeleteTable", `{"TableName":"Things"}`, 400},
		"no partition key":     {"POST", "/", "DynamoDB_20120810.GetItem", `{"TableName":"Things","Key":{"row":{"S":"private"}}}`, 400},
		"an old condition":     {"POST", "/", "DynamoDB_20120810.Query", `{"TableName":"Things","KeyConditions":{"id":"private"}}`, 400},
		"a part of its own":    {"POST", "/", "DynamoDB_20120810.TransactWriteItems", `{"TransactItems":[{"Merge":{"TableName":"Things","Key":{"id":{"S":"private"}}}}]}`, 400},
		"no transaction":       {"POST", "/", "DynamoDB_20120810.TransactWriteItems", `{}`, 400},
		"a batch of no keys":   {"POST", "/", "DynamoDB_20120810.BatchWriteItem", `{"RequestItems":{"Things":[{"UpdateRequest":{}}]}}`, 400},
		"no JSON":              {"POST", "/", "DynamoDB_20120810.GetItem", `private`, 400},
		"streams":              {"POST", "/", "DynamoDBStreams_20120810.GetRecords", `{}`, 400},
		"writing a secret":     {"POST", "/", "secretsmanager.PutSecretValue", `{"SecretId":"private"}`, 400},
		"a rule":               {"POST", "/", "AWSEvents.PutRule", `{}`, 400},
		"a contact list":       {"GET", "/v2/email/contact-lists/x/contacts/private", "", "", 403},
		"a template":           {"POST", "/v2/email/outbound-emails", "", `{"FromEmailAddress":"private@b","Content":{"Template":{}}}`, 403},
		"a raw mail":           {"POST", "/v2/email/outbound-emails", "", `{"FromEmailAddress":"private@b","Content":{"Raw":{}}}`, 403},
		"an object's version":  {"GET", "/s3/bucket/x?versionId=private", "", "", 403},
		"a listing":            {"GET", "/s3/bucket?list-type=2", "", "", 403},
		"an object of a form":  {"POST", "/s3/bucket/", "", "key=private", 403},
		"setting tags":         {"PUT", "/s3/bucket/x?tagging=", "", "", 403},
		"a bulk of mails":      {"POST", "/v2/email/outbound-bulk-emails", "", `{}`, 403},
		"a bucket":             {"PUT", "/s3/bucket", "", "", 403},
		"an object's settings": {"PUT", "/s3/bucket/x?private", "", "", 403},
		"nothing known":        {"DELETE", "/what/is/this/private", "", "", 400},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var told []Verdict
			j := &Judge{Roles: rolesOf(t, `{Effect: Allow, Action: "*", Resource: "*"}`), Enforce: true, Tell: func(v Verdict) { told = append(told, v) }}
			w := httptest.NewRecorder()
			j.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it went on") })).ServeHTTP(w, asked(c.method, c.path, c.target, c.body))
			said, _ := io.ReadAll(w.Body)
			if w.Code != c.status || len(told) != 1 || told[0].Denied == "" || !strings.HasPrefix(told[0].String(), "DoFunction: ") || !strings.Contains(w.Header().Get("X-Amzn-ErrorType")+string(said), "AccessDenied") {
				t.Errorf("got %d %s, told %v", w.Code, said, told)
			}
			if strings.Contains(string(said)+fmt.Sprint(told), "private") {
				t.Errorf("it tells: %s %v", said, told)
			}
		})
	}
}
