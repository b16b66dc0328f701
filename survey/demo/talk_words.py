"""What invented people say in the closing interview, about their coach, and about their work as a professional."""

from __future__ import annotations

from survey.demo.distributions import Draw, about, one_of, one_out_of, some_of

CONDITIONS = {"take": 0.5, "belong": 0.4, "matter": 0.4, "self": 0.5}
"""How often somebody sees more of each of the four conditions in their life."""

THROUGH = one_of({"no": 0.2, "partly": 0.45, "mostly": 0.35})

STORIES = one_out_of(
    "Ik kom vaker buiten. Eerst één keer in de week, nu bijna elke dag.",
    "Op dinsdag help ik in het buurthuis. Ze rekenen daar op mij.",
    "Mijn zus en ik praten weer met elkaar.",
    "Er is niet zoveel anders. Ik slaap wel beter.",
    "Ik durf nu zelf te bellen. Dat deed mijn dochter altijd.",
    "Ik hoor weer ergens bij. Dat is lang niet zo geweest.",
    "Het is nog zwaar, maar ik weet wat mijn volgende stap is.",
)

HOW = one_out_of(
    "Door de kleine stappen. Elke keer één ding.",
    "De coach geloofde het eerder dan ik.",
    "We liepen er de eerste keer samen heen.",
    "Door de regeling heb ik rust. Toen kon de rest ook.",
    "Vooral door mijzelf. Maar het hielp dat er iemand vroeg hoe het ging.",
)

CLOSING_DRAWS: dict[str, Draw] = {
    **{f"{condition}_change": one_of({"more": share, "same": 0.9 - share, "less": 0.1})
       for condition, share in CONDITIONS.items()},
    **{f"{condition}_through": THROUGH for condition in CONDITIONS},
    **{f"{condition}_story": STORIES for condition in CONDITIONS},
    **{f"{condition}_how": HOW for condition in CONDITIONS},
    "time_was": one_out_of("Rustig begonnen, later meer gedaan.", "Met ups en downs.", "Sneller voorbij dan ik dacht."),
    "hoped": one_out_of("Dat er iemand naast mij ging staan.", "Werk. Het werd iets anders, en dat is goed."),
    "grade_why": one_out_of(
        "Er werd geluisterd.",
        "De coach kwam ook bij mij thuis.",
        "Geen tien, want het duurde lang voor het begon.",
        "Ik mocht zelf kiezen waar we aan werkten.",
    ),
    "went_well": one_out_of("De gesprekken.", "De afspraken werden nagekomen.", "Samen naar de gemeente."),
    "went_less": one_out_of("Het wachten.", "Formulieren. Die blijven moeilijk.", "Er kwam een andere coach."),
    "met_where": some_of({"office": 0.8, "home": 0.4, "area": 0.3, "outside": 0.3, "phone": 0.5}, "office"),
    "met_rhythm": one_of({"too_rarely": 0.3, "enough": 0.65, "changing": 0.05}),
    "trust": one_of({3: 0.15, 4: 0.45, 5: 0.4}),
    "elements": some_of(
        {"relation": 0.7, "tailoring": 0.5, "strengths": 0.35, "recovery": 0.35, "practical": 0.5}, "none"
    ),
    "elements_example": one_out_of(
        "De coach vroeg eerst wat ik wél kon. Toen bleek dat best veel.",
        "We hebben samen alle brieven opengemaakt.",
        "Als het slecht ging, mocht het ook een gesprek van vijf minuten zijn.",
    ),
    "own_part": one_out_of("Ik ben blijven komen.", "Ik heb het zelf gedaan, met hulp."),
    "missed": one_out_of("Meer tijd.", "Iemand die mijn taal spreekt.", "Niets eigenlijk."),
    "advice_coach": one_out_of("Ga zo door.", "Kom vaker langs.", "Vraag vaker wat ik zelf wil."),
    "advice_organisation": one_out_of("Minder brieven.", "Laat mensen langer bij dezelfde coach."),
    "end_who": one_of({"together": 0.6, "coach": 0.2, "time_up": 0.1, "self": 0.1}),
    "end_moment": one_of({"too_early": 0.25, "right": 0.7, "too_late": 0.05}),
    "handover": one_of({"good": 0.5, "hard": 0.1, "wanted": 0.15, "no_need": 0.25}),
    "proud_of": one_out_of("Dat ik hier zit.", "Mijn diploma.", "Dat ik om hulp vroeg."),
    "in_a_year": one_out_of("Een baan voor een paar uur.", "Rust.", "Hetzelfde, maar dan met minder schulden."),
    "talk_feel": one_of({3: 0.2, 4: 0.55, 5: 0.25}),
    "talk_heavy": one_of({"yes": 0.12, "no": 0.88}),
}  # fmt: skip

RATING_DRAWS: dict[str, Draw] = {
    "after_feel": one_of({2: 0.03, 3: 0.3, 4: 0.45, 5: 0.22}),
    "gives_courage": one_out_of(
        "Mijn coach lacht met mij.",
        "Mijn coach vergeet niet wat ik vertel.",
        "Dat ik altijd mag bellen.",
        "Rustig uitleggen.",
    ),
    "could_change": one_out_of("Vaker komen.", "Niets.", "Vragen wat ik goed kan.", "Meer tijd voor mijn plannen."),
    "filled_with": one_of({"nobody": 0.7, "family": 0.15, "study": 0.15}),
}

PROFESSIONAL_DRAWS: dict[str, Draw] = {
    "usual_week": one_out_of(
        "Gesprekken op maandag en woensdag, verslagen op vrijdag, en de rest loopt ertussendoor.",
        "Veel bellen. Een op de drie afspraken verschuift.",
    ),
    "method_own_words": one_out_of(
        "Uitgaan van wat iemand kan, ook als er veel misgaat.",
        "De deelnemer heeft het stuur. Ik zit ernaast.",
    ),
    "caseload_now": about(23, 4, 17, 30),
    "compass_story": one_out_of(
        "Ik maak het kompas als iemand er rust voor heeft. Dat is bij minder dan de helft.",
        "Het kompas staat niet in het systeem. Dus het blijft liggen.",
    ),
    "compass_hard": one_out_of(
        "Voor wie weinig Nederlands spreekt is het te veel papier.",
        "Tien gebieden is veel. Ik begin met drie.",
    ),
    "plan_story": one_out_of("Het plan gaat elke keer mee.", "Kleine stappen, met een datum erbij."),
    "place_story": one_out_of("Op kantoor is een kamer vrij, thuis niet altijd rust.", "Lopend praten werkt het best."),
    "file_story": one_out_of("Ik schrijf alles twee keer op.", "Het systeem vraagt wat er mis is, niet wat goed gaat."),
    "language_story": one_out_of(
        "Met een tolk duurt alles twee keer zo lang.", "Soms tolkt een buurvrouw. Dat is niet ideaal."
    ),
    "elements": some_of(
        {"relation": 0.95, "tailoring": 0.7, "strengths": 0.5, "recovery": 0.4, "practical": 0.8}, "relation"
    ),
    "helps_most": some_of({"meeting": 0.6, "training": 0.5, "plan": 0.6, "time": 0.2}, "meeting"),
    "hinders_most": some_of({"compass": 0.5, "file": 0.7, "language": 0.6, "time": 0.4, "place": 0.3}, "file"),
    "need_first": one_out_of("Een plek voor het kompas in het systeem.", "Tijd om bij mensen thuis te komen."),
}
