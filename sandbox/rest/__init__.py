"""The REST API, a module a resource. Each lists its routes in `ROUTES`."""
