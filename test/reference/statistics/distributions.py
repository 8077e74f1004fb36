"""Writes distributions.json: values of distributions with 40 digits of working precision (mpmath), rounded to doubles."""
import json
from pathlib import Path

from mpmath import betainc, binomial, erfc, loggamma, mp, mpf, sqrt

mp.dps = 40


def normal_above(z):
    return erfc(mpf(z) / sqrt(2)) / 2


def student_above(t, df):
    t, df = mpf(t), mpf(df)
    if t < 0:
        return 1 - student_above(-t, df)
    return betainc(df / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2


def student_quantile(p, df):
    """By bisection in the logarithm, so that heavy tails are found."""
    p = mpf(p)
    if p == mpf(1) / 2:
        return mpf(0)
    tail = min(p, 1 - p)
    low, high = mpf(10) ** -20, mpf(10) ** 60
    for _ in range(400):
        middle = sqrt(low * high)
        low, high = (middle, high) if student_above(middle, df) > tail else (low, middle)
    return low if p > mpf(1) / 2 else -low


def normal_quantile(p):
    low, high = mpf(-50), mpf(50)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if normal_above(-middle) < p else (low, middle)
    return low


def binomial_density(k, n, p):
    return binomial(n, k) * mpf(p) ** k * (1 - mpf(p)) ** (n - k)


def binomial_at_most(k, n, p):
    return mpf(sum(binomial_density(i, n, p) for i in range(k + 1)))


def cases(function, arguments):
    return [{"in": list(each), "out": float(function(*each))} for each in arguments]


BINOMIAL = [(0, 1, 0.5), (3, 10, 0.5), (0, 20, 0.9), (20, 20, 0.99), (7, 30, 0.1), (130, 300, 0.5), (12, 1000, 0.05),
            (480, 1000, 0.5), (4900, 10000, 0.5), (60, 10000, 0.01)]
values = {
    "normalAbove": cases(normal_above, [(z,) for z in (-8, -3.1, -1, -0.2, 0, 1e-9, 0.3, 1, 1.96, 2.49, 2.5, 2.51, 3, 5, 8, 12, 20, 37)]),
    "normalQuantile": cases(normal_quantile, [(p,) for p in (1e-300, 1e-40, 1e-12, 1e-5, 0.0005, 0.005, 0.025, 0.1, 0.25, 0.4, 0.499, 0.6, 0.975, 0.999)]),
    "studentAbove": cases(student_above, [(t, df) for df in (1, 1.5, 2, 3.7, 9, 30, 99.4, 999, 1e5) for t in (-2.5, 0, 1e-6, 0.5, 1, 2.2, 6, 40)]),
    "studentQuantile": cases(student_quantile, [(p, df) for df in (1, 2, 3.7, 9, 99.4, 9999) for p in (1e-6, 0.005, 0.3, 0.5, 0.95, 0.975)]),
    "binomialDensity": cases(binomial_density, BINOMIAL),
    "binomialAtMost": cases(binomial_at_most, BINOMIAL),
    "logGamma": cases(lambda x: loggamma(mpf(x)), [(x,) for x in (1e-10, 0.1, 0.5, 1.2, 3, 7.7, 15.9, 16, 100.5, 12345.6)]),
    "incompleteBeta": cases(
        lambda a, b, x, _: betainc(mpf(a), mpf(b), 0, mpf(x), regularized=True),
        [(a, b, x, 1 - x) for a, b in ((0.5, 0.5), (1, 3), (2.5, 7), (40, 60), (500, 20), (5000.5, 5000.5)) for x in (0.001, 0.125, 0.375, 0.5, 0.75, 0.984375)
         if betainc(mpf(a), mpf(b), 0, mpf(x), regularized=True) > mpf(10) ** -250]),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(values, allow_nan=False) + "\n")
