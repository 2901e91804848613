"""The validation table: every result of the theory notes that the model must reproduce.

V-numbers are those of the notes. A value given as a formula or a fraction is a closed form and
must be met to 1e-9; one with six decimals must be met to its printed digits.
"""

from itertools import product
from math import sqrt

from validation.games import delayed, misreads, quiet, slips
from validation.row import Game, Row, exactly, printed

TFT, GTFT, TF2T = "tit for tat", "generous (1/3)", "tit for two tats"
WSLS, CTFT, GRIM, FBF = "win-stay lose-shift", "contrite", "grim", "firm but fair"
NOISES = (0.01, 0.05, 0.10)


def _v01() -> list[Row]:
    rows = []
    for e in NOISES:
        law = dict.fromkeys(("cc", "cd", "dc", "dd"), 0.25)
        rows += exactly("V01", slips(TFT, e), coop_us=0.5, pay_us=2.25, **law)
        rows += exactly("V01", slips(TFT, e), spell=1 / (e * (2 - e)), gap=3 / (e * (2 - e)))
    game = slips(TFT)
    for t in (13, 26):
        rows += exactly("V01", game, **{f"good_{t}": 0.5 + 0.5 * 0.9**t})
    rows += printed("V01", game, good_13=0.627093, good_1_13=0.758166, good_1_26=0.661894)
    return rows


def _v02() -> list[Row]:
    """g* = 1/3 for (5, 3, 1, 0), 2/3 for the donation game with b = 3, c = 1."""
    donation = {
        f"stage_payoffs.{side}.{own}": {"good": good, "bad": bad}
        for side in ("us", "cn")
        for own, good, bad in (("good", 2.0, -1.0), ("bad", 3.0, 0.0))
    }
    kinder = {"actors.cn.policy": {"name": "generous_tit_for_tat", "generosity": 2 / 3}}
    once = quiet("one breach", GTFT, weeks=10)
    words = "against generous (2/3), donation 3, 1"
    given = Game(f"one breach {words}", "base", {**once.changes, **donation, **kinder})
    tough = quiet("always retaliate", GTFT)
    ever = Game(f"always retaliate {words}", "base", {**tough.changes, **donation, **kinder})
    return [
        # at g* a breach gains nothing: as much as 10 weeks of good conduct on both sides
        *exactly("V02", once, total_us=30.0),
        *exactly("V02", given, total_us=20.0),
        *exactly("V02", tough, pay_us=7 / 3),
        *exactly("V02", ever, pay_us=2.0),
        *exactly("V02", slips("always retaliate", cn=GTFT), pay_us=2.451, pay_cn=0.801),
    ]


def _v03() -> list[Row]:
    cells = {
        (GTFT, 0.01): (101 / 104, 51 / 52),
        (GTFT, 0.05): (7 / 8, 11 / 12),
        (GTFT, 0.10): (11 / 14, 6 / 7),
        ("generous (.1)", 0.05): (14 / 19, 29 / 38),
    }
    rows = []
    for (policy, noise), (slip, sight) in cells.items():
        rows += exactly("V03", slips(policy, noise), coop_us=slip)
        rows += exactly("V03", misreads(policy, noise), coop_us=sight)
    unequal = slips(GTFT, cn=TFT)
    return [
        *rows,
        *exactly("V03", slips(GTFT), pay_us=183 / 64),
        *exactly("V03", unequal, coop_us=19 / 23, coop_cn=73 / 92),
        *printed("V03", unequal, pay_us=2.692344, pay_cn=2.855388),
    ]


def _v04() -> list[Row]:
    rows = []
    for e, game in product(NOISES, (slips, misreads)):
        good = (1 - e) * (1 - 2 * e + 4 * e * e)
        cc, dd = (1 - e) * (1 - 3 * e + 4 * e * e), e * (2 - 5 * e + 4 * e * e)
        rows += exactly("V04", game(WSLS, e), coop_us=good, cc=cc, dd=dd)
    exploited = slips(WSLS, cn="always retaliate")
    return [
        *rows,
        *exactly("V04", slips(WSLS), pay_us=5553 / 2000),
        *exactly("V04", exploited, coop_us=0.5, pay_us=0.675, pay_cn=2.925),
    ]


