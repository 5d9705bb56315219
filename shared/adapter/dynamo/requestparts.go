package dynamo

import (
	"fmt"

	"privacydesk/shared/domain/audit"
)

// eventRow is how the rows of a history begin; see letterRow.
const eventRow = "event"

func eventKey(e audit.Entry) item {
	return requestKey(e.Subject, fmt.Sprintf("%s#%04d", eventRow, e.Seq))
}

func eventItem(e audit.Entry) (item, error) {
	entry, err := e.Encode()
	if err != nil {
		return nil, err
	}
	row := eventKey(e)
	row["entry"] = str(string(entry))
	return row, nil
}
