#!/usr/bin/env python3
"""Likelihoods and forecasts of single customers under the models with drop-out.

Likelihood: the density of the timed repeat purchases, without T^x/x!. Beta-type terms
h(i, j, t) = B(a+i, b+j)/B(a, b) · (alpha+t)^−(r+x), all times Γ(r+x)/Γ(r) alpha^r:
    nbd       (alpha+T)^−(r+x)
    bg-nbd    h(0, x, T) + h(1, x−1, t_x) if x > 0
    mbg-nbd   h(0, x+1, T) + h(1, x, t_x)            a drop-out opportunity also at time zero
    pdo       h(0, n, E_n) + Σ_{c ≥ last} h(1, c, E_c)     c counts the ends gone by, from 1
    pareto-nbd  ∫∫ λ^x (λ e^{−(λ+μ)T} + μ e^{−(λ+μ)t_x})/(λ+μ) over Gamma(r, alpha), Gamma(s, beta)
The exposures E of pdo may be uneven; the factor Π g^X, free of the parameters, is left out.

Every value of a future window is an integral over the drop-out probability p on its logit, the
rate λ integrated out for given p: BG and MBG lose a customer at rate λp. For Pareto/NBD the
variable is p = λ/(λ+μ), with λ+μ integrated out: a living customer's next event is a
purchase with probability p. No death time and no sum over counts enters. Asserted against
these: closed forms with 2F1 for likelihoods and expectations, the distribution of the count
as a sum over purchases (BG, MBG) or an integral over the time of the kth purchase
(Pareto/NBD), finite Beta sums (pdo), double integrals over both rates, difference quotients
for gradients, and published or independently computed single points.
"""

from multiprocessing import Pool

from mpmath import mp, mpf

from attrition_future import check_future, closed_expectation, double_integral, from_p, from_theta, future_nbd
from attrition_likelihood import beta_integral, beta_likelihood, check_gradient, pareto_closed, pareto_likelihood
from attrition_quadrature import ONE, close
from common import num, write_jsonl

NAMES = {"nbd": "r alpha", "pareto-nbd": "r alpha s beta"}
KEYS = {m: NAMES.get(m, "r alpha a b").split() for m in ("nbd", "bg-nbd", "mbg-nbd", "pareto-nbd", "pdo")}


def compute(job):
    name, model, params, history, windows, ends, top, flags = job
    theta = [num(v) for v in params]
    past = {k: [num(e) for e in v] if k == "exposures" else num(v) if k in ("t_x", "T") else v for k, v in (history or {}).items()}
    spans = [(num(lo), num(hi)) for lo, hi in windows]
    record = {"name": name, "model": model, "params": dict(zip(KEYS[model], params)), "history": history}
    alive = ONE
    r, alpha, *drop = theta
    if history is None:
        state = theta
        if model == "mbg-nbd":
            alive = drop[1] / (drop[0] + drop[1])
            state = [r, alpha, drop[0], drop[1] + 1]
    else:
        x = past["x"]
        if model == "pareto-nbd":
            value, gradient, times, ln_alive = pareto_likelihood(theta, past)
            assert abs(value - pareto_closed(theta, past)) < mpf("1e-25") * (1 + abs(value)), (name, value)
            if x < 1000:
                check_gradient(lambda t: pareto_closed(t, past), gradient, theta)
            for slot in ("t_x", "T"):
                if past[slot] > 0:
                    check_gradient(lambda t: pareto_closed(theta, {**past, slot: t[0]}), [times[slot]], [past[slot]])
            state = [r + x, alpha + past["T"], drop[0], drop[1] + past["T"]]
        else:
            value, gradient, times, ln_alive = beta_likelihood(model, theta, past)
            check_gradient(lambda t: beta_likelihood(model, t, past)[0], gradient, theta)
            if model != "nbd" and len(past.get("exposures", [])) < 60:
                assert abs(value - beta_integral(model, theta, past)) < mpf("1e-25") * (1 + abs(value)), name
            exposure = past["exposures"][-1] if model == "pdo" else past["T"]
            seen = {"nbd": 0, "bg-nbd": x, "mbg-nbd": x + 1, "pdo": len(past.get("exposures", []))}[model]
            state = [r + x, alpha + exposure] + ([drop[0], drop[1] + seen] if drop else [])
        alive = mp.exp(ln_alive)
        # Exactly 0 where drop-out is not identified or nothing was observed.
        value, *gradient = (v if abs(v) > mpf("1e-50") else mpf(0) for v in (value, *gradient))
        record |= {"ln_likelihood": value, "gradient": gradient}
        if model in ("bg-nbd", "mbg-nbd", "pareto-nbd"):
            record |= {"d_t_x": times["t_x"], "d_T": times["T"]}
    record |= {"p_alive": alive, "rate_if_alive": state[0] / state[1]}
    if model == "nbd":
        rows = future_nbd(state, spans, top)
    elif model == "pdo":
        record["ends"] = ends
        rows = from_theta(state, [num(e) for e in ends], spans, top)
    else:
        rows = from_p(model, state, spans, top)
    if model != "nbd":
        check_future(model, state, [num(e) for e in ends or []], spans, rows, top, "slow" in flags)
    if "double" in flags:
        t0, t1 = spans[1]
        mean, prob = double_integral(model, state, t0, t1, 2)
        assert close(mean, rows[1][0], 11) and close(prob, rows[1][4 + 2], 11), (name, mean, rows[1][0], prob, rows[1][6])
    dead = 1 - alive
    if history is not None and model not in ("nbd",) and alive > mpf("0.5"):
        dead = -mp.expm1(ln_alive)
    record["windows"] = [
        {"from": lo, "to": hi, "expected": alive * row[0], "p_any": alive * row[1], "p_alive": alive * row[2],
         "pmf": [dead + alive * (row[3] + row[4])] + [alive * v for v in row[5:]]}
        for (lo, hi), row in zip(windows, rows)]
    return record


