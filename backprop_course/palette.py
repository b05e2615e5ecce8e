"""One palette for every picture of the course, widgets and matplotlib figures alike.

The hues are those of Okabe and Ito, *Color Universal Design* (2008), which stay apart for readers with any
common form of colour blindness. `COLOURS` is for a light background and `DARK_COLOURS` for a dark one: each
entry has a contrast of at least 3 to 1 on its background, which suffices for lines, areas and large text.
The colours of values and of gradients have 4.5 to 1, as pictures of graphs write numbers in them. Colour
never carries a message alone: words, icons, places or line styles say the same.
"""

OKABE_ITO = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky blue": "#56B4E9",
    "bluish green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "reddish purple": "#CC79A7",
}

COLOURS = {
    "value": OKABE_ITO["blue"],  # forward values, the function, the line in the reader's hand
    "gradient": "#A8437B",  # gradients and numerical estimates of them: the reddish purple, darker
    "yours": "#B07800",  # what the student's function returns: the orange, dark enough for a white page
    "right": OKABE_ITO["bluish green"],
    "wrong": OKABE_ITO["vermillion"],
}

DARK_COLOURS = {
    **COLOURS,
    "value": OKABE_ITO["sky blue"],
    "gradient": OKABE_ITO["reddish purple"],
    "yours": OKABE_ITO["orange"],
}
