"""One reader for each kind of resource that a delivery touches; `aws.target_state` calls them."""
