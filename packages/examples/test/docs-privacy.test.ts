// docs/privacy.md: each promise names the tests that show it, and these tests are there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { getPage, root } from './pages.ts';

const promises = [
  'Anonymize IP addresses',
  "Store only the user's id",
  'Hash session ids',
  'Encrypt the database at rest',
  'Audit who accesses analytics',
  'Store e-mail, name or date of birth in events',
  'Log full user agents',
  'Share raw event data',
  'Keep events for more than two years',
  'Allow access without authentication',
  'Access',
  'Erasure',
  'Portability',
  'Retention',
  'Accountability',
];

type Named = { readonly file: string; readonly name: string };

/** The tests that each section names, by its heading. */
function namedTests(): ReadonlyMap<string, readonly Named[]> {
  const [, ...sections] = getPage('docs/privacy.md').text.split(/^### /m);
  return new Map(
    sections.map((section) => {
      const [heading = ''] = section.split('\n');
      const bullets = [...section.matchAll(/^- `(\S+)`: (.+(?:\n {2}\S.*)*)$/gm)];
      return [heading, bullets.map(([, file = '', name = '']) => ({ file, name: name.replaceAll(/\s+/g, ' ') }))];
    }),
  );
}

describe('the page about privacy', () => {
  it('has a section for each promise and each duty, with a test', () => {
    const found = namedTests();
    expect([...found.keys()]).to.deep.equal(promises);
    expect([...found].filter(([, tests]) => tests.length === 0).map(([heading]) => heading)).to.deep.equal([]);
  });

  it('names tests that are there', () => {
    const missing = [...namedTests().values()].flat().filter(({ file, name }) => {
      const path = join(root, file);
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(`it('${name}'`);
    });
    expect(missing).to.deep.equal([]);
  });
});
