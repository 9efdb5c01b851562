// The limit of a single call: Express alone, which parses JSON and answers JSON of the size that the product answers.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';

const app = express();
app.disable('x-powered-by');
app.post('/answer', express.json(), (req, res) => {
  const { json } = req.body as { readonly json: { readonly eventId: string } }; // as: the load generator's own body
  const stored = { eventId: json.eventId, status: 'accepted', isCorrect: true, attemptNumber: 1 };
  res.json({ result: { data: { json: stored } } });
});

const server = createServer({ keepAliveTimeout: 65_000 }, app);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // as: it listens on TCP
  process.stdout.write(`${JSON.stringify({ event: 'bare-route.listening', url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit());
process.on('SIGINT', () => undefined); // a terminal sends it to all; the bench ends its children itself
