"""What a pipeline's step cannot do, told to the person who reads its log."""


class CiError(Exception):
    """Why, and what to do (`hint`)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
