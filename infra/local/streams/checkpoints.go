package streams

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Checkpoints remembers how far each mapping has read each shard, so that a
// restart goes on where the last run stopped.
type Checkpoints struct {
	path string

	mu   sync.Mutex
	last map[string]string // mapping, stream and shard -> sequence number
}

// OpenCheckpoints reads the file; an empty path keeps them in memory alone.
func OpenCheckpoints(path string) (*Checkpoints, error) {
	c := &Checkpoints{path: path, last: map[string]string{}}
	if path == "" {
		return c, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &c.last)
	}
	if err != nil {
		return nil, fmt.Errorf("read the stream checkpoints: %w (`make clean` forgets them)", err)
	}
	return c, nil
}

func (c *Checkpoints) get(key string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last[key]
}

func (c *Checkpoints) set(key, sequence string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last[key] = sequence
	return c.save()
}

// keepOnly forgets the shards of a mapping that are no more.
func (c *Checkpoints) keepOnly(mapping string, keys map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.last {
		if strings.HasPrefix(key, mapping+" ") && !keys[key] {
			delete(c.last, key)
		}
	}
}

func (c *Checkpoints) save() error {
	if c.path == "" {
		return nil
	}
	data, err := json.MarshalIndent(c.last, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(c.path+".new", data, 0o644); err != nil {
		return err
	}
	return os.Rename(c.path+".new", c.path)
}
