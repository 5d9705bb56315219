// Package mailchimp tells Mailchimp by its Marketing API 3.0. What each call does, and the page that says so, as of
// 28 November 2026 (the same is in Mailchimp's own files: github.com/mailchimp/mailchimp-client-lib-codegen and
// github.com/mailchimp/fern-marketing-api-docs):
//
//   - GET /3.0/lists lists the audiences of the account. mailchimp.com/developer/marketing/api/lists
//   - GET /3.0/lists/{audience}/members/{hash} shows a member, archived ones too, or answers 404. The hash is the MD5 of
//     the lower-case address. mailchimp.com/developer/marketing/api/list-members/get-member-info
//   - POST /3.0/lists/{audience}/members/{hash}/actions/delete-permanent erases. Nobody can import the address afterwards;
//     the person can sign up by a form of Mailchimp. DELETE of the member would only archive it, so it is not used.
//     mailchimp.com/developer/marketing/api/list-members/delete-list-member
//   - PATCH /3.0/lists/{audience}/members/{hash} sets a member's status, and answers 404 where there is none. PUT, and the
//     batch of an audience, would add people whom Mailchimp never had.
//     mailchimp.com/developer/marketing/api/list-members/update-list-member
//   - 400 "Member In Compliance State" and "Forgotten Email Not Subscribed": who left by Mailchimp's own link, or was
//     erased, cannot be subscribed by the API. mailchimp.com/developer/marketing/docs/errors
//   - At most 10 calls at once. mailchimp.com/developer/marketing/docs/fundamentals/#api-limits
//
// No call corrects by a person's own words, restricts, or exports: those tasks are the owner's.
package mailchimp
