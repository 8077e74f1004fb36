/** The input `key` unless somebody writes it: then it says nothing that the name of a model does not say better. */
export const DEFAULT_KEY = "metrics";
