export const MAX_BODY_BYTES = 256 * 1024;
/** Calls in one HTTP batch. */
export const MAX_BATCH = 10;
