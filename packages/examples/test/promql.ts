// Expressions of Prometheus, taken apart by its own grammar.
import { parser } from '@prometheus-io/lezer-promql';

/** What the parser calls a place that it could not read. */
const NO_GRAMMAR = '⚠';

type Node = ReturnType<typeof parser.parse>['topNode'];

export type Selector = {
  readonly metric: string;
  /** The labels it is chosen by. */
  readonly matched: readonly string[];
  /** The functions it is given to, the outermost first. */
  readonly functions: readonly string[];
  /** The labels of each aggregation around it, the outermost first. */
  readonly groupings: readonly (readonly string[])[];
};

type Around = Pick<Selector, 'functions' | 'groupings'>;

/** All series that an expression asks for. Throws where it is none. */
export function selectorsIn(expr: string): readonly Selector[] {
  // Grafana's variable stands for a duration
  const text = expr.replaceAll('$__rate_interval', '1m');
  const found = selectorsBelow(parser.parse(text).topNode, { text, around: { functions: [], groupings: [] } });
  if (found.length === 0) throw new Error(`asks for nothing: ${expr}`);
  return found;
}

function selectorsBelow(node: Node, place: { readonly text: string; readonly around: Around }): readonly Selector[] {
  const { text, around } = place;
  if (node.name === NO_GRAMMAR) throw new Error(`no expression at ${node.from}: ${text}`);
  const textOf = ({ from, to }: Node): string => text.slice(from, to);
  if (node.name === 'VectorSelector') {
    const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
    const matched = matchers.flatMap((matcher) => matcher.getChildren('LabelName').map(textOf));
    return [{ metric: node.getChildren('Identifier').map(textOf).join(''), matched, ...around }];
  }
  const inside = aroundBelow(node, textOf, around);
  return childrenOf(node).flatMap((child) => selectorsBelow(child, { text, around: inside }));
}

function aroundBelow(node: Node, textOf: (node: Node) => string, around: Around): Around {
  const { functions, groupings } = around;
  const [name] = node.name === 'FunctionCall' ? node.getChildren('FunctionIdentifier') : [];
  if (name !== undefined) return { functions: [...functions, textOf(name)], groupings };
  if (node.name !== 'AggregateExpr') return around;
  const modifier = node.getChild('AggregateModifier');
  if (modifier?.getChild('Without')) throw new Error('say by which labels, not without which');
  const labels = modifier?.getChild('GroupingLabels')?.getChildren('LabelName').map(textOf) ?? [];
  return { functions, groupings: [...groupings, labels] };
}

function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}
