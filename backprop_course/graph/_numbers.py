"""How a graph writes numbers."""


def show(number: float) -> str:
    """Write a number with four significant digits and a real minus sign."""
    return f"{number + 0.0:.4g}".replace("-", "−")  # + 0.0 makes a plain zero of -0.0
