"""docs/policies.md says what the records say."""

from tools.policies.page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python -m tools.policies --page` and commit"
