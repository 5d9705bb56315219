package stack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// deadLetter is a line in the file of its queue.
type deadLetter struct {
	Queue    string          `json:"queue"`
	Received time.Time       `json:"received"`
	Message  json.RawMessage `json:"message"`
}

// deadLetter keeps what a mapping gave up in a file named for its queue.
func (s *Stack) deadLetter(destination string, message []byte) {
	if !s.maySend(destination, message) {
		return
	}
	queue := queueName(destination)
	err := s.changeLetters(queue, func(letters []deadLetter) []deadLetter {
		return append(letters, deadLetter{queue, s.Now().UTC(), message})
	})
	if err != nil {
		s.logger("streams").Error("cannot keep a dead letter", "queue", queue, "error", err)
	}
}

// changeLetters replaces the dead letters of a queue; without any there is no file.
func (s *Stack) changeLetters(queue string, change func([]deadLetter) []deadLetter) error {
	s.letters.Lock()
	defer s.letters.Unlock()
	path := s.letterFile(queue)
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var letters []deadLetter
	for line := range bytes.Lines(data) {
		var letter deadLetter
		if err := json.Unmarshal(line, &letter); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		letters = append(letters, letter)
	}
	var out bytes.Buffer
	for _, letter := range change(letters) {
		line, err := json.Marshal(letter)
		if err != nil {
			return err
		}
		out.Write(append(line, '\n'))
	}
	if bytes.Equal(out.Bytes(), data) {
		return nil
	}
	if out.Len() == 0 {
		return os.Remove(path)
	}
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, out.Bytes(), 0o644))
}

// takeLetters empties the file of a queue's dead letters.
func takeLetters[T any](s *Stack, queue string) (messages []T, err error) {
	var faults []error
	err = s.changeLetters(queue, func(letters []deadLetter) []deadLetter {
		for _, letter := range letters {
			var message T
			faults = append(faults, json.Unmarshal(letter.Message, &message))
			messages = append(messages, message)
		}
		if errors.Join(faults...) != nil {
			return letters
		}
		return nil
	})
	return messages, errors.Join(append(faults, err)...)
}

// expireLetters deletes the dead letters that are older than their queue keeps
// them; as in SQS, their age counts from when the message was first sent.
func (s *Stack) expireLetters() {
	for _, q := range s.Template.Queues {
		err := s.changeLetters(q.LogicalID, func(letters []deadLetter) []deadLetter {
			return slices.DeleteFunc(letters, func(letter deadLetter) bool { return s.Now().Sub(letter.sent()) > q.Retention })
		})
		if err != nil {
			s.logger("queues").Warn("cannot read the dead letters", "queue", q.LogicalID, "error", err)
		}
	}
}

// sent is when the message was first sent; one of a stream or an invocation is
// sent when it is given up.
func (d deadLetter) sent() time.Time {
	var message struct{ Sent time.Time }
	if json.Unmarshal(d.Message, &message) != nil || message.Sent.IsZero() {
		return d.Received
	}
	return message.Sent
}

// queueName is the last part of a queue's ARN.
func queueName(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }

func (s *Stack) letterFile(queue string) string {
	return filepath.Join(s.config.Data, "dead-letters", filepath.Base(queue)+".jsonl")
}