# Inputs

CDNOW = {"nbd": (0.384766, 12.072023), "bg-nbd": (0.2425945, 4.4136018, 0.7929221, 2.4259074),
         "mbg-nbd": (0.5248432, 6.1830857, 0.8913592, 1.6140016), "pareto-nbd": (0.553277, 10.577683, 0.606240, 11.668730)}
PUBLISHED = {"bg-nbd": (0.243, 4.414, 0.793, 2.426), "pareto-nbd": (0.55, 10.56, 0.61, 11.64)}
TIMED = ("bg-nbd", "mbg-nbd", "pareto-nbd")
USUAL = [(0, 1), (1, 2), (0, 39), (39, 78)]
THREE = [(0, 1), (1, 14), (0, 39)]
TWO = [(0, 1), (13, 39)]
HISTORIES = [(0, 0, 38.857142857142854), (1, 4.285714285714286, 27.0), (2, 30.43, 38.86), (4, 30.7, 38.9), (6, 5.0, 38.857142857142854),
             (26, 216 / 7, 31), (29, 38.857142857142854, 38.857142857142854)]


def jobs():
    out = []

    def job(name, model, params, history=None, windows=THREE, top=10, ends=None, flags=""):
        if isinstance(history, tuple):
            history = dict(zip(("x", "t_x", "T"), history))
        out.append((name, model, params, history, windows, ends, top, flags))

    for model, params in CDNOW.items():
        job("cdnow new", model, params, None, USUAL + [(0, 2), (0, 31.8571)], 20, flags="slow")
        for k, h in enumerate(HISTORIES):
            flags = "slow " * (k in (2, 5)) + "double" * (k in (2, 3) and model != "nbd")
            job(f"cdnow x={h[0]}", model, params, h, USUAL + ([(0, 52)] if h[0] == 26 else []), 20 if k == 2 else 10, flags=flags)
        job("cdnow busy", model, params, (5000, 38.8, 38.86))
    for model in TIMED:
        params = CDNOW[model]
        job("cdnow long gone", model, params, (40, 10, 104))
        job("t_x tiny", model, params, (1, 1e-6, 38.86))
        job("T tiny", model, params, (0, 0, 1e-9))
        job("t_x = T tiny", model, params, (1, 1e-3, 1e-3))
        job("t_x just below T", model, params, (3, 20, 20.000000001))
        job("tiny windows", model, params, (2, 30.43, 38.86), [(0, 1e-6), (1, 1.0001), (0, 1e5)], 4)
    job("busy mbg", "mbg-nbd", CDNOW["mbg-nbd"], (3000, 38.9, 39), [(0, 1), (0, 39)])
    for model in PUBLISHED:
        job("published", model, PUBLISHED[model], None, [(0, 1), (0, 2), (0, 3), (0, 9), (0, 39), (0, 78)])
        job("published x=4", model, PUBLISHED[model], (4, 30.7, 38.9))
    job("published x=4", "mbg-nbd", PUBLISHED["bg-nbd"], (4, 30.7, 38.9))
    for model in TIMED:
        params = (0.55, 10.58, 0.61, 11.67) if model == "pareto-nbd" else CDNOW[model]
        for x in (132, 133):
            job(f"x={x} t_x=T", model, params, (x, 200, 200), [(0, 10), (10, 20)])
    for h in ((0, 0, 38.86), (1, 14.285714285714286, 38.86), (11, 35.0, 38.86), (2, 38.86, 38.86)):
        job("overflow elsewhere", "pareto-nbd", (10.465, 7.98565181e-3, 3.0516, 2.820), h)
    for h in ((221, 103.42857, 103.57143), (254, 97.14286, 97.28571), (161, 94.71429, 98), (204, 98.57143, 99.42857)):
        job("not finite elsewhere", "pareto-nbd", (0.5143, 2.8845, 0.2856, 14.1087), h, [(0, 1), (0, 39)])
    for model in ("bg-nbd", "mbg-nbd"):
        for h in ((0, 0, 38.86), (1, 12.5, 38.86), None):
            job("a + b < 1", model, (0.25, 4.5, 0.3, 0.4), h)
        for a in (1.0, 1 - 1e-9, 1 + 1e-9):
            job("a near 1", model, (0.243, 4.414, a, 2.426), (2, 30.43, 38.86), TWO, 4)
        job("a = 1 new", model, (0.243, 4.414, 1.0, 2.426), None, TWO, 4)
        job("a + b = 1", model, (0.243, 4.414, 0.375, 0.625), (0, 0, 38.86), TWO, 4)
        for h in ((3, 30.43, 38.86), (0, 0, 38.86)):
            job("tiny drop-out", model, (0.55, 10.5, 1e-6, 2.5), h, TWO)
            job("large r", model, (1e4, 2e5, 0.8, 2.5), h)
            job("one drop-out probability", model, (0.55, 10.5, 1e3, 5e4), h, TWO)
    for s in (1.0, 1 - 1e-9, 1 + 1e-9):
        job("s near 1", "pareto-nbd", (0.55, 10.56, s, 11.64), (2, 30.43, 38.86), TWO, 4)
    job("s = 1 new", "pareto-nbd", (0.55, 10.56, 1.0, 11.64), None, TWO, 4)
    for alpha, beta in ((10.0, 10.0), (1e-4, 1e3), (1e3, 1e-4)):
        for h in ((3, 30.43, 38.86), (0, 0, 38.86)):
            job("alpha against beta", "pareto-nbd", (0.55, alpha, 0.61, beta), h)
    job("alpha against beta new", "pareto-nbd", (0.55, 1e3, 0.61, 1e-4), None, TWO)
    job("alpha against beta new", "pareto-nbd", (0.55, 1e-4, 0.61, 1e3), None, TWO)
    for h in ((3, 30.43, 38.86), (0, 0, 38.86)):
        job("tiny drop-out", "pareto-nbd", (0.55, 10.5, 1e-6, 11.6), h, TWO)
        job("large r", "pareto-nbd", (1e4, 2e5, 0.61, 11.6), h)
        job("one drop-out rate", "pareto-nbd", (0.55, 10.5, 1e4, 1e5), h, TWO)
    job("large r", "nbd", (1e4, 2e5), (3, 30.43, 38.86))
    job("large r, one drop-out rate", "pareto-nbd", (1e4, 2e5, 1e4, 1e6), (3, 30.43, 38.86), TWO)

    weeks = [float(k) for k in range(1, 40)]
    grid = lambda first, n: [first + k for k in range(n)]
    season = [1 + 0.6 * ((-1) ** (k // 6)) for k in range(39)]  # six good sub-periods, six poor ones
    uneven = [round(0.25 + sum(season[:k]), 6) for k in range(39)]
    uneven_ends = [round(sum(season[:k + 1]) * 0.9, 6) for k in range(39)]
    pdo_windows = [(0, 1), (1, 2), (0, 13), (13, 26), (0.5, 3.25)]
    past = lambda x, last, exposures: {"x": x, "last": last, "exposures": exposures}
    ordinary = (0.553, 10.58, 0.45, 8.5)
    job("new", "pdo", ordinary, None, pdo_windows, ends=weeks, top=20)
    for x, last, e in ((0, 0, grid(0.5714285714285714, 39)), (1, 4, grid(0.0, 39)), (2, 30, grid(1.0, 39)),
                       (4, 31, uneven), (0, 0, uneven), (26, 30, grid(0.2857142857142857, 31)), (6, 5, grid(0.5, 52))):
        job("ordinary", "pdo", ordinary, past(x, last, e), pdo_windows, ends=uneven_ends if e is uneven else weeks)
    short = [(0, 1), (1, 5), (0.5, 3.25)]
    quarters = [float(k) for k in range(1, 9)]
    job("one sub-period", "pdo", ordinary, past(2, 0, [0.75]), short, ends=quarters)
    job("first day only", "pdo", ordinary, past(0, 0, [0.0]), short, ends=quarters)
    job("tiny drop-out", "pdo", (0.55, 10.5, 1e-6, 2.5), past(3, 30, grid(0.5, 39)), short, ends=quarters)
    job("u + v < 1", "pdo", (0.25, 4.5, 0.3, 0.4), past(0, 0, grid(0.5, 39)), short, ends=quarters)
    job("large r", "pdo", (1e4, 2e5, 0.45, 8.5), past(3, 30, grid(0.5, 39)), short, ends=quarters)
    job("one drop-out probability", "pdo", (0.55, 10.5, 1e3, 5e4), past(3, 30, grid(0.5, 39)), short, ends=quarters)
    job("busy", "pdo", ordinary, past(5000, 38, grid(0.5, 39)), short, ends=quarters)
    job("long gone", "pdo", ordinary, past(40, 10, grid(0.5, 104)), short, ends=quarters)
    job("many sub-periods", "pdo", ordinary, past(3, 200, grid(0.5, 500)), short, ends=quarters)
    job("small units", "pdo", (0.553, 1e-4, 0.45, 8.5), past(3, 9, [(k + 0.5) * 1e-5 for k in range(12)]),
        [(0, 1e-5), (0.5e-5, 3.25e-5)], ends=[k * 1e-5 for k in range(1, 9)])
    return out


# Single points that others published or computed

def find(records, model, name, history=None):
    for record in records:
        h = record["history"]
        if record["model"] == model and record["name"] == name and (history is None or h and (h["x"], h.get("T")) == history):
            return record
    raise LookupError((model, name, history))


def window(record, lo, hi):
    return next(w for w in record["windows"] if (w["from"], w["to"]) == (lo, hi))


def check_points(records):
    misses = []

    def see(what, value, text):
        text = text.lstrip("+")
        digits = len(text.split("e")[0].split(".")[1]) - (int(text.split("e")[1]) if "e" in text else 0)
        if abs(value - mpf(text)) > mpf("0.5001") * mpf(10) ** -digits:
            misses.append((what, mp.nstr(value, 15), text))

    get = lambda model, name, lo, hi, history=None: window(find(records, model, name, history), lo, hi)
    two, buyer = (2, 38.86), (26, 31)
    see("bg x=2", get("bg-nbd", "cdnow x=2", 0, 39, two)["expected"], "1.225907")
    for t, text in ((0.1429, "0.0078"), (1, "0.0532"), (3, "0.1506"), (31.8571, "1.0405"), (32, "1.0437"), (78, "1.8580")):
        see(f"bg E[X({t})]", closed_expectation("bg-nbd", [num(v) for v in CDNOW["bg-nbd"]], num(t)), text)
    see("bg x=26", get("bg-nbd", "cdnow x=26", 0, 52, buyer)["expected"], "25.757")
    see("bg x=26 alive", find(records, "bg-nbd", "cdnow x=26")["p_alive"], "0.96885")
    see("bg P(X(39)=0)", get("bg-nbd", "cdnow new", 0, 39)["pmf"][0], "0.5743072")
    see("bg P(X(2)=10)", get("bg-nbd", "cdnow new", 0, 2)["pmf"][10], "1.076710e-7")
    see("bg published P(X(39)=0)", get("bg-nbd", "published", 0, 39)["pmf"][0], "0.5737864")
    see("bg published P(X(2)=10)", get("bg-nbd", "published", 0, 2)["pmf"][10], "1.07869e-7")
    see("bg published ln L", find(records, "bg-nbd", "published x=4")["ln_likelihood"], "-15.32935235570709")
    see("pareto x=26", get("pareto-nbd", "cdnow x=26", 0, 52, buyer)["expected"], "25.455")
    see("pareto x=26 alive", find(records, "pareto-nbd", "cdnow x=26")["p_alive"], "0.997873")
    see("pareto x=2 alive", find(records, "pareto-nbd", "cdnow x=2")["p_alive"], "0.869116")
    see("pareto x=2", get("pareto-nbd", "cdnow x=2", 0, 39, two)["expected"], "1.455099")
    for params, texts in (((CDNOW["pareto-nbd"]), {1: "0.05100637", 2: "0.09962625", 9: "0.39133704"}),
                          (PUBLISHED["pareto-nbd"], dict(enumerate("0.05077821 0.09916088 0.14542507 0.18979930 0.23247466 "
                           "0.27361274 0.31335159 0.35181024 0.38909211".split(), 1)))):
        for t, text in texts.items():
            see(f"pareto {params} E[X({t})]", closed_expectation("pareto-nbd", [num(v) for v in params], mpf(t)), text)
    see("mbg x=2 alive", find(records, "mbg-nbd", "cdnow x=2")["p_alive"], "0.706126")
    see("mbg x=2", get("mbg-nbd", "cdnow x=2", 0, 39, two)["expected"], "1.262669")
    # Listed as …2465, the last digit off by one: an engine in doubles.
    see("mbg published ln L", find(records, "mbg-nbd", "published x=4")["ln_likelihood"], "-15.48743607789246")
    see("mbg ln L", find(records, "mbg-nbd", "cdnow x=4")["ln_likelihood"], "-15.259008")
    see("nbd x=2", get("nbd", "cdnow x=2", 0, 39, two)["expected"], "1.826079")
    see("pareto x=132", get("pareto-nbd", "x=132 t_x=T", 0, 10)["expected"], "6.20605")
    see("pareto x=133", get("pareto-nbd", "x=133 t_x=T", 0, 10)["expected"], "6.25287")
    nbd = beta_likelihood("nbd", [num(0.553), num(10.58)], {"x": 2, "T": num(0.75)})[0]
    pdo = find(records, "pdo", "one sub-period")["ln_likelihood"]
    assert close(nbd, pdo), (nbd, pdo)
    return misses


def main():
    with Pool(2) as pool:
        records = pool.map(compute, jobs(), chunksize=1)
    misses = check_points(records)
    assert not misses, misses
    for record in records:
        for w in record["windows"]:
            assert all(v >= 0 for v in w["pmf"]) and mp.fsum(w["pmf"]) < 1 + mpf("1e-30")
    write_jsonl("attrition.jsonl", "attrition.py", [
        "model: nbd, bg-nbd, mbg-nbd, pareto-nbd, pdo. params by name; gradient of ln_likelihood in the order of params.",
        "history: x, t_x, T; of pdo x, exposures E_c after each sub-period from the first one on, last = index from 0 of the",
        "last purchase's sub-period; null = a new customer at time zero, without ln_likelihood and gradient.",
        "ln_likelihood: density of the timed repeat purchases, without T^x/x! (pdo: without the factor of the calendar).",
        "d_t_x, d_T: its derivatives in t_x and T. p_alive: at the as-of date. rate_if_alive: E[rate | alive].",
        "windows: (from, to] in time after the as-of date; all values unconditional: expected purchases, p_any = P(Y > 0),",
        "p_alive at `from` (pdo: after an end at `from`), pmf = P(Y = 0), P(Y = 1), ... ends of pdo: operational times after the",
        "as-of date at which a living customer may leave; at the as-of date itself one has gone by (not for a new customer).",
        "Claim: 20 digits of each value for inputs read as doubles. Some lie below the range of doubles.",
    ], records)


if __name__ == "__main__":
    main()
