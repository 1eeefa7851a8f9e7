"""Prints what NumPy, SciPy and scikit-learn say of runs, as JSON.

    python scipy_answers.py FILE

FILE: {"numbers": {name: [numbers]}, "words": {name: [places]}, "metric": [numbers]}, all of one length.
"""

import json
import sys

import numpy
import scipy.stats
from sklearn.ensemble import RandomForestRegressor
from sklearn.preprocessing import OneHotEncoder

with open(sys.argv[1]) as file:
    runs = json.load(file)
numbers = {name: numpy.array(values, float) for name, values in runs["numbers"].items()}
words = {name: numpy.array(places) for name, places in runs["words"].items()}
metric = numpy.array(runs["metric"], float)
count = len(metric)


def eta(groups):
    """The share of the ranks' variance that lies between groups is Kruskal's H over n - 1."""
    statistic, _ = scipy.stats.kruskal(*[metric[groups == group] for group in numpy.unique(groups)])
    return float(numpy.sqrt(statistic / (count - 1)))


def forest():
    """Out-of-bag R², and half the mean squared error that shuffling a parameter adds out of bag, in variances of the metric."""
    columns = {name: values.reshape(-1, 1) for name, values in numbers.items()}
    columns |= {name: OneHotEncoder().fit_transform(places.reshape(-1, 1)).toarray() for name, places in words.items()}
    ends = numpy.cumsum([part.shape[1] for part in columns.values()])
    parts = dict(zip(columns, numpy.split(numpy.arange(ends[-1]), ends[:-1])))
    table = numpy.hstack(list(columns.values()))
    # The metric's mean is nothing that a forest should depend on, but scikit-learn's loses digits over it.
    target = metric - metric.mean()
    grown = RandomForestRegressor(150, min_samples_split=5, max_features=0.5, oob_score=True, random_state=1)
    grown.fit(table, target)
    random = numpy.random.default_rng(1)
    added = {name: [] for name in parts}
    for tree, drawn in zip(grown.estimators_, grown.estimators_samples_):
        unseen = numpy.setdiff1d(numpy.arange(count), drawn)
        error = numpy.mean((tree.predict(table[unseen]) - target[unseen]) ** 2)
        for name, part in parts.items():
            shuffled = table[unseen].copy()
            shuffled[:, part] = shuffled[random.permutation(len(unseen))][:, part]
            added[name].append(numpy.mean((tree.predict(shuffled) - target[unseen]) ** 2) - error)
    shares = {name: float(numpy.mean(errors) / (2 * target.var())) for name, errors in added.items()}
    return {"explained": float(grown.oob_score_), "importance": shares}


print(
    json.dumps(
        {
            "spearman": {name: float(scipy.stats.spearmanr(values, metric)[0]) for name, values in numbers.items()},
            "eta": {name: eta(places) for name, places in words.items()},
            **forest(),
        }
    )
)
