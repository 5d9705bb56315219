package boot

import (
	"os"
	"sync"
	"time"
)

// Now is the time that a function goes by. It is the machine's; the local
// stack, which can be moved in time (make run CLOCK=+400d), says by how much in
// CLOCK_OFFSET. What is signed for AWS keeps to the machine's own.
func Now() time.Time { return time.Now().Add(offset()) }

// At is a moment of the machine's clock, such as Lambda's deadline, in the time
// that the function goes by.
func At(t time.Time) time.Time { return t.Add(offset()) }

var offset = sync.OnceValue(func() time.Duration {
	d, err := time.ParseDuration(os.Getenv("CLOCK_OFFSET"))
	if err != nil {
		return 0
	}
	return d
})
