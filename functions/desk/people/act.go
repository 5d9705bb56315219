package people

func (d *Door) actRoutes() []route {
	return nil
}
