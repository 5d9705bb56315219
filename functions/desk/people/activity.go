package people

func (d *Door) activityRoutes() []route {
	return nil
}
