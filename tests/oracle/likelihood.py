#!/usr/bin/env python3
"""Log-likelihoods and gradients on tiny data sets, straight from the densities.

Frequency (natural parameters a rate, b shape): `nbd` without and with the constant
ln(T^x/x!), `nbd-zero-truncated` (subtracts ln(1 − (a/(a+T))^b) per customer).
Monetary (p, q, k): `period` from the values of every active period; `purchase` with each
period weighted by its purchases; `repeat-mean` from one mean of X repeat purchases per customer.
Gradients are written down with digamma functions and asserted against numerical
differentiation of the log-likelihood at 120 digits. Log-likelihoods are also asserted
against the integral over the customer's rate they come from, extreme parameters aside.
"""

from mpmath import mp, mpf

from common import num, write_jsonl

mp.dps = 50


def nbd(a, b, data, truncated=False):
    """ln L without ln(T^x/x!), and its gradient in (a, b)."""
    value = grad_a = grad_b = mpf(0)
    for x, t in data:
        value += mp.loggamma(b + x) - mp.loggamma(b) + b * mp.log(a) - (b + x) * mp.log(a + t)
        grad_a += b / a - (b + x) / (a + t)
        grad_b += mp.psi(0, b + x) - mp.psi(0, b) + mp.log(a / (a + t))
        if truncated:
            log_empty = b * mp.log(a / (a + t))
            value -= mp.log(-mp.expm1(log_empty))
            odds = 1 / mp.expm1(-log_empty)  # P0/(1 − P0)
            grad_a += odds * b * (1 / a - 1 / (a + t))
            grad_b += odds * mp.log(a / (a + t))
    return value, [grad_a, grad_b]


def constant(data):
    """Σ ln(T^x/x!), free of the parameters; 0 for x = 0."""
    return mp.fsum((x * mp.log(t) if x else 0) - mp.loggamma(x + 1) for x, t in data)


def gamma_gamma(p, q, k, data, form):
    """ln L and its gradient in (p, q, k). data: per customer a list of (value, purchases)."""
    value, grad = mpf(0), [mpf(0)] * 3
    for periods in data:
        weights = [n if form != "period" else mpf(1) for _, n in periods]
        n, s = mp.fsum(weights), mp.fsum(w * m for w, (m, _) in zip(weights, periods))
        value += mp.loggamma(p * n + q) - mp.loggamma(q) + q * mp.log(k) - (p * n + q) * mp.log(k + s)
        grad[0] += n * (mp.psi(0, p * n + q) - mp.log(k + s))
        grad[1] += mp.psi(0, p * n + q) - mp.psi(0, q) + mp.log(k / (k + s))
        grad[2] += q / k - (p * n + q) / (k + s)
        for w, (m, _) in zip(weights, periods):
            value += p * w * mp.log(w) + (p * w - 1) * mp.log(m) - mp.loggamma(p * w)
            grad[0] += w * (mp.log(w * m) - mp.psi(0, p * w))
    return value, grad


def check_gradient(value, gradient, point):
    """Central difference quotients of the log-likelihood at 120 digits."""
    with mp.workdps(120):
        for i, g in enumerate(gradient):
            step = point[i] * mpf("1e-30")
            up, down = ([*point[:i], point[i] + s, *point[i + 1:]] for s in (step, -step))
            slope = (value(*up) - value(*down)) / (2 * step)
            assert abs(slope - g) < mpf("1e-25") * (1 + abs(g)), (point, i, slope, g)


def peak_quad(log_f):
    """ln ∫ e^{log_f(t)} dt of a concave log_f, by the trapezoidal rule around its highest point."""
    low, high = mpf(-60), mpf(60)
    while high - low > mpf("0.001"):
        third = (high - low) / 3
        if log_f(low + third) < log_f(high - third):
            low += third
        else:
            high -= third
    best = (low + high) / 2
    top = log_f(best)
    curve = -(log_f(best + mpf("0.001")) - 2 * top + log_f(best - mpf("0.001"))) * 10 ** 6
    h = min(mpf("0.1"), mpf("0.3") / mp.sqrt(max(curve, mpf("0.01"))))
    total, n = mpf(0), 0
    for sign in (1, -1):
        n = 0 if sign == 1 else 1
        while True:
            term = log_f(best + sign * n * h) - top
            total += mp.exp(term)
            n += 1
            if term < -70:
                break
    return top + mp.log(total * h)


def check_nbd(a, b, data, value):
    """Poisson purchases mixed over λ = e^t."""
    with mp.workdps(30):
        total = mp.fsum(peak_quad(lambda t: x * t - mp.exp(t) * (T + a) + b * t + b * mp.log(a) - mp.loggamma(b)) for x, T in data)
        assert abs(total - value) < mpf("1e-20") * (1 + abs(value)), (a, b, total, value)


def check_gamma_gamma(p, q, k, data, form, value):
    """Averages of n purchases are Gamma(p n, ν n), mixed over ν = e^t."""
    with mp.workdps(30):
        total = mpf(0)
        for periods in data:
            n = mp.fsum(1 if form == "period" else w for _, w in periods)
            s = mp.fsum(m if form == "period" else w * m for m, w in periods)
            total += q * mp.log(k) - mp.loggamma(q) + peak_quad(lambda t: (q + p * n) * t - (k + s) * mp.exp(t))
            for m, w in periods:
                w = w if form != "period" else mpf(1)
                total += p * w * mp.log(w) + (p * w - 1) * mp.log(m) - mp.loggamma(p * w)
        assert abs(total - value) < mpf("1e-18") * (1 + abs(value)), (p, q, k, form, total, value)


