package requests

import (
	"fmt"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/audit"
)

// EventRow is how the rows of a history begin; see letters.RowPrefix.
const EventRow = "event"

func EventKey(e audit.Entry) dynamo.Item {
	return Key(e.Subject, fmt.Sprintf("%s#%04d", EventRow, e.Seq))
}

func EventItem(e audit.Entry) (dynamo.Item, error) {
	entry, err := e.Encode()
	if err != nil {
		return nil, err
	}
	row := EventKey(e)
	row["entry"] = dynamo.Str(string(entry))
	return row, nil
}
