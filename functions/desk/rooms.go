package main

import (
	"privacydesk/functions/desk/people"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/health"
	"privacydesk/shared/domain/schedule"
)

// rooms are what the screens beside the queue and the files need.
func (p *parts) rooms(records *disposals.Store, holds *disposal.HoldKeeper) (people.Rooms, error) {
	plan, err := schedule.New(p.desk)
	return people.Rooms{
		Settings: p.desk, Schedule: plan, Holds: holds, Proofs: records,
		Health: health.Checker{
			Requests: records.Requests, Letters: &letters.Store{OptOuts: p.optOuts, Requests: p.requests}, OptOuts: records.OptOuts, Disposals: records, Now: p.now,
		},
	}, err
}
