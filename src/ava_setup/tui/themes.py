"""How the wizard looks: four themes. Every colour in the style sheets is a variable of these."""

from __future__ import annotations

from typing import NamedTuple

from textual.theme import Theme

from ava_setup.tui.looks import Look


class Palette(NamedTuple):
    """The colours of a theme, by what they are for.

    Attributes:
        paper: Behind everything.
        bar: Behind bars, lists, and questions.
        field: Behind what is typed in, and behind buttons.
        picked: Behind what is picked while the focus is elsewhere.
        held: Behind what is picked of a list that has the focus.
        main: Behind the button that leads on.
        chosen: Behind what has the focus.
        on_chosen: Words on that.
        words: Words.
        aside: Words that matter less: hints, what is not to be had now.
        purpose: Words that say what a page is for.
        news: Words about what goes on, and warnings.
        good: Words about what is well.
        bad: Words about what is not.
    """

    paper: str
    bar: str
    field: str
    picked: str
    held: str
    main: str
    chosen: str
    on_chosen: str
    words: str
    aside: str
    purpose: str
    news: str
    good: str
    bad: str


_DARK = Palette(
    paper="#12171c",
    bar="#1b232b",
    field="#26323c",
    picked="#263a40",
    held="#1f4f4b",
    main="#2b5550",
    chosen="#5cc8b0",
    on_chosen="#0c1512",
    words="#e6ebee",
    aside="#b4c0c8",
    purpose="#5cc8b0",
    news="#f0b866",
    good="#7fd18b",
    bad="#ff9c94",
)
_LIGHT = Palette(
    paper="#fbfcfd",
    bar="#eef2f5",
    field="#e1e8ed",
    picked="#dfe9ec",
    held="#bfe0da",
    main="#b9dcd6",
    chosen="#00665a",
    on_chosen="#ffffff",
    words="#172026",
    aside="#44525c",
    purpose="#005a4f",
    news="#7a3e00",
    good="#14591f",
    bad="#a1160f",
)
_CONTRAST = Palette(
    paper="#000000",
    bar="#000000",
    field="#1c1c1c",
    picked="#2e2e2e",
    held="#003a31",
    main="#003d33",
    chosen="#ffe14d",
    on_chosen="#000000",
    words="#ffffff",
    aside="#dadada",
    purpose="#7dffe3",
    news="#ffd24d",
    good="#8dff99",
    bad="#ffb8b3",
)
# Whatever the terminal's paper is: its own words are legible on it, few other colours surely are.
_OWN = "ansi_default"
_ANSI = Palette(
    paper=_OWN,
    bar=_OWN,
    field=_OWN,
    picked=_OWN,
    held=_OWN,
    main=_OWN,
    chosen=_OWN,
    on_chosen=_OWN,
    words=_OWN,
    aside=_OWN,
    purpose=_OWN,
    news=_OWN,
    good="ansi_green",
    bad="ansi_red",
)


def theme_of(name: str, colours: Palette) -> Theme:
    """Make a theme, with Textual's own variables led back to our colours."""
    return Theme(
        name=name,
        dark=name != Look.LIGHT,
        ansi=name == Look.ANSI,
        primary=colours.purpose,
        secondary=colours.purpose,
        accent=colours.news,
        success=colours.good,
        warning=colours.news,
        error=colours.bad,
        foreground=colours.words,
        background=colours.paper,
        surface=colours.bar,
        panel=colours.field,
        variables={
            "surface": colours.bar,
            "panel": colours.field,
            "boost": colours.field,
            "picked": colours.picked,
            "held": colours.held,
            "main": colours.main,
            "chosen": colours.chosen,
            "on-chosen": colours.on_chosen,
            "text": colours.words,
            "text-muted": colours.aside,
            "text-disabled": colours.aside,
            "foreground-muted": colours.aside,
            "foreground-disabled": colours.aside,
            "block-cursor-background": colours.held,
            "block-cursor-foreground": colours.words,
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": colours.picked,
            "block-cursor-blurred-foreground": colours.words,
            "block-cursor-blurred-text-style": "none",
            "block-hover-background": colours.picked,
            "input-cursor-background": colours.words,
            "input-cursor-foreground": colours.paper,
            "input-cursor-text-style": "none",
            "input-selection-background": colours.chosen,
            "input-selection-foreground": colours.on_chosen,
            "screen-selection-background": colours.chosen,
            "screen-selection-foreground": colours.on_chosen,
            "border": colours.purpose,
            "border-blurred": colours.aside,
            "button-foreground": colours.words,
            "button-color-foreground": colours.on_chosen,
            "ansi-background": colours.paper,
            "ansi-foreground": colours.words,
            "scrollbar": colours.aside,
            "scrollbar-hover": colours.purpose,
            "scrollbar-active": colours.purpose,
            "scrollbar-background": colours.bar,
            "scrollbar-background-hover": colours.bar,
            "scrollbar-background-active": colours.bar,
            "scrollbar-corner-color": colours.bar,
        },
    )


PALETTES = {
    Look.DARK: _DARK,
    Look.LIGHT: _LIGHT,
    Look.CONTRAST: _CONTRAST,
    Look.ANSI: _ANSI,
}
