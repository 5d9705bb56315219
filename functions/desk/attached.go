package main

import (
	"context"
	"time"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
)

// attached is the bucket of files, for people.
type attached struct{ bucket aws.Bucket }

// Address implements people.Attached. The object may have been replaced since it was
// read, by the form that was good for some minutes: then it is not given out.
func (a attached) Address(ctx context.Context, f attachment.File) (string, error) {
	seen, err := a.bucket.Head(ctx, f.ID)
	if err != nil {
		return "", err
	}
	if !f.Readable(seen.ETag) {
		return "", fault.New(fault.NotFound, "The file is not the one that was read.")
	}
	return a.bucket.Address(aws.Download{Key: f.ID, Type: f.Type.MediaType(), Name: f.Name(), For: time.Minute})
}
