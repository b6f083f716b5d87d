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

from common import num, write_jsonl

mp.dps = 60
ONE = mpf(1)
NAMES = {"nbd": "r alpha", "pareto-nbd": "r alpha s beta"}
KEYS = {m: NAMES.get(m, "r alpha a b").split() for m in ("nbd", "bg-nbd", "mbg-nbd", "pareto-nbd", "pdo")}


# Quadrature

def integrate(f, log_weight):
    """∫ f(u) du over the line for a list of functions: trapezoidal rule in y, u = peak + width sinh y,
    the peak and width those of log_weight; the step is halved until nothing moves by 1e-32."""
    with mp.workdps(20):
        low, high = mpf(-90), mpf(90)
        while high - low > mpf("1e-4"):
            third = (high - low) / 3
            if log_weight(low + third) < log_weight(high - third):
                low += third
            else:
                high -= third
        peak, d = (low + high) / 2, mpf("1e-3")
        curve = (2 * log_weight(peak) - log_weight(peak + d) - log_weight(peak - d)) / d ** 2
        width = 1 / mp.sqrt(max(curve, ONE))

    def node(y):
        slope = width * mp.cosh(y)
        return [slope * v for v in f(peak + width * mp.sinh(y))]

    total = node(mpf(0))
    size = [abs(v) for v in total]

    def add(y):
        small = True
        for i, v in enumerate(node(y)):
            total[i] += v
            size[i] += abs(v)
            small = small and abs(v) <= mpf("1e-48") * size[i]
        return small

    h, ends = mpf(1) / 8, []
    for sign in (1, -1):
        n, quiet = 0, 0
        while quiet < 6:
            n += 1
            quiet = quiet + 1 if add(sign * n * h) else 0
            assert n < 400
        ends.append(n)
    right, left = ends
    for _ in range(11):
        before = [h * v for v in total]
        for n in range(-left, right):
            add((n + mpf(1) / 2) * h)
        h, left, right = h / 2, 2 * left, 2 * right
        if all(abs(h * v - w) <= mpf("1e-32") * h * s for v, w, s in zip(total, before, size)):
            return [h * v for v in total]
    raise ArithmeticError("no convergence")


def logs(u):
    """ln p and ln q of p = 1/(1+e^−u), q = 1 − p."""
    if u < 0:
        lq = -mp.log1p(mp.exp(u))
        return lq + u, lq
    lp = -mp.log1p(mp.exp(-u))
    return lp, lp - u


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def negative_binomial(shape, rate, w, top):
    """P(N = k), k = 0…top, and P(N ≥ k), k = 0…top+1, of Poisson(λw) with λ ~ Gamma(shape, rate)."""
    y = w / (rate + w)
    pmf = [mp.exp(-shape * mp.log1p(w / rate))]
    for k in range(top):
        pmf.append(pmf[-1] * (shape + k) / (k + 1) * y)
    rest = 1 - mp.fsum(pmf)
    if rest < mpf("1e-12"):
        term, k, rest = pmf[-1] * (shape + top) / (top + 1) * y, top + 1, mpf(0)
        while term > mpf("1e-62") * rest:
            rest += term
            term *= (shape + k) / (k + 1) * y
            k += 1
    tails = [rest]
    for v in reversed(pmf):
        tails.append(tails[-1] + v)
    return pmf, tails[::-1]


def close(one, two, digits=25):
    return abs(one - two) <= mpf(10) ** -digits * max(abs(one), abs(two))


# Likelihoods

def beta_terms(model, x, history):
    """(i, j, t, slot): slot says whether t is T, t_x or a constant. The first term is the living customer."""
    if model == "nbd":
        return [(0, 0, history["T"], "T")]
    if model == "bg-nbd":
        return [(0, x, history["T"], "T")] + ([(1, x - 1, history["t_x"], "t_x")] if x else [])
    if model == "mbg-nbd":
        return [(0, x + 1, history["T"], "T"), (1, x, history["t_x"], "t_x")]
    e = history["exposures"]
    return [(0, len(e), e[-1], "")] + [(1, c, e[c], "") for c in range(history["last"], len(e))]


