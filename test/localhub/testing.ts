/** What tests outside this package need beside the library. */
export { bundledAction } from "./e2e/bundled-action.ts";
export { jobToken } from "./operations/people/tokens.ts";
