"""What was promised to whom: orders that are written down before they are attempted."""
