// How often will a person see a doctor this year? A Poisson regression, fitted by iteratively reweighted least squares.
// Reads data/visits.csv and params.json (TRAIN_PARAMS overrides it); writes model.json and metrics.json. Plain Node, no
// dependencies, the same numbers every time.
import { readFileSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";

const TARGET = "mdvis";
const params = { ...JSON.parse(readFileSync("params.json", "utf8")), ...JSON.parse(process.env.TRAIN_PARAMS || "{}") };

/** Features that are not columns of the file. */
const DERIVED = {
  free_care: (row) => (row.lncoins === 0 ? 1 : 0),
  coinsurance_x_diseases: (row) => row.lncoins * row.disea,
};

/** Slices whose error is measured in addition to the overall error. */
const SLICES = {
  "excellent-health": (row) => row.hlthg + row.hlthf + row.hlthp === 0,
  "good-health": (row) => row.hlthg === 1,
  "fair-health": (row) => row.hlthf === 1,
  "poor-health": (row) => row.hlthp === 1,
};

const rows = readRows("data/visits.csv");
const [train, test] = [rows.filter((row) => !row.held), rows.filter((row) => row.held)];
const model = regress(train, params);
const predictions = test.map((row) => ({ row, actual: row[TARGET], predicted: predict(model, row) }));

write("model.json", model);
write("metrics.json", {
  mae: meanAbsoluteError(predictions),
  poisson_deviance: meanPoissonDeviance(predictions),
  slices: Object.fromEntries(
    Object.entries(SLICES).map(([name, holds]) => [
      name,
      { mae: meanAbsoluteError(predictions.filter(({ row }) => holds(row))) },
    ]),
  ),
});
console.log(`fitted on ${train.length} rows, measured on ${test.length}`);

/** People appear once for each year: rows with equal features go to the same side of the split. */
function readRows(file) {
  const [header, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line, index) => {
    const cells = line.split(",");
    const row = {};
    for (let at = 0; at < names.length; at++) row[names[at]] = Number(cells[at]);
    if (cells.length !== names.length || !Object.values(row).every(Number.isFinite)) {
      throw new Error(`${file}:${index + 2}: not a row of ${names.length} numbers`);
    }
    const features = cells.filter((_, at) => names[at] !== TARGET).join(",");
    row.held = crc32(features) % 10 < 3;
    return row;
  });
}

/** Newton's method on the penalised likelihood; converges in a handful of steps. */
function regress(sample, { features, l2, max_visits }) {
  const columns = features.map((name) => {
    const values = sample.map((row) => featureOf(row, name));
    const mean = average(values);
    return { name, mean, deviation: Math.sqrt(average(values.map((value) => (value - mean) ** 2))) || 1 };
  });
  const inputs = sample.map((row) => scaled(columns, row));
  const targets = sample.map((row) => Math.min(row[TARGET], max_visits ?? Number.POSITIVE_INFINITY));
  let weights = [Math.log(average(targets)), ...columns.map(() => 0)];
  for (let step = 1, size = 1; size > 1e-10; step++) {
    if (step > 50) throw new Error("the fit does not converge: are two features the same?");
    // The intercept is not penalised.
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : -l2 * weight));
    const curvature = weights.map((_, i) => weights.map((_, j) => (i === j && i > 0 ? l2 : 0)));
    inputs.forEach((input, row) => {
      const expected = Math.exp(dot(weights, input));
      for (let i = 0; i < input.length; i++) {
        gradient[i] += input[i] * (targets[row] - expected);
        // Symmetric: the other half is filled in below.
        for (let j = 0, row = curvature[i], share = expected * input[i]; j <= i; j++) row[j] += share * input[j];
      }
    });
    curvature.forEach((row, i) => {
      for (let j = i + 1; j < row.length; j++) row[j] = curvature[j][i];
    });
    const move = solve(curvature, gradient);
    weights = weights.map((weight, i) => weight + move[i]);
    size = Math.max(...move.map(Math.abs));
  }
  const [intercept, ...slopes] = weights;
  return {
    kind: "poisson-regression",
    target: TARGET,
    params: { features, l2, max_visits: max_visits ?? null },
    intercept,
    features: columns.map((column, i) => ({ ...column, weight: slopes[i] })),
  };
}

function predict({ intercept, features }, row) {
  return Math.exp(dot([intercept, ...features.map(({ weight }) => weight)], scaled(features, row)));
}

function featureOf(row, name) {
  if (name in DERIVED) return DERIVED[name](row);
  if (name in row && name !== TARGET && name !== "held") return row[name];
  throw new Error(`params.json: there is no feature "${name}"`);
}

function scaled(columns, row) {
  return [1, ...columns.map(({ name, mean, deviation }) => (featureOf(row, name) - mean) / deviation)];
}

function meanAbsoluteError(pairs) {
  return average(pairs.map(({ actual, predicted }) => Math.abs(actual - predicted)));
}

function meanPoissonDeviance(pairs) {
  const deviance = ({ actual, predicted }) =>
    2 * ((actual > 0 ? actual * Math.log(actual / predicted) : 0) - (actual - predicted));
  return average(pairs.map(deviance));
}

/** Gauss-Jordan elimination with row pivots. */
function solve(matrix, right) {
  const grid = matrix.map((row, i) => [...row, right[i]]);
  grid.forEach((_, i) => {
    const pivot = grid.slice(i).reduce((best, row) => (Math.abs(row[i]) > Math.abs(best[i]) ? row : best));
    const at = grid.indexOf(pivot);
    [grid[i], grid[at]] = [grid[at], grid[i]];
    grid.forEach((row, j) => {
      if (j === i) return;
      const factor = row[i] / grid[i][i];
      for (let k = i; k < row.length; k++) row[k] -= factor * grid[i][k];
    });
  });
  return grid.map((row, i) => row.at(-1) / row[i]);
}

function average(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Six decimals: further ones differ between machines and have no meaning. */
function write(file, value) {
  const rounded = (_, entry) => (typeof entry === "number" ? Number(entry.toFixed(6)) : entry);
  writeFileSync(file, `${JSON.stringify(value, rounded, 2)}\n`);
}
