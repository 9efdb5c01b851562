// What goes over the wire, as the router says it.
import type { AppRouter } from '@studyin/api/router';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

/** The input of each procedure: `RouterInputs['dashboard']['heatmap']`. */
export type RouterInputs = inferRouterInputs<AppRouter>;
/** The answer of each procedure: `RouterOutputs['dashboard']['heatmap']`. */
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** An event of any type, as it is sent. */
export type EventInput = RouterInputs['tracking']['events']['events'][number];

/**
 * What became of one event. `duplicate` is success: the same event was stored before. `conflict`: its id belongs to another
 * event, nothing changed. `rejected`: nothing was stored, `reason` and `path` say why.
 */
export type EventResult = RouterOutputs['tracking']['events']['results'][number];
