package people

func (d *Door) lawRoutes() []route {
	return nil
}