def beta_likelihood(model, theta, history):
    """ln L, gradient in the parameters, in t_x and T, and ln P(alive)."""
    x = history["x"]
    r, alpha = theta[:2]
    a, b = theta[2:] if len(theta) == 4 else (ONE, ONE)
    terms = beta_terms(model, x, history)
    base = mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha)
    weights = [mp.exp(log_beta(a + i, b + j) - log_beta(a, b) - (r + x) * mp.log1p((t - terms[0][2]) / (alpha + terms[0][2])))
               for i, j, t, _ in terms]
    total = mp.fsum(weights)
    value = base - (r + x) * mp.log(alpha + terms[0][2]) + mp.log(total)
    share = [w / total for w in weights]
    mean = lambda f: mp.fsum(s * f(*term) for s, term in zip(share, terms))
    gradient = [mp.psi(0, r + x) - mp.psi(0, r) + mean(lambda i, j, t, _: mp.log(alpha / (alpha + t))),
                r / alpha - mean(lambda i, j, t, _: (r + x) / (alpha + t))]
    if len(theta) == 4:
        both = lambda i, j: mp.psi(0, a + b) - mp.psi(0, a + b + i + j)
        gradient += [mean(lambda i, j, t, _: mp.psi(0, a + i) - mp.psi(0, a) + both(i, j)),
                     mean(lambda i, j, t, _: mp.psi(0, b + j) - mp.psi(0, b) + both(i, j))]
    times = {slot: -mean(lambda i, j, t, s: (r + x) / (alpha + t) * (s == slot)) for slot in ("t_x", "T")}
    return value, gradient, times, mp.log(share[0])


def beta_integral(model, theta, history):
    """The same likelihood as an integral over p."""
    x, (r, alpha, a, b) = history["x"], theta
    total = mpf(0)
    for i, j, t, _ in beta_terms(model, x, history):
        weight = lambda u: (a + i) * logs(u)[0] + (b + j) * logs(u)[1]
        scale = weight(mp.log((a + i) / (b + j)))
        part, = integrate(lambda u: [mp.exp(weight(u) - scale)], weight)
        total += mp.exp(scale - (r + x) * mp.log((alpha + t) / alpha)) * part
    return mp.loggamma(r + x) - mp.loggamma(r) - x * mp.log(alpha) - log_beta(a, b) + mp.log(total)


def pareto_likelihood(theta, history):
    x, t_x, T = history["x"], history["t_x"], history["T"]
    r, alpha, s, beta = theta
    n = r + s + x
    ln_const = mp.loggamma(n) - mp.loggamma(r) - mp.loggamma(s) + r * mp.log(alpha) + s * mp.log(beta)
    ln_alive = (mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha / (alpha + T)) - x * mp.log(alpha + T)
                - s * mp.log1p(T / beta))
    parts = []
    for up, uq, t in ((1, 0, T), (0, 1, t_x)):
        def weight(u, more=False):
            lp, lq = logs(u)
            p, q = mp.exp(lp), mp.exp(lq)
            c = t + alpha * p + beta * q
            w = (r + x + up) * lp + (s + uq) * lq - n * mp.log(c)
            return (w, lp, lq, p, q, c) if more else w

        def f(u):
            w, lp, lq, p, q, c = weight(u, True)
            w, lc = mp.exp(w - shift), mp.log(c)
            return [w, w * (lp - lc), w * p / c, w * (lq - lc), w * q / c, w / c]
        shift = -ln_const + ln_alive  # keeps the numbers near one
        parts.append(integrate(f, weight))
    total = parts[0][0] + parts[1][0]
    e_r, e_a, e_s, e_b = ((parts[0][k] + parts[1][k]) / total for k in range(1, 5))
    gradient = [mp.psi(0, n) - mp.psi(0, r) + mp.log(alpha) + e_r, r / alpha - n * e_a,
                mp.psi(0, n) - mp.psi(0, s) + mp.log(beta) + e_s, s / beta - n * e_b]
    times = {"T": -n * parts[0][5] / total, "t_x": -n * parts[1][5] / total}
    value = ln_alive + mp.log(total)
    return value, gradient, times, ln_alive - value


