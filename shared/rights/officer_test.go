package rights_test

import (
	"testing"

	"privacydesk/shared/fault"
	"privacydesk/shared/rights"
)

func TestCheckRole(t *testing.T) {
	for _, role := range []string{"", "dpo", "dpo-1", "DPO Berlin", "datenschutz_2", "Délégué", "プライバシー担当", "o.f.f"} {
		if err := rights.CheckRole(role); err != nil {
			t.Errorf("%q: %v", role, err)
		}
	}
	for _, role := range []string{"a@b.example", "a＠b.example", "a﹫b", "a%40b", "a&#64;b", "a(at)b", "=?utf-8?q?a=40b?=", "dpo/AIDABOB", "a\u200bb", "<a>"} {
		if fault.CodeOf(rights.CheckRole(role)) != fault.Invalid {
			t.Errorf("%q is taken", role)
		}
	}
}
