const page = `<!doctype html>
<html lang="en">
  <title>Queue dashboard</title>
  <body style="font: 16px system-ui; margin: 4rem auto; max-width: 40rem">
    <h1>Queue dashboard</h1>
    <form method="post" action="/login">
      <label>A token of the role admin<br /><textarea name="token" rows="6" cols="60" autocomplete="off"></textarea></label>
      <p><button>Open</button></p>
    </form>
  </body>
</html>
`;

/** Asks for a token. */
export function loginPage(status: 401 | 403): Response {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  };
  return new Response(page, { status, headers });
}
