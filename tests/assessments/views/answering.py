"""Sending what a browser sends, and reading what it would show."""

import re

# What a browser sends of a section in which only levels were chosen: texts and revisions, too.
SECTION = {
    "ALF-01:note": "",
    "ALF-01:evidence": "",
    "ALF-01:revision": "0",
    "ALF-02:reason": "",
    "ALF-02:note": "",
    "ALF-02:evidence": "",
    "ALF-02:revision": "0",
}


def stored(assessment):
    """Choices by code: the value, or NA; with the note where there is one."""
    return {
        answer.indicator.code: "NA" if answer.not_applicable else answer.value
        for answer in assessment.answers.select_related("indicator")
    }


def checked(response):
    """Names and values of the radios that are chosen."""
    found = re.findall(
        r'type="radio" name="([^"]+)" value="([^"]+)"[^>]* checked', response.content.decode()
    )
    return dict(found)
