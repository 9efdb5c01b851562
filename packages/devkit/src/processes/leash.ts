// Loaded before a child's own script: when its starter dies, the pipe from it ends, and so does the process.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL')).resume();
// Nothing comes through it, and it keeps no process alive that is done.
process.stdin.unref();
