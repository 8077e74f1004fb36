/** Reads what the author adds to a result. What the workflow asks for must be there; what the text names, is shown if it can be. */
import type { ReportRecords } from "../../shared/core/gate/assert-consistent.ts";
import type { Plot } from "../../shared/core/plots/plot.ts";
import { readPlot } from "../../shared/core/plots/read-plot.ts";
import { ActionError, type Problem, userError } from "../../shared/problem/problem.ts";
import { parseBody } from "../../shared/report/body/parse-body.ts";
import type { ReportContext } from "../../shared/report/decision.ts";
import { type Addition, additionInComment, listPictures, type Pictures } from "../../shared/report/page/addition.ts";
import { MAX_PICTURE_BYTES, renderResultPage } from "../../shared/report/page/result-page.ts";
import type { Block } from "../../shared/report/report-tree.ts";

export interface AdditionPorts {
  readonly readText: (path: string, maxBytes: number) => Promise<string>;
  readonly listFiles: (patterns: readonly string[]) => Promise<readonly string[]>;
  /** Its `data:` address. */
  readonly readPicture: (path: string) => Promise<string>;
}

export interface ReadAddition {
  /** What was asked for and is not there, or cannot be read. */
  readonly problems: readonly Problem[];
  /** Pictures that are not shown, and why. */
  readonly warnings: readonly Problem[];
  /** @param report URL of the artifact with the page; `undefined`: it could not be kept */
  readonly inComment: (report: string | undefined) => readonly Block[];
  /** The whole result as an HTML file. @param name for the browser's tab */
  readonly renderPage: (records: ReportRecords, context: ReportContext, name: string) => string;
}

/** More would not be read by a reviewer, and only a part of it fits into a comment. */
const MAX_BODY_BYTES = 256 * 1024;
const MAX_PLOT_BYTES = 8 * 1024 * 1024;
const MAX_PLOTS = 20;
const MAX_PICTURES = 40;

/** @param wanted paths of the body, or empty, and of the plots */
export async function readAddition(
  ports: AdditionPorts,
  wanted: { readonly body: string; readonly plots: readonly string[] },
): Promise<ReadAddition> {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const body = await readBody().catch(note(problems));
  const plots = (await readPlots().catch(note(problems))) ?? [];
  const addition: Addition = { body, plots, pictures: await readPictures() };
  return {
    problems,
    warnings,
    inComment: (report) => additionInComment(addition, report),
    renderPage: (records, context, name) => renderResultPage(records, context, addition, name),
  };

  async function readBody(): Promise<Addition["body"]> {
    const { body: file } = wanted;
    return file === "" ? undefined : { file, nodes: parseBody(await ports.readText(file, MAX_BODY_BYTES), file) };
  }

  async function readPlots(): Promise<readonly Plot[]> {
    const plots: Plot[] = [];
    for (const path of wanted.plots.length === 0 ? [] : await ports.listFiles(wanted.plots)) {
      plots.push(...readPlot(await ports.readText(path, MAX_PLOT_BYTES), path));
      if (plots.length > MAX_PLOTS) throw tooManyPlots(path);
    }
    return plots;
  }

  async function readPictures(): Promise<Pictures> {
    const named = Map.groupBy(listPictures(body), (path) => path);
    const pictures = new Map<string, { readonly address: string } | { readonly reason: string }>();
    let left = MAX_PICTURE_BYTES;
    for (const [path, { length: times }] of named) {
      const address =
        pictures.size < MAX_PICTURES
          ? await ports.readPicture(path).catch(note(warnings))
          : note(warnings)(tooMany(path));
      if (address !== undefined && times * address.length > left) note(warnings)(noRoom(path));
      const fits = address !== undefined && times * address.length <= left;
      if (fits) left -= times * address.length;
      pictures.set(path, fits ? { address } : { reason: warnings.at(-1)?.message ?? "" });
    }
    return pictures;
  }
}

/** Keeps the problems of an error that the user can mend. @throws any other error */
const note =
  (problems: Problem[]) =>
  (error: unknown): undefined => {
    if (!(error instanceof ActionError)) throw error;
    problems.push(...error.problems);
  };

const tooManyPlots = (file: string): ActionError =>
  userError({
    code: "plots-too-many",
    message: `with it there are more than ${MAX_PLOTS} charts`,
    place: { file },
    fix: "Name fewer files in plots",
  });

const tooMany = (file: string): ActionError =>
  userError({
    code: "pictures-too-many",
    message: `it is one of more than ${MAX_PICTURES} pictures`,
    place: { file },
    fix: "Name fewer pictures in the body",
  });

const noRoom = (file: string): ActionError =>
  userError({
    code: "picture-too-large",
    message: `it has no room: all pictures of a report have ${MAX_PICTURE_BYTES / 1000} kB together`,
    place: { file },
    fix: "Save it smaller, or name fewer pictures in the body",
  });
