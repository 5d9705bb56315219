// Package dynamo is what the stores of the tables stand on: keys, items, patches
// as update expressions, transactions and indexes. The packages below it store
// and find the rows of this page: optouts, requests, letters, disposals,
// counters, sessions; recoveries brings rows of an older copy back. No package elsewhere
// imports DynamoDB's SDK, and none of them holds a rule.
//
// # OptOuts
//
//	row            ref              scope              attributes
//	opt-out        keyed reference  email, email/news  state version first_at out_since changed_at until
//	                                sms, phone, post   address name source campaign form erase_wanted_at erase_language
//	                                                   [made_by=the page view that can undo it]
//	                                                   ses ses_at ses_reason [pending="ses" pending_at]
//	                                                   in a bulk job: job, pending="job#<id>"
//	                                                   [disposal=its class disposal_at] [feed="choice" feed_at]
//	                                                   while an import can be undone: import, [before (what was there)]
//	import undone  keyed reference  as it was          version address pending="ses" pending_at, until SES is told
//	tombstone      keyed reference  as it was          state version first_at out_since changed_at until
//	                                                   ses ses_at reduced_at [erased_at lifted_at]
//	what SES said  keyed reference  bounce, complaint  as an opt-out's, and detail soft_days lifted_at
//	opt-in         keyed reference  #opt-in            a letter's; expires_at, and until its mail has gone
//	confirmation                                       address language scopes
//	that they are  keyed reference  #opted-in          a letter's; [address language scopes], then expires_at
//	back
//	mail with a    keyed reference  #my-links          a letter's; expires_at, and until its mail has gone
//	person's links                                     address language
//	bulk job       #jobs            #<id>, #off        job_row (JSON of suppression.Job) expires_at
//	reconciliation #reconcile       #run               run (JSON of suppression.Run) expires_at
//	run                             #seen#<run>#00000  marks (8 bytes an entry seen) expires_at
//	the last run   #reconcile       #completed         completed_at
//	drift report   #reconcile       #report#<time>     report (JSON of suppression.Drift) expires_at
//	place in feed  #feed            #<system>          cursor (JSON of feed.Cursor) version
//
//	access path                                   call
//	record one choice                             UpdateItem ref, scope (one write, no read); over a tombstone, or another
//	                                              page's opt-out, a second one
//	record several, and an opt-in confirmation    TransactWriteItems; over such rows, a second one
//	all of a person                               Query ref
//	a person's opt-in confirmations               Query ref, scope begins with "#opt"
//	screen a mailing                              BatchGetItem, 100 keys a call
//	what SES must be told, oldest first           Scan Pending, or Query its 32 keys: pending="ses", pending_at <= now
//	ask for a mail with one's links               TransactWriteItems (limits, letter)
//	which mails of this table wait                Scan Pending, or Query its 32 keys: pending="mail", pending_at <= now
//	erasures requested that are no request yet    Scan Erasures (sparse)
//	what SES must hold of a person                BatchGetItem email, bounce, complaint
//	record what SES tells                         BatchGetItem, UpdateItem if version has not moved
//	mark told                                     UpdateItem ref, scope if version has not moved
//	take another system's list over               TransactWriteItems of rows that are not there; else
//	                                              BatchGetItem, UpdateItem if version has not moved
//	undo an import                                Scan for import, UpdateItem if version and import have not moved;
//	                                              DeleteItem of a row without a state once SES is told
//	record an opt-out that arrived before         BatchGetItem, UpdateItem if version has not moved
//	a first date that is earlier                  UpdateItem ref, scope if first_at is later
//	give the whole list out                       Scan, 1,000 rows a page
//	what has changed since a position             Query Changes, its 32 keys: feed="choice", feed_at between
//	how far each system was told                  Query ref="#feed"; UpdateItem if version has not moved; DeleteItem
//	move a record into a bulk job                 UpdateItem ref, scope if version has not moved and it is pending
//	which records a bulk job has                  Scan Pending, or Query its 32 keys: pending="job#<id>"
//	which bulk jobs there are                     Query ref="#jobs"
//	compare all with SES's list                   Scan of keys and states, once or twice a walk
//	how far the walk has come                     GetItem and PutItem ref="#reconcile"
//	what the walks have found                     Query ref="#reconcile", scope begins with "#report#"
//	what is due for disposal, oldest first        Query Disposal, its 32 keys: disposal=class, disposal_at < cutoff
//	reduce an opt-out to its tombstone            BatchGetItem, PutItem (in a transaction) if what is kept has not
//	                                              moved and it is not pending
//	what SES has lost of a tombstone              UpdateItem ref, scope: without ses
//
// A tombstone is written whole: optout.Record.Reduce says what it holds, and no
// other attribute survives. erased_at stays with the row for good. reduced_at
// goes when the person chooses anew, unless they only leave again
// (optout.Change.Over): then version and changed_at move, and nothing else.
//
// The index Pending is sparse: a row stands in it only while pending and
// pending_at are set, so that finding work costs what the work is, not what
// the table holds. Where it holds 100 rows or fewer it is read whole.
//
// One key of an index takes about 1,000 writes a second, of 1 KB each. So the
// kinds of pending, disposal and feed, which the table above names bare, stand under
// 32 keys each: a row under "ses#0" to "ses#v", by its person's reference, or
// by its request's. Only spread.go and index.go know; what they read comes
// oldest first over all of them. The index Due is not spread: each request
// there costs a mail. It holds closed ones too, latest first for the desk.
//
// The index Changes is sparse too: no tombstone is in it. feed_at is when the latest
// change became known that other systems must know of (package feed). A sync of SES
// writes nothing into it.
//
// An opt-out made now is the one change without a version condition: it wins
// over whatever the record says, and needs no read. Its only condition is that
// the row is no tombstone and was not made by another page view. If it is, the
// refusal brings the row along, and a second write goes by that. One that arrived before (a mail, a list) asks for
// the version: what the person has chosen since stands.
//
// # Requests
//
//	row      id         row                  attributes
//	request  reference  request              version state kinds [kinds_unsure] ref address … head_seq head_hash
//	                                         standing ("confirmed#" verified_at, else "unconfirmed#" received_at)
//	                                         [watch="unverified"|"paused"|"open"|"closed"|"sign" due_at; of a paused one
//	                                         due_at is wait_until, of a closed one closed_at, and answer_due_at our date]
//	                                         card (what lists show: request.Summary) due_rule [touched]
//	                                         [assignee, and while it is under way assigned_to, the officer's id]
//	                                         reminded (what the officer was last told of due_at)
//	                                         [look="look" look_at look_why look_told, while an officer must look]
//	                                         [disposal=its class disposal_at]
//	                                         ordered to be erased: erase_from [held_back] [outstanding]; reduced to its log: reduced_at
//	event    reference  event#0001           entry (JSON of shared/domain/audit), written once; reduced: without what is private
//	letter   reference  mail#0002#verify     seq template mail_state queued_at sent_at ses_message [cause]
//	                                         [subject text: as sent, without sealed links; reduced: gone]
//	                                         [pending="mail" pending_at]
//	system   reference  system#erasure#crm   system task system_state required opened_at answer_by attempts round records
//	                                         [told_at reminded_at fetched_at ended_at by_owner trouble mark ground why set_by]
//	                                         [pending="system" pending_at, while it is to be told, or asked]
//	file     reference  file#<random id>     file file_for file_state size [file_type sha256 etag asked_at stored_at gone_at]
//	                                         [pending="file" pending_at, while it may have come, or must go]
//	sending  #sent#<keyed digest> #sent      request expires_at: what is sent twice makes one request
//	digest   #clock     mail#0000#digest     a letter's
//	week     #clock     mail#0000#owner_week.<id> a letter's; <id> is the first system of the owner
//	session  #staff     session#<account>#…  role [name] [signed_in_at] started_at seen_at expires_at; … is a digest of its id
//
//	disposals      #disposals  event#00000001        entry, certificate (signed)
//	               #disposals  head                  head_seq head_hash
//	legal holds    #holds      hold#<id>             hold (JSON of disposal.Hold)
//	               #holds      event#00000001, head  as of the disposals
//
//	access path                                   call
//	take a request in                             Query Person, TransactWriteItems (limits, sending, request, events, notices, opt-outs)
//	take in what was sent before                  the same, which is cancelled, Query id, TransactWriteItems (opt-outs)
//	change it                                     GetItem, TransactWriteItems if version has not moved
//	read its whole file                           Query id
//	all of a person                               Query Person: ref
//	a person's confirmed requests                 Query Person: ref, standing begins with "confirmed#"
//	what is due, soonest first                    Query Due: watch, due_at <= horizon
//	what an officer must look at, oldest first    Query Look: look, look_at <= now
//	a page of the desk's queue, its counts        Query Due: watch="open", and watch="paused", 250 rows each; with filters
//	                                              ten such calls at most; once a minute watch="unverified", 250 rows
//	a page of another view                        Query Due: watch; Query Look: look
//	an officer's own                              Query Assigned: assigned_to
//	what waits, appeals, for others, to sign      Query Special: special; Query Due: watch="open" for the counts
//	closed requests, latest first                 Query Due: watch="closed", backwards
//	a person's latest requests                    Query Person: ref, standing begins with "confirmed#", backwards
//	find a name among what is open                Query Due: watch="open", and watch="paused", 4,500 rows at most
//	log in                                        Query id="#staff", row begins with the account, PutItem
//	a click at the desk                           GetItem, and once a minute UpdateItem if it is there
//	log out, everywhere                           DeleteItem; Query id="#staff", row begins with the account, DeleteItem
//	                                              each
//	who is signed in                              Query id="#staff"
//	queue the digest, an owner's week             PutItem id="#clock", unless it is pending
//	which mails must be sent                      Scan Pending, or Query its 32 keys: pending="mail", pending_at <= now
//	what other systems must do about a request    Query id, row begins with "system#"
//	which systems must be told                    Scan Pending, or Query its 32 keys: pending="system", pending_at <= now
//	which files must be looked at                 Scan Pending, or Query its 32 keys: pending="file", pending_at <= now
//	try to tell a system                          UpdateItem if state, attempts, round and pending_at have not moved
//	try a mail, put it off                        UpdateItem if mail_state, queued_at and pending_at have not moved
//	end a mail without a history                  UpdateItem if it is sending, and queued_at has not moved
//	what is due for disposal, oldest first        Query Disposal, its 32 keys: disposal=class, disposal_at < cutoff
//	reduce it to its log, delete it               TransactWriteItems if version has not moved, its own row last
//
//	dispose of records, with proof                TransactWriteItems: a check that the head of #holds has not moved, the
//	                                              head of #disposals, the entry, and the records, at most 96 writes
//	certificates, newest first                    Query id="#disposals", row begins with "event#"
//	place or lift a hold                          GetItem and Query #holds, TransactWriteItems: head, entry, hold
//	what is left of an erased person              Query OptOuts ref, Query Person: ref, Query id of each request
//
//	bring rows of an older copy back              Scan of the copy, BatchGetItem, PutItem if there is no row;
//	                                              of a request Query id of both, TransactWriteItems
//
// The index Disposal of both tables is sparse, and holds the date that starts
// a period, not its end: a period that is made shorter finds what is due by
// itself.
//
// A kind of row that is new here needs a line in recoveries/kinds.go: may an older
// copy of the table bring it back? A function that is rolled back reads what
// the newer one wrote, so that an attribute may be added, and is ignored where
// it is not known; what an attribute or a value means never changes.
//
// # Counters
//
//	row            key                            attributes
//	rate limit     name#reference#window start    count expires_at
//
// The reference is a keyed digest of a network, or of a mailbox as package
// quota folds it, or "desk"; nothing else is found by it.
//
//	access path                                   call
//	count a request of a source                   TransactWriteItems, with the request
//	count another post of a source                TransactWriteItems
//	is there room for a mail                      GetItem, one a limit
//	count a mail that went                        TransactWriteItems
//
// Times are RFC 3339 in UTC with milliseconds, so that they sort as text;
// expires_at is in epoch seconds as TTL wants it. DynamoDB deletes expired
// rows within a few days, so reads filter them.
package dynamo
