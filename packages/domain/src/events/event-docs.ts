// Writes docs/event-tracking.md from the schemas, so that the page cannot say what the code does not.
import { z } from 'zod';
import { eventFamilies } from './catalogue.ts';
import { maxCustomBytes, maxCustomKeys } from './custom-events.ts';
import { commonFields, withoutSpace } from './fields.ts';
import { maxKeyLength, maxTextBytes } from './text-rules.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const uuidLike = /^\^\[0-9a-f\]\{8\}/;

function boundsOf({ minimum, maximum, minLength, maxLength }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum}–${maximum}`;
  if (minLength !== undefined && maxLength !== undefined) return ` of ${minLength}–${maxLength} characters`;
  return '';
}

/** A schema's type in a few words of Markdown. */
function typeText(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.format === 'date-time') return 'time';
  if (schema.pattern === withoutSpace.source) return `text${boundsOf(schema)}, no space`;
  if (schema.pattern !== undefined) return uuidLike.test(schema.pattern) ? 'UUID' : `\`${schema.pattern}\``;
  if (schema.additionalProperties) return 'text, number, boolean or null';
  return `${schema.type === 'string' ? 'text' : String(schema.type)}${boundsOf(schema)}`;
}

function schemasOf(schema: z.ZodType): { readonly properties: [string, JsonSchema][]; readonly required: Set<string> } {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  // A property's schema may be `true` in JSON Schema; ours are all objects.
  const entries = Object.entries(properties).filter(
    (entry): entry is [string, JsonSchema] => typeof entry[1] === 'object',
  );
  return { properties: entries, required: new Set(required) };
}

/** A table cell may hold no bar. */
const cell = (text: string) => text.replaceAll('|', '\\|');

function table(rows: readonly [string, JsonSchema][], required: ReadonlySet<string>): readonly string[] {
  const lines = rows.map(
    ([key, schema]) =>
      `| \`${key}\` | ${cell(typeText(schema))} | ${required.has(key) ? 'yes' : ''} | ${cell(schema.description ?? '')} |`,
  );
  return ['| field | type | required | meaning |', '| --- | --- | --- | --- |', ...lines, ''];
}

function eventSection(
  eventType: string,
  event: { readonly when: string; readonly schema: z.ZodType },
): readonly string[] {
  const { properties, required } = schemasOf(event.schema);
  const own = properties.filter(([key]) => key !== 'eventType' && key !== 'properties' && !(key in commonFields));
  const inner = Object.fromEntries(properties)['properties'];
  const rows = Object.entries(inner?.properties ?? {}).map(([key, schema]): [string, JsonSchema] => [
    `properties.${key}`,
    typeof schema === 'object' ? schema : {},
  ]);
  if (inner?.additionalProperties) rows.push(['properties.*', inner]);
  for (const key of inner?.required ?? []) required.add(`properties.${key}`);
  const fields = [...own, ...rows];
  const body = fields.length === 0 ? ['No fields of its own.', ''] : table(fields, required);
  return [`### \`${eventType}\``, '', event.when, '', ...body];
}

const introduction = `# Event tracking

Generated from the schemas in \`packages/domain/src/events\` by \`scripts/write-event-docs.ts\`; change it there.

An event is one item of \`tracking.events\`, or the input of \`tracking.event\`. The catalogue is closed: an unknown type, field or
property is rejected with its path. A field that is not required is left out, not sent as \`null\`.
\`properties\` may be left out where none of them is required.

What a learner typed is never sent; its length is. For what the catalogue does not have there is \`custom\`.
`;

const limits = `## Limits

* Text: well-formed, without NUL, at most ${maxTextBytes} bytes; else \`invalid_text\` (not well-formed, NUL) or \`invalid\` (too long).
* Values are JSON: no \`NaN\`, \`Infinity\`, \`Date\`, \`Map\`, \`BigInt\`. Integers lie within int32.
* Keys have at most ${maxKeyLength} characters; \`__proto__\`, \`constructor\` and \`prototype\` are rejected everywhere.
* \`custom\`: at most ${maxCustomKeys} properties, ${maxCustomBytes} bytes of JSON in all, nothing nested.

## Personal data

\`custom\` properties are rejected with \`pii\` if a key names personal data (e-mail, phone, name, birth date, address, password, session id
and the like, in any case or spelling), or if a key or value looks like an e-mail address, a number of seven digits and more, a card
number, an IP address, a token or a user agent, or holds the item's own session or learner id. Send counts, flags and keys of things:
\`{ "deck": "renal-1", "cards": 12 }\`. The answer names the key's path; the value is not kept. A key that is no plain identifier is
shown as \`*\`.

No text of an item may hold what its sender is called, as far as their token says it (the claims \`name\`, \`given_name\`, \`middle_name\`,
\`family_name\`, \`nickname\`, \`preferred_username\` and \`email\`). Case, accents and punctuation make no difference. A value of \`custom\` may
hold no part of a name of three letters or more as a word. Codes (the key of an answer, a slug, the \`name\` and the keys of \`custom\`)
may not hold the whole name or the user name; one word of a name may be the word for a thing (\`graves\`, \`max\`) and is taken.
`;

/** The text of docs/event-tracking.md. */
export function eventDocs(): string {
  const common = z.strictObject(commonFields);
  const { properties, required } = schemasOf(common);
  const sections = eventFamilies.flatMap(({ title, events }) => [
    `## ${title}`,
    '',
    ...Object.entries<Parameters<typeof eventSection>[1]>(events).flatMap(([eventType, event]) =>
      eventSection(eventType, event),
    ),
  ]);
  const fields = [
    '## Fields of every event',
    '',
    'Beside `eventType`, and exactly one of `eventId` and `occurredAt` with `sourceId`:',
    '',
    ...table(properties, required),
  ];
  return `${[introduction, ...fields, limits, ...sections].join('\n').trimEnd()}\n`;
}