def pareto_closed(theta, history):
    """ln L by 2F1, the form of Fader and Hardie; over the death time where 2F1 does not converge."""
    x, t_x, T = history["x"], history["t_x"], history["T"]
    r, alpha, s, beta = theta
    n = r + s + x
    if r > 1000 and s > 1000:
        dead = mp.quad(lambda t: mp.exp(-(r + x) * mp.log((alpha + t) / (alpha + T)) - s * mp.log((beta + t) / (beta + T)))
                       / (beta + t), mp.linspace(t_x, T, 3))
        return (mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha) + s * mp.log(beta)
                - (r + x) * mp.log(alpha + T) - s * mp.log(beta + T) + mp.log1p(s * dead))
    large, z, second = (alpha, alpha - beta, s + 1) if alpha >= beta else (beta, beta - alpha, r + x)
    part = lambda t: mp.hyp2f1(n, second, n + 1, z / (large + t)) * mp.exp(-n * mp.log1p((t - T) / (large + T)))
    alive = mp.exp(n * mp.log(large + T) - (r + x) * mp.log(alpha + T) - s * mp.log(beta + T))
    return (mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha) + s * mp.log(beta)
            - n * mp.log(large + T) + mp.log(alive + s / n * (part(t_x) - part(T))))


def check_gradient(value, gradient, point):
    with mp.workdps(110):
        for i, g in enumerate(gradient):
            step = point[i] * mpf("1e-28")
            up, down = ([*point[:i], point[i] + s, *point[i + 1:]] for s in (step, -step))
            slope = (value(up) - value(down)) / (2 * step)
            assert abs(slope - g) < mpf("1e-25") * (1 + abs(g)), (point, i, slope, g)


# The future of a customer who is alive at the as-of date

def from_p(model, state, windows, top):
    """Per window: expectation, P(Y ≥ 1), P(alive at its start), its complement, P(Y = 0), …, P(Y = top).
    state: BG, MBG (shape, rate of λ; a, b of p), Pareto (shape, rate of λ; shape, rate of μ)."""
    r, alpha, a, b = state
    pareto = model == "pareto-nbd"
    i, j = (r, a) if pareto else (a, b)
    constant = -log_beta(i, j) + (r * mp.log(alpha) + a * mp.log(b) if pareto else 0)

    def weight(u):
        lp, lq = logs(u)
        w = constant + i * lp + j * lq
        return w - (r + a) * mp.log(alpha * mp.exp(lp) + b * mp.exp(lq)) if pareto else w

    def f(u):
        lp, lq = logs(u)
        p, q, w0 = mp.exp(lp), mp.exp(lq), mp.exp(weight(u))
        c0, shape = (alpha * p + b * q, r + a) if pareto else (alpha, r)
        lose = q if pareto else p  # share of the event rate that ends the life
        out = []
        for t0, t1 in windows:
            d = t1 - t0
            c = c0 + lose * t0
            gone = -shape * mp.log1p(lose * t0 / c0)
            g = w0 * mp.exp(gone)
            pmf, tails = negative_binomial(shape, c, d, top + 1)
            expected = -mp.expm1(-shape * mp.log1p(lose * d / c)) / lose
            power = ONE
            if pareto:
                counts, some = [], p * tails[1]
                for k in range(top + 1):
                    counts.append(power * (pmf[k] + q * tails[k + 1]))
                    power *= p
                expected *= p
            else:
                counts, some = [pmf[0]], tails[1]
                for k in range(1, top + 1):
                    counts.append(power * (q * pmf[k] + p * tails[k]))
                    power *= q
            out += [g * v for v in (expected, some, ONE)] + [-w0 * mp.expm1(gone)] + [g * v for v in counts]
        return out

    values = integrate(f, weight)
    n = 5 + top
    return [values[k * n:(k + 1) * n] for k in range(len(windows))]


