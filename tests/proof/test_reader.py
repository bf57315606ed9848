import pytest

from pyreport.files.places import policy_folder
from pyreport.proof.reader import PolicyUnreadable, Rule, read_policy
from pyreport.rulebook.loading import load_rulebook, readings
from pyreport.rulebook.syntax import Count, Literal, Operation, Variable


def read(text: str) -> list[Rule]:
    return read_policy({"rules.lp": text}).rules


def rule(text: str) -> Rule:
    (only,) = read(f"% @rule an.id\n{text}")
    return only


def value(one):
    return ("value", one)


def variable(name):
    return ("variable", name)


X, Y = variable("X"), variable("Y")


def test_a_fact_of_the_policy_is_read_with_its_values():
    found = rule('words(2017, first_year, "General Support", -3).')
    assert (found.id, found.predicate, found.body, found.variables) == ("an.id", "words", (), ())
    assert found.facts == ((2017, "first_year", '"General Support"', -3),)


def test_a_pool_stands_for_every_combination_in_the_order_written():
    assert rule("p((1; 2), x, (a; b)).").facts == ((1, "x", "a"), (1, "x", "b"), (2, "x", "a"), (2, "x", "b"))


def test_a_fact_without_arguments_is_read():
    assert rule("p.").facts == ((),)


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("q(X)", ("atom", "q", (X,))),
        ("q(X), q(X, a)", ("atom", "q", (X, value("a")))),
        ("q(X), r", ("atom", "r", ())),
        ("q(X), not r(X)", ("not", "r", (X,))),
        ("q(X), not r", ("not", "r", ())),
        ('q(X), X != "10"', ("compare", "!=", X, value('"10"'))),
        ("q(X), 1 < X", ("compare", "<", value(1), X)),
        ("q(X), X >= -1", ("compare", ">=", X, value(-1))),
        ("q(X), a = X", ("compare", "=", value("a"), X)),
        ("q(X), Y = X + 2 * 3", ("compare", "=", Y, ("+", X, ("*", value(2), value(3))))),
        ("q(X), Y = (X - 1) * 2", ("compare", "=", Y, ("*", ("-", X, value(1)), value(2)))),
        ("q(X), Y = X - 1 - 2", ("compare", "=", Y, ("-", ("-", X, value(1)), value(2)))),
        ("q(X), r(X + 1)", ("atom", "r", (("+", X, value(1)),))),
        ("q(X); r(X)", ("atom", "r", (X,))),
        ("q(X), #count { Y : r(Y) } >= 2", ("count", (((Y,), (("atom", "r", (Y,)),)),), ">=", value(2))),
        ("q(X), 2 <= #count { Y : r(Y) }", ("count", (((Y,), (("atom", "r", (Y,)),)),), ">=", value(2))),
        ("q(X), 2 > #count { Y : r(Y) }", ("count", (((Y,), (("atom", "r", (Y,)),)),), "<", value(2))),
        (
            "q(X), #count { Y, a : r(Y), not s(Y), Y != X ; Y : t(Y) } < X",
            (
                "count",
                (
                    ((Y, value("a")), (("atom", "r", (Y,)), ("not", "s", (Y,)), ("compare", "!=", Y, X))),
                    ((Y,), (("atom", "t", (Y,)),)),
                ),
                "<",
                X,
            ),
        ),
    ],
)
def test_every_construct_of_a_body_is_read(body, part):
    found = rule(f"p(X) :- {body}.")
    assert found.body[-1] == part
    assert found.terms == (X,)


def test_the_variables_of_a_rule_are_those_outside_its_counts_sorted():
    found = rule("p(Z) :- q(Z, A), #count { B, A : r(B, A), s(C) } >= Least, t(Least), Sum = A + Z.")
    assert found.variables == ("A", "Least", "Sum", "Z")


def test_comments_inside_a_body_and_beside_it_say_nothing():
    found = rule("p(X) :- % a remark\n    q(X), % @rule not.this\n    % p(X) :- r(X).\n    not r(X). % the end")
    assert found.id == "an.id"
    assert found.body == (("atom", "q", (X,)), ("not", "r", (X,)))


def test_block_comments_say_nothing():
    assert [one.id for one in read("%* p(1). % @rule no *%\n% @rule an.id\np(1).\n%* and\nnot p(2). *%")] == ["an.id"]


@pytest.mark.parametrize(
    "text", ['"100 % sure. :- p(X), q"', r'"a \"quoted\" word"', r'"a \\ stroke"', '"“%*” and ”*%”"']
)
def test_a_string_holds_what_elsewhere_would_be_a_comment_or_an_end(text):
    assert rule(f"p({text}, 1).").facts == ((text, 1),)


def test_the_label_is_the_last_one_above_the_rule():
    assert [one.id for one in read("% @rule a\n% @says X\np(1).\n% @rule b\n% @cite Y (a)\np(2).")] == ["a", "b"]


def test_what_evidence_may_state_and_the_declared_arguments_are_read():
    policy = read_policy(
        {"vocabulary.lp": "%*! listed(LEA, Year)\nSays: {LEA}.\n*%\n#defined listed/2.\n#defined q/1."}
    )
    assert policy.inputs == {("listed", 2), ("q", 1)}
    assert policy.arguments == {("listed", 2): ("LEA", "Year")}


