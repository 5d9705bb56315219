package stack

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
)

// newUUID makes a request id as Lambda's are: a random UUID.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newAPIID makes a request id as an HTTP API's are: "JKJaXmPLvHcESHA=".
func newAPIID() string {
	var b [11]byte
	_, _ = rand.Read(b[:])
	return base64.URLEncoding.EncodeToString(b[:])
}
