package people

func (d *Door) healthRoutes() []route {
	return nil
}
