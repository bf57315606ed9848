import html
import re

from pyreport.reporting.rule_code import ELEMENTS, highlighted

from .pages import rulebook


def test_predicates_words_of_the_language_strings_and_comments_stand_in_their_elements():
    code = 'eligible(LEA, Year) :-\n    not kind(LEA, "x"),  % so far\n    #count { G : met(LEA, G) } >= 2.'
    shown = highlighted(code, "eligible", "words.html#eligible")
    assert shown == (
        '<a href="words.html#eligible">eligible</a>(LEA, Year) :-\n    <i>not</i> <b>kind</b>'
        "(LEA, <u>&#34;x&#34;</u>),  <s>% so far</s>\n    <i>#count</i> { G : <b>met</b>(LEA, G) } &gt;= 2."
    )
    assert set(re.findall(r"<([bius])>", shown)) == set(ELEMENTS.values())


def test_the_words_of_every_rule_are_those_of_its_code():
    for rule in rulebook().rules:
        code, head = rule.text.strip(), rule.head.predicate
        assert html.unescape(re.sub("<[^>]*>", "", highlighted(code, head, "#"))) == code, rule.id
