// The limit of an answer that is kept: Express alone, which checks the token as the API does and sends the bytes that the API sends.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { envToConfig } from '@studyin/api/config';
import { bearerTokenOf, createTokenVerifier } from '@studyin/api/tokens';
import express from 'express';
import { loadReads, ownerOf } from '../benches/recorded-reads.ts';
import type { AnsweredRead } from '../benches/recorded-reads.ts';

function serve(file: string): void {
  const bodies = new Map(loadReads<AnsweredRead>(file).map((read) => [ownerOf(read), Buffer.from(read.body)]));
  const verify = createTokenVerifier(envToConfig(process.env).tokens);
  const app = express();
  app.disable('x-powered-by');
  app.get('/trpc/dashboard.all', async (req, res) => {
    const { userId } = await verify(bearerTokenOf(req.get('authorization')) ?? '');
    const body = bodies.get(userId);
    if (body === undefined) return void res.status(404).end();
    res.setHeader('content-type', 'application/json');
    res.setHeader('content-length', body.length);
    res.end(body);
  });
  const server = createServer({ keepAliveTimeout: 65_000 }, app);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo; // as: it listens on TCP
    process.stdout.write(`${JSON.stringify({ event: 'bare-answers.listening', url: `http://127.0.0.1:${port}` })}\n`);
  });
}

serve(process.env['STUDYIN_BENCH_READS'] ?? '');
process.on('SIGTERM', () => process.exit());
process.on('SIGINT', () => undefined); // a terminal sends it to all; the bench ends its children itself
