"""Likelihoods of single customers under the models with drop-out, each by two ways.

The formulas stand in attrition.py."""

from mpmath import mp, mpf

from attrition_quadrature import ONE, integrate, log_beta, logs


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
