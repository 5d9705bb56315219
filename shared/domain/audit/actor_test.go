package audit_test

import (
	"testing"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
)

func TestCheckRole(t *testing.T) {
	for _, role := range []string{"", "dpo", "dpo-1", "DPO Berlin", "datenschutz_2", "Délégué", "プライバシー担当", "o.f.f"} {
		if err := audit.CheckRole(role); err != nil {
			t.Errorf("%q: %v", role, err)
		}
	}
	for _, role := range []string{"a@b.example", "a＠b.example", "a﹫b", "a%40b", "a&#64;b", "a(at)b", "=?utf-8?q?a=40b?=", "dpo/AIDABOB", "a\u200bb", "<a>"} {
		if fault.CodeOf(audit.CheckRole(role)) != fault.Invalid {
			t.Errorf("%q is taken", role)
		}
	}
}
