package standin

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// unchunked takes the "aws-chunked" framing off an upload: the SDK streams with a
// trailing checksum by default ("Signature calculations for trailing headers").
func unchunked(r *http.Request) io.ReadCloser {
	if !strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		return r.Body
	}
	return struct {
		io.Reader
		io.Closer
	}{&chunks{in: bufio.NewReader(r.Body)}, r.Body}
}

type chunks struct {
	in   *bufio.Reader
	left int64
	done bool
}

func (c *chunks) Read(p []byte) (int, error) {
	if c.left == 0 && !c.done {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if c.done {
		return 0, io.EOF
	}
	n, err := io.LimitReader(c.in, c.left).Read(p)
	c.left -= int64(n)
	if err == nil && c.left == 0 {
		_, err = c.in.Discard(len("\r\n"))
	}
	return n, err
}

// next reads "size-in-hex[;chunk-signature=...]"; size 0 ends the content.
func (c *chunks) next() error {
	line, err := c.in.ReadString('\n')
	if err != nil {
		return fmt.Errorf("aws-chunked: %w", err)
	}
	size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
	c.left, err = strconv.ParseInt(size, 16, 64)
	if err != nil {
		return fmt.Errorf("aws-chunked: %w", err)
	}
	if c.left == 0 {
		c.done = true
		io.Copy(io.Discard, c.in)
	}
	return nil
}
