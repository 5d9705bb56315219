package suppression

import (
	"errors"
	"sync"

	"privacydesk/shared/domain/fault"
)

// atOnce is how many rows are written at the same time.
const atOnce = 8

// eachOf calls f for 0 to n-1, several at a time, and joins the errors.
func eachOf(n int, f func(int) error) error {
	var (
		wait   sync.WaitGroup
		slots  = make(chan struct{}, atOnce)
		mu     sync.Mutex
		faults []error
	)
	for i := range n {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			if err := f(i); err != nil {
				mu.Lock()
				faults = append(faults, err)
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if len(faults) == 0 {
		return nil
	}
	return errors.Join(faults[0], fault.New(fault.Unavailable, "%d of %d rows were not written", len(faults), n))
}

func each[T any](items []T, f func(T) error) error {
	return eachOf(len(items), func(i int) error { return f(items[i]) })
}