def test_files_other_than_rule_files_are_passed_over():
    assert read_policy({"names.yaml": "Group: {a: b}", "README.md": ":-"}).rules == []


def test_a_reading_stands_in_for_the_rules_that_it_names():
    texts = {
        "base.lp": "% @rule a\np(1).\n% @rule b\np(2).\n% @rule c\np(3).",
        "readings/other.lp": "% @reading Words\n% @replaces a\n% @replaces c\n% @rule d\np(4).",
    }
    assert [one.id for one in read_policy(texts).rules] == ["b", "d"]


@pytest.mark.parametrize(
    "text",
    [
        "p(X) :- q(X)",
        "p(X) :- q(X), .",
        "p(X) q(X).",
        "p(X).",
        "p(1 + 1).",
        "p(1..3).",
        "p(1; 2).",
        "p((1, 2)).",
        "p(f(1)).",
        "p((1; 2)) :- q(1).",
        "{ p(1) }.",
        "{ p(X) } :- q(X).",
        "p(1) | r(1).",
        "p(1); r(1).",
        ":- p(1).",
        "P(1).",
        "-p(1).",
        "p(_) :- q(_).",
        "p(X') :- q(X').",
        "p(X) :- q(X; 1).",
        "p(X) :- q(f(X)).",
        "p(X) :- -q(X).",
        "p(X) :- q(X), r(-X).",
        "p(X) :- q(X), not not r(X).",
        "p(X) :- q(X), not X = 1.",
        "p(X) :- q(X), not 5.",
        "p(X) :- q(X), 1 < X < 3.",
        "p(X) :- q(X), X = 1..3.",
        "p(X) :- q(X), X = 7 / 2.",
        "p(X) :- q(X), X ** 2 = 4.",
        "p(X) :- q(X), X.",
        "p(X) :- q(X) : r(X).",
        "p(X) :- q(X), #count { Y : r(Y) }.",
        "p(X) :- q(X), 1 <= #count { Y : r(Y) } <= 3.",
        "p(X) :- q(X), not #count { Y : r(Y) } > 1.",
        "p(X) :- q(X), #count { Y : r(Y) ) > 1.",
        "p(X) :- q(X), #sum { Y : r(Y) } > 1.",
        'p("open).',
        "p(1). q(1).",
        "#show p/1.",
        "#const n = 3.",
        "#defined p.",
        "#defined p/q.",
        '#include "other.lp".',
        "p(@f(1)).",
    ],
)
def test_a_text_outside_the_subset_is_refused_with_file_and_line(text):
    with pytest.raises(PolicyUnreadable, match=r"^rules\.lp:[34]: "):
        read(f"% A file\n% @rule an.id\n{text}\n")


def test_a_rule_without_an_id_is_refused():
    with pytest.raises(PolicyUnreadable, match=r"^rules\.lp:2: a rule without"):
        read("% A remark.\np(1).")


def test_an_id_that_stands_twice_is_refused():
    with pytest.raises(PolicyUnreadable, match="the rule id a stands twice"):
        read("% @rule a\np(1).\n% @rule a\np(2).")


def as_read(part):
    """A part or term of the rulebook as the checker's reader writes it."""
    match part:
        case Variable():
            return ("variable", part.name)
        case Operation():
            return (part.operator, as_read(part.left), as_read(part.right))
        case int() | str():
            return ("value", part)
        case Literal():
            return ("not" if part.negated else "atom", part.atom.predicate, tuple(map(as_read, part.atom.arguments)))
        case Count():
            elements = tuple((tuple(map(as_read, e.terms)), tuple(map(as_read, e.conditions))) for e in part.elements)
            return ("count", elements, part.operator, as_read(part.bound))
        case _:
            return ("compare", part.operator, as_read(part.left), as_read(part.right))


@pytest.mark.parametrize("reading", [None, *readings(policy_folder())], ids=lambda one: one or "settled")
def test_the_checkers_reader_and_clingos_parser_agree_on_every_rule_of_the_policy(reading):
    rulebook = load_rulebook(policy_folder(), reading)
    policy = read_policy(dict(rulebook.texts))
    read_here = {one.id: one for one in policy.rules}
    assert read_here.keys() == rulebook.by_id.keys()
    for one in rulebook.rules:
        other = read_here[one.id]
        assert other.predicate == one.head.predicate, one.id
        assert other.facts == tuple(fact[1:] for fact in one.facts), one.id
        assert other.body == tuple(map(as_read, one.body)), one.id
        if one.body:
            assert other.variables == one.variables, one.id
            assert other.terms == tuple(map(as_read, one.head.arguments)), one.id
        else:
            assert policy.arguments[one.head.predicate, len(one.variables)] == one.variables, one.id
    stated = {(p.name, len(p.arguments)) for p in rulebook.predicates.values() if p.stated_by == "evidence"}
    assert policy.inputs == stated
    assert policy.arguments == {(p.name, len(p.arguments)): p.arguments for p in rulebook.predicates.values()}
