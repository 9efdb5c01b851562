/** The class of device; `web` is a browser on a computer, `desktop` an installed application on one. */
export const deviceTypes = ['web', 'mobile', 'tablet', 'desktop', 'other'] as const;
export type DeviceType = (typeof deviceTypes)[number];

/**
 * Reduces a `User-Agent` header to a device class; the header itself is never kept.
 *
 * A missing or unknown one, a crawler or a script is `other`.
 */
export function deviceTypeOf(userAgent: string | null | undefined): DeviceType {
  // A longer header says nothing more, and costs.
  const text = (userAgent ?? '').slice(0, 512);
  if (/bot\b|crawl|spider|headless/i.test(text)) return 'other';
  if (/\bipad\b|\btablet\b|\bkindle\b|\bsilk\//i.test(text)) return 'tablet';
  if (/\bandroid\b/i.test(text)) return /\bmobile\b/i.test(text) ? 'mobile' : 'tablet';
  if (/\biphone\b|\bipod\b|\bmobile\b|\bokhttp\b|\bcfnetwork\b/i.test(text)) return 'mobile';
  if (/\belectron\//i.test(text)) return 'desktop';
  return /^mozilla\/|^opera\//i.test(text) ? 'web' : 'other';
}
