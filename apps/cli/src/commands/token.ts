import type { Config } from '../config.ts';
import type { Output } from '../output.ts';
import { loadSecrets } from '../secrets.ts';
import { createTokenMaker } from '../token.ts';
import type { TokenRequest } from '../token.ts';

/** Prints a token and nothing else, so that a script can take it as it is. */
export async function tokenCommand(config: Config, output: Output, request: TokenRequest): Promise<void> {
  const makeToken = createTokenMaker(config, loadSecrets(config).tokenSecret);
  output.line(await makeToken(request));
}
