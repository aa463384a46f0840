"""What a page weighs on an old telephone's connection."""

import gzip

from tests.ui.test_in_browser import BUILT

MOST = 150_000


def test_style_sheet_and_script_of_a_page_are_small():
    dist = BUILT.parent
    sizes = {
        path.name: len(gzip.compress(path.read_bytes()))
        for path in dist.iterdir()
        if path.suffix in {".css", ".js"}
    }
    assert len(sizes) >= 2
    assert sum(sizes.values()) < MOST, sizes
