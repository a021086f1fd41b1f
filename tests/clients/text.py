"""What the clients have in common."""

import sys

# More than one READ or WRITE of any of them, and no two blocks of it alike.
CONTENTS = b"".join(number.to_bytes(4, "big") for number in range(700_000))


# A file with these contents that each client finds.
GIVEN = "given"


def check(is_so, what):
    """Ends this client's turn if something is not so."""
    if not is_so:
        sys.exit(f"not so: {what}")
