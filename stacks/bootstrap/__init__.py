"""What a company needs in a cloud before its first cell: asked for, run by the stock engine, and told."""
