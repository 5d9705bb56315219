package iam

import (
	"strings"
	"testing"

	"privacydesk/shared/testkit/template"
)

// parse reads a template of one function, one table and the given role.
func parse(t *testing.T, role, more string) (*Roles, error) {
	t.Helper()
	text := `
Resources:
  DoFunction: {Type: AWS::Serverless::Function, Properties: {CodeUri: dist/do/, Role: !GetAtt DoRole.Arn}}
  DoRole: {Type: AWS::IAM::Role, Properties: ` + role + `}
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: row, KeyType: RANGE}]
      GlobalSecondaryIndexes: [{IndexName: Due, KeySchema: [{AttributeName: watch, KeyType: HASH}]}]
` + more
	read, err := template.Parse([]byte(text), template.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return Read(read)
}

// lambda is the trust policy of a function's role.
const lambda = `AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}, `

// allowing is a role with these statements.
func allowing(statements string) string {
	return `{` + lambda + `Policies: [{PolicyName: do, PolicyDocument: {Version: "2012-10-17", Statement: [` + statements + `]}}]}`
}

func rolesOf(t *testing.T, statements string) *Roles {
	t.Helper()
	roles, err := parse(t, allowing(statements), "")
	if err != nil {
		t.Fatal(err)
	}
	return roles
}

const table = "arn:aws:dynamodb:us-east-1:000000000000:table/Things"

func TestEvaluation(t *testing.T) {
	get := Call{Function: "DoFunction", Action: "dynamodb:GetItem", Resource: table}
	on := func(c Call, key string, values ...string) Call {
		c.Context = map[string][]string{key: values}
		return c
	}
	leading := `{Effect: Allow, Action: "*", Resource: "*", Condition: {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["#a", "#b"]}}}`
	from := func(operator, values string) string {
		return `{Effect: Allow, Action: "*", Resource: "*", Condition: {` + operator + `: {"ses:fromaddress": ` + values + `}}}`
	}
	cases := map[string]struct {
		statements string
		call       Call
		want       bool
	}{
		"no statement":                   {``, get, false},
		"the action":                     {`{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Things.Arn}`, get, true},
		"actions have no case":           {`{Effect: Allow, Action: DynamoDB:getitem, Resource: "*"}`, get, true},
		"another action":                 {`{Effect: Allow, Action: dynamodb:PutItem, Resource: "*"}`, get, false},
		"a wildcard":                     {`{Effect: Allow, Action: "dynamodb:Get*", Resource: "*"}`, get, true},
		"one character":                  {`{Effect: Allow, Action: "dynamodb:GetIte?", Resource: "*"}`, get, true},
		"another service":                {`{Effect: Allow, Action: "s3:*", Resource: "*"}`, get, false},
		"another table":                  {`{Effect: Allow, Action: "*", Resource: !Sub "${Things.Arn}2"}`, get, false},
		"resources have case":            {`{Effect: Allow, Action: "*", Resource: "arn:aws:dynamodb:*:*:table/things"}`, get, false},
		"an index is not its table":      {`{Effect: Allow, Action: "*", Resource: !GetAtt Things.Arn}`, Call{Function: "DoFunction", Action: "dynamodb:Query", Resource: table + "/index/Due"}, false},
		"a table is not its index":       {`{Effect: Allow, Action: "*", Resource: !Sub "${Things.Arn}/index/*"}`, get, false},
		"no resource, no ARN":            {`{Effect: Allow, Action: "*", Resource: "arn:aws:ses:*"}`, Call{Function: "DoFunction", Action: "ses:ListImportJobs", Resource: "*"}, false},
		"deny wins":                      {`{Effect: Allow, Action: "*", Resource: "*"}, {Effect: Deny, Action: dynamodb:GetItem, Resource: "*"}`, get, false},
		"another is denied":              {`{Effect: Allow, Action: "*", Resource: "*"}, {Effect: Deny, Action: dynamodb:PutItem, Resource: "*"}`, get, true},
		"another function":               {`{Effect: Allow, Action: "*", Resource: "*"}`, Call{Function: "Else", Action: "dynamodb:GetItem", Resource: table}, false},
		"all values":                     {leading, on(get, leadingKeys, "#a", "#b"), true},
		"all values but one":             {leading, on(get, leadingKeys, "#a", "c"), false},
		"ForAllValues of none":           {leading, get, true},
		"StringEquals":                   {from("StringEquals", `"a@b"`), on(get, fromAddress, "a@b"), true},
		"StringEquals has case":          {from("StringEquals", `"A@b"`), on(get, fromAddress, "a@b"), false},
		"StringEquals takes no wildcard": {from("StringEquals", `"*@b"`), on(get, fromAddress, "a@b"), false},
		"StringEquals without the key":   {from("StringEquals", `"a@b"`), get, false},
		"StringLike":                     {from("StringLike", `["x", "*@b"]`), on(get, fromAddress, "a@b"), true},
		"ForAllValues of patterns":       {strings.NewReplacer("StringEquals", "StringLike", "#b", "#*").Replace(leading), on(get, leadingKeys, "#a", "#c"), true},
		"two operators":                  {`{Effect: Allow, Action: "*", Resource: "*", Condition: {StringLike: {"events:source": "*"}, StringEquals: {"events:detail-type": x}}}`, on(get, eventSource, "a"), false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := rolesOf(t, c.statements).Allows(c.call); got != c.want {
				t.Errorf("allowed: %v, want %v", got, c.want)
			}
		})
	}
}

