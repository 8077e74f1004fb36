// `npm run generate [-- --check]`: what is generated from specs and schemas, written or compared.
import { join } from "node:path";
import { root, runUnderNode24 } from "./toolchain.mjs";

process.exitCode = runUnderNode24(join(root, "shared/build/generate.ts"), process.argv.slice(2));
