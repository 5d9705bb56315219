package requests

import (
	"context"
	"iter"
	"strings"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/patch"
)

// FileRow is how the rows of files begin; see letters.RowPrefix.
const FileRow = "file"

// pendingFile is their kind in the index Pending, while one must be looked at.
const pendingFile = "file"

func fileKey(f attachment.File) dynamo.Item { return Key(f.Request, FileRow+"#"+f.ID) }

func fileItem(f attachment.File) dynamo.Item {
	var u patch.Patch
	for name, v := range map[string]any{
		"file": f.ID, "file_for": f.For, "file_state": f.State, "file_type": f.Type, "size": f.Size, "sha256": f.SHA256, "etag": f.ETag,
		"file_system": f.System, "file_by": f.By, "replaces": f.Replaces, "found": strings.Join(f.Found, " "),
		"asked_at": f.AskedAt, "stored_at": f.StoredAt, "gone_at": f.GoneAt,
	} {
		u.Set(name, v)
	}
	if !f.CheckAt.IsZero() {
		u.Set("pending", pendingFile)
		u.Set("pending_at", f.CheckAt)
	}
	return dynamo.NewItem(fileKey(f), u)
}

func readFile(i dynamo.Item) attachment.File {
	return attachment.File{
		Request: i.Str("id"), ID: i.Str("file"), For: attachment.For(i.Str("file_for")), State: attachment.State(i.Str("file_state")), Type: attachment.Type(i.Str("file_type")),
		System: i.Str("file_system"), By: i.Str("file_by"), Replaces: i.Str("replaces"), Found: append([]string(nil), strings.Fields(i.Str("found"))...),
		Size: i.Num("size"), SHA256: i.Str("sha256"), ETag: i.Str("etag"),
		AskedAt: i.Time("asked_at"), StoredAt: i.Time("stored_at"), GoneAt: i.Time("gone_at"), CheckAt: i.Time("pending_at"),
	}
}

// DueFiles yields the files that must be looked at by now, soonest first. The index
// lags behind a little.
func (t *Store) DueFiles(ctx context.Context, now time.Time) iter.Seq2[attachment.File, error] {
	return dynamo.Read(t.Table.Pending().Between(ctx, dynamo.Span{Kind: pendingFile, Until: now}), readFile, "find the files to look at")
}
