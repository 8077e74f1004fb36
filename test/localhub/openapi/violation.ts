/** One place where a value does not fit its schema. */
export type { ErrorObject as Violation } from "ajv";
