package feed

// BatchSize is how many changes a system is told together.
const BatchSize = 100
