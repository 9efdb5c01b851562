// What a database URL says of TLS, in the words of libpq, read in one place: each of the libraries that connect would read them
// in its own way, and some take `require` for less, or for more, than it says.
// https://www.postgresql.org/docs/15/libpq-ssl.html
import { readFileSync } from 'node:fs';
import { checkServerIdentity } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { DomainError } from '../errors.ts';

export type TlsMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

export type ServerAddress = {
  /** The URL without its words on TLS. */
  readonly url: string;
  /** Null where the URL says nothing of it; then there is none. */
  readonly tlsMode: TlsMode | null;
  /** For `pg`. False: no TLS. Else a server that offers none is refused. */
  readonly ssl: false | ConnectionOptions;
};

const modes: readonly string[] = ['disable', 'require', 'verify-ca', 'verify-full'] satisfies TlsMode[];
const words = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;

/**
 * Reads a database URL and the files it names. `require` encrypts and believes any certificate, unless `sslrootcert` names the
 * authority that must have signed it; `verify-full` also wants the host's name in it. Throws `misconfigured` for another mode, of
 * which `prefer` and `allow` would go on in plain text, and for a file that cannot be read.
 */
export function readServerAddress(databaseUrl: string): ServerAddress {
  const url = new URL(databaseUrl);
  const given = Object.fromEntries(words.map((word) => [word, url.searchParams.get(word)]));
  const { sslmode, sslrootcert, sslcert, sslkey } = given;
  for (const word of words) url.searchParams.delete(word);
  if (sslmode !== null && sslmode !== undefined && !modes.includes(sslmode)) {
    throw new DomainError('misconfigured', `sslmode of DATABASE_URL must be one of ${modes.join(', ')}.`);
  }
  const tlsMode = (sslmode ?? null) as TlsMode | null; // as: just checked
  if (tlsMode === null || tlsMode === 'disable') return { url: url.href, tlsMode, ssl: false };
  const hasAuthority = typeof sslrootcert === 'string' && sslrootcert !== 'system';
  const verifies = tlsMode !== 'require' || hasAuthority;
  return {
    url: url.href,
    tlsMode,
    ssl: {
      rejectUnauthorized: verifies,
      ...(hasAuthority ? { ca: readCertificate('sslrootcert', sslrootcert) } : {}),
      ...(typeof sslcert === 'string' ? { cert: readCertificate('sslcert', sslcert) } : {}),
      ...(typeof sslkey === 'string' ? { key: readCertificate('sslkey', sslkey) } : {}),
      // `pg` does not tell TLS the name of a host that is an address.
      checkServerIdentity: (_name, certificate) =>
        tlsMode === 'verify-full' ? checkServerIdentity(hostOf(url), certificate) : undefined,
    },
  };
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function readCertificate(word: (typeof words)[number], file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new DomainError('misconfigured', `The file that ${word} of DATABASE_URL names cannot be read.`, {
      cause: error,
    });
  }
}
