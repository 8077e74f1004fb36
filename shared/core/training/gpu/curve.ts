/** A curve of any length in few points: each is the mean of as many samples as needed. */

export type Point = readonly [seconds: number, value: number];

/** As many as a chart shows. */
const MAX_POINTS = 200;

export class Curve {
  private means: Point[] = [];
  /** How many samples a point stands for. */
  private stride = 1;
  private sum: { seconds: number; value: number; count: number } = { seconds: 0, value: 0, count: 0 };

  push(seconds: number, value: number): void {
    this.sum = { seconds: this.sum.seconds + seconds, value: this.sum.value + value, count: this.sum.count + 1 };
    if (this.sum.count < this.stride) return;
    this.means.push(meanOf(this.sum));
    this.sum = { seconds: 0, value: 0, count: 0 };
    if (this.means.length < MAX_POINTS) return;
    this.means = this.means.flatMap((point, at) => {
      const next = this.means[at + 1];
      return at % 2 === 1 || next === undefined ? [] : [[(point[0] + next[0]) / 2, (point[1] + next[1]) / 2] as const];
    });
    this.stride *= 2;
  }

  /** Ascending in time; those that are too few for a point of their own are one more. */
  get points(): readonly Point[] {
    return this.sum.count === 0 ? this.means : [...this.means, meanOf(this.sum)];
  }
}

const meanOf = ({ seconds, value, count }: { seconds: number; value: number; count: number }): Point => [
  seconds / count,
  value / count,
];
