// Package rules holds, as tests, the rules of the house that no compiler knows: who may import whom, what stands at
// the top, what the template may allow. Each failure says the reason of its rule, so that it can be judged and, where
// the code teaches better, changed. There is nothing here to import.
package rules
