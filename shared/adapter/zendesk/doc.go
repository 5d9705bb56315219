// Package zendesk tells Zendesk by its API. What each call does, and the page that says so, as of 28 November 2026
// (developer.zendesk.com/api-reference/ticketing/users/users/):
//
//   - GET /api/v2/users/search finds users, but not deleted ones (#search-users); GET /api/v2/users/{id}/identities lists
//     all addresses of one (../user_identities/#list-identities)
//   - DELETE /api/v2/users/{id} deletes a user, who can no longer be found by an address afterwards (#delete-user). 422: the
//     user is requester of tickets that are not closed.
//   - DELETE /api/v2/deleted_users/{id} erases the deleted user for good, at most 700 in 10 minutes (#permanently-delete-user)
//   - GET /api/v2/users/{id}/compliance_deletion_statuses says which of Zendesk's products have begun to erase and which
//     have ended, one after the other (#show-compliance-deletion-statuses)
//
// What people wrote in closed tickets stays. No call corrects by a person's own words, restricts, or exports: those tasks
// are the owner's.
package zendesk
