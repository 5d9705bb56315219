package people

func (d *Door) fileRoutes() []route {
	return nil
}
