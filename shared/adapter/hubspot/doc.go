// Package hubspot tells HubSpot by its API. What each call does, and the page that says so, as of 28 November 2026:
//
//   - POST /crm/v3/objects/contacts/search finds contacts, but not those in the recycle bin.
//     developers.hubspot.com/docs/api-reference/crm-contacts-v3/search
//   - POST /crm/v3/objects/contacts/gdpr-delete erases one for good. It takes up to 30 days
//     (knowledge.hubspot.com/privacy-and-consent/how-do-i-perform-a-gdpr-delete-in-hubspot). Told of an address that it does
//     not know, it puts that on a blocklist; so the package names contacts by their number, which only a search gives.
//     developers.hubspot.com/docs/api-reference/crm-contacts-v3/basic/post-crm-v3-objects-contacts-gdpr-delete
//   - GET /crm/v3/objects/contacts/{number} answers 404 when it is gone.
//     developers.hubspot.com/docs/api-reference/crm-contacts-v3/basic
//   - POST /crm/v3/objects/contacts/batch/read finds up to 100 contacts by their address, and answers 207 where it does not
//     know all. developers.hubspot.com/docs/api-reference/crm-contacts-v3/batch
//   - POST /communication-preferences/v4/statuses/batch/unsubscribe-all and /batch/write set who gets which mail. They are for
//     accounts with Marketing Hub Enterprise; others set it for one person at a time.
//     developers.hubspot.com/docs/api-reference/communication-preferences-subscriptions-v4
//   - Who has opted out of all mail must come back by HubSpot's own pages, or by an entry on the contact.
//     knowledge.hubspot.com/email/resubscribe-contacts-to-your-marketing-emails
//
// The same is in HubSpot's OpenAPI files: github.com/HubSpot/HubSpot-public-api-spec-collection.
//
// No call corrects by a person's own words, restricts, or exports: those tasks are the owner's.
package hubspot
