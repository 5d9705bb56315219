package dynamo

import (
	"context"
	"time"
)

// Late counts the records that SES was to be told of at the time before or
// earlier and has not been, those that are on their way in a bulk job too, and
// says since when the oldest of all has waited (zero: none does).
func (t *OptOuts) Late(ctx context.Context, before, now time.Time) (count int, oldest time.Time, err error) {
	jobs, err := t.Jobs(ctx)
	if err != nil {
		return 0, time.Time{}, err
	}
	kinds := []string{pendingSES}
	for _, j := range jobs {
		kinds = append(kinds, pendJob+j.ID)
	}
	return t.backlog(ctx, kinds, before, now)
}
