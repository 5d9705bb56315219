package rules

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/adapter/login"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/template"
)

// staffTemplate is the template of a stack that names another OpenID provider, or none.
func staffTemplate(tb testing.TB, secret string) *template.Template {
	tb.Helper()
	if secret == "" {
		return loadTemplateWith(tb, nil)
	}
	return loadTemplateWith(tb, map[string]string{"OidcIssuer": "https://id.example.com", "OidcClientId": "desk", "OidcClientSecretArn": secret})
}

// The pool of a stack that names no provider: only administrators make users, with a second factor, and nothing takes the
// pool away. A user pool keeps how people sign in and what they must give for ever, so that stands here a second time.
func TestStaffPoolIsClosed(t *testing.T) {
	for id, want := range map[string]map[string]string{
		"StaffPool": {
			"AdminCreateUserConfig.AllowAdminCreateUserOnly": "true", "MfaConfiguration": "ON", "EnabledMfas": "[SOFTWARE_TOKEN_MFA]", "DeletionProtection": "ACTIVE",
			"UsernameAttributes": "[email]", "UsernameConfiguration.CaseSensitive": "false", "Schema": "[email required, name required]",
			"Policies.PasswordPolicy.MinimumLength": "15", "UserPoolTier": "ESSENTIALS",
		},
		"StaffClient": {
			"GenerateSecret": "true", "AllowedOAuthFlows": "[code]", "AllowedOAuthScopes": "[openid profile email]", "SupportedIdentityProviders": "[COGNITO]",
			"PreventUserExistenceErrors": "ENABLED", "CallbackURLs": "[https://privacy.example.com" + login.PathCallback + "]", "LogoutURLs": "[https://privacy.example.com" + login.PathLoggedOut + "]",
			"IdTokenValidity": "5", "AccessTokenValidity": "5", "RefreshTokenValidity": "60", "ExplicitAuthFlows": "[ALLOW_USER_SRP_AUTH]",
			"TokenValidityUnits.IdToken": "minutes", "TokenValidityUnits.AccessToken": "minutes", "TokenValidityUnits.RefreshToken": "minutes",
		},
		"StaffDomain":   {"ManagedLoginVersion": "2"},
		"StaffBranding": {"UseCognitoProvidedValues": "true", "ClientId": "StaffClient"},
	} {
		r, ok := staffTemplate(t, "").Resource(id)
		if !ok {
			t.Fatalf("there is no %s", id)
		}
		for path, value := range want {
			if got := shown(r, path); got != value {
				t.Errorf("%s: %s is %q, want %q", id, path, got, value)
			}
		}
	}
	pool, _ := staffTemplate(t, "").Resource("StaffPool")
	for _, part := range []string{"https://privacy.example.com/desk", "{username}", "{####}"} { // the last two are Cognito's
		if text := pool.Text("AdminCreateUserConfig.InviteMessageTemplate.EmailMessage"); !strings.Contains(text, part) {
			t.Errorf("the invitation %q has no %s", text, part)
		}
	}
	if pool.DeletionPolicy != "Retain" || pool.UpdateReplacePolicy != "Retain" {
		t.Error("the pool goes with the stack, or with an update, and all accounts with it")
	}
}

// shown is a setting as text; of a list of maps, the names.
func shown(r template.Resource, path string) string {
	value, _ := r.Get(path)
	items, ok := value.([]any)
	if !ok {
		return r.Text(path)
	}
	var texts []string
	sep := " "
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			sep = ", "
			required, _ := m["Required"].(bool)
			item = m["Name"].(string) + map[bool]string{true: " required"}[required]
		}
		texts = append(texts, item.(string))
	}
	return "[" + strings.Join(texts, sep) + "]"
}

// Each group of desk.yaml, as it is shipped, is in the pool.
func TestEveryRoleHasAGroup(t *testing.T) {
	desk := testkit.Desk(t)
	var groups []string
	for _, r := range staffTemplate(t, "").ByType("AWS::Cognito::UserPoolGroup") {
		groups = append(groups, r.Text("GroupName"))
	}
	slices.Sort(groups)
	if want := slices.Sorted(maps.Keys(desk.DeskRoles)); !slices.Equal(groups, want) {
		t.Errorf("the pool has the groups %q, desk.yaml knows %q", groups, want)
	}
	if !slices.Contains(desk.GroupsClaim, "cognito:groups") {
		t.Error("desk.yaml reads no groups of Cognito's")
	}
}

// With another provider there is no pool, and nothing of it. The desk's function alone reads the client's secret.
func TestAnotherProviderMakesNoPool(t *testing.T) {
	const arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:ours-AbCdEf"
	for secret, own := range map[string]bool{"": true, arn: false} {
		tpl := staffTemplate(t, secret)
		function, _ := tpl.Function("DeskFunction")
		want := [3]string{"https://id.example.com", "desk", arn}
		if own {
			copied, _ := tpl.Resource("StaffClientSecret")
			want = [3]string{"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_StaffPool", "StaffClient", copied.ARN}
		}
		if got := [3]string{function.Environment["OIDC_ISSUER"], function.Environment["OIDC_CLIENT_ID"], function.Environment["OIDC_CLIENT_SECRET"]}; got != want {
			t.Errorf("the desk is told %q, want %q", got, want)
		}
		for _, r := range tpl.Resources {
			if strings.HasPrefix(r.Type, "AWS::Cognito::") && !own {
				t.Errorf("%s is made all the same", r.LogicalID)
			}
			if r.Type == "AWS::IAM::Role" && reads(t, r, want[2]) != (r.LogicalID == "DeskRole") {
				t.Errorf("%s: reading the client's secret is %v", r.LogicalID, reads(t, r, want[2]))
			}
		}
	}
}

func reads(tb testing.TB, r template.Resource, secret string) bool {
	return slices.ContainsFunc(statements(tb, r), func(s statement) bool {
		return slices.Contains(s.Action, "secretsmanager:GetSecretValue") && slices.Contains(s.Resource, secret)
	})
}
