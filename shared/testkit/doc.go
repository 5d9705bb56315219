// Package testkit is for tests only: stores in memory, settings, times and keys
// for tests, and DynamoDB Local. What a store must keep is in testkit/contract.
package testkit
