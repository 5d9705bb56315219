package civil

// Stamp is the layout of times in rows, histories and certificates: RFC 3339 in
// UTC with milliseconds, so that times sort as text.
const Stamp = "2006-01-02T15:04:05.000Z"