def _v05() -> list[Row]:
    rows = []
    for e in NOISES:
        cc = (1 - e) * (1 - e + 2 * e * e) / (1 + 2 * e)
        dd = e * e * (3 - 2 * e) / (1 + 2 * e)
        rows += exactly("V05", slips(CTFT, e), coop_us=1 / (1 + 2 * e), cc=cc, dd=dd)
        rows += exactly("V05", misreads(CTFT, e), coop_us=0.5)
    return [
        *rows,
        *printed("V05", slips(CTFT), cc=0.824773, pay_us=2.902500),
        *printed("V05", slips(CTFT, cn=TFT), coop_us=0.653586, coop_cn=0.638228),
    ]


def _v06() -> list[Row]:
    return [
        *printed("V06", slips(TF2T, 0.01), coop_us=0.989897),
        *exactly("V06", slips(TF2T), coop_us=747071 / 788722),
        *exactly("V06", slips(TF2T, 0.10), coop_us=2767 / 3114),
        *printed("V06", misreads(TF2T, 0.01), coop_us=0.999895),
        *exactly("V06", misreads(TF2T), coop_us=786261 / 788722),
        *printed("V06", misreads(TF2T, 0.10), coop_us=0.985710),
        *printed("V06", slips(TF2T, cn=TFT), coop_us=0.934321, coop_cn=0.890889),
        *printed("V06", slips("two tits for a tat"), coop_us=0.052808),
        *printed("V06b", slips("tit for two tats, holding"), coop_us=0.919131),
    ]


def _v07() -> list[Row]:
    e = 0.05
    return [
        *exactly("V07", slips(GRIM), mean_clean=1 / (e * (2 - e)), coop_us=e, mean=2800 / 247),
        *exactly("V07", slips(GRIM), clean_13=(1 - e) ** 26, clean_26=(1 - e) ** 52),
        *printed("V07", slips(GRIM), clean_13=0.263520, clean_26=0.069443, standing_13=0.294619),
        *exactly("V07", misreads(GRIM), mean=479 / 39, coop_us=0.0),
        *printed("V07", misreads(GRIM), standing_13=0.324527),
    ]


def _v08() -> list[Row]:
    x = "extortion (3)"
    return [
        *exactly("V08", quiet(x, "always concede"), pay_us=41 / 11, pay_cn=21 / 11, ratio=3.0),
        *exactly("V08", quiet("extortion (2)", "always concede"), pay_us=28 / 8, pay_cn=18 / 8),
        *printed("V08", quiet(x, "chance (1/2)"), pay_us=2.5625, pay_cn=1.520833, ratio=3.0),
        *printed("V08", quiet(x, WSLS), pay_us=2.363636, pay_cn=1.454545, ratio=3.0),
        *printed("V08", quiet(x, "(.9, .5, .2, .1)"), pay_us=1.717391, pay_cn=1.239130, ratio=3.0),
        *exactly("V08", quiet(x, TFT), pay_us=1.0, pay_cn=1.0),
        *exactly("V08", quiet(x, "always retaliate"), pay_us=1.0, pay_cn=1.0),
        *printed("V08", slips(x, cn="always concede"), ratio=3.278786),
        *printed("V08", slips(x, cn="chance (1/2)"), ratio=2.267606),
    ]


def _v09() -> list[Row]:
    x, fixed = "equalizer", 7 / 3
    return [
        *exactly("V09", quiet(x, "always concede"), pay_us=31 / 9, pay_cn=fixed),
        *exactly("V09", quiet(x, "always retaliate"), pay_us=2 / 3, pay_cn=fixed),
        *printed("V09", quiet(x, "chance (1/2)"), pay_us=2.214286, pay_cn=2.333333),
    ]


#: V10: cooperation at noise .05, slips and misreads. The picture of the two noises draws it.
TWO_NOISES = {
    TFT: (0.5, 0.5),
    WSLS: (0.8645, 0.8645),
    GTFT: (0.875, 0.916667),
    TF2T: (0.947192, 0.996880),
    CTFT: (0.909091, 0.5),
    FBF: (0.725, 0.671835),
    GRIM: (0.05, 0.0),
}


