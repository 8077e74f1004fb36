/** Where the local GitHub fell short of GitHub: an operation it does not have, or a reply that breaks the description. */
export interface ConformanceError {
  readonly method: string;
  readonly path: string;
  /** What is wrong and where, for a person. */
  readonly message: string;
}

export interface ConformanceErrors {
  readonly all: readonly ConformanceError[];
  record(miss: ConformanceError): void;
  /** Returns the misses so far and forgets them, for tests that provoke one. */
  take(): readonly ConformanceError[];
  /** @throws Error that lists every miss nobody took. */
  throwIfAny(): void;
}

export function createConformanceErrors(): ConformanceErrors {
  const misses: ConformanceError[] = [];
  return {
    all: misses,
    record: (miss) => void misses.push(miss),
    take: () => misses.splice(0),
    throwIfAny() {
      if (misses.length === 0) return;
      const lines = misses.map(({ method, path, message }) => `  ${method} ${path}: ${message}`);
      throw new Error(`the local GitHub fell short ${misses.length} time(s):\n${lines.join("\n")}`);
    },
  };
}