def lives(ends, t0, t1):
    """(ends passed before, exposure in the window) of a customer who leaves at each end, and of one who stays."""
    out = [(k, max(mpf(0), min(e, t1) - t0)) for k, e in enumerate(ends) if e < t1]
    return out, sum(1 for e in ends if e <= t0)


def from_theta(state, ends, windows, top):
    """The same for pdo, integrated over the probability of leaving at an end."""
    r, alpha, a, b = state
    constant = -log_beta(a, b)
    weight = lambda u: constant + a * logs(u)[0] + b * logs(u)[1]
    cases = []
    for t0, t1 in windows:
        assert t1 <= ends[-1]
        left, before = lives(ends, t0, t1)
        table = [negative_binomial(r, alpha, d, top)[0] if d else [ONE] + [mpf(0)] * top for _, d in left]
        stay, tails = negative_binomial(r, alpha, t1 - t0, top)
        some = [1 - row[0] if d < 1e-3 else -mp.expm1(-r * mp.log1p(d / alpha)) for row, (_, d) in zip(table, left)]
        cases.append((left, before, table, stay, some, tails[1], t1 - t0))

    def f(u):
        lp, lq = logs(u)
        p, q, w = mp.exp(lp), mp.exp(lq), mp.exp(weight(u))
        powers = [w]
        for _ in range(len(ends)):
            powers.append(powers[-1] * q)
        out = []
        for left, before, table, stay, some, any_stay, length in cases:
            last = powers[len(left)]
            alive = [(p * powers[k], row, s, d) for (k, d), row, s in zip(left, table, some) if d]
            gone = -w * mp.expm1(before * lq)
            expected = (mp.fsum(v * d for v, _, _, d in alive) + last * length) * r / alpha
            out += [expected, mp.fsum(v * s for v, _, s, _ in alive) + last * any_stay, powers[before], gone]
            out += [mp.fsum(v * row[k] for v, row, _, _ in alive) + last * stay[k] for k in range(top + 1)]
        return out

    values = integrate(f, weight)
    n = 5 + top
    return [values[k * n:(k + 1) * n] for k in range(len(windows))]


def closed_expectation(model, state, t):
    """E[Y(0, t)] of a living customer; None where the closed form has a pole or takes too long."""
    r, alpha, a, b = state
    if model == "pareto-nbd":  # (β/(1−s)) ((1+t/β)^{1−s} − 1), a logarithm at s = 1
        whole = mp.log1p(t / b)
        return r / alpha * b * (whole if a == 1 else mp.expm1((1 - a) * whole) / (1 - a))
    if a == 1 or a + b == 1 or r > 1000:
        return None
    ratio = mp.hyp2f1(r, b, a + b - 1, t / (alpha + t))
    return (a + b - 1) / (a - 1) * (1 - mp.exp(-r * mp.log1p(t / alpha)) * ratio)


def purchase_time(state, t0, d, k):
    """P(Y ≥ k) under Pareto/NBD: density of the kth purchase at t0+u, times P(alive) then."""
    r, alpha, a, b = state
    density = lambda u: ((u / (alpha + u)) ** (k - 1) * (alpha / (alpha + u)) ** r / (alpha + u)
                         * (b / (b + t0 + u)) ** a)
    with mp.workdps(35):
        scale = density(d)
        area = mp.quad(lambda u: density(u) / scale, mp.linspace(0, d, 6))
        return mp.exp(mp.loggamma(r + k) - mp.loggamma(r) - mp.loggamma(k)) * scale * area