def _v10() -> list[Row]:
    rows = []
    for policy, (slip, sight) in TWO_NOISES.items():
        rows += printed("V10", slips(policy), coop_us=slip)
        rows += printed("V10", misreads(policy), coop_us=sight)
    return rows


def _v11() -> list[Row]:
    cells = {
        "generous (.1)": 0.395973,
        "generous (.5)": 0.836066,
        WSLS: 0.674366,
        TF2T: 0.812293,
        CTFT: 0.090909,
        "two tits for a tat": 0.000419,
    }
    alarm, miss = 0.20, 0.02
    alarmed = Game("tit for tat, misreads .2 and .02", "one-sided-alarm")
    unequal = Game("tit for tat, us misreads .25 and .02, cn .05 and .02", "two-readers")
    rows = [
        *exactly("V11", alarmed, coop_us=1 / 11),
        *exactly("V11", misreads(GTFT, alarm, miss), coop_us=13 / 18),
        *exactly("V11", unequal, coop_us=346 / 3211, coop_cn=386 / 3211),
    ]
    for policy, value in cells.items():
        rows += printed("V11", misreads(policy, alarm, miss), coop_us=value)
    return rows


def _v12() -> list[Row]:
    thirteen = misreads(TFT, 0.20, 0.02)
    return [
        *exactly("V12", slips(TFT), mean=40.0),
        *printed("V12", slips(TFT), standing_13=0.796822, standing_26=0.554387),
        *exactly("V12", misreads(TFT), mean=41.0),
        *printed("V12", misreads(TFT), standing_13=0.817459),
        *printed("V12", slips("generous (.1)"), mean=59.889503),
        *printed("V12", slips("generous (.1)"), standing_13=0.842144, standing_26=0.668823),
        *exactly("V12", slips(GTFT), mean=115.0),
        *printed("V12", slips(GTFT), standing_13=0.903904, standing_26=0.805613),
        *exactly("V12", misreads(GTFT), mean=248.5),
        *printed("V12", slips(CTFT), mean=155.932203),
        *printed("V12", slips(CTFT), standing_13=0.922830, standing_26=0.848528),
        *exactly("V12", misreads(CTFT), mean=41.0),
        *printed("V12", misreads(CTFT), standing_13=0.817459),
        *printed("V12", slips(TF2T), mean=370.131004),
        *printed("V12", slips(TF2T), standing_13=0.965826, standing_26=0.932435),
        *printed("V12", misreads(TF2T), mean=35173.321041, standing_13=0.999723),
        *printed("V12", slips(WSLS), mean=11.363636),
        *printed("V12", slips(WSLS), standing_13=0.295653, standing_26=0.078241),
        *printed("V12", misreads(WSLS), mean=12.363636, standing_13=0.327487),
        *printed("V12", slips(TFT, 0.01), standing_13=0.985594),
        *printed("V12", slips(TFT, 0.10), standing_13=0.547283),
        *exactly("V12", thirteen, mean=754 / 89),
        *printed("V12", thirteen, standing_13=0.147881),
        *printed("V12", misreads(GTFT, 0.20, 0.02), mean=23.894737),
    ]


def _v13() -> list[Row]:
    cells = {
        0: (0.796822, 0.554387, 40.0),
        1: (0.858558, 0.634926, 44.793609),
        2: (0.891717, 0.693912, 49.032236),
        3: (0.912151, 0.737121, 52.860744),
    }
    rows = []
    for d, (thirteen, end, mean) in cells.items():
        rows += printed("V13", delayed(d), standing_13=thirteen, standing_26=end, mean=mean)
        rows += exactly("V13", delayed(d), coop_us=0.5)
        for lag in range(1, 2 * (d + 1) + 1):
            cross = 0.9 if lag == d + 1 else 0.0
            own = 0.81 if lag == 2 * (d + 1) else 0.0
            rows += exactly("V13", delayed(d), **{f"cross_{lag}": cross, f"own_{lag}": own})
    return rows


