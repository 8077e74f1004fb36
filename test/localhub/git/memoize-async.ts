/** Keeps the answers to questions whose answers never change. */

/**
 * Answers like `ask`, keeping the `limit` answers that were used last; who asks while the same is worked out waits for
 * it. Failures are not kept.
 */
export function memoizeAsync<Answer>(limit: number, ask: (...words: readonly string[]) => Promise<Answer>): typeof ask {
  const answers = new Map<string, Promise<Answer>>();
  return (...words) => {
    const key = JSON.stringify(words);
    const answer = answers.get(key) ?? ask(...words);
    answers.delete(key);
    answers.set(key, answer);
    answer.catch(() => answers.get(key) === answer && answers.delete(key));
    for (const oldest of answers.keys()) {
      if (answers.size <= limit) break;
      answers.delete(oldest);
    }
    return answer;
  };
}
