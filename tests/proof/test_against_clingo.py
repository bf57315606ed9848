import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyreport.proof.checker import ProofChecker
from pyreport.proof.compiler import Atoms, NotANumberError, compile_rule
from pyreport.proof.reader import read_policy

from .made_up import MadeCount, MadeRule, document, model, names, texts_of

INPUTS = ("e/2", "f/1", "g/2")
ARITIES = {"e": "NN", "f": "N", "g": "NC"}
"""Arguments of the evidence predicates: N a number, C a constant or a string."""

NUMBERS = st.integers(0, 2)
CONSTANTS = st.sampled_from(["a", "b", '"c, d"'])
FACTS = st.lists(
    st.one_of(
        st.tuples(st.just("e"), NUMBERS, NUMBERS),
        st.tuples(st.just("f"), NUMBERS),
        st.tuples(st.just("g"), NUMBERS, CONSTANTS),
    ),
    min_size=8,
    max_size=18,
    unique=True,
)
SELDOM = st.sampled_from([False, False, True])
OPERATORS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


@st.composite
def literals(draw, signatures, number_terms, constant_terms):
    name = draw(st.sampled_from(sorted(signatures)))
    arguments = [draw(number_terms if kind == "N" else constant_terms) for kind in signatures[name]]
    return f"{name}({', '.join(arguments)})"


@st.composite
def rules(draw, head, lower):
    """A safe rule for ``head``; ``lower`` are the predicates below it, which it may negate and count."""
    numbers = st.sampled_from(["X", "Y", "Z", "X", "Y", "Z", "1"])
    constants = st.sampled_from(["C", "D", "a"])
    positive = draw(st.lists(literals({**lower, head: "NN"}, numbers, constants), min_size=1, max_size=3))
    if all(one.startswith(head) for one in positive):
        positive.append(draw(literals(ARITIES, numbers, constants)))
    bound = names(*positive)
    of_numbers = [name for name in bound if name not in "CD"]
    body = list(positive)
    safe_numbers = st.sampled_from([*of_numbers, *of_numbers, "1"])
    safe_constants = st.sampled_from([*(name for name in bound if name in "CD"), "b"])
    if draw(SELDOM):
        body.append(f"not {draw(literals(lower, safe_numbers, safe_constants))}")
    if draw(SELDOM):
        body.append(f"{draw(safe_numbers)} {draw(OPERATORS)} {draw(safe_numbers)}")
    head_numbers = [*of_numbers, "3"]
    if of_numbers and head not in {one.partition("(")[0] for one in positive} and draw(SELDOM):
        # An assignment; not in recursion, which could go on for ever.
        body.append(f"W = {draw(safe_numbers)} {draw(st.sampled_from('+-*'))} {draw(safe_numbers)}")
        head_numbers += ["W", "W + 1"]
    if draw(SELDOM):
        body.append(draw(counts(lower, of_numbers)))
    order = draw(st.permutations(body))
    arguments = [draw(st.sampled_from(head_numbers)) for _ in range(2)]
    return MadeRule(f"{head}({', '.join(arguments)})", tuple(order))


@st.composite
def counts(draw, lower, of_numbers):
    inner = st.sampled_from(["M", "N", *of_numbers, "1"])
    elements = []
    for _ in range(draw(st.integers(1, 2))):
        conditions = [draw(literals(lower, inner, st.sampled_from(["K", "a"])))]
        known = [name for name in names(*conditions) if name != "K"]
        if draw(SELDOM):
            terms = st.sampled_from([*known, "0"])
            conditions.append(f"not {draw(literals({'f': 'N', 'e': 'NN'}, terms, st.just('a')))}")
        if known and draw(SELDOM):
            conditions.append(
                f"{draw(st.sampled_from(known))} {draw(OPERATORS)} {draw(st.sampled_from([*known, '1']))}"
            )
        counted = draw(st.lists(st.sampled_from([*names(*conditions), "0"]), min_size=1, max_size=2))
        elements.append((", ".join(counted), tuple(conditions)))
    return MadeCount(tuple(elements), draw(OPERATORS), draw(st.sampled_from([*of_numbers, "1", "2"])))


@st.composite
def policies(draw):
    lower = dict(ARITIES)
    made = []
    for head in ("p", "q", "r"):
        made += draw(st.lists(rules(head, dict(lower)), min_size=1, max_size=2))
        lower[head] = "NN"
    return made


@settings(max_examples=150, deadline=None)
@given(policies(), FACTS)
def test_the_checker_finds_the_applications_that_clingo_finds(made, facts):
    atoms = Atoms()
    found = model("\n".join([*map(str, made), *(f"{n}({','.join(map(str, v))})." for n, *v in facts)]))
    for name, *values in found:
        atoms.add(name, tuple(values))
    graph = document(made, facts, INPUTS)
    for rule in read_policy(texts_of(made, INPUTS)).rules:
        entry = graph["rules"][rule.id]
        applications = compile_rule(rule)(atoms)
        assert list(rule.variables) == entry["variables"]
        assert applications.keys() == set(map(tuple, entry["instances"]))
        for instance, counted in zip(entry["instances"], entry.get("counted", []), strict=False):
            assert applications[tuple(instance)] == tuple({tuple(one) for one in element} for element in counted)


