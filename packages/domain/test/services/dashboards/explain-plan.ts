// How PostgreSQL would run a statement, as a tree and as text that does not change with costs or months.
import type pg from 'pg';
import type { Statement } from '@studyin/domain/database';
import { columnArrays } from '../../../src/stores/column-arrays.ts';

export type Call = { readonly statement: Statement; readonly values: readonly unknown[] };
export type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Join Type'?: string;
  readonly Plans?: readonly PlanNode[];
};

/** The plan of a call, in the mode that the client is set to (`plan_cache_mode`). */
export async function planOf(client: pg.Client, { statement, values }: Call): Promise<PlanNode> {
  const literals = values.map((value) => literalOf(client, value));
  await client.query(`prepare explained as ${statement.text}`);
  try {
    const call = literals.length === 0 ? 'explained' : `explained (${literals.join(', ')})`;
    const { rows } = await client.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
      `explain (format json) execute ${call}`,
    );
    const [plan] = rows;
    if (plan === undefined) throw new Error(`no plan of ${statement.name}`);
    return plan['QUERY PLAN'][0].Plan;
  } finally {
    await client.query('deallocate explained');
  }
}

function literalOf(client: pg.Client, value: unknown): string {
  if (value === null) return 'null';
  return client.escapeLiteral(Array.isArray(value) ? arrayOf(value) : textOfValue(value));
}

function arrayOf(members: readonly unknown[]): string {
  const rows = members.map((member) => ({ member: member === null ? null : textOfValue(member) }));
  return columnArrays({ member: 'text' }, rows)[0] ?? '{}';
}

function textOfValue(value: unknown): string {
  return value instanceof Date ? value.toISOString() : `${value as string | number | boolean}`; // as: what statements take besides
}

/** The node and all below it. */
export function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** The name of a table, or an index, without the month of its partition. */
export function withoutMonth(name: string): string {
  return name.replace(/_\d{4}_\d\d(?=_|$)/, '_YYYY_MM');
}

/** One line for each node, indented; of nodes beside each other that read the same, as partitions do, the first. */
export function textOf(node: PlanNode, depth = 0): string {
  const { Plans: plans = [], 'Node Type': type, 'Join Type': join } = node;
  const index = node['Index Name'] === undefined ? '' : ` by ${withoutMonth(node['Index Name'])}`;
  const table = node['Relation Name'] === undefined ? '' : ` of ${withoutMonth(node['Relation Name'])}`;
  const condition = node['Index Cond'] === undefined ? '' : ` ${node['Index Cond']}`;
  const kind = join === undefined || join === 'Inner' ? '' : ` (${join.toLowerCase()})`;
  const line = `${'  '.repeat(depth)}${type}${kind}${table}${index}${condition}`;
  return [line, ...new Set(plans.map((below) => textOf(below, depth + 1)))].join('\n');
}
