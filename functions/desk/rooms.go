package main

import (
	"time"

	"privacydesk/functions/desk/people"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/health"
	"privacydesk/shared/domain/optout"
)

// rooms are what the screens beside the queue and the files need.
func (p *parts) rooms(records *disposals.Store, holds *disposal.HoldKeeper, zone *time.Location) people.Rooms {
	return people.Rooms{
		Settings: p.desk, Holds: holds, Proofs: records, History: records,
		OptOuts: &optout.Service{Store: records.OptOuts, Key: p.key, Now: p.now, Zone: zone},
		Health: health.Checker{
			Requests: records.Requests, Letters: &letters.Store{OptOuts: p.optOuts, Requests: p.requests}, OptOuts: records.OptOuts, Disposals: records, Now: p.now,
		},
	}
}
