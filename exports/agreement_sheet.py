"""How far two observers of the same meetings agree: all together, all items with the same points, and each item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from exports.sheet_stream import letters
from exports.tables import ROW, Field, Row, formula, rounded
from survey.instruments.texts import Texts
from survey.measures.agreement import LEAST, Agreed, AgreementReport
from survey.measures.icc import MODEL
from survey.measures.kappa import Kappa

SAID = (
    "How far two observers of the same meetings agree before they settle anything: over all answers, over all items "
    "with the same points, and per item."
)
EMPTY = {
    "en": "There are no rows: no meeting has two records yet.",
    "nl": "Er zijn geen rijen: van geen bespreking zijn er al twee verslagen.",
}
NOTES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Only what both answered is compared, as each handed it in, before they saw the other's.",
        f"With fewer than {LEAST} answers of both there is no kappa and no correlation: one answer more would turn it "
        "round. The share that is the same always stands there.",
        f"Intraclass correlation: {MODEL}, two-way random, absolute agreement. Below 0.5 poor, to 0.75 moderate, to "
        "0.9 good, above that excellent; read its lower end first.",
        "warnings: too_few (see above), one_category (one of both gave the same answer every time, so that nothing can "
        "be computed), no_spread (nearly so: kappa and correlation are low although they agree).",
    ),
    "nl": (
        "Alleen wat beide observatoren hebben ingevuld, wordt vergeleken, zoals ze het inleverden, voordat ze elkaars "
        "antwoord zagen.",
        f"Met minder dan {LEAST} antwoorden van beiden staat er geen kappa en geen correlatie: één antwoord erbij zou "
        "alles omdraaien. Welk deel hetzelfde is, staat er altijd.",
        f"Intraklasse-correlatie: {MODEL}, twee factoren toevallig, absolute overeenstemming. Onder 0,5 slecht, tot "
        "0,75 matig, tot 0,9 goed, daarboven uitstekend; kijk eerst naar de ondergrens.",
        "warnings: too_few (zie boven), one_category (een van beiden gaf elke keer hetzelfde antwoord, zodat er niets "
        "te berekenen is), no_spread (bijna zo: kappa en correlatie zijn laag terwijl ze het eens zijn).",
    ),
}


def _kappa_fields(name: str, said: str) -> tuple[Field, ...]:
    return (
        Field(name, "number", f"kappa, {said}"),
        Field(f"{name}_low", "number", "the lower end of its 95 % interval"),
        Field(f"{name}_high", "number", "the upper end of its 95 % interval"),
    )


FIELDS = rounded(
    (
        Field("instrument", "string", "what observers filled in"),
        Field("part", "string", "all: every answer; together: all items with the same points; item: one of them"),
        Field("item", "string", "the question or item; of together their names, with + between them"),
        Field("text", "string", "its words; of together the points"),
        Field("sort", "string", "scale: points in an order; choice: without one; number; other: the same or not"),
        Field("meetings", "integer", "meetings with two records"),
        Field("n", "integer", "answers that both gave"),
        Field("same", "integer", "of those: exactly the same"),
        Field("same_share", "number", "the same as a part, 0 to 1", computed=True),
        Field("near", "integer", "at most one point apart; only of scales"),
        Field("near_share", "number", "the same as a part, 0 to 1", computed=True),
        Field("one_only", "integer", "answers that only one of both gave"),
        *_kappa_fields("kappa", "unweighted"),
        *_kappa_fields("kappa_linear", "linear weights"),
        *_kappa_fields("kappa_quadratic", "quadratic weights"),
        Field("icc_single", "number", "ICC(2,1): how far one observer can be relied on"),
        Field("icc_single_low", "number", "the lower end of its 95 % interval"),
        Field("icc_single_high", "number", "the upper end of its 95 % interval"),
        Field("icc_mean", "number", "ICC(2,k): how far the mean of both can be relied on"),
        Field("icc_mean_low", "number", "the lower end of its 95 % interval"),
        Field("icc_mean_high", "number", "the upper end of its 95 % interval"),
        Field("warnings", "string", "why figures are missing or misleading, with + between them"),
    )
)
_PLACES = [field.name for field in FIELDS]
_N, _SAME, _NEAR = (letters(_PLACES.index(name)) + ROW for name in ("n", "same", "near"))


def rows(instrument: str, report: AgreementReport, texts: Texts) -> Iterator[Row]:
    """All answers first, then items with the same points together, then each item."""
    share = formula(f'IF({_N}=0,"",{_SAME}/{_N})', report.exact)
    yield (
        instrument, "all", None, None, None, report.meetings, report.n, report.same, share,
        *(None,) * (len(FIELDS) - 9),
    )  # fmt: skip
    for together in report.together:
        points = " ".join(str(point) for point in together.points)
        yield _row((instrument, "together", "+".join(together.items), points, "scale"), report, together.agreed)
    for item in report.items:
        said = texts[item.unit.key].words if item.unit.key in texts else None
        yield _row((instrument, "item", item.unit.name, said, item.sort), report, item.agreed)


def _row(begin: Row, report: AgreementReport, one: Agreed) -> Row:
    near = one.near / one.n if one.near is not None and one.n else None
    icc: Sequence[float | None] = (None,) * 6
    if one.icc is not None:
        icc = (one.icc.single, one.icc.low, one.icc.high, one.icc.mean, one.icc.mean_low, one.icc.mean_high)
    return (
        *begin, report.meetings, one.n, one.same, formula(f'IF({_N}=0,"",{_SAME}/{_N})', one.exact),
        one.near, None if one.near is None else formula(f'IF({_N}=0,"",{_NEAR}/{_N})', near), one.one_only,
        *_kappa(one.unweighted), *_kappa(one.linear), *_kappa(one.quadratic), *icc, "+".join(one.warnings) or None,
    )  # fmt: skip


def _kappa(one: Kappa | None) -> Row:
    return (None, None, None) if one is None else (one.value, one.low, one.high)
