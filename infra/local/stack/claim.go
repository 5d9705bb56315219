package stack

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"privacydesk/shared/testkit/process"
)

// claimData takes the data folder for this stack alone: two DynamoDB Locals on
// the same files would spoil them. Where another stack has the default folder,
// this one takes a folder named for its port, so that two can run side by side.
func (c *Config) claimData() (unlock func(), err error) {
	if c.Data != "" {
		return claim(c.Data)
	}
	c.Data = filepath.Join(c.Root, ".local")
	unlock, err = claim(c.Data)
	if errors.Is(err, process.ErrLocked) {
		c.Data = filepath.Join(c.Data, fmt.Sprintf("port-%d", c.Port))
		unlock, err = claim(c.Data)
	}
	return unlock, err
}

func claim(folder string) (unlock func(), err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	unlock, err = process.Lock(filepath.Join(folder, "lock"), false)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s: %w", folder, err)
	}
	return unlock, nil
}
