"""What a customer who is alive at the as-of date will purchase, each number by two ways.

The methods are described in attrition.py."""

from mpmath import mp, mpf

from attrition_quadrature import ONE, close, integrate, log_beta, logs, negative_binomial


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
