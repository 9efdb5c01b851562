// Says that it is ready, and ends on SIGTERM; told to fail, it says why instead.
if (process.env['FAILS'] === 'yes') {
  process.stderr.write('first words\nlast words\n');
  process.exit(3);
}
const living = setInterval(() => undefined, 60_000);
process.on('SIGTERM', () => clearInterval(living));
process.stdout.write(`${JSON.stringify({ event: 'patient.ready', url: 'http://127.0.0.1:1' })}\n`);
