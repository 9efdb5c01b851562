import type { Request, RequestHandler } from 'express';
import type { RequestFacts, RequestReader } from './request-facts.ts';

/** The facts of a request for all of Express's handlers. */
export type FactsKeeper = {
  /** Gives the request its id, and says it in the answer. */
  readonly identify: RequestHandler;
  readonly read: RequestHandler;
  idOf(req: Request): string;
  /** Of a request that `read` has seen. */
  of(req: Request): RequestFacts;
};

export function createFactsKeeper(reader: RequestReader): FactsKeeper {
  const ids = new WeakMap<Request, string>();
  const read = new WeakMap<Request, RequestFacts>();
  const idOf = (req: Request): string => ids.get(req) ?? '';
  return {
    identify: (req, res, next) => {
      const requestId = reader.idOf(req);
      ids.set(req, requestId);
      res.setHeader('x-request-id', requestId);
      next();
    },
    read: async (req, _res, next) => {
      read.set(req, await reader.factsOf(req, idOf(req)));
      next();
    },
    idOf,
    of: (req) => {
      const facts = read.get(req);
      if (facts === undefined) throw new Error('the facts of this request were not read');
      return facts;
    },
  };
}
