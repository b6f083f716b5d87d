"""Integrals and sums that the oracle of single customers is made of, at 60 digits."""

from mpmath import mp, mpf

mp.dps = 60
ONE = mpf(1)


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
