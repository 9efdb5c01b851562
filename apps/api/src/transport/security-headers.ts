import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** What helmet adds to every answer, by name; they do not depend on the request, so that it is asked once. */
export const securityHeaders: readonly (readonly [string, string])[] = headersOfHelmet();

function headersOfHelmet(): readonly (readonly [string, string])[] {
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  helmet()(req, res, () => undefined);
  return Object.entries(res.getHeaders()).map(([name, value]) => [name, String(value)]);
}
