package bill

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Price is what AWS asks for something.
type Price struct {
	Service string             `yaml:"service"`
	Unit    string             `yaml:"unit"`
	Per     float64            `yaml:"per"`   // so many units cost the price
	Free    float64            `yaml:"free"`  // units a month that cost nothing
	Known   map[string]string  `yaml:"known"` // by Region: page, quoted or memory
	Page    string             `yaml:"page"`
	Dollars map[string]float64 `yaml:",inline"` // by Region
}

// Prices are the data of prices.yaml.
type Prices struct {
	LookedUp string           `yaml:"looked_up"` // day, such as 2026-11-27
	Prices   map[string]Price `yaml:"prices"`
	Assumed  struct {
		Staff           float64 `yaml:"people_at_the_desk"`
		PollsOfAQueue   float64 `yaml:"polls_of_a_queue_a_minute"`
		BytesBesideLine float64 `yaml:"bytes_beside_a_line"`
		PlatformLines   float64 `yaml:"lines_of_the_platform"`
		PlatformBytes   float64 `yaml:"bytes_of_the_platform"`
	} `yaml:"assumed"`
}

//go:embed prices.yaml
var pricesYAML []byte

// LoadPrices reads prices.yaml, and refuses it where a price is not one.
func LoadPrices() (p Prices, err error) {
	if err := strict(pricesYAML, &p); err != nil {
		return p, fmt.Errorf("prices.yaml: %w", err)
	}
	if _, err := time.Parse(time.DateOnly, p.LookedUp); err != nil {
		return p, fmt.Errorf("prices.yaml: looked_up: %w", err)
	}
	for _, id := range slices.Sorted(maps.Keys(p.Prices)) {
		if err := p.Prices[id].check(p.Regions()); err != nil {
			return p, fmt.Errorf("prices.yaml: %s: %w", id, err)
		}
	}
	return p, nil
}

func (p Price) check(regions []string) error {
	if p.Service == "" || p.Unit == "" || p.Page == "" || p.Per <= 0 || p.Free < 0 {
		return errors.New("service, unit, page and a positive per must be there")
	}
	if got := slices.Sorted(maps.Keys(p.Dollars)); !slices.Equal(got, regions) {
		return fmt.Errorf("has prices of %v, others of %v", got, regions)
	}
	for region, dollars := range p.Dollars {
		if dollars <= 0 || !slices.Contains([]string{"page", "quoted", "memory"}, p.Known[region]) {
			return fmt.Errorf("%s: the price must be positive, and known by page, quoted or memory", region)
		}
	}
	return nil
}

// Regions are those with prices.
func (p Prices) Regions() []string {
	return slices.Sorted(maps.Keys(p.Prices["metric"].Dollars))
}
