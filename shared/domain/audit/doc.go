// Package audit keeps what happened provable: the history of a request is
// a chain of hashed entries that nobody can change unseen, and a person gets
// a signed receipt that anybody can check without us. It holds no personal
// data by itself, stores nothing, mails nothing and must not know AWS, HTTP
// or HTML.
//
// # History
//
// An Entry is appended to the Head of its history and never changed. Verify
// finds every entry that was altered, dropped, inserted, moved or doubled,
// and says where. What is personal in an entry (Private) is not hashed
// itself: a salted commitment to it is. Erasure takes value and salt away
// (Blank) and the chain still holds; what was there can then neither be read
// nor guessed and tried, since the salt is gone with it.
//
// What a chain cannot show: that a private value was blanked (record the
// erasure as an entry), or that all entries after some point were made anew
// together with the head. Against that the head stands in the person's
// receipt; see Includes.
//
// # The bytes that are hashed
//
// They are length-prefixed, so that no two entries have the same bytes:
//
//	n(x)  the whole number x in 8 bytes, big-endian
//	t(s)  n(length of s in bytes), then s in UTF-8
//	h(b)  SHA-256 of the bytes b as 64 lower-case hex digits
//
//	hash        h( t("privacydesk/register/entry/v1")
//	               t(subject) n(seq) n(at) t(kind) t(actor)
//	               n(number of facts)   then for each  t(name) t(value)
//	               n(number of private) then for each  t(name) t(commitment)
//	               t(prev) )
//	commitment  h( t("privacydesk/register/private/v1") t(name) t(salt) t(value) )
//	first prev  h( t("privacydesk/register/genesis/v1") t(subject) )
//
// at is in milliseconds since 1970-01-01T00:00:00Z, two's complement before
// it; facts and private are in ascending order of their names' bytes; prev is
// the hash of the entry before; salt is 64 hex digits, 256 random bits; prev,
// commitment and salt go in as the text they are written as.
//
// # Receipts
//
// A Receipt is signed with Ed25519 as a flattened JWS (RFC 7515 section
// 7.2.2, alg EdDSA of RFC 8037), so any JOSE library can check it against the
// JWK Set of Signer.PublicKeys. A key's kid is its thumbprint (RFC 7638):
// what was signed by a key that is not in the set is told apart from a
// forgery. The header's typ says what the payload is, and Open refuses one
// thing for another.
//
// # Notices
//
// What other systems are sent is signed with keys of its own, derived from the same
// ring and published in the same set. Their kid begins with whpk_ (Standard Webhooks).
package audit
