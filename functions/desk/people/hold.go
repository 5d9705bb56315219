package people

func (d *Door) holdRoutes() []route {
	return nil
}
