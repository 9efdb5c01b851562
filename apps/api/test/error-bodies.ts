// What every answer of the API must keep to when it is an error, whichever test asked: a closed code, the code's constant text, the
// request's id, and nothing of the input, the database, the source or the machine.
import { expect } from 'chai';
import superjson from 'superjson';
import { texts } from '../src/domain-errors.ts';

type Asked = { readonly url: string; readonly init?: RequestInit | undefined };
type Answered = { readonly status: number; readonly headers: Headers; readonly text: string };

const requiredKeys = ['code', 'httpStatus', 'requestId'];
const optionalKeys = ['reason', 'path', 'issues'];
/** Words by which inner things show: stacks, files, SQL and its states, libraries, addresses. */
const inner =
  /\bat .+:\d+:\d+|node_modules|\.[cm]?[jt]s\b|\/(home|work|tmp|usr|app|build)\/|\b(select|insert|update|delete|from|where|relation|constraint|column|syntax error)\b \S|pg_|sequelize|SQLSTATE|\bECONN|ENOENT|127\.0\.0\.1|postgres|TypeError|ZodError|\bundefined\b|\[object/i;
/** Shorter ones occur by chance. */
const SHORTEST_VALUE = 8;

/** Throws where an answer says more than it may. */
export function requireCleanErrors(asked: Asked, answered: Answered): void {
  if (answered.status < 400 && answered.status !== 207) return;
  const what = `${asked.init?.method ?? 'GET'} ${new URL(asked.url).pathname} ${answered.status}: ${answered.text.slice(0, 300)}`;
  // What node answers itself before there is a request (431, 408) has no body.
  if (answered.text === '' || asked.url.endsWith('/readyz')) return;
  const body: unknown = JSON.parse(answered.text);
  const envelopes = (Array.isArray(body) ? body : [body]) as readonly { readonly error?: object }[]; // as: tRPC's envelope
  const errors = envelopes.flatMap(({ error }) => error ?? []);
  expect(errors, what).to.not.be.empty;
  for (const error of errors) requireCleanError(error, { what, asked, answered });
  expect(JSON.stringify(errors), what).to.not.match(inner);
  const { values, keys } = stringsOf(asked);
  for (const value of values) if (!keys.has(value)) expect(JSON.stringify(errors), what).to.not.include(value);
}

type Shape = { readonly message: string; readonly data: Readonly<Record<string, unknown>> };
type Context = { readonly what: string; readonly asked: Asked; readonly answered: Answered };

function requireCleanError(error: object, { what, asked, answered }: Context): void {
  // as: what is no envelope of superjson makes it throw
  const shape = superjson.deserialize<Shape>(error as Parameters<typeof superjson.deserialize>[0]);
  expect(Object.keys(shape).sort(), what).to.deep.equal(['code', 'data', 'message']);
  const { message, data } = shape;
  expect(Object.keys(data), what).to.include.members(requiredKeys);
  expect([...requiredKeys, ...optionalKeys], what).to.include.members(Object.keys(data));
  expect(texts, what).to.have.property(String(data['code']));
  expect(data['requestId'], what).to.equal(answered.headers.get('x-request-id'));
  // Of the curriculum, which names nobody, an import says what is wrong with it.
  const isCurriculum = new URL(asked.url).pathname.includes('curriculum.') && Number(data['httpStatus']) < 500;
  if (!isCurriculum) expect(message, what).to.equal(Reflect.get(texts, String(data['code'])));
}

type Strings = { readonly values: ReadonlySet<string>; readonly keys: ReadonlySet<string> };

/** The texts that a request sent as values, and those that are keys: an unknown key is answered as the path of the fault. */
function stringsOf({ url, init }: Asked): Strings {
  const [values, keys] = [new Set<string>(), new Set<string>()];
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && value.length >= SHORTEST_VALUE) values.add(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      keys.add(key);
      walk(member);
    }
  };
  for (const text of [new URL(url).searchParams.get('input'), init?.body]) {
    if (typeof text !== 'string' || text.length > 100_000) continue;
    try {
      walk(JSON.parse(text));
    } catch {
      for (const [word] of text.matchAll(/[\w-]{12,}/g)) values.add(word);
    }
  }
  const token = new Headers(init?.headers).get('authorization');
  if (token !== null) values.add(token.replace(/^Bearer /, ''));
  return { values, keys };
}
