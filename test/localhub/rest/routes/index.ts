/** Every operation the local GitHub answers. */
import type { Route } from "../route.ts";

export const routes: readonly Route[] = [];
