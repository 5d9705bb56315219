package people

func (d *Door) bulkRoutes() []route {
	return nil
}
