"""What is mended or completed of py-cord, by its public ways where there are any.

`private_parts` has what is used of its inside, and the start fails if a part of that has gone.
"""

from assistant.pycord.private_parts import check_private_parts

check_private_parts()
