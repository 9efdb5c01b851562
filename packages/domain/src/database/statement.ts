/** One SQL statement with the name it is prepared under on each connection. */
export type Statement = { readonly name: string; readonly text: string };

/**
 * Names a statement. The name is the prepared statement's name on the server, so it must be unique in the process:
 * `room.verb_subject`, at most 63 characters (longer names are cut by PostgreSQL and could meet).
 */
export function statement(name: string, text: string): Statement {
  if (name.length > 63) throw new RangeError(`statement name longer than 63 characters: ${name}`);
  return { name, text };
}
