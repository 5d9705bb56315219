// Deskgen turns desk.yaml into the Go data that functions carry, and writes its time zone into template.yaml, whose
// nightly schedules must follow it. Or it says what is wrong with desk.yaml. It is run by `go generate ./shared/domain/settings`;
// tests fail when its output is stale.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/settings/deskfile"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/domain/vendor"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: deskgen desk.yaml desk_data.go template.yaml")
	}
	if err := generate(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func generate(from, to, template string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	desk, err := deskfile.Parse(text, known, scheduled, staffed, bought)
	if err != nil {
		return err
	}
	code, err := deskfile.GoSource(desk)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, code, 0o644); err != nil {
		return err
	}
	return setZone(template, desk.Organisation.TimeZone)
}

var zoneLine = regexp.MustCompile(`(?m)^( *ScheduleExpressionTimezone:) .*$`)

// setZone gives each schedule that has a time zone the organisation's.
func setZone(template, zone string) error {
	text, err := os.ReadFile(template)
	if err != nil {
		return err
	}
	changed := zoneLine.ReplaceAll(text, []byte("$1 "+zone))
	if bytes.Equal(changed, text) {
		return nil // and make sees no new file
	}
	return os.WriteFile(template, changed, 0o644)
}

// known refuses what only the machine and the law know: functions do not look
// at their start, because it costs a file read.
func known(d *settings.Desk) error {
	zone, err := d.Organisation.Location()
	if err != nil && !strings.Contains(d.Organisation.TimeZone, "/") {
		return nil // the desk has said so already
	}
	if err != nil {
		return &settings.Fault{Path: "organisation.time_zone", Text: fmt.Sprintf("organisation.time_zone %q is not an IANA name such as America/Los_Angeles", d.Organisation.TimeZone)}
	}
	if _, err := deadline.New(deadline.Default(), zone, d.Requests.Calendar); err != nil {
		var names []string
		for _, c := range deadline.Default().Calendars {
			names = append(names, c.ID)
		}
		return &settings.Fault{Path: "requests.calendar", Text: fmt.Sprintf("requests.calendar %q is none of %s", d.Requests.Calendar, strings.Join(names, ", "))}
	}
	return nil
}

// staffed refuses roles that there are not, and a desk at which nobody could answer.
func staffed(d *settings.Desk) error {
	var faults []error
	answers := false
	for _, group := range slices.Sorted(maps.Keys(d.DeskRoles)) {
		role := staff.Role(d.DeskRoles[group])
		answers = answers || role.May(staff.Decide)
		if !slices.Contains(staff.Roles, role) {
			faults = append(faults, &settings.Fault{Path: "desk_roles." + group, Text: fmt.Sprintf("desk_roles.%s: %q is no role; must be one of %v", group, role, staff.Roles)})
		}
	}
	if len(faults) == 0 && len(d.DeskRoles) > 0 && !answers {
		faults = append(faults, &settings.Fault{Path: "desk_roles", Text: "desk_roles must give a group the role officer or admin, or nobody can answer a request"})
	}
	return errors.Join(faults...)
}

// bought refuses vendors of systems of whom there is no text.
func bought(d *settings.Desk) error {
	var faults []error
	for i, s := range d.Systems {
		if _, known := vendor.Named(s.Vendor); s.Vendor != "" && !known {
			faults = append(faults, &settings.Fault{Path: fmt.Sprintf("systems[%d].vendor", i), Text: fmt.Sprintf("systems[%d].vendor %q is none of %s", i, s.Vendor, strings.Join(vendor.IDs(), ", "))})
		}
	}
	return errors.Join(faults...)
}

func scheduled(d *settings.Desk) error {
	_, err := schedule.New(d)
	return err
}
