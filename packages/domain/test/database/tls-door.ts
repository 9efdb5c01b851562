// A door in front of the plain test server that speaks TLS, as a server with `ssl = on` does: it answers the client's SSLRequest
// with S and goes on encrypted. Its certificate is for the name localhost alone, by an authority that exists only here.
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

export type TlsDoor = {
  /** The URL through the door, under this host and with these words on TLS. */
  url(host: string, words: Readonly<Record<string, string>>): string;
  /** Connections that came encrypted. */
  encrypted(): number;
  close(): Promise<void>;
};

const SSL_REQUEST_BYTES = 8;

export async function openTlsDoor(databaseUrl: string): Promise<TlsDoor> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let encrypted = 0;
  const server = createServer((plain) => {
    sockets.add(plain);
    plain.on('error', () => plain.destroy()).on('close', () => sockets.delete(plain));
    plain.once('readable', () => {
      plain.read(SSL_REQUEST_BYTES);
      plain.write('S');
      const incoming = new TLSSocket(plain, { isServer: true, cert: serverCertificate, key: serverKey });
      const outgoing = connect(Number(target.port), target.hostname);
      incoming.on('secure', () => (encrypted += 1)).on('error', () => outgoing.destroy());
      outgoing.on('error', () => incoming.destroy());
      incoming.pipe(outgoing).pipe(incoming);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // as: it listens on TCP
  return {
    url: (host, words) => {
      const url = new URL(databaseUrl);
      url.host = `${host}:${port}`;
      for (const [word, value] of Object.entries(words)) url.searchParams.set(word, value);
      return url.href;
    },
    encrypted: () => encrypted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

// Valid from 2000 to 2100; the key opens nothing but this door.
export const authority = `-----BEGIN CERTIFICATE-----
MIIBZTCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZzdHVkeWlu
IHRlc3QgYXV0aG9yaXR5MCAXDTAwMDEwMTAwMDAwMFoYDzIxMDAwMTAxMDAwMDAw
WjAhMR8wHQYDVQQDDBZzdHVkeWluIHRlc3QgYXV0aG9yaXR5MFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAEwF1Tb1qAencY8zOaEFw4CkKWPiOceQb2mcAaUgOCz+Oi
zUbEjDpCiYua+2Iw1KahFw3YdMNEedmbw6Ww5K3bbKMyMDAwDwYDVR0TAQH/BAUw
AwEB/zAdBgNVHQ4EFgQUAdxwvnSjXvKt+FBVCRh/srUcHLgwCgYIKoZIzj0EAwID
SAAwRQIhAPlji3iax4qDVu0EPHtpJr0cc4XvFBqqrmlGFkNycwEGAiB/pIpmn42q
dhiz2EPCH19b1yCxM3ucf5/NKQqqhn7kgQ==
-----END CERTIFICATE-----
`;

const serverCertificate = `-----BEGIN CERTIFICATE-----
MIIBfjCCASSgAwIBAgIBAjAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZzdHVkeWlu
IHRlc3QgYXV0aG9yaXR5MCAXDTAwMDEwMTAwMDAwMFoYDzIxMDAwMTAxMDAwMDAw
WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAT8dXQ34G31dBU2FFhfPNlvW0uLrI13EuzN6W0kdH6xNqov7sv60z2U8OAyMO0h
65ZQIp7gqGETFENsCRf0wFJCo1gwVjAUBgNVHREEDTALgglsb2NhbGhvc3QwHQYD
VR0OBBYEFEZttTiPzfW8xjZDBijuIhG2Zw01MB8GA1UdIwQYMBaAFAHccL50o17y
rfhQVQkYf7K1HBy4MAoGCCqGSM49BAMCA0gAMEUCIQCMwvSXiEd9yT9ifNj1fqxv
zshNxCfsiP5lneBD9StLuAIgKCMpblZwlyj/+Ym1ki5fOs7dpRvg1lduJ/d7Xolz
a/0=
-----END CERTIFICATE-----
`;

const serverKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOUcjixWK0So+Lfqp
JDdtjb6Qk/m/l8TmJjVBcTPOLtChRANCAAT8dXQ34G31dBU2FFhfPNlvW0uLrI13
EuzN6W0kdH6xNqov7sv60z2U8OAyMO0h65ZQIp7gqGETFENsCRf0wFJC
-----END PRIVATE KEY-----
`;
