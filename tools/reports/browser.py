"""Pages as pictures, by Debian's Chromium where it is installed.

Owns      one headless browser process a picture, with a profile that is thrown away.
Refuses   to be needed: who has no Chromium gets the pages and no pictures.
"""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from markdown_it import MarkdownIt

DESKTOP, PHONE = (1280, 900), (390, 844)
_HOST = """<!doctype html><meta charset="utf-8"><title>comment</title><style>
body {{ font: 14px/1.5 "DejaVu Sans", sans-serif; max-width: 52rem; margin: 1rem auto;
  padding: 0 1rem; color: #1f2328 }}
code {{ background: #eff1f3; padding: .1em .3em; border-radius: 4px; font: 12px "DejaVu Sans Mono", monospace }}
table {{ border-collapse: collapse; display: block; overflow: auto }}
td, th {{ border: 1px solid #d0d7de; padding: 4px 9px }}
pre {{ background: #f6f8fa; padding: 1rem; overflow: auto }}
</style>{body}"""


def rendered(markdown: str) -> str:
    """A comment roughly as a Git host shows it: CommonMark with HTML, and its table style."""
    return _HOST.format(body=MarkdownIt("commonmark", {"html": True}).render(markdown))


def found() -> str | None:
    """The browser's command."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def photograph(browser: str, page: Path, picture: Path, size: tuple[int, int], *, dark: bool = False) -> float:
    """Write a picture of a page; returns the seconds that it took, with the browser's start."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
            f"--window-size={size[0]},{size[1]}",
            f"--screenshot={picture}",
            *(["--blink-settings=preferredColorScheme=0"] if dark else []),
            page.resolve().as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - found above
    return time.perf_counter() - started
