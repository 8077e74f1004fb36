// `npm run setup`: installs the dependencies from the lockfile, and nothing else.
import { install } from "./toolchain.mjs";

install();
