import { DomainError } from '@studyin/domain/errors';
import type { z } from 'zod';

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * What an environment says, defaults filled in; an empty value counts as absent, but for STUDYIN_ROLE. Throws `misconfigured` with
 * one line that names every wrong setting and never shows a value.
 */
export function readSettings<Shape extends z.ZodRawShape>(
  settings: z.ZodObject<Shape>,
  env: Env,
): z.output<z.ZodObject<Shape>> {
  const names = Object.keys(settings.shape);
  const given = names.filter((name) => env[name] !== undefined && (env[name] !== '' || name === 'STUDYIN_ROLE'));
  const parsed = settings.safeParse(Object.fromEntries(given.map((name) => [name, env[name]])));
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  const problems = [...wrong].map((name) =>
    given.includes(name) ? `${name} ${hintOf(settings, name)}` : `${name} is not set`,
  );
  throw new DomainError('misconfigured', `${problems.join('; ')}.`);
}

function hintOf(settings: z.ZodObject, name: string): string {
  const field = settings.shape[name] as z.ZodType | undefined; // as: a shape holds schemas
  return field?.description ?? 'is not valid';
}
