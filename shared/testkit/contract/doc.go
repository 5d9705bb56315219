// Package contract holds what a store must keep: one suite of tests per store,
// which the fake in memory and the table in DynamoDB both pass. It must not
// know how a store keeps its rows.
package contract
