package iam

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"privacydesk/shared/testkit/template"
)

// Read reads the role of every function. What it cannot judge is an error
// that names the place.
func Read(t *template.Template) (*Roles, error) {
	if err := refuseElsewhere(t); err != nil {
		return nil, err
	}
	out := &Roles{roles: map[string]role{}, tables: t.Tables, region: template.Region, account: template.Account, sesIdentity: identityOf(t)}
	byARN := map[string]template.Resource{}
	for _, r := range t.ByType("AWS::IAM::Role") {
		byARN[r.ARN] = r
	}
	for _, f := range t.Functions {
		resource, _ := t.Resource(f.LogicalID)
		written, ok := byARN[resource.Text("Role")]
		if !ok {
			return nil, fmt.Errorf("%s: Role must name an AWS::IAM::Role of this template: what a role made by SAM may do is not judged here", f.LogicalID)
		}
		read, err := readRole(written)
		if err != nil {
			return nil, err
		}
		out.roles[f.LogicalID] = read
	}
	return out, nil
}

// identityOf is the verified identity that the template has as a parameter, if any.
func identityOf(t *template.Template) string {
	for _, p := range t.Parameters {
		if p.Name == "SesIdentity" {
			return p.Value
		}
	}
	return ""
}

// refuseElsewhere: permissions of a role must be in the role itself.
func refuseElsewhere(t *template.Template) error {
	for _, r := range t.Resources {
		_, attached := r.Get("Roles")
		switch {
		case r.Type == "AWS::IAM::Policy", r.Type == "AWS::IAM::RolePolicy", r.Type == "AWS::IAM::ManagedPolicy" && attached:
			return fmt.Errorf("%s: permissions are judged in the Policies of the role itself; move these there", r.LogicalID)
		}
	}
	return nil
}

// readableOfRole are the properties of a role that are read, and those that
// do not change what it may do. Managed policies and boundaries are in no template.
var readableOfRole = []string{"AssumeRolePolicyDocument", "Policies", "Description", "RoleName", "Path", "Tags", "MaxSessionDuration"}

// trusted is the one AssumeRolePolicyDocument that is known to do. Without it
// Lambda cannot take the role.
var trusted = map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
	"Effect": "Allow", "Principal": map[string]any{"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}}

func readRole(r template.Resource) (role, error) {
	out := role{name: r.LogicalID}
	if r.Err != nil {
		return out, r.Err
	}
	for _, property := range slices.Sorted(maps.Keys(r.Properties)) {
		if !slices.Contains(readableOfRole, property) {
			return out, fmt.Errorf("%s: %s is not judged here; write the statements into Policies", r.LogicalID, property)
		}
	}
	if trust, _ := r.Get("AssumeRolePolicyDocument"); !reflect.DeepEqual(trust, any(trusted)) {
		return out, fmt.Errorf("%s: AssumeRolePolicyDocument must have one statement, which lets the Service lambda.amazonaws.com do sts:AssumeRole; nothing else is judged here", r.LogicalID)
	}
	var fields struct {
		Policies []struct {
			PolicyName     string
			PolicyDocument struct {
				Version   string
				Statement statements
			}
		}
	}
	if err := r.Decode(&fields); err != nil {
		return out, err
	}
	for _, p := range fields.Policies {
		if p.PolicyDocument.Version != "2012-10-17" {
			return out, fmt.Errorf("%s: the policy %q must have Version 2012-10-17", r.LogicalID, p.PolicyName)
		}
		for i, raw := range p.PolicyDocument.Statement {
			s, err := readStatement(raw)
			s.place = fmt.Sprintf("statement %d of the policy %q of %s", i+1, p.PolicyName, r.LogicalID)
			if err != nil {
				return out, fmt.Errorf("%s: %w", s.place, err)
			}
			out.statements = append(out.statements, s)
		}
	}
	return out, nil
}

// statements is one statement or a list.
type statements []map[string]json.RawMessage

// UnmarshalJSON reads {…} and [{…}, …].
func (s *statements) UnmarshalJSON(data []byte) error {
	if strings.HasPrefix(strings.TrimSpace(string(data)), "[") {
		return json.Unmarshal(data, (*[]map[string]json.RawMessage)(s))
	}
	*s = make(statements, 1)
	return json.Unmarshal(data, &(*s)[0])
}

// texts is one text or a list. Numbers and bools are texts too, as in a policy.
type texts []string

// String joins the texts for people.
func (t texts) String() string { return strings.Join(t, ", ") }

// UnmarshalJSON reads "a", true and ["a", "b"].
func (t *texts) UnmarshalJSON(data []byte) error {
	var one any
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	list, ok := one.([]any)
	if !ok {
		list = []any{one}
	}
	for _, value := range list {
		switch value.(type) {
		case string, bool, float64:
			*t = append(*t, fmt.Sprint(value))
		default:
			return fmt.Errorf("%s must be a text or a list of texts", data)
		}
	}
	return nil
}
