/**
 * Great Expectations: a validation (`to_json_dict()`), a checkpoint (`json()`, or the files that its stores write) or what
 * `describe_dict()` says of one. Made with 1.24; the same keys are in files of 0.13 to 0.18.
 */
import { countOf, type ImportedCheck, isObject, type JsonObject, listObjects, textOf } from "./imported-checks.ts";

/** @returns `undefined` for a file of another kind */
export function readGreatExpectations(file: unknown): readonly ImportedCheck[] | undefined {
  const validations = isObject(file) ? listValidations(file) : undefined;
  return validations?.flatMap(readValidation);
}

function listValidations(file: JsonObject): readonly JsonObject[] | undefined {
  if (typeof file["success"] !== "boolean") return undefined;
  if (Array.isArray(file["validation_results"])) return listObjects(file["validation_results"]);
  if (isObject(file["run_results"])) {
    return Object.values(file["run_results"]).flatMap((run) => {
      const validation = isObject(run) ? (run["validation_result"] ?? run) : undefined;
      return isObject(validation) ? [validation] : [];
    });
  }
  return Array.isArray(file["results"]) ? [file] : undefined;
}

function readValidation(validation: JsonObject): readonly ImportedCheck[] {
  const checks = listObjects(validation["results"] ?? validation["expectations"]).map(readExpectation);
  const hasFailed = validation["success"] !== true;
  if (!hasFailed || checks.some(({ outcome }) => outcome !== "pass")) return checks;
  return [...checks, { name: "validation", column: null, outcome: "fail", count: null }];
}

function readExpectation(result: JsonObject): ImportedCheck {
  const config = isObject(result["expectation_config"]) ? result["expectation_config"] : result;
  const name = textOf(config["type"]) ?? textOf(config["expectation_type"]) ?? "expectation";
  const details = isObject(result["result"]) ? result["result"] : {};
  const column = isObject(config["kwargs"]) ? columnsOf(config["kwargs"]) : null;
  const outcome =
    result["success"] === true ? "pass" : hasRaised(result["exception_info"]) ? "not-run" : failure(config);
  return { name, column, outcome, count: countOf(details["unexpected_count"]) };
}

/** Only what fails is given in; a severity that is unknown fails. */
const failure = ({ severity }: JsonObject): "fail" | "warn" =>
  severity === "warning" || severity === "info" ? "warn" : "fail";

/** Of the whole expectation, or by metric. */
const hasRaised = (info: unknown): boolean =>
  isObject(info) &&
  (info["raised_exception"] === true ||
    Object.values(info).some((each) => isObject(each) && each["raised_exception"] === true));

function columnsOf(kwargs: JsonObject): string | null {
  const several = [kwargs["column_list"], kwargs["column_set"]].find(Array.isArray) ?? [
    kwargs["column_A"],
    kwargs["column_B"],
  ];
  const names = several.flatMap((name) => textOf(name) ?? []);
  return textOf(kwargs["column"]) ?? (names.length > 0 ? names.join(", ") : null);
}
