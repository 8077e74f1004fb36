/**
 * Where the local GitHub deviated from GitHub: an operation it does not have, or a reply that breaks the description.
 */
export interface ConformanceError {
  readonly method: string;
  readonly path: string;
  /** What is wrong and where, in readable form. */
  readonly message: string;
}

export interface ConformanceErrors {
  readonly all: readonly ConformanceError[];
  record(error: ConformanceError): void;
  /** Returns the errors so far and removes them, for tests that provoke one. */
  take(): readonly ConformanceError[];
  /** @throws Error that lists every error that was not taken. */
  throwIfAny(): void;
}

export function createConformanceErrors(): ConformanceErrors {
  const errors: ConformanceError[] = [];
  return {
    all: errors,
    record: (error) => void errors.push(error),
    take: () => errors.splice(0),
    throwIfAny() {
      if (errors.length === 0) return;
      const lines = errors.map(({ method, path, message }) => `  ${method} ${path}: ${message}`);
      throw new Error(`the local GitHub deviated from GitHub ${errors.length} time(s):\n${lines.join("\n")}`);
    },
  };
}
