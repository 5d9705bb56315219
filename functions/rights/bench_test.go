package main

import (
	"fmt"
	"log/slog"
	"testing"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/deadline"
)

// What a request costs beside the two calls to the table, which
// TestFormIsOneReadAndOneTransaction counts.
func BenchmarkOpen(b *testing.B) {
	for name, headers := range map[string][]string{"page": browser, "JSON": script} {
		b.Run(name, func(b *testing.B) {
			r := newRig(b)
			slog.SetDefault(slog.New(slog.DiscardHandler))
			r.source.PerMinute, r.source.PerDay = 1<<62, 1<<62
			handle, n := web.Lambda(r.routes()), 0
			for b.Loop() {
				n++ // a person of their own: the table in memory looks at all of one's requests
				e := postForm(fmt.Sprintf("email=marvin%d%%40example.com&kind=access&kind=erasure&country=DE&details=all", n), headers...).Event()
				if a, err := handle(b.Context(), e); err != nil || a.StatusCode != 200 {
					b.Fatal(a.StatusCode, err)
				}
			}
		})
	}
}

func BenchmarkStatus(b *testing.B) {
	for name, headers := range map[string][]string{"page": browser, "JSON": script} {
		b.Run(name, func(b *testing.B) {
			r := newRig(b)
			handle, e := web.Lambda(r.routes()), get(r.to(link.Status, r.opened(germany, deadline.Access)), headers...).Event()
			slog.SetDefault(slog.New(slog.DiscardHandler))
			for b.Loop() {
				if a, err := handle(b.Context(), e); err != nil || a.StatusCode != 200 {
					b.Fatal(a.StatusCode, err)
				}
			}
		})
	}
}
