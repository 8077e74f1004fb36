import { expect, test } from "vitest";
import { stringify } from "yaml";
import { isFindable, parseDispatchDeclaration } from "./dispatch-declaration.ts";

test.each([
  ["train ${{ inputs.commit }} ${{ inputs.request }}", true],
  ["train ${{ github.event.inputs.request }}", true],
  ["train ${{ inputs.requested }}", false],
  ["train", false],
])("runs with the title %s can be found: %s", (runName, findable) => {
  const source = stringify({ "run-name": runName, on: { workflow_dispatch: { inputs: { request: {} } } } });
  expect(isFindable(parseDispatchDeclaration(source, ".github/workflows/train.yml"))).toBe(findable);
});
