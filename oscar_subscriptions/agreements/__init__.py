"""What a member agreed to and can take back: the terms of sale, and automatic renewal."""
