"""What discovery asks of a box where nobody says; light to import, as the command line needs it."""

#: A point fails if fewer than half of its runs hold: judgement.
THRESHOLD = 0.5
#: The share of failures that a box should reach, as Bryant and Lempert (2010) ask of a useful one.
DENSITY = 0.8
