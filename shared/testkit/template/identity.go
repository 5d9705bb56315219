package template

import (
	"fmt"
	"strings"
)

// identity says what a resource type is called once it exists: which property
// names it, what Ref gives, and what each attribute gives. {name}, {arn},
// {region} and {account} are filled in.
type identity struct {
	property   string
	ref        string
	arn        string
	attributes map[string]string
}

var identities = map[string]identity{
	"AWS::CloudWatch::Alarm":       {"AlarmName", "{name}", "arn:aws:cloudwatch:{region}:{account}:alarm:{name}", nil},
	"AWS::Cognito::UserPool":       {"UserPoolName", "{region}_{name}", "arn:aws:cognito-idp:{region}:{account}:userpool/{region}_{name}", nil},
	"AWS::Cognito::UserPoolClient": {"", "{name}", "", map[string]string{"ClientSecret": "the secret of {name}"}},
	"AWS::DynamoDB::Table":         {"TableName", "{name}", "arn:aws:dynamodb:{region}:{account}:table/{name}", map[string]string{"StreamArn": "{arn}/stream/local"}},
	"AWS::Events::Rule":            {"Name", "{name}", "arn:aws:events:{region}:{account}:rule/{name}", nil},
	"AWS::IAM::ManagedPolicy":      {"ManagedPolicyName", "{arn}", "arn:aws:iam::{account}:policy/{name}", map[string]string{"PolicyArn": "{arn}"}},
	"AWS::IAM::Role":               {"RoleName", "{name}", "arn:aws:iam::{account}:role/{name}", map[string]string{"RoleId": "AROA{name}"}},
	"AWS::Logs::LogGroup":          {"LogGroupName", "{name}", "arn:aws:logs:{region}:{account}:log-group:{name}:*", nil},
	"AWS::S3::Bucket":              {"BucketName", "{name}", "arn:aws:s3:::{name}", map[string]string{"DomainName": "{name}.s3.amazonaws.com"}},
	"AWS::SES::ConfigurationSet":   {"Name", "{name}", "arn:aws:ses:{region}:{account}:configuration-set/{name}", nil},
	"AWS::SNS::Topic":              {"TopicName", "{arn}", "arn:aws:sns:{region}:{account}:{name}", map[string]string{"TopicName": "{name}", "TopicArn": "{arn}"}},
	"AWS::SQS::Queue":              {"QueueName", "https://sqs.{region}.amazonaws.com/{account}/{name}", "arn:aws:sqs:{region}:{account}:{name}", map[string]string{"QueueName": "{name}", "QueueUrl": "https://sqs.{region}.amazonaws.com/{account}/{name}"}},
	"AWS::SecretsManager::Secret":  {"Name", "{arn}", "arn:aws:secretsmanager:{region}:{account}:secret:{name}", map[string]string{"Id": "{arn}"}},
	"AWS::Serverless::Function":    {"FunctionName", "{name}", "arn:aws:lambda:{region}:{account}:function:{name}", nil},
	"AWS::Serverless::HttpApi":     {"", "{name}", "arn:aws:apigateway:{region}::/apis/{name}", map[string]string{"ApiId": "{name}", "ApiEndpoint": "https://{name}.execute-api.{region}.amazonaws.com", "Stage": "$default"}},
}

// identify gives what Ref (attribute "") or GetAtt of a resource gives. What
// the caller set in Options.Attributes comes first.
func (r *resolver) identify(path, id, attribute string) (string, error) {
	if value, ok := r.options.Attributes[strings.TrimSuffix(id+"."+attribute, ".")]; ok {
		return value, nil
	}
	known, name, err := r.lookUp(path, id)
	if err != nil {
		return "", err
	}
	format, ok := known.format(attribute)
	if !ok {
		return "", fmt.Errorf("%s: the local stack does not know the attribute %s.%s", path, id, attribute)
	}
	return r.fill(strings.ReplaceAll(format, "{arn}", known.arn), name), nil
}

func (k identity) format(attribute string) (string, bool) {
	switch attribute {
	case "":
		return k.ref, true
	case "Arn":
		return k.arn, k.arn != ""
	}
	format, ok := k.attributes[attribute]
	return format, ok
}

func (r *resolver) fill(format, name string) string {
	return strings.NewReplacer("{name}", name, "{region}", r.options.Region,
		"{account}", r.options.Account).Replace(format)
}

// lookUp finds the resource's identity and physical name. SAM makes a role for
// each function that has none, and calls it <Function>Role.
func (r *resolver) lookUp(path, id string) (identity, string, error) {
	resource, ok := r.resources[id]
	if !ok {
		if owner, is := strings.CutSuffix(id, "Role"); is && r.resources[owner] != nil {
			return identities["AWS::IAM::Role"], id, nil
		}
		return identity{}, "", fmt.Errorf("%s: there is no parameter or resource %q", path, id)
	}
	kind, _ := resource["Type"].(string)
	known, ok := identities[kind]
	if !ok {
		known = identity{ref: "{name}"}
	}
	name, err := r.physicalName(path, id, known.property, resource)
	return known, name, err
}

func (r *resolver) physicalName(path, id, property string, resource object) (string, error) {
	prefix := ""
	if resource["Type"] == "AWS::DynamoDB::Table" {
		prefix = r.options.TablePrefix
	}
	properties, _ := resource["Properties"].(object)
	given, ok := properties[property]
	if !ok {
		return prefix + id, nil
	}
	resolved, err := r.eval(path, given)
	if _, none := resolved.(noValue); none {
		return prefix + id, err
	}
	name, _ := asText(resolved)
	return prefix + name, err
}
