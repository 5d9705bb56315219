package access

import "maps"
import "slices"

// LawsThatAsk are the ids of laws.
func LawsThatAsk() []string { return slices.Sorted(maps.Keys(laws)) }
