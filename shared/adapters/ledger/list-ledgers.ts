/** Which models have a ledger, whatever the policy says. */
import * as z from "zod";
import { unescapeName } from "../../core/registry/ref-name.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

const ref = z.object({ ref: z.string() });

/** @returns names of models; branches whose names no model can have are left out */
export async function listLedgers({ rest, repository, readAll }: GitHub): Promise<readonly string[]> {
  const found = await readAll(rest.git.listMatchingRefs, { ...repository, ref: "heads/mlops-ledger/" });
  return found.flatMap((one) => {
    const branch = parseResponse(ref, one, "a branch").ref.replace(/^refs\/heads\/mlops-ledger\//, "");
    const name = unescapeName(branch);
    return name?.isExact ? [name.name] : [];
  });
}
