package stack

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var days = regexp.MustCompile(`^([+-]?)(?:(\d+)d)?(.*)$`)

// ParseClock reads how far the stack's time is moved: "+400d", "-3h", "1d12h";
// empty is not at all.
func ParseClock(text string) (time.Duration, error) {
	parts := days.FindStringSubmatch(text)
	offset := time.Duration(0)
	if parts[2] != "" {
		n, err := strconv.Atoi(parts[2])
		if err != nil || n > 36500 {
			return 0, fmt.Errorf("CLOCK=%s: that is too far", text)
		}
		offset = time.Duration(n) * 24 * time.Hour
	}
	if parts[3] != "" {
		rest, err := time.ParseDuration(parts[3])
		if err != nil || rest < 0 {
			return 0, fmt.Errorf("CLOCK=%s must be like +400d, -3h or 1d12h", text)
		}
		offset += rest
	}
	if parts[1] == "-" {
		offset = -offset
	}
	return offset, nil
}
