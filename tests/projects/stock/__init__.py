"""A shop that installs the core alone: Oscar's own basket, checkout and strategy, and a gateway
that calls ``fulfilment.order_paid``."""
