"""The cell-key engine against published figures, the shipped table, ONS's own engine, and A3, A5, A7."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from house.reporting.cubes import Cube, Fact, full_product, tally
from house.reporting.disclosure import (
    KEY_SPACE,
    PTABLE_PATH,
    PTable,
    WrongPTable,
    load_ptable,
    perturb,
    publish,
    split_betrays,
)

SHIPPED = load_ptable(PTABLE_PATH)
HANDBOOK = PTable(10, (((10, 0),), ((5, -1), (10, 1)), ((8, 0), (10, 1)), ((3, -1), (7, 0), (10, 1))))
"""SDC Handbook 2nd ed., ch. 5.4: keys are tenths."""
UNHURRIED = settings(deadline=None)
KEYS = st.integers(0, KEY_SPACE - 1)


def noise(row: tuple[tuple[int, int], ...]) -> dict[int, Fraction]:
    """Exact probability of each noise of a row."""
    chances, below = {}, 0
    for t, v in row:
        chances[v] = Fraction(t - below, KEY_SPACE)
        below = t
    return chances


def row_of(n: int) -> tuple[tuple[int, int], ...]:
    return SHIPPED.rows[min(n, len(SHIPPED.rows) - 1)]


def test_the_handbooks_three_records_are_published_as_four():
    assert (9 + 3 + 6) % 10 == 8
    assert perturb(3, 9 + 3 + 6, HANDBOOK) == 4


def test_the_handbooks_steps_end_below_their_threshold():
    assert [perturb(3, key, HANDBOOK) for key in range(10)] == [2, 2, 2, 3, 3, 3, 3, 4, 4, 4]
    assert [perturb(1, key, HANDBOOK) for key in range(10)] == [0] * 5 + [2] * 5


@pytest.mark.parametrize(
    ("n", "key", "published"),
    [
        (8, 0, 3),
        (8, 65535, 13),
        (1, 48133, 0),
        (1, 48134, 3),
        (12, 32768, 12),
        (4999, 32768, 4999),
    ],
)
def test_the_shipped_table_gives_the_figures_it_was_shipped_with(n, key, published):
    assert perturb(n, key, SHIPPED) == published
    assert perturb(n, key + 3 * KEY_SPACE, SHIPPED) == published


def test_the_shipped_table_has_nine_rows_that_end_at_65536():
    assert SHIPPED.modulus == 65536
    assert len(SHIPPED.rows) == 9
    assert {row[-1][0] for row in SHIPPED.rows} == {65536}
    assert SHIPPED.rows[0] == ((65536, 0),)


@pytest.mark.parametrize("n", range(9))
def test_the_shipped_noise_is_unbiased_with_variance_three(n):
    chances = noise(SHIPPED.rows[n])
    assert sum(chances.values()) == 1
    mean = sum(p * v for v, p in chances.items())
    variance = sum(p * v * v for v, p in chances.items()) - mean**2
    assert abs(mean) <= 2e-5
    assert abs(variance - (3 if n else 0)) <= 0.0003


@UNHURRIED
@given(st.integers(0, 60), KEYS)
def test_the_noise_stays_within_five_and_never_makes_a_one_or_a_two(n, key):
    found = perturb(n, key, SHIPPED)
    assert abs(found - n) <= 5
    assert found >= 0
    assert found not in (1, 2)


@UNHURRIED
@given(KEYS)
def test_nobody_stays_nobody_and_is_not_shown(key):
    assert perturb(0, key, SHIPPED) == 0
    assert publish(0, key, 0, SHIPPED) is None


def test_nobody_stays_nobody_even_by_a_table_that_says_otherwise():
    assert perturb(0, 7, PTable(10, (((10, 3),), ((10, 0),)))) == 0


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="-1"):
        perturb(-1, 0, SHIPPED)


def test_a_p_table_changed_by_one_byte_is_refused(tmp_path):
    content = PTABLE_PATH.read_bytes()
    (copy := tmp_path / "copy.csv").write_bytes(content)
    assert load_ptable(str(copy)) == SHIPPED
    copy.write_bytes(content.replace(b"48134", b"48135"))
    with pytest.raises(WrongPTable, match="SHA-256"):
        load_ptable(copy)
    copy.write_bytes(content.replace(b"\n", b"\r\n"))
    with pytest.raises(WrongPTable, match="SHA-256"):
        load_ptable(copy)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ((),),
        (((10, 0),), ((9, 1),)),
        (((10, 0),), ((5, 0), (5, 1), (10, 0))),
        (((10, 0),), ((0, 0), (10, 0))),
        (((10, 0),), ((5, -2), (10, 0))),
    ],
)
def test_a_table_that_leaves_keys_out_or_makes_negative_counts_is_refused(rows):
    with pytest.raises(WrongPTable):
        PTable(10, rows)


@pytest.mark.parametrize(
    ("n", "key", "persons", "shown"),
    [
        (12, 32768, 12, 12),
        (5, 30000, 5, 5),
        (5, 30000, 4, None),
        (5, 27139, 5, None),
        (8, 0, 8, None),
        (3, 65535, 5, 8),
        (3, 65535, 3, None),
        (400, 32768, 4, None),
    ],
)
def test_a_cell_is_shown_from_five_published_and_five_persons_on(n, key, persons, shown):
    assert publish(n, key, persons, SHIPPED) == shown


def test_another_threshold_holds_for_both_counts():
    assert publish(10, 32768, 10, SHIPPED, threshold=10) == 10
    assert publish(10, 32768, 9, SHIPPED, threshold=10) is None
    assert publish(9, 32768, 10, SHIPPED, threshold=10) is None


@UNHURRIED
@given(st.integers(0, 40), KEYS, st.integers(0, 40))
def test_nothing_under_five_and_nothing_of_fewer_than_five_persons_is_ever_shown(n, key, persons):
    shown = publish(n, key, persons, SHIPPED)
    assert shown is None or (shown >= 5 and persons >= 5)
    assert shown is None or shown == perturb(n, key, SHIPPED)


def ons_cells(ptable_frame):
    """The oracle's cells: (var1, var5, var8) to (true count, cell key, perturbed count, shown or None)."""
    import pandas
    from cell_key_perturbation.create_perturbed_table import create_perturbed_table
    from cell_key_perturbation.utils.generate_test_data import generate_test_data

    micro = generate_test_data()
    names = ["var1", "var5", "var8"]
    table = create_perturbed_table(micro, ptable_frame, [], names, "record_key", threshold=10)
    cells = {
        (str(row.var1), str(row.var5), row.var8): (
            int(row.pre_sdc_count),
            int(row.ckey),
            int(row.pre_sdc_count + row.pvalue),
            None if pandas.isna(row.count_) else int(row.count_),
        )
        for row in table.rename(columns={"count": "count_"}).itertuples()
    }
    facts = [
        Fact({name: str(record[name]) for name in names}, int(record["record_key"]), str(number))
        for number, record in enumerate(micro.to_dict("records"))
    ]
    return cells, facts


