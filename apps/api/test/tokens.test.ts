import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mock } from 'node:test';
import { expect } from 'chai';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { CryptoKey, JWTHeaderParameters, JWTPayload } from 'jose';
import { idOf } from '@studyin/testkit/test-domain';
import type { TokenSettings } from '../src/config.ts';
import { bearerTokenOf, createTokenVerifier } from '../src/tokens.ts';
import { startTestApi, tokenFor, tokenSecret } from './test-api.ts';
import type { TestApi } from './test-api.ts';

const user = idOf('user', 1);
const seconds = (): number => Math.floor(Date.now() / 1000);
const secret = new TextEncoder().encode(tokenSecret);
const good = (): JWTPayload => ({
  iss: 'studyin',
  aud: 'studyin-analytics',
  sub: user,
  role: 'learner',
  iat: seconds(),
  exp: seconds() + 900,
});

type Signing = { readonly header?: Partial<JWTHeaderParameters>; readonly key?: Uint8Array | CryptoKey };

const sign = (claims: JWTPayload, { header = {}, key = secret }: Signing = {}): Promise<string> =>
  new SignJWT({ ...good(), ...claims }).setProtectedHeader({ alg: 'HS256', ...header }).sign(key);

const sharedSecret: TokenSettings['key'] = { kind: 'secret', secret: tokenSecret };
const settings = (key: TokenSettings['key'] = sharedSecret): TokenSettings => ({
  issuer: 'studyin',
  audience: 'studyin-analytics',
  key,
});

async function codeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code; // as: the verifier throws DomainErrors
  }
}

// Not the last letter, of which some bits say nothing.
const flip = (token: string): string => `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.slice(-1)}`;

/** Tokens that must not be believed, each wrong in one thing. */
const refused: Readonly<Record<string, () => string | Promise<string>>> = {
  'with alg none': () => new UnsecuredJWT(good()).encode(),
  'with alg none and a signature': async () =>
    `${new UnsecuredJWT(good()).encode()}${(await sign({})).split('.')[2] ?? ''}`,
  'signed with another secret': () => sign({}, { key: new TextEncoder().encode('another-secret-of-32-bytes-or-more') }),
  'signed with HS512': () => sign({}, { header: { alg: 'HS512' } }),
  'changed after signing': async () => flip(await sign({})),
  'without exp': () => sign({ exp: undefined }),
  'without iat': () => sign({ iat: undefined }),
  'without sub': () => sign({ sub: undefined }),
  'without aud': () => sign({ aud: undefined }),
  'without iss': () => sign({ iss: undefined }),
  'without role': () => sign({ role: undefined }),
  'with an unknown role': () => sign({ role: 'root' }),
  'with roles in a list': () => sign({ role: ['admin'] }),
  'that has expired': () => sign({ iat: seconds() - 1000, exp: seconds() - 31 }),
  'that expires in ten years': () => sign({ exp: seconds() + 10 * 365 * 86_400 }),
  'that lives longer than an hour': () => sign({ exp: seconds() + 3700 }),
  'issued in the future': () => sign({ iat: seconds() + 120 }),
  'whose nbf is ahead': () => sign({ nbf: seconds() + 120 }),
  'for another audience': () => sign({ aud: 'another' }),
  'of another issuer': () => sign({ iss: 'another' }),
  'whose sub is no UUID': () => sign({ sub: 'admin' }),
  'whose sub is a number': () =>
    new SignJWT({ ...good(), sub: 5 as unknown as string }).setProtectedHeader({ alg: 'HS256' }).sign(secret),
  'whose exp is a text': () => sign({ exp: 'tomorrow' as unknown as number }),
  'with a critical header nobody knows': async () => {
    const [, payload = '', signature = ''] = (await sign({})).split('.');
    return `${Buffer.from('{"alg":"HS256","crit":["x"],"x":1}').toString('base64url')}.${payload}.${signature}`;
  },
  'with a key of its own in the header': async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    return sign({}, { header: { alg: 'RS256', jwk: await exportJWK(publicKey) }, key: privateKey });
  },
  'that is no token': () => 'abc',
  'of two parts': async () => (await sign({})).split('.').slice(0, 2).join('.'),
};