func TestWhatCannotBeJudgedIsAnError(t *testing.T) {
	ok := `Effect: Allow, Action: "*", Resource: "*"`
	cases := map[string]struct{ role, more, want string }{
		"an operator":         {allowing(`{` + ok + `, Condition: {NumericLessThan: {"ses:FromAddress": "1"}}}`), "", "the condition operator NumericLessThan"},
		"a quantifier":        {allowing(`{` + ok + `, Condition: {"ForAnyValue:StringEquals": {"ses:FromAddress": "1"}}}`), "", "the condition operator ForAnyValue:StringEquals"},
		"a negation":          {allowing(`{` + ok + `, Condition: {StringNotEquals: {"ses:FromAddress": "1"}}}`), "", "the condition operator StringNotEquals"},
		"a key":               {allowing(`{` + ok + `, Condition: {StringEquals: {"aws:SourceIp": "1"}}}`), "", "the condition key aws:SourceIp"},
		"several values":      {allowing(`{` + ok + `, Condition: {StringEquals: {"dynamodb:LeadingKeys": "1"}}}`), "", "ForAllValues"},
		"a variable":          {allowing(`{` + ok + `, Condition: {StringEquals: {"ses:FromAddress": !Sub "${!aws:username}"}}}`), "", "the policy variable"},
		"one in a resource":   {allowing(`{Effect: Allow, Action: "*", Resource: !Sub "arn:aws:s3:::b/${!aws:userid}/*"}`), "", "the policy variable"},
		"no ARN":              {allowing(`{Effect: Allow, Action: "*", Resource: !Ref Things}`), "", `the resource "Things" must be an ARN`},
		"a principal":         {allowing(`{` + ok + `, Principal: "*"}`), "", "the element Principal"},
		"no effect":           {allowing(`{Action: "*", Resource: "*"}`), "", "Effect"},
		"no action":           {allowing(`{Effect: Allow, Resource: "*"}`), "", "it must have Action"},
		"all but an action":   {allowing(`{Effect: Allow, NotAction: "s3:*", Resource: "*"}`), "", "the element NotAction"},
		"all but a resource":  {allowing(`{Effect: Allow, Action: "*", NotResource: "arn:aws:s3:::b"}`), "", "the element NotResource"},
		"no trust":            {`{Policies: []}`, "", "DoRole: AssumeRolePolicyDocument must"},
		"another's trust":     {strings.Replace(allowing(``), "lambda.", "ec2.", 1), "", "DoRole: AssumeRolePolicyDocument must"},
		"a trust that denies": {strings.Replace(allowing(``), "Effect: Allow", "Effect: Deny", 1), "", "DoRole: AssumeRolePolicyDocument must"},
		"a trust in nothing":  {strings.Replace(allowing(``), "sts:AssumeRole", "sts:AssumeRoles", 1), "", "DoRole: AssumeRolePolicyDocument must"},
		"a managed policy":    {`{ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]}`, "", "ManagedPolicyArns is not judged"},
		"a boundary":          {`{PermissionsBoundary: arn:aws:iam::aws:policy/ReadOnlyAccess}`, "", "PermissionsBoundary is not judged"},
		"an old version":      {`{` + lambda + `Policies: [{PolicyName: do, PolicyDocument: {Version: "2008-10-17", Statement: []}}]}`, "", "2012-10-17"},
		"a policy of its own": {allowing(``), "  More: {Type: AWS::IAM::Policy, Properties: {Roles: [!Ref DoRole]}}\n", "More: permissions"},
		"a role of SAM's":     {allowing(``), "  ElseFunction: {Type: AWS::Serverless::Function, Properties: {CodeUri: dist/else/}}\n", "ElseFunction: Role must name"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t, c.role, c.more)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
