package main

import (
	"context"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/domain/attachment"
)

// attached is the bucket of files, for people.
type attached struct{ bucket aws.Bucket }

// Address implements people.Attached.
func (a attached) Address(ctx context.Context, f attachment.File) (string, error) {
	return a.bucket.Given(ctx, f)
}

// Form implements people.Attached and api.Attached.
func (a attached) Form(f attachment.File, back string) (aws.Form, error) {
	return a.bucket.Form(aws.Upload{Key: f.ID, Type: "application/octet-stream", Min: 1, Max: attachment.MaxSize, RedirectTo: back, For: attachment.FormTime})
}
