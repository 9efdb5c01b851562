import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { getPage, listPages, root } from './pages.ts';

const EMBED = /<!-- embed:(\S+) -->\n+```\w+\n(.*?)```\n+<!-- \/embed -->/gs;

describe('the pages', () => {
  for (const { file, text } of listPages()) {
    it(`${file} links to files that are there`, () => {
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
      const relative = links.filter((link) => !/^(https?:|#)/.test(link)).map((link) => link.replace(/#.*$/, ''));
      expect(relative.filter((link) => !existsSync(join(root, dirname(file), link)))).to.deep.equal([]);
    });

    it(`${file} names paths of the repository that are there`, () => {
      const paths = [...text.matchAll(/`((?:packages|apps|docs|docker|scripts)\/[\w./-]*)`/g)].map(
        ([, path = '']) => path,
      );
      expect(paths.filter((path) => !existsSync(join(root, path)))).to.deep.equal([]);
    });

    it(`${file} shows files as they are`, () => {
      const embeds = [...text.matchAll(EMBED)];
      expect(embeds).to.have.length([...text.matchAll(/<!-- embed:/g)].length);
      for (const [, path = '', shown] of embeds) expect(shown, path).to.equal(readFileSync(join(root, path), 'utf8'));
    });

    it(`${file} names no place on a machine`, () => {
      expect(text).to.not.match(/(^|[\s`("'])\/(home|root|Users|tmp|work|var)\//m);
    });
  }

  it('list every decision', () => {
    const index = getPage('docs/adr/README.md').text;
    const files = listPages().filter(({ file }) => /^docs\/adr\/\d/.test(file));
    expect(files).to.not.be.empty;
    for (const { file, text } of files) {
      const title = /^# (\d+)\. (.+)$/m.exec(text);
      expect(index, file).to.include(`[${title?.[2] ?? '?'}](${file.replace('docs/adr/', '')})`);
      expect(Number(/\d{4}/.exec(file)?.[0]), file).to.equal(Number(title?.[1]));
      for (const part of ['## Context', '## Decision', '## Consequences']) expect(text, file).to.include(part);
    }
  });
});
