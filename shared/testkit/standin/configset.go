package standin

// ConfigurationSet is what the stand-in knows of one.
type ConfigurationSet struct {
	Name              string
	SuppressedReasons []string // nil: as the account; empty: suppress nothing
	Scope             string
	Destinations      []EventDestination
}

// EventDestination is where a set publishes its events.
type EventDestination struct {
	Name               string
	Enabled            bool
	MatchingEventTypes []string
	SnsDestination     *SnsDestination
}

// SnsDestination names an SNS topic.
type SnsDestination struct{ TopicArn string }

// TopicARN is the SNS topic, or nothing.
func (d EventDestination) TopicARN() string {
	if d.SnsDestination == nil {
		return ""
	}
	return d.SnsDestination.TopicArn
}

// AddSet adds a configuration set to those of the account, or replaces it.
func (s *Server) AddSet(set ConfigurationSet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sets[set.Name] = set
}

// setFor finds the set a mail names; a mail need not name one.
func (s *Server) setFor(name string) (ConfigurationSet, error) {
	set, ok := s.sets[name]
	if name != "" && !ok {
		return set, notFound("Configuration set <%s> does not exist.", name)
	}
	return set, nil
}

// getAccount is GetAccount.
func (s *Server) getAccount(c *call) (any, error) {
	var lastDay int
	for _, m := range s.st.Mails {
		if !m.Inbound && c.now.Sub(m.SentAt).Hours() < 24 {
			lastDay++
		}
	}
	return map[string]any{
		"ProductionAccessEnabled": !s.cfg.Sandbox,
		"SendingEnabled":          true,
		"EnforcementStatus":       "HEALTHY",
		"SendQuota":               map[string]float64{"Max24HourSend": 50000, "MaxSendRate": 14, "SentLast24Hours": float64(lastDay)},
		"SuppressionAttributes":   map[string][]string{"SuppressedReasons": suppressionReasons},
	}, nil
}
