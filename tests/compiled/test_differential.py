"""Generated operations over generated schemas are answered by the compiler as they are by graphql-core."""

from tests.compiled.differential.hunting import LEAST_COMPILED, hunted


def test_a_thousand_operations_are_answered_as_graphql_core_answers_them() -> None:
    found, tally = hunted(seed=1, cases=1_000)

    assert None is found, found.told()
    assert tally.compiled >= LEAST_COMPILED
