"""How every report and picture of the course writes a number."""


def show(value: float, digits: int = 4) -> str:
    """Write a number with `digits` significant digits and a real minus sign: −0.07, 1.5e−9, 12345."""
    # + 0.0 makes a plain zero of -0.0; the factor, too small for 14 digits to show, rounds halves up, as the
    # widgets do in the browser
    plain = value * (1 + 2**-52 * (digits < 15)) + 0.0
    text = f"{plain:.0f}" if 10**digits <= abs(plain) < 1e6 else f"{plain:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    return (f"{mantissa}e{int(exponent)}" if exponent else mantissa).replace("-", "−")


def count(n: int, one: str, ending: str = "s") -> str:
    """Write how many there are: 1 input, 2 inputs."""
    return f"{n} {one}{ending * (n != 1)}"


def factor(value: float, digits: int = 4) -> str:
    """Write a number as it stands in a product: a negative one in parentheses."""
    return f"({show(value, digits)})" if value < 0 else show(value, digits)
