package page_test

import (
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page/sample"
)

func BenchmarkRender(b *testing.B) {
	desk, texts := sample.Desk(), catalog.For("en")
	for _, s := range sample.Pages("en") {
		switch s.Name {
		case "unsubscribe-form", "unsubscribe-link", "preferences", "request-form", "request-status-open":
			b.Run(s.Name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := desk.Render(texts, s.Page); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