@settings(max_examples=100, deadline=None)
@given(policies(), FACTS)
def test_the_checker_confirms_the_graph_that_clingo_gives(made, facts):
    verdict = ProofChecker(texts_of(made, INPUTS)).check(document(made, facts, INPUTS))
    assert verdict.holds, str(verdict)


@settings(max_examples=100, deadline=None)
@given(policies(), FACTS, st.data())
def test_the_checker_never_confirms_a_graph_that_clingo_does_not_give(made, facts, data):
    graph = document(made, facts, INPUTS)
    entries = [entry for entry in graph["rules"].values() if entry["instances"]]
    if not entries:
        return
    entry = data.draw(st.sampled_from(entries))
    place = data.draw(st.integers(0, len(entry["instances"]) - 1))
    entry["instances"] = [one for number, one in enumerate(entry["instances"]) if number != place]
    if "counted" in entry:
        entry["counted"] = [one for number, one in enumerate(entry["counted"]) if number != place]
    assert not ProofChecker(texts_of(made, INPUTS)).check(graph).holds


@pytest.mark.parametrize(
    "made",
    [
        [MadeRule("p(X)", ("e(X, X)",))],
        [MadeRule("p(X)", ("e(X, 1)", "e(1, X)"))],
        [MadeRule("p(X)", ("g(X, a)", 'not g(X, "c, d")'))],
        [MadeRule("p(Y)", ("f(X)", "Y = X + 1", "f(Y)"))],
        [MadeRule("p(Y)", ("f(X)", "X - 1 = Y"))],
        [MadeRule("p(X, Y)", ("f(X)", "f(Y)", "e(X + 1, Y * 2)"))],
        [MadeRule("p(X)", ("e(X + 1, X)",))],
        [MadeRule("p(X)", ("e(X + 1, 2)", "f(X)"))],
        [MadeRule("p(X + 1)", ("f(X)", "X > 0"))],
        [MadeRule("p(0)", ("f(0)",)), MadeRule("p", ("p(0)", "not q")), MadeRule("q", ("f(7)",))],
        [MadeRule("p(X, Z)", ("e(X, Z)",)), MadeRule("p(X, Z)", ("p(X, Y)", "e(Y, Z)"))],
        [MadeRule("p(0, 1)"), MadeRule("p(X, Z)", ("p(X, Y)", "e(Y, Z)"))],
        [MadeRule("p((0; 1), (a; b))"), MadeRule("q(X)", ("p(X, C)", "g(Y, C)"))],
        [MadeRule("p(X)", ("f(X)", MadeCount((("Y", ("e(X, Y)",)), ("Y", ("e(Y, X)", "not f(Y)"))), ">=", "2")))],
        [MadeRule("p(X)", ("f(X)", MadeCount((("X, Y", ("e(X, Y)", "Y != X")),), "=", "X")))],
        [MadeRule("p", (MadeCount((("X", ("f(X)",)),), "<", "3"),))],
    ],
    ids=lambda made: " ".join(map(str, made)),
)
@settings(max_examples=25, deadline=None)
@given(facts=FACTS)
def test_the_checker_agrees_with_clingo_on(made, facts):
    verdict = ProofChecker(texts_of(made, INPUTS)).check(document(made, facts, INPUTS))
    assert verdict.holds, str(verdict)


@pytest.mark.parametrize(
    "rule",
    [
        "p(X) :- not q(X).",
        "p(X) :- q(Y).",
        "p(X) :- q(Y), X > Y.",
        "p(X) :- q(X + 1).",
        "p(X) :- q(X), #count { Y : not r(Y) } > 1.",
        "p(X) :- q(X), #count { Y : r(X) } > 1.",
        "p(X) :- X = #count { Y : r(Y) }.",
    ],
)
def test_a_rule_whose_variables_nothing_binds_is_refused_by_its_name(rule):
    (read,) = read_policy({"rules.lp": f"% @rule an.id\n{rule}"}).rules
    with pytest.raises(ValueError, match=r"^an\.id: "):
        compile_rule(read)


@pytest.mark.parametrize(
    "body", ["f(X), X < 2", "f(X), e(X + 1, Y)", "f(X), #count { Y : f(Y) } >= X", "f(X), Y = X * 2"]
)
def test_only_numbers_are_added_and_put_in_order(body):
    (read,) = read_policy({"rules.lp": f"% @rule an.id\np(X) :- {body}."}).rules
    atoms = Atoms()
    atoms.add("f", ("a",))
    atoms.add("e", (1, 1))
    with pytest.raises(NotANumberError, match="a is no number"):
        compile_rule(read)(atoms)