describe('tokens', () => {
  it('are read from a Bearer header, whatever its case, and from no other', () => {
    expect(bearerTokenOf('Bearer a.b.c')).to.equal('a.b.c');
    expect(bearerTokenOf('bearer a.b.c')).to.equal('a.b.c');
    for (const header of [undefined, '', 'a.b.c', 'Basic a.b.c', 'Bearer ', 'Bearer a b', 'Bearer a.b.c, Bearer d']) {
      expect(bearerTokenOf(header)).to.equal(null);
    }
  });

  it('say who calls; an id in capitals is the same learner', async () => {
    const verify = createTokenVerifier(settings());
    expect(await verify(await sign({ role: 'service' }))).to.deep.equal({ userId: user, role: 'service' });
    expect(await verify(await sign({ sub: user.toUpperCase() }))).to.deep.equal({ userId: user, role: 'learner' });
    expect(await verify(await sign({ aud: ['other', 'studyin-analytics'] }))).to.deep.equal({
      userId: user,
      role: 'learner',
    });
  });

  it('say what the caller is called, where they do; what has another form says nothing', async () => {
    const verify = createTokenVerifier(settings());
    const finds = async (claims: JWTPayload, text: string): Promise<boolean | undefined> =>
      (await verify(await sign(claims))).names?.isInText(text);
    const claims: readonly JWTPayload[] = [
      { name: 'Josephine Canarybird' },
      { given_name: 'Josephine', family_name: 'Canarybird' },
      { family_name: 'Canarybird' },
      { middle_name: 'Canarybird' },
      { nickname: 'canarybird' },
      { preferred_username: 'canarybird' },
      { preferred_username: 'canarybird@example.org' },
      { email: 'j.canarybird@example.org', name: 5, nickname: null, given_name: ['x'] },
    ];
    for (const one of claims) expect(await finds(one, 'by Canarybird'), JSON.stringify(one)).to.equal(true);
    for (const one of [{}, { name: '' }, { name: 7 }, { email: '@' }, { role: 'service', name: 'Canarybird' }]) {
      expect(await finds(one, 'by Canarybird'), JSON.stringify(one)).to.equal(undefined);
    }
    const whole = await verify(await sign({ given_name: 'Josephine', family_name: 'Canarybird' }));
    expect(whole.names?.isInCode('canarybird_josephine')).to.equal(true);
    expect(whole.names?.isInCode('canarybird')).to.equal(false);
    expect(JSON.stringify(whole)).to.not.include('anarybird');
  });

  it('may be up to 30 seconds late, and live up to an hour', async () => {
    const verify = createTokenVerifier(settings());
    expect(await codeOf(verify(await sign({ iat: seconds() - 100, exp: seconds() - 20 })))).to.equal('accepted');
    expect(await codeOf(verify(await sign({ iat: seconds() + 20 })))).to.equal('accepted');
    expect(await codeOf(verify(await sign({ exp: seconds() + 3600 })))).to.equal('accepted');
  });

  it('that were verified once are not believed after they expire', async () => {
    let now = Date.now();
    const verify = createTokenVerifier(settings(), () => now);
    const token = await sign({ iat: seconds(), exp: seconds() + 40 });
    expect(await codeOf(verify(token))).to.equal('accepted');
    now += 39_000;
    expect(await codeOf(verify(token))).to.equal('accepted');
    now += 32_000;
    expect(await codeOf(verify(token))).to.equal('unauthenticated');
  });

  for (const [what, make] of Object.entries(refused)) {
    it(`${what} are not believed`, async () => {
      const verify = createTokenVerifier(settings());
      const token = await make();
      expect(await codeOf(verify(token))).to.equal('unauthenticated');
      expect(await codeOf(verify(token))).to.equal('unauthenticated');
    });
  }
});

