"""What the forms about a response share."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm


class OwnWording(FlaskForm):
    """A form with our own wording. Protection against forged requests covers every POST of the app already."""

    class Meta:
        csrf = False

        def get_translations(self, form: Any) -> None:
            """The wording of mistakes is ours: WTForms' own catalogues need not be read."""
