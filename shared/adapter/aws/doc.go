// Package aws makes a function's AWS clients: their endpoints, credentials, time-outs and open connections.
//
// It also makes the calls whose SDK clients are left out, each as one signed request: secrets, objects of S3, events
// (infra/decisions/0006-secrets-by-signed-request.md). Packages that call a further service make its client from
// Clients.Config.
//
// It must not know tables, mails or what is done with an answer.
package aws
