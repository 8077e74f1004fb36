/** Two texts, line by line: what was removed and what was added, with the lines around. */

const CONTEXT = 2;

/** A readable difference like that of `diff -u`, without positions. Quadratic: for files of a few thousand lines. */
export function diffLines(path: string, before: string, after: string): string {
  const steps = align(before.split("\n"), after.split("\n"));
  const near = steps.map((_, at) => steps.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(isChange));
  const lines = steps.flatMap((step, at) => (near[at] ? [step] : near[at - 1] ? ["  …"] : []));
  return [`--- ${path}`, `+++ ${path} (generated)`, ...lines].join("\n");
}

const isChange = (step: string): boolean => !step.startsWith("  ");

/** The longest common subsequence, and what is not in it. */
function align(before: readonly string[], after: readonly string[]): readonly string[] {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const steps: string[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      steps.push(`  ${before[i]}`);
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
      steps.push(`- ${before[i]}`);
      i += 1;
    } else {
      steps.push(`+ ${after[j]}`);
      j += 1;
    }
  }
  return steps;
}
