// Package sample holds one example of every screen of the desk in every state worth looking at: for the preview and
// for the tests, which thereby see the same things. Each screen's samples stand in a file of their own.
//
// It must not be imported by a function.
package sample

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/staff"
)

// Sample is a screen as it would be answered.
type Sample struct {
	Name   string     // file-safe; what stands before the first hyphen is its subject: "queue-overdue"
	Status int        // 0: 200
	Role   staff.Role // who looks: "" is an officer, Nobody is not signed in
	Path   string     // of the screen; "" is the queue's
	Screen deskpage.Screen
}

// Nobody is the role of a sample that is shown to somebody who is not signed in.
const Nobody staff.Role = "nobody"

// Screens are all samples in a language, each subject's together.
func Screens(lang string) []Sample {
	var all []Sample
	for _, some := range []func(lang string) []Sample{
		messages,
		logins,
		acts,
		uploads,
		enters,
		holds,
		healthScreens,
		disposalScreens,
		lawScreens,
		people,
		searches,
		activities,
		days,
		answers,
		queues,
		files,
		papers,
		bulks,
	} {
		all = append(all, some(lang)...)
	}
	return all
}

// Now is when all samples are looked at: a Friday, ten in the morning.
var Now = time.Date(2026, time.November, 27, 10, 0, 0, 0, time.UTC)

// Desk is that of an organisation as its desk.yaml might describe it.
func Desk() *deskpage.Desk {
	return &deskpage.Desk{
		Organisation: settings.Organisation{Name: "Biosero", LegalName: "Biosero, Inc.", Contact: "info@biosero.example", City: "San Diego"},
		Systems:      systems(), Zone: time.UTC, Stylesheet: "/style.css", Icon: "/icon.svg",
	}
}

// Who are those whom samples name.
const (
	Anna  = "Anna Weber/4f1d2c3b5a69"
	Bruno = "Bruno Díaz/91ab73c2e8d0"
)

// Visit is how a sample is looked at.
func (s Sample) Visit(lang string) deskpage.Visit {
	v := deskpage.Visit{Texts: deskpage.Texts(lang), Path: s.Path, Now: Now}
	if v.Path == "" {
		v.Path = deskpage.PathHome
	}
	if s.Role != Nobody {
		v.Account = staff.Account{ID: "4f1d2c3b5a69", Name: "Anna Weber", Role: staff.Officer, SignedInAt: Now.Add(-5 * time.Minute)}
	}
	if s.Role != "" && s.Role != Nobody {
		v.Account.Role = s.Role
	}
	return v
}

// Answer is the status of a sample.
func (s Sample) Answer() int {
	if s.Status == 0 {
		return http.StatusOK
	}
	return s.Status
}
