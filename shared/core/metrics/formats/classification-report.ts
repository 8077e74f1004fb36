/** `sklearn.metrics.classification_report(output_dict=True)`: classes are slices, averages and accuracy are about everything. */
import { isObject, type MetricFormat, valueAt } from "./format.ts";
import { flatten } from "./nested.ts";

export const classificationReport: MetricFormat = {
  name: "scikit-learn classification_report",
  recognises: (value) =>
    ["macro avg", "weighted avg"].every((key) =>
      ["f1-score", "support"].every((part) => valueAt(value, key, part) !== undefined),
    ),
  read(source) {
    if (!isObject(source.value)) return [];
    return Object.entries(source.value).flatMap(([key, part]) => {
      const isClass = isObject(part) && !key.endsWith(" avg");
      const support = valueAt(part, "support");
      const n = Number.isInteger(support) && Number(support) >= 0 ? { n: Number(support) } : {};
      const values = flatten(source, part, [key], isClass ? 1 : 0, isClass ? key : null);
      return values.map((value) => ({ ...value, ...n }));
    });
  },
};
