package main

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"time"

	"privacydesk/functions/desk/api"
	"privacydesk/functions/desk/people"
	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/dynamo/sessions"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/login"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/staff"
)

// parts are what both doors are made of.
type parts struct {
	requests, optOuts dynamo.Table
	key               person.Key
	ring              *link.KeyRing
	desk              *settings.Desk
	baseURL           string
	now               func() time.Time
	random            io.Reader
	bucket            aws.Bucket // of files

	issuer, clientID string
	clientSecret     func(context.Context) (string, error)
	provider         *http.Client
}

// doors are both, ready to serve.
func (p *parts) doors() (http.Handler, error) {
	store := &requests.Store{Table: p.requests, OptOuts: p.optOuts}
	records := &disposals.Store{Requests: store, OptOuts: &optouts.Store{Table: p.optOuts}}
	rights, err := deciding(store, p.key, p.desk, p.now, p.random)
	if err != nil {
		return nil, err
	}
	keepers := disposal.Keepers{Holds: records, Requests: store, Now: p.now}
	rights.Holds, rights.Reaches = keepers, disposal.Reaches{Keepers: keepers, Records: records}
	zone, err := p.desk.Organisation.Location()
	if err != nil {
		return nil, err
	}
	letter, err := p.letter(rights)
	if err != nil {
		return nil, err
	}
	rules, err := schedule.New(p.desk)
	if err != nil {
		return nil, err
	}
	holds := &disposal.HoldKeeper{Store: records, Now: p.now, NewID: rand.Text, Random: p.random, FourEyes: rights.Settings.FourEyes, Requests: store}
	rooms := p.rooms(records, holds, zone)
	files := &filing.Service{Store: store, Objects: p.bucket, Now: p.now, Random: p.random, NewID: rand.Text, Holds: keepers, Verdict: p.bucket.Verdicts()}
	machines := &api.Door{
		Rights: rights, Agenda: store, Drifts: records.OptOuts, Now: p.now, Zone: zone,
		OptOuts: rooms.OptOuts, Holds: holds, Certificates: records, Letter: letter.text, Files: files, Attached: p.bucket,
	}
	front := &people.Door{
		Rights: rights, Rules: rules,
		Cases:    &casework.Desk{Requests: rights, Store: store, OptOuts: records.OptOuts, Holds: records},
		Sessions: &sessions.Store{Table: p.requests, Now: p.now},
		Login:    p.login(),
		Pages:    &deskpage.Desk{Organisation: p.desk.Organisation, Zone: zone, Systems: p.desk.Systems, Stylesheet: page.StylesheetURL(), Icon: page.PathIcon},
		BaseURL:  p.baseURL, Now: p.now, Rooms: rooms,
		Blocks: p.desk.Requests.TextBlocks, Letter: letter.shown, Attached: p.bucket, Files: files,
	}
	return split(machines.Routes(), front.Routes()), nil
}

func (p *parts) login() *login.Login {
	roles := map[string]staff.Role{}
	for group, role := range p.desk.DeskRoles {
		roles[group] = staff.Role(role)
	}
	return &login.Login{
		Issuer: p.issuer, ClientID: p.clientID, Secret: p.clientSecret, BaseURL: p.baseURL, HTTP: p.provider, Now: p.now,
		Begun: link.Box{Ring: p.ring, Purpose: link.DeskLogin}, Session: link.Box{Ring: p.ring, Purpose: link.DeskSession},
		AccountID: func(issuer, subject string) string { return p.key.Digest("staff", issuer+" "+subject) },
		Groups:    p.desk.GroupsClaim, Roles: roles,
	}
}

// deciding makes a service that may decide: it knows how long an export is given out.
func deciding(store request.Store, key person.Key, d *settings.Desk, now func() time.Time, random io.Reader) (*request.Service, error) {
	periods, err := schedule.New(d)
	if err != nil {
		return nil, err
	}
	service, err := request.New(store, key, d, now, random)
	if err != nil {
		return nil, err
	}
	service.Settings.ExportFor = periods.Duration(schedule.Export)
	return service, nil
}
