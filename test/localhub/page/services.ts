import type { ActionsService } from "../workflows/service.ts";
import type { World } from "../world/world.ts";

/** The services that the page uses. */
export interface PageServices {
  readonly world: World;
  readonly actions: ActionsService;
}
