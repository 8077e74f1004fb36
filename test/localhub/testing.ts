/** What tests outside this package need in addition to the library. */
export { bundledAction } from "./e2e/bundled-action.ts";
export { jobToken } from "./operations/people/tokens.ts";
export { addJobRecord, addRunRecord } from "./operations/testing.ts";
export { type Fault, seededRandom } from "./rest/faults/faults.ts";
export { startTestResultsService, type TestResultsService } from "./results/testing.ts";
