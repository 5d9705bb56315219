package suppression

import (
	"golang.org/x/sync/errgroup"
)

// writers is how many rows are written at the same time.
const writers = 8

// eachOf calls f for 0 to n-1, several at a time, and returns the first error.
func eachOf(n int, f func(int) error) error {
	var pool errgroup.Group
	pool.SetLimit(writers)
	for i := range n {
		pool.Go(func() error { return f(i) })
	}
	return pool.Wait()
}

func each[T any](items []T, f func(T) error) error {
	return eachOf(len(items), func(i int) error { return f(items[i]) })
}
