package login

import (
	"context"
	"strings"

	"golang.org/x/oauth2"

	"privacydesk/shared/domain/staff"
)

// account is who has signed in, with the role of their groups. Who has none is
// returned with the failure, so that their sessions can be ended.
func (l *Login) account(ctx context.Context, p *provider, token *oauth2.Token, c claims) (staff.Account, error) {
	a := staff.Account{ID: l.AccountID(l.Issuer, c.Subject), Name: nameIn(c.All), SignedInAt: c.SignedIn}
	groups, there := l.groups(c.All)
	if !there && p.UserInfoURL != "" {
		more, err := l.userInfo(ctx, p, token, c.Subject)
		if err != nil {
			return staff.Account{}, err
		}
		groups, _ = l.groups(more)
		if a.Name == "" {
			a.Name = nameIn(more)
		}
	}
	if a.Role = staff.RoleOf(groups, l.Roles); a.Role == "" {
		return a, failed(NoRole, "groups")
	}
	return a, nil
}

// userInfo asks for the claims that some providers leave out of the ID token (OpenID
// Connect Core 1.0 section 5.4).
func (l *Login) userInfo(ctx context.Context, p *provider, token *oauth2.Token, subject string) (map[string]any, error) {
	info, err := p.UserInfo(l.calls(ctx), oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, failed(ProviderDown, "read the user's claims"+reason(err))
	}
	var all map[string]any
	if info.Subject != subject || info.Claims(&all) != nil {
		return nil, failed(BadToken, "claims of somebody else") // section 5.3.2
	}
	return all, nil
}

// groups are what the claims hold that may name groups; false: none of these claims is there.
func (l *Login) groups(all map[string]any) (found []string, there bool) {
	for _, claim := range l.Groups {
		v, ok := claimIn(all, claim)
		there = there || ok
		switch v := v.(type) {
		case string:
			found = append(found, v)
		case []any:
			for _, one := range v {
				if text, ok := one.(string); ok {
					found = append(found, text)
				}
			}
		}
	}
	return found, there
}

// claimIn is a claim by its name, or by its path through objects.
func claimIn(all map[string]any, claim string) (any, bool) {
	if v, ok := all[claim]; ok {
		return v, true
	}
	first, rest, nested := strings.Cut(claim, ".")
	inner, ok := all[first].(map[string]any)
	if !nested || !ok {
		return nil, false
	}
	return claimIn(inner, rest)
}

// nameIn is the name by which colleagues know the person; "": the claims have none that is no address.
func nameIn(all map[string]any) string {
	for _, claim := range []string{"name", "preferred_username"} {
		text, _ := all[claim].(string)
		if name := staff.DisplayName(text); name != "" {
			return name
		}
	}
	return ""
}
