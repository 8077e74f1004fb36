/** Curves as SVG: with axes, in the colours that the legend names, on a light and a dark page. */
import type { CurvePlot } from "../../core/plots/plot.ts";
import { formatNumber } from "../format-number.ts";
import { type Html, html, joinHtml } from "../html.ts";
import { COLOURS } from "./mermaid.ts";
import { thin } from "./thin.ts";

/** One of them has about ten characters. */
const MAX_POINTS = 200;
/** In the units of the picture, which are about pixels on a telephone. */
const BOX = { width: 400, height: 230, left: 56, right: 10, top: 26, bottom: 34 } as const;
const MAX_TICKS = 5;

export function curveSvg({ title, xName, xs, series }: CurvePlot): Html {
  const x = scale(xs, BOX.left, BOX.width - BOX.right);
  const ys = series.map((each) => each.ys);
  const y = scale(ys.flat(), BOX.height - BOX.bottom, BOX.top);
  const shown = thin(ys, MAX_POINTS);
  const lines = series.map((each, at) => {
    const points = shown.map((point) => `${x.place(xs[point] ?? 0)},${y.place(each.ys[point] ?? 0)}`).join(" ");
    const { colour } = COLOURS[at] ?? COLOURS[0];
    return html`<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round"><title>${each.name}</title></polyline>`;
  });
  const rows = y.ticks.map(
    (tick) =>
      html`<path d="M${BOX.left} ${y.place(tick)}H${BOX.width - BOX.right}" stroke="currentColor" stroke-opacity=".18"/><text x="${BOX.left - 6}" y="${y.place(tick) + 4}" text-anchor="end">${formatNumber(tick, 6)}</text>`,
  );
  const columns = x.ticks.map(
    (tick) =>
      html`<text x="${x.place(tick)}" y="${BOX.height - 18}" text-anchor="middle">${formatNumber(tick, 6)}</text>`,
  );
  const label = html`<text x="${(BOX.left + BOX.width) / 2}" y="${BOX.height - 4}" text-anchor="middle">${xName}</text>`;
  const all = joinHtml([legend(series), ...rows, ...columns, label, ...lines]);
  return html`<svg viewBox="0 0 ${BOX.width} ${BOX.height}" role="img" aria-label="${title} over ${xName}">${all}</svg>`;
}

function legend(series: CurvePlot["series"]): Html {
  const names = series.map(({ name }, at) => {
    const text = [...name].length > MAX_NAME ? `${[...name].slice(0, MAX_NAME - 1).join("")}…` : name;
    return html`<tspan dx="${at === 0 ? 0 : 12}" fill="${(COLOURS[at] ?? COLOURS[0]).colour}">■</tspan> ${text}`;
  });
  return html`<text x="${BOX.left}" y="14">${joinHtml(names)}</text>`;
}

/** In characters: four fit beside each other. */
const MAX_NAME = 14;

interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From the lowest to the highest of the values. Divided first: the distance of the largest numbers is infinite. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = values.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const extent = high / 2 - low / 2;
  const place = (value: number): number =>
    Math.round(10 * (extent === 0 ? (from + to) / 2 : from + (to - from) * ((value / 2 - low / 2) / extent))) / 10;
  return { place, ticks: ticksBetween(low, high) };
}

/** Round numbers: steps of 1, 2 or 5 times a power of ten. */
function ticksBetween(low: number, high: number): readonly number[] {
  const rough = (high - low) / MAX_TICKS;
  if (!(rough > 0 && Number.isFinite(rough))) return low === high ? [low] : [low, high];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const [first, last] = [Math.ceil(low / step), Math.floor(high / step)];
  if (!(last - first <= MAX_TICKS && step > 0)) return [low, high];
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}
