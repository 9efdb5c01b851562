// Reads on one pipelining connection. Those of one message reach the server together, are one transaction of it, and are answered
// together: each end of a message is a flush on the server, a wake-up and a call of the system on both sides, which costs as much
// as a small read. The columns of a prepared statement are asked for once.
import pg from 'pg';
import type { Client } from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import type { Statement } from './statement.ts';

type Column = { readonly name: string; readonly parse: (text: string) => unknown };
/** Of a prepared statement; `empty`: a row of nulls. */
type Columns = { readonly all: readonly Column[]; readonly empty: object };

export type Read = {
  readonly statement: Statement;
  readonly values: readonly (string | Buffer | null)[];
  readonly answer: (rows: readonly object[]) => void;
  readonly fail: (error: Error) => void;
};

type Pending = Read & { columns: Columns | undefined; readonly rows: object[] };

/** What pg's own queries use of a connection. */
type Wire = {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly statement: string; readonly values: Read['values'] }): void;
  describe(message: { readonly type: 'P'; readonly name: string }): void;
  execute(message: object): void;
  sync(): void;
};

type Description = { readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[] };

const known = new WeakMap<Client, Map<string, Columns>>();

/** Throws what pg cannot make a value of. */
export function readOf(statement: Statement, values: readonly unknown[], settle: Pick<Read, 'answer' | 'fail'>): Read {
  return { statement, values: values.map(prepareValue), ...settle };
}

/** Sends reads in their order. Where one fails, so do those after it. Resolves when the server is through with all, however. */
export function sendReads(client: Client, reads: readonly Read[]): Promise<void> {
  return new Promise((resolve) => {
    client.query(messageOf(client, reads, resolve));
  });
}

/** Rows of one statement. */
export async function readOn<Row extends object>(
  client: Client,
  statement: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly object[]>();
  const sent = sendReads(client, [readOf(statement, values, { answer: resolve, fail: reject })]);
  const [rows] = await Promise.all([promise, sent]);
  return rows as readonly Row[]; // as: the caller says what its statement answers
}

/** A query of pg, which takes none but its own in a pipeline. Its name and text are those of the statement that is answered next. */
function messageOf(client: Client, reads: readonly Read[], end: () => void): pg.Query {
  const columnsOf = known.get(client) ?? new Map<string, Columns>();
  known.set(client, columnsOf);
  const pending = reads.map((read): Pending => ({ ...read, columns: columnsOf.get(read.statement.name), rows: [] }));
  let place = 0;
  const current = (): Pending => pending[place] ?? unexpected();
  // as: it has that prototype
  const query = Object.create(pg.Query.prototype) as pg.Query;
  return Object.assign(query, reads[0]?.statement, {
    statements: reads.map(({ statement, values }) => ({ ...statement, values })), // for who records what is sent
    submit: (wire: Wire): void => submit(wire, pending),
    handleRowDescription: (description: Description): void => {
      const columns = columnsIn(client, description);
      current().columns = columns;
      if (current().statement.name !== '') columnsOf.set(current().statement.name, columns);
    },
    handleDataRow: ({ fields }: { readonly fields: readonly (string | null)[] }): void => {
      const { rows, columns } = current();
      if (columns !== undefined) rows.push(rowOf(columns, fields));
    },
    handleCommandComplete: (): void => {
      const { answer, rows } = current();
      place += 1;
      Object.assign(query, pending[place]?.statement);
      answer(rows);
    },
    handleError: (error: Error, wire: Wire): void => {
      for (const { statement, fail } of pending.slice(place)) {
        Reflect.deleteProperty(wire.submittedNamedStatements, statement.name); // of those after it the server has read nothing
        fail(error);
      }
      end();
    },
    handleReadyForQuery: end,
  });
}

function submit(wire: Wire, pending: readonly Pending[]): void {
  wire.stream.cork();
  for (const { statement, values, columns } of pending) {
    const { name, text } = statement;
    if (wire.parsedStatements[name] === undefined && wire.submittedNamedStatements[name] === undefined) {
      wire.parse({ name, text });
      if (name !== '') wire.submittedNamedStatements[name] = text;
    }
    wire.bind({ statement: name, values });
    if (columns === undefined) wire.describe({ type: 'P', name: '' });
    wire.execute({});
  }
  wire.sync();
  wire.stream.uncork();
}

function columnsIn(client: Client, { fields }: Description): Columns {
  const all = fields.map(({ name, dataTypeID }): Column => {
    const parse: unknown = client.getTypeParser(dataTypeID, 'text');
    return { name, parse: parse as Column['parse'] }; // as: a parser of texts
  });
  return { all, empty: Object.fromEntries(all.map(({ name }) => [name, null])) };
}

function rowOf({ all, empty }: Columns, fields: readonly (string | null)[]): object {
  const row: Record<string, unknown> = { ...empty };
  for (let place = 0; place < all.length; place += 1) {
    const text = fields[place];
    const column = all[place];
    if (column !== undefined && text !== null && text !== undefined) row[column.name] = column.parse(text);
  }
  return row;
}

function unexpected(): never {
  throw new Error('the server answered more than it was asked');
}
