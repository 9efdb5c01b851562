/** Every reason for which an item of a batch can be rejected. */
export const rejectReasons = [
  'invalid',
  'invalid_text',
  'pii',
  'clock_skew',
  'too_old',
  'unknown_topic',
  'unknown_material',
  'erased',
] as const;
export type RejectReason = (typeof rejectReasons)[number];
