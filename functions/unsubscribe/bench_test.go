package main

import (
	"log/slog"
	"testing"

	"privacydesk/shared/adapter/web"
)

func BenchmarkHandler(b *testing.B) {
	for name, request := range map[string]func(*rig) call{
		"one-click":  func(r *rig) call { return post(r.link("unsubscribe", marvin, ""), oneClick, mailClient...) },
		"link page":  func(r *rig) call { return get(r.link("unsubscribe", marvin, ""), browser...) },
		"form, JSON": func(*rig) call { return postForm(mine, script...) },
		"form, page": func(*rig) call { return postForm(mine, browser...) },
	} {
		b.Run(name, func(b *testing.B) {
			r := newRig(b)
			slog.SetDefault(slog.New(slog.DiscardHandler))
			handle, e := web.Lambda(r.routes()), request(r).Event()
			for b.Loop() {
				if a, err := handle(b.Context(), e); err != nil || a.StatusCode != 200 {
					b.Fatal(a.StatusCode, err)
				}
			}
		})
	}
}