def check_future(model, state, ends, windows, rows, top, slow):
    r, alpha, a, b = state
    for (t0, t1), row in zip(windows, rows):
        expected, some, alive, gone, *pmf = row
        assert close(alive + gone, ONE) and close(some + gone + pmf[0], ONE), (model, state, t0, t1)
        if model == "pdo":  # finite sums of Beta functions
            left, before = lives(ends, t0, t1)
            at = lambda i, k: mp.exp(log_beta(a + i, b + k) - log_beta(a, b))
            terms = [(at(1, k), d) for k, d in left if d] + [(at(0, len(left)), t1 - t0)]
            assert close(alive, at(0, before)), (state, t0)
            assert close(expected, r / alpha * mp.fsum(w * d for w, d in terms))
            for k in (0, 1, top):
                part = mp.fsum(w * mp.exp(k * mp.log(d) - (r + k) * mp.log(alpha + d)) for w, d in terms)
                constant = mp.loggamma(r + k) - mp.loggamma(r) - mp.loggamma(k + 1) + r * mp.log(alpha)
                assert close(pmf[k], part * mp.exp(constant)), (state, t0, t1, k)
            continue
        upper = closed_expectation(model, state, t1)
        if upper is not None:
            lower = closed_expectation(model, state, t0) if t0 else mpf(0)
            assert abs(expected - upper + lower) < mpf("1e-25") * upper, (model, state, t0, t1, expected, upper - lower)
        if model == "pareto-nbd":
            assert close(alive, mp.exp(-a * mp.log1p(t0 / b)))
            if slow and t0 > 0:
                assert close(purchase_time(state, t0, t1 - t0, 1), some, 20)
                for k in (1, 2, top):
                    tail = purchase_time(state, t0, t1 - t0, k)
                    rest = purchase_time(state, t0, t1 - t0, k + 1)
                    assert abs(tail - rest - pmf[k]) < mpf("1e-20") * tail, (state, t0, t1, k)
        elif t0 == 0:  # sum over purchases: the kth one is made alive; left at the kth or not
            counts, tails = negative_binomial(r, alpha, t1, top)
            for k in range(1, top + 1):
                value = (mp.exp(log_beta(a, b + k) - log_beta(a, b)) * counts[k]
                         + mp.exp(log_beta(a + 1, b + k - 1) - log_beta(a, b)) * tails[k])
                assert close(pmf[k], value), (model, state, t1, k)


def double_integral(model, state, t0, t1, k):
    """E[Y] and P(Y = k) of a living customer over both rates, from the process given them."""
    r, alpha, a, b = state
    d = t1 - t0

    def given(lam, drop):
        if model == "pareto-nbd":
            rate, p = lam + drop, lam / (lam + drop)
            start, mean = mp.exp(-drop * t0), lam / drop * -mp.expm1(-drop * d)
            poisson = lambda n: mp.exp(-rate * d) * (rate * d) ** n / mp.factorial(n)
            tail = 1 - mp.fsum(poisson(n) for n in range(k + 1))
            return start * mean, start * p ** k * (poisson(k) + (1 - p) * tail)
        start, mean = mp.exp(-lam * drop * t0), -mp.expm1(-lam * drop * d) / drop
        poisson = lambda n: mp.exp(-lam * d) * (lam * d) ** n / mp.factorial(n)
        tail = 1 - mp.fsum(poisson(n) for n in range(k))
        return start * mean, start * ((1 - drop) ** k * poisson(k) + drop * (1 - drop) ** (k - 1) * tail)

    with mp.workdps(22):
        h, total = mpf("0.22"), [mpf(0), mpf(0)]
        rates = [(mp.exp(n * h), r * (n * h + mp.log(alpha)) - alpha * mp.exp(n * h) - mp.loggamma(r)) for n in range(-300, 40)]
        if model == "pareto-nbd":
            drops = [(mp.exp(n * h), a * (n * h + mp.log(b)) - b * mp.exp(n * h) - mp.loggamma(a)) for n in range(-300, 40)]
        else:
            drops = [(mp.exp(logs(n * h)[0]), a * logs(n * h)[0] + b * logs(n * h)[1] - log_beta(a, b)) for n in range(-300, 300)]
        rates, drops = ([(v, mp.exp(w)) for v, w in side if w > -32] for side in (rates, drops))
        for lam, one in rates:
            for drop, two in drops:
                mean, prob = given(lam, drop)
                total[0] += one * two * mean
                total[1] += one * two * prob
        return [h * h * v for v in total]


def future_nbd(state, windows, top):
    r, alpha = state
    rows = []
    for t0, t1 in windows:
        pmf, tails = negative_binomial(r, alpha, t1 - t0, top)
        rows.append([r / alpha * (t1 - t0), tails[1], ONE, mpf(0), *pmf])
    return rows


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
