/** What a training asks of its machine: the input `require`. */
import * as z from "zod";
import { throwIfProblems } from "../../../text/document/document.ts";
import { validateDocument } from "../../../text/document/validate-document.ts";
import { readYaml } from "../../../text/yaml/read-yaml.ts";

const UNITS: Readonly<Record<string, number>> = {
  ...{ B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
};
const SIZE = /^(\d{1,9}(?:\.\d{1,3})?) ?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

/** The value is in bytes. */
const size = z
  .string()
  .regex(SIZE, "a size such as 40GB or 512MiB")
  .transform((text) => {
    const [, number, unit = ""] = SIZE.exec(text) ?? [];
    return Number(number) * (UNITS[unit] ?? 1);
  });

const version = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(?:\.\d+){0,3}$/, 'a version such as 550 or "12.10"')])
  .transform(String);

const requirements = z.strictObject({
  gpus: z.int().nonnegative().max(1024).optional(),
  "gpu-name": z.string().min(1).optional(),
  "gpu-memory": size.optional(),
  "compute-capability": z.number().positive().optional(),
  driver: version.optional(),
  cuda: version.optional(),
  "exclusive-gpus": z.boolean().optional(),
  "healthy-gpus": z.boolean().optional(),
  mig: z.string().min(1).optional(),
  disk: size.optional(),
  "shared-memory": size.optional(),
  memory: size.optional(),
  "open-files": z.int().positive().optional(),
  "locked-memory": z.union([z.literal("unlimited"), size]).optional(),
});

/** Sizes in bytes. */
export type Requirements = z.infer<typeof requirements>;

/** @throws ActionError with every problem and its line; all codes start with `require-` */
export function readRequirements(text: string): Requirements {
  if (text.trim() === "") return {};
  const checked = validateDocument(requirements, readYaml(text, "input require", "require"));
  if (!("problems" in checked)) return checked.value;
  throwIfProblems(checked.problems);
  throw new Error("requirements were refused without a reason");
}