describe('tokens of an identity provider', () => {
  let server: Server;
  let status = 200;
  let served: object | null = null;
  let keys: {
    readonly rsa: Awaited<ReturnType<typeof generateKeyPair>>;
    readonly ec: Awaited<ReturnType<typeof generateKeyPair>>;
  };
  const verifier = () =>
    createTokenVerifier(settings({ kind: 'jwks', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }));

  before(async () => {
    keys = { rsa: await generateKeyPair('RS256', { extractable: true }), ec: await generateKeyPair('ES256') };
    const set = {
      keys: [
        { ...(await exportJWK(keys.rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
        { ...(await exportJWK(keys.ec.publicKey)), kid: 'ec', alg: 'ES256' },
      ],
    };
    server = createServer((_req, res) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(served ?? set)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => new Promise((resolve) => server.close(resolve)));
  afterEach(() => {
    status = 200;
    served = null;
  });

  it('are believed with RS256 and ES256', async () => {
    const verify = verifier();
    expect(
      await codeOf(verify(await sign({}, { header: { alg: 'RS256', kid: 'rsa' }, key: keys.rsa.privateKey }))),
    ).to.equal('accepted');
    expect(
      await codeOf(verify(await sign({}, { header: { alg: 'ES256', kid: 'ec' }, key: keys.ec.privateKey }))),
    ).to.equal('accepted');
  });

  it('are not believed when a public key was used as a secret', async () => {
    const asSecret = new TextEncoder().encode(await exportSPKI(keys.rsa.publicKey));
    expect(await codeOf(verifier()(await sign({}, { header: { kid: 'rsa' }, key: asSecret })))).to.equal(
      'unauthenticated',
    );
  });

  it('are not believed when signed with another key, or with a key of their own', async () => {
    const other = await generateKeyPair('RS256');
    const jwk = await exportJWK(other.publicKey);
    for (const header of [
      { alg: 'RS256', kid: 'rsa' },
      { alg: 'RS256', kid: 'unknown' },
      { alg: 'RS256', jwk },
    ]) {
      expect(await codeOf(verifier()(await sign({}, { header, key: other.privateKey })))).to.equal('unauthenticated');
    }
  });

  it('follow a rotation of keys: the new one is fetched when it is first met, the old one then counts no more', async () => {
    const [old, next] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
    const signedBy = (kid: string, key: CryptoKey): Promise<string> => sign({}, { header: { alg: 'ES256', kid }, key });
    served = { keys: [{ ...(await exportJWK(old.publicKey)), kid: 'old', alg: 'ES256' }] };
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    try {
      const verify = verifier();
      const early = await signedBy('old', old.privateKey);
      expect(await codeOf(verify(early))).to.equal('accepted');
      served = { keys: [{ ...(await exportJWK(next.publicKey)), kid: 'next', alg: 'ES256' }] };
      mock.timers.tick(31_000);
      expect(await codeOf(verify(await signedBy('next', next.privateKey)))).to.equal('accepted');
      expect(await codeOf(verify(await signedBy('old', old.privateKey)))).to.equal('unauthenticated');
      mock.timers.tick(30_000);
      expect(await codeOf(verify(early)), 'verified a minute ago').to.equal('unauthenticated');
    } finally {
      mock.timers.reset();
    }
  });

  it('are neither believed nor refused while the provider does not answer', async () => {
    status = 500;
    const token = await sign({}, { header: { alg: 'RS256', kid: 'rsa' }, key: keys.rsa.privateKey });
    expect(await codeOf(verifier()(token))).to.equal('unavailable');
  });
});

describe('tokens over HTTP', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.stop());

  it('are required', async () => {
    const { status, error, headers } = await api.query('curriculum.topics', undefined);
    expect(status).to.equal(401);
    expect(headers.get('www-authenticate')).to.equal('Bearer');
    expect(error?.data.code).to.equal('UNAUTHORIZED');
  });

  it('that must not be believed are 401, and a good one is not', async () => {
    for (const [what, make] of Object.entries(refused)) {
      const { status, text } = await api.query('curriculum.topics', undefined, { token: await make() });
      expect(status, what).to.equal(401);
      expect(text, what).to.not.match(/jose|signature|claim|stack/i);
    }
    expect(
      (await api.query('curriculum.topics', undefined, { token: await tokenFor(user, 'learner') })).status,
    ).to.equal(200);
  });
});