COUNTS = {
    "plain": [(2, 38.86), (1, 38.86), (0, 38.86), (7, 31.0), (0, 27.142857142857142), (29, 38.857142857142854)],
    "fractional": [(3, 0.5), (0, 0.0027397260273972603), (1, 11.25), (12, 7.934065934065934)],
    "heavy": [(5000, 38.86), (0, 38.86), (1, 0.14285714285714285)],
    "panel": [(1, 12.0), (4, 12.0), (2, 12.0), (1, 12.0), (9, 12.0)],
    "many-empty": [(0, 1.0), (0, 2.5), (1, 3.75), (0, 100.0)],
}
RATES = [(1.84, 2.67), (12.072023, 0.384766), (1e6, 1e6), (0.35, 1e6), (2.0, 1e-3), (1e-3, 0.7), (1e-6, 3.0), (4e5, 0.02), (9.5, 1e-6)]
VALUES = {  # per customer (average value, purchases) of every active period
    "plain": [[(22.35, 2), (31.4, 1), (18.0, 1)], [(11.77, 1)], [(35.25, 3), (40.1, 2)], [(5.99, 1), (7.25, 1), (6.5, 4), (6.75, 1)]],
    "money": [[(39510.75, 1), (120000.0, 2)], [(999.99, 1)], [(186871.69, 12), (210000.5, 3), (77.0, 1)]],
    "small-units": [[(1e-6, 1), (3e-6, 2)], [(2.5e-5, 1)], [(4e-7, 5)]],
    "large-units": [[(1.5e12, 1), (9e11, 2)], [(4.25e13, 1)], [(7e10, 5)]],
    "busy": [[(35.17, 5000)], [(20.5, 40), (22.25, 38)], [(60.0, 1)]],
    "constant": [[(10.0, 1), (10.0, 2)], [(10.0, 1)], [(10.000000001, 3)]],
}
SHAPES = [(8.57, 1.53, 3224.15), (6.249572, 3.744225, 15.443521), (1e4, 2.0, 0.003), (0.05, 0.4, 10.0), (3.0, 1e5, 2e6),
          (0.7, 0.3, 1e-6), (40.0, 5.5, 1e12)]


def main():
    records = []
    for name, counts in COUNTS.items():
        data = [(mpf(x), num(t)) for x, t in counts]
        for rate in RATES:
            a, b = map(num, rate)
            value, gradient = nbd(a, b, data)
            check_gradient(lambda a, b: nbd(a, b, data)[0], gradient, [a, b])
            if 0.1 < b and a + b < 1e5:  # a slower tail or a sharper peak takes too long
                check_nbd(a, b, data, value)
            records.append({"model": "nbd", "data": name, "customers": counts, "a": rate[0], "b": rate[1],
                            "log_likelihood": value, "log_likelihood_with_constant": value + constant(data),
                            "gradient": gradient})
            if all(x > 0 for x, _ in counts):
                value, gradient = nbd(a, b, data, truncated=True)
                check_gradient(lambda a, b: nbd(a, b, data, True)[0], gradient, [a, b])
                records.append({"model": "nbd-zero-truncated", "data": name, "customers": counts, "a": rate[0],
                                "b": rate[1], "log_likelihood": value,
                                "log_likelihood_with_constant": value + constant(data), "gradient": gradient})
    for form in ("period", "purchase", "repeat-mean"):
        for name, customers in VALUES.items():
            if form == "repeat-mean":  # one overall mean and the number of purchases per customer
                sizes = [sum(n for _, n in c) for c in customers]
                customers = [[(sum(m * n for m, n in c) / s, s)] for c, s in zip(customers, sizes)]
            data = [[(num(m), mpf(n)) for m, n in c] for c in customers]
            for shape in SHAPES:
                p, q, k = map(num, shape)
                value, gradient = gamma_gamma(p, q, k, data, form)
                check_gradient(lambda p, q, k: gamma_gamma(p, q, k, data, form)[0], gradient, [p, q, k])
                if q < 1e4:
                    check_gamma_gamma(p, q, k, data, form, value)
                records.append({"model": "gamma-gamma", "form": form, "data": name, "customers": customers,
                                "p": shape[0], "q": shape[1], "k": shape[2], "log_likelihood": value, "gradient": gradient})
    write_jsonl("likelihood.jsonl", "likelihood.py", [
        "customers: [x, T] for the counts, [[value, purchases], ...] per active period for the values (repeat-mean: one pair).",
        "gradient: in (a, b) or (p, q, k). log_likelihood of nbd is without ln(T^x/x!), the other key with it.",
        "gamma-gamma contains every constant: it is the log-density of the values. In form period purchases do not count.",
        "Claim: 20 digits of each value for inputs read as doubles. A value near zero through cancellation keeps its 20 digits.",
    ], records)


if __name__ == "__main__":
    main()
