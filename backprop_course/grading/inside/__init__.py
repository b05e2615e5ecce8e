"""What runs inside the sandbox: it imports nothing of the grader, and nothing that it says is believed."""
