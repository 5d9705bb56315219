package contract

import (
	"testing"

	"privacydesk/shared/testkit"
)

func TestFeedInMemory(t *testing.T) {
	FeedContract(t, func(testing.TB) FeedTable { return testkit.NewOptOuts() })
}