def _v15() -> list[Row]:
    a = 0.05
    e = 1 - sqrt(1 - a)
    rows = []
    for weeks in (1, 2, 4):
        policy = {f"actors.{side}.policy.weeks": weeks for side in ("us", "cn")}
        name = f"public trigger of {weeks} weeks, a = .05"
        share = ((1 - e) ** 2 + a * weeks * e * e) / (1 + a * weeks)
        rows += exactly("V15", Game(name, "public-trigger", policy), cc=share)
    return rows


def _v16() -> list[Row]:
    rows = []
    for h, thirteen in ((0.008072, 0.9), (0.021886, 0.75), (0.05, None), (0.051922, 0.5)):
        game = Game(f"an act with chance {h:g} a week", "constant-hazard", {"shocks.act.chance": h})
        rows += exactly("V16", game, standing_13=(1 - h) ** 13, standing_26=(1 - h) ** 26)
        if thirteen is None:
            rows += exactly("V16", game, mean_end=20.0, median=14.0)
    daily = Game("chance .01 a day", "constant-hazard", {"shocks.act.chance": 0.067935})
    return [*rows, *printed("V16", daily, standing_1=0.99**7)]


def _v18() -> list[Row]:
    cells = {
        (1, 0.20): (5.0, 0.054976),
        (2, 0.20): (30.0, 0.654395),
        (3, 0.20): (155.0, 0.929216),
        (2, 0.05): (420.0, 0.971631),
        (2, 0.30): (14.444444, 0.394965),
    }
    rows = []
    for ((k, alarm), (mean, thirteen)), delay in product(cells.items(), (0, 2)):
        changes = {
            "actors.us.policy.k": k,
            "actors.us.false_alarm": alarm,
            "actors.us.reaction_delay": delay,
        }
        name = f"signal {k} of chance {alarm:g}, nobody answers, delay {delay}"
        game = Game(name, "second-signal", changes)
        later = 1 + delay  # the answer comes a week and the delay after the signal
        rows += exactly("V18", game, mean_clean=(1 - alarm**k) / ((1 - alarm) * alarm**k) + later)
        rows += printed("V18", game, mean_clean=mean + later)
        rows += printed("V18", game, **{f"clean_{13 + later}": thirteen})
    return rows


def _v20() -> list[Row]:
    """The batch queue: c approvals a week, applications Poisson with mean l; and the arithmetic."""
    rows = []
    cells = ((10, 9.0, 3.101238), (10, 8.0, 0.878622), (10, 9.5, 7.952288), (5, 4.0, 1.156240))
    for c, mean, backlog in cells:
        changes = {"levers.cn.office.demand_batch": mean, "levers.cn.office.capacity": c / mean}
        name = f"an office: {mean:g} applications a week, {c} approved"
        game = Game(name, "poisson-queue", changes)
        rows += printed("V20", game, backlog=backlog)
        if mean == 9.0:
            rows += printed("V20", game, idle=0.446500, wait=0.344582)
    overload = Game("an office: .25 of demand, from week 10 on 1.5", "licence-queue")
    stock = {"levers.cn.office.stock_weeks": 4.0, "levers.cn.office.capacity": 46 / 735}
    short = Game("an office: 46/735 of demand, 4 weeks of stock", "licence-queue", stock)
    return [
        *rows,
        *exactly("V20", overload, flow_9=0.25, held_9=6.75, drain=13.5),
        *exactly("V20", short, runout=4 / (1 - 46 / 735)),
    ]


def _v21() -> list[Row]:
    flat = {"actors.us.belief_memory": 1.0}
    fading = Game("ten good weeks, one breach, memory .9", "belief-counting")
    lasting = Game("ten good weeks, one breach, memory 1", "belief-counting", flat)
    return [
        *printed("V21", fading, belief_11=0.824580),
        *printed("V21", lasting, belief_10=11 / 12, belief_11=11 / 13),
    ]


_PARTS = (
    *(_v01, _v02, _v03, _v04, _v05, _v06, _v07, _v08, _v09, _v10),
    *(_v11, _v12, _v13, _v15, _v16, _v18, _v20, _v21),
)
ROWS: tuple[Row, ...] = tuple(row for part in _PARTS for row in part())
