"""Members' agreements: consent to the terms of sale, and automatic renewal, which they can end."""
