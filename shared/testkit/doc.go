// Package testkit is for tests only: stores in memory, the contract that every
// store must keep, and DynamoDB Local to run it on.
package testkit
