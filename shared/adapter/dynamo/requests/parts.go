package requests

import (
	"fmt"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// EventRow is how the rows of a history begin; see letters.RowPrefix.
const EventRow = "event"

func eventKey(e audit.Entry) dynamo.Item {
	return Key(e.Subject, fmt.Sprintf("%s#%04d", EventRow, e.Seq))
}

func eventItem(e audit.Entry) (dynamo.Item, error) {
	entry, err := e.Encode()
	if err != nil {
		return nil, err
	}
	row := eventKey(e)
	row["entry"] = dynamo.Str(string(entry))
	return row, nil
}

// Rows are those of a file, its own last; none of its own where it has none.
func Rows(f request.File) (rows []dynamo.Item, err error) {
	for _, l := range f.Letters {
		rows = append(rows, letters.Row(l))
	}
	for _, e := range f.Systems {
		rows = append(rows, systemItem(e))
	}
	for _, a := range f.Files {
		rows = append(rows, fileItem(a))
	}
	for _, e := range f.Events {
		row, err := eventItem(e)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "write an event")
		}
		rows = append(rows, row)
	}
	if f.Request.ID == "" {
		return rows, nil
	}
	row, err := item(&f.Request)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a request")
	}
	return append(rows, row), nil
}
