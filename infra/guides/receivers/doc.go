// Package receivers tests the receivers of infra/guides/systems.md: one in Go, one in Node and one in Python, each told by
// the desk's own adapter. They check v1 with the official library of Standard Webhooks and v1a with ed25519 of their
// platform, because none of the published libraries (Go v0.0.1, npm 1.1.1, PyPI 1.1.0) knows v1a.
package receivers