def our_cells(facts, ptable):
    """The same four figures by our own rooms; every record is its own person."""
    names = ("var1", "var5", "var8")
    lists = {name: sorted({fact.codes[name] for fact in facts}) for name in names}
    tallied = tally(Cube("ons", names, frozenset()), facts)
    found = {}
    for coordinates in full_product(names, lists):
        cell = tallied.get((names, coordinates))
        n, key = (cell.n, cell.key_sum) if cell else (0, 0)
        found[coordinates] = (
            n,
            key % ptable.modulus,
            perturb(n, key, ptable),
            publish(n, key, KEY_SPACE, ptable, threshold=10),
        )
    return found


def test_the_ons_engine_gives_the_same_200_cells_with_its_own_ten_five_table():
    from cell_key_perturbation.utils.generate_test_ptable import generate_ptable_10_5_rule

    frame = generate_ptable_10_5_rule()
    cells, facts = ons_cells(frame)
    noise_of = dict(zip(frame["pcv"], frame["pvalue"], strict=True))
    ten_five = PTable(256, (((256, 0),), *(((256, int(noise_of[n])),) for n in range(1, 751))))
    assert len(cells) == 200
    assert our_cells(facts, ten_five) == cells
    assert any(shown is not None for *_, shown in cells.values())


def test_the_ons_engine_gives_the_same_200_cells_with_noise_that_hangs_on_the_key():
    import pandas

    thinned = tuple(
        tuple((max(1, t // 256), v) for t, v in row if t >= 512 or v == 0) for row in SHIPPED.rows
    )
    ours = PTable(256, thinned)
    frame = pandas.DataFrame(
        [(n, key, perturb(n, key, ours) - n) for n in range(1, 9) for key in range(256)],
        columns=["pcv", "ckey", "pvalue"],
    )
    last = frame[frame.pcv == 8]
    frame = pandas.concat([frame, *(last.assign(pcv=n) for n in range(9, 751))])
    cells, facts = ons_cells(frame)
    assert len(cells) == 200
    assert len({after - before for before, _, after, _ in cells.values()}) > 5
    assert our_cells(facts, ours) == cells


@pytest.mark.parametrize("n", range(5, 21))
def test_two_queries_that_differ_by_one_record_seldom_show_exactly_one(n):
    """A3, exactly: the keys of n and of n + 1 records are independent, so equal noise is a product."""
    fewer, more = noise(row_of(n)), noise(row_of(n + 1))
    equal = sum(p * more.get(v, 0) for v, p in fewer.items())
    assert equal <= Fraction(1, 4)
    if n >= 8:
        assert round(float(equal), 3) == 0.162


@pytest.mark.parametrize("n", [6, 12, 400])
def test_differencing_through_the_published_figures_shows_one_in_at_most_a_quarter_of_draws(n):
    draw = Random(f"A3 {n}")
    draws = 20_000
    ones = 0
    for _ in range(draws):
        key, newcomer = draw.randrange(KEY_SPACE), draw.randrange(KEY_SPACE)
        before = publish(n, key, n, SHIPPED)
        after = publish(n + 1, key + newcomer, n + 1, SHIPPED)
        ones += before is not None and after is not None and after - before == 1
    assert ones / draws <= 0.25
    if n >= 12:
        assert ones / draws == pytest.approx(0.162, abs=0.01)


@pytest.mark.parametrize(
    ("total", "parts", "betrays"),
    [
        (20, [19, None], True),
        (20, [18, None], False),
        (36, [34, None], False),
        (40, [38, None, None], True),
        (40, [37, None, None], False),
        (49, [49], True),
        (50, [50, None], False),
        (20, [23, None], True),
        (None, [6, None], True),
        (None, [None, None], False),
        (20, [None, None], False),
        (20, [10, 10], False),
        (20, [], False),
    ],
)
def test_a_split_that_puts_nearly_all_of_a_small_group_in_one_part_betrays_it(total, parts, betrays):
    assert split_betrays(total, parts) is betrays
