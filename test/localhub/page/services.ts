import type { ActionsService } from "../workflows/service.ts";
import type { World } from "../world/world.ts";

/** What the page shows and acts on. */
export interface PageServices {
  readonly world: World;
  readonly actions: ActionsService;
}
