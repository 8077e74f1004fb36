/** A confusion matrix as SVG: the darker, the larger the share of the actual class. */
import type { ConfusionMatrix } from "../../core/plots/plot.ts";
import { type Html, html, joinHtml } from "../html.ts";

/** In the units of the picture, which are about pixels on a telephone. */
const SIZE = 300;
const MARGIN = { left: 90, top: 70 } as const;
/** Of more classes neither names nor counts could be read: they are shown when one points at a cell. */
const MAX_WITH_NAMES = 20;
const MAX_WITH_COUNTS = 12;

export function confusionSvg({ title, labels, counts }: ConfusionMatrix): Html {
  const cell = SIZE / labels.length;
  const cells = counts.flatMap((row, of) => {
    const all = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, as) => {
      const [x, y] = [round(MARGIN.left + as * cell), round(MARGIN.top + of * cell)];
      const share = all === 0 ? 0 : round((0.75 * count) / all, 100);
      const text =
        labels.length > MAX_WITH_COUNTS
          ? html``
          : html`<text x="${round(x + cell / 2)}" y="${round(y + cell / 2 + 4)}" text-anchor="middle">${count}</text>`;
      return html`<g><title>${labels[of] ?? ""} as ${labels[as] ?? ""}: ${count}</title><rect x="${x}" y="${y}" width="${round(cell)}" height="${round(cell)}" fill="#0072b2" fill-opacity="${share}" stroke="currentColor" stroke-opacity=".18"/>${text}</g>`;
    });
  });
  const names = labels.length > MAX_WITH_NAMES ? [] : labels.map((label, at) => nameOf(label, (at + 0.5) * cell));
  const axes = html`<text x="4" y="14">actual ↓ predicted →</text>`;
  const [width, height] = [MARGIN.left + SIZE + 10, MARGIN.top + SIZE + 10];
  const all = joinHtml([axes, ...names, ...cells]);
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${all}</svg>`;
}

/** Beside its row and above its column. */
function nameOf(label: string, middle: number): Html {
  const text = [...label].length > 14 ? `${[...label].slice(0, 13).join("")}…` : label;
  const [x, y] = [round(MARGIN.left + middle), MARGIN.top - 6];
  return html`<text x="${MARGIN.left - 6}" y="${round(MARGIN.top + middle + 4)}" text-anchor="end">${text}</text><text x="${x}" y="${y}" transform="rotate(-35 ${x} ${y})">${text}</text>`;
}

const round = (number: number, parts = 10): number => Math.round(number * parts) / parts;
