"""What invented people say in their own words, and what the interviewer notes beside it."""

from __future__ import annotations

from survey.demo.distributions import Draw, one_out_of

NAMELY = "anders dan hier staat"

PHRASES = ("dat wisselt", "van alles wat", "een paar uur in de week", "zoals de meeste mensen")

SENTENCES = (
    "Het gaat beter dan een tijd geleden, maar het gaat met kleine stappen.",
    "Daar moet ik nog over nadenken.",
    "Het helpt als iemand rustig met mij meedenkt.",
    "Meer rust in mijn hoofd, dan komt de rest ook.",
)

NOTES = (
    "Dacht hier lang over na.",
    "Wil hier een volgende keer meer over vertellen.",
    "Vraag twee keer voorgelezen.",
    "Keek even naar buiten; daarna rustig verder gegaan.",
    "Antwoord samen gekozen met de kaart.",
)

NOTES_IN_TWO_LANGUAGES = (
    "Las zelf mee in de eigen taal.",
    "Eerst in de eigen taal gelezen, daarna in het Nederlands geantwoord.",
)

PARTICIPANT_WORDS: dict[str, Draw] = {
    "household_namely": one_out_of("met mijn kleindochter", "bij de vader van mijn kind"),
    "country_self_namely": one_out_of("Ghana", "Brazilië", "Duitsland"),
    "country_mother_namely": one_out_of("Ghana", "Brazilië", "Duitsland"),
    "country_father_namely": one_out_of("Ghana", "Brazilië", "Duitsland"),
    "leisure_namely": one_out_of("vissen", "brommers opknappen", "mijn duiven"),
    "study_kind_namely": one_out_of("rijlessen", "een cursus EHBO"),
    "stress_from_namely": one_out_of("de buren boven mij", "het nieuws"),
    "income_namely": one_out_of("alimentatie", "een toelage"),
    "short_of_namely": one_out_of("een nieuwe wasmachine", "eten voor de hond"),
    "care_used_namely": one_out_of("de fysiotherapeut", "de diëtist"),
    "work_kind": one_out_of(
        "schoonmaken", "in de keuken", "post bezorgen", "in een magazijn", "oproepkracht in de zorg"
    ),
    "day_wish": one_out_of(
        "Vaker naar buiten, als het kan met iemand samen.",
        "Zwemmen. Dat is lang geleden.",
        "Weer in een koor zingen, dat deed ik vroeger.",
        "Gewoon niets moeten.",
        "Koken voor anderen. In het buurthuis kan dat misschien.",
        "Nederlands praten met mensen, niet alleen op les.",
        "Ik zou graag weer werken, ook al is het maar een paar uur.",
    ),
    "calm_helps": one_out_of(
        "- wandelen\n- muziek luisteren\n- mijn zus bellen",
        "Bidden.",
        "Alles opschrijven voor ik ga slapen.",
        "Mijn hond. Die voelt het meteen.",
        "Een kop thee en de telefoon uit.",
        "In de tuin werken, dan denk ik nergens aan.",
        "Dat weet ik niet. Misschien slapen.",
    ),
    "goal": one_out_of(
        "Vrijwilligerswerk vinden dat bij mij past.",
        "Mijn schulden op een rij, en een regeling die ik kan volhouden.",
        "Beter Nederlands leren zodat ik zelf kan bellen.",
        "Minder alleen zitten.",
        "Een diploma halen. Het hoeft niet meteen.",
        "Een kleinere woning zonder trap.",
        "Elke week één keer sporten.",
        "Mijn zus vaker zien.",
    ),
    "pleased_with": one_out_of(
        "Het gaat goed met de mensen om wie ik geef.",
        "Dat ik vanochtend op tijd op was.",
        "Mijn buurvrouw, we drinken nu elke week koffie.",
        "De brief is weg. Eindelijk.",
        "Mijn huis. Het is klein maar het is van mij.",
        "Dat er iemand naar mij luistert.",
        "Ik kan weer lachen.",
    ),
    "talk_more": one_out_of(
        "Nee, het was goed zo.",
        "Het waren veel vragen, maar wel goede.",
        "Ik hoop dat er iets mee gebeurt.",
        "Dank u wel dat u de tijd nam.",
        'Iemand zei eens: "kijk naar wat er wél is". Dat helpt mij.',
    ),
}

COACH_WORDS: dict[str, Draw] = {
    "place_barriers_namely": one_out_of("de agenda van de werkkamer", "parkeren in de wijk"),
    "compass_barriers_namely": one_out_of("het is moeilijk om terug te kijken", "er is al een ander formulier"),
    "plan_barriers_namely": one_out_of(
        "er is al een ander formulier",
    ),
    "trainer_form_namely": one_out_of(
        "even bellen tussendoor",
    ),
    "meeting_needed": one_out_of(
        "Een vast uur in de week, en iemand die het voorzit.",
    ),
    "practice_helps": one_out_of(
        "De teamkrachtbespreking: je gaat met nieuwe ideeën naar buiten.",
        "Tijd om iemand echt te leren kennen.",
        "Een collega die meekijkt en vragen stelt.",
        "Dat de deelnemer zelf kiest waar we mee beginnen.",
    ),
    "practice_hinders": one_out_of(
        "Het krachtkompas staat niet in ons systeem, dus ik typ alles twee keer.",
        "Te weinig tijd door regels en termijnen.",
        "Met mensen die nog weinig Nederlands spreken is het kompas erg talig.",
        "Afspreken op kantoor gaat vanzelf, ergens anders kost het moeite.",
    ),
}

OBSERVER_WORDS: dict[str, Draw] = {
    "case_compass_evidence": one_out_of(
        "De coach tekende het kompas op het bord terwijl zij over de deelnemer vertelde.",
        "Aan het begin was er nog niets op papier; het team vulde samen vijf gebieden in.",
    ),
    "opening_evidence": one_out_of(
        "De coach begon met drie dingen die goed gaan en las daarna één vraag voor.",
        "De vraag stond op het bord en werd een keer herhaald.",
    ),
    "ideas_evidence": one_out_of(
        "Er kwam een rondje waarin iedereen iets noemde. Pas daarna werd er gepraat.",
        "De lijst hing aan de muur. Twee collega's hadden de meeste ideeën.",
    ),
    "choosing_evidence": one_out_of(
        "De coach neemt de lijst mee naar de deelnemer. Eerste stap: samen langs het buurthuis.",
        "Stappen met een naam erbij, een dag werd niet altijd genoemd.",
    ),
    "atmosphere_evidence": one_out_of(
        "Er werd gelachen, en met warmte over de deelnemer gesproken.",
        "Rustig. Bij verschil van mening vroeg de leider eerst door.",
    ),
    "observer_remarks": one_out_of(
        "Met een kompas vooraf was er meer tijd voor ideeën geweest.",
        "Een gewone week, volgens het team.",
    ),
}
