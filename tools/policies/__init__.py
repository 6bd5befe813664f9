"""The policies tried under the stock engine, and the page about them."""
