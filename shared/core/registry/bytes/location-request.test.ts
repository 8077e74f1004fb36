import { expect, test } from "vitest";
import { ActionError } from "../../../problem/problem.ts";
import { DIGEST, SHA } from "../../../records/testing.ts";
import { describeLocation } from "./describe-location.ts";
import { parseLocationRequest } from "./location-request.ts";

test.each([
  ["artifact", { kind: "artifact" }],
  ["artifact model", { kind: "artifact", name: "model" }],
  ["release v1.2.0", { kind: "release-asset", tag: "v1.2.0" }],
  ["release models/v1 model.zip", { kind: "release-asset", tag: "models/v1", asset: "model.zip" }],
  ["git-lfs", { kind: "git-lfs" }],
  ["dvc storage", { kind: "dvc", remote: "storage" }],
])("asked: %s", (line, request) => {
  expect(parseLocationRequest(line)).toEqual(request);
});

test.each([
  ["s3://bucket/visits/v1/", "s3://bucket/visits/v1/"],
  ["gs://bucket/model.bin", "gs://bucket/model.bin"],
  [`hf://octo/visits@${SHA}`, `hf://octo/visits@${SHA}`],
  [`oci://ghcr.io:443/octo/visits@${DIGEST}`, `ghcr.io:443/octo/visits@${DIGEST}`],
  [
    "mlflow https://mlflow.example 7f00 mlflow-artifacts:/1/7f00/artifacts/model",
    /^MLflow run 7f00 at https:\/\/mlflow\.example/,
  ],
  ["command the bucket of team health", "the bucket of team health"],
])("stated: %s", (line, text) => {
  const request = parseLocationRequest(line);
  if (request.kind !== "stated") throw new Error("it is asked for");
  expect(describeLocation(request.location)).toMatch(text);
});

test.each([
  "",
  "nowhere",
  "artifact a b",
  "release",
  "s3://bucket",
  "s3://bucket/key more",
  "https://example.com/model.bin",
  "hf://octo/visits@main",
  "hf://octo/visits",
  `oci://ghcr.io/octo/visits:latest@${DIGEST}`,
  "oci://ghcr.io/octo/visits:latest",
  "git-lfs now",
  "mlflow https://user:secret@mlflow.example r s",
  "mlflow mlflow.example r s",
  "s3://bucket/key?X-Amz-Signature=secret",
])("no place: %s", (line) => {
  const thrown = ((): unknown => {
    try {
      return parseLocationRequest(line);
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toBeInstanceOf(ActionError);
  const [problem] = (thrown as ActionError).problems;
  expect(problem?.code).toBe("location-malformed");
  expect(problem?.message).not.toContain("secret");
});
