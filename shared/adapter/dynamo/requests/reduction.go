package requests

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
)

// Reduction writes what is left of a request. Its own row, on the condition of
// its version, comes last, and before it the entry that tells of the
// reduction; see turns for more rows than a transaction takes.
func (t *Store) Reduction(r requestlog.Reduction) ([]types.TransactWriteItem, error) {
	var writes []types.TransactWriteItem
	for _, e := range r.Blanked {
		row, err := eventItem(e)
		if err != nil {
			return nil, err
		}
		writes = append(writes, t.Table.PutWrite(row, patch.Present("id")))
	}
	for _, n := range r.Letters {
		writes = append(writes, t.Table.PutWrite(letters.Row(n), patch.Present("id"), patch.Absent("pending")))
	}
	for _, e := range r.Systems {
		writes = append(writes, t.Table.PutWrite(systemItem(e), patch.Present("id"), patch.Absent("pending")))
	}
	for _, f := range r.Files {
		writes = append(writes, t.Table.PutWrite(fileItem(f), patch.Present("id")))
	}
	event, err := eventItem(r.Event)
	if err != nil {
		return nil, err
	}
	row, err := item(&r.Request)
	if err != nil {
		return nil, err
	}
	return append(writes, t.Put(event, 0), t.Put(row, r.Request.Version-1)), nil
}

// Deletion deletes all rows of a request, its own, on the condition of its
// version, last.
func (t *Store) Deletion(f request.File) []types.TransactWriteItem {
	var writes []types.TransactWriteItem
	for _, n := range f.Letters {
		writes = append(writes, t.Table.DeleteWrite(letters.Key(n)))
	}
	for _, e := range f.Systems {
		writes = append(writes, t.Table.DeleteWrite(systemKey(e)))
	}
	for _, a := range f.Files {
		writes = append(writes, t.Table.DeleteWrite(fileKey(a)))
	}
	for _, e := range f.Events {
		writes = append(writes, t.Table.DeleteWrite(eventKey(e)))
	}
	return append(writes, t.Table.DeleteWrite(Key(f.Request.ID, RowName), patch.Is("version", f.Request.Version)))
}

// Turns splits what reduction or deletion writes of a request into
// transactions of at most so many writes, 2 or more. All but the last check
// that the request has still the version; the last has its own row, so that
// the index Disposal leads to the request until nothing is left to do. Blanked
// entries verify as before, so that a reduction that ends between two turns
// leaves a whole history. Of a deletion the oldest entries go first, and the
// history says that they are gone.
func (t *Store) Turns(id string, version int, writes []types.TransactWriteItem, most int) [][]types.TransactWriteItem {
	still := t.Table.CheckWrite(Key(id, RowName), patch.Is("version", version))
	var all [][]types.TransactWriteItem
	for len(writes) > most {
		n := min(most-1, len(writes)-2)
		all = append(all, append([]types.TransactWriteItem{still}, writes[:n]...))
		writes = writes[n:]
	}
	return append(all, writes)
}
