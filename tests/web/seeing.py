"""What a person sees of a page: the words at a path, not strings of markup."""

from __future__ import annotations

from typing import Any

from lxml import html


def seen(response: Any, path: str) -> list[str]:
    """The words of what stands at a path; attributes as they are."""
    found = html.fromstring(response.data).xpath(path)
    return [" ".join(getattr(one, "text_content", one.__str__)().split()) for one in found]
