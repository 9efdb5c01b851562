// One HTTP/1.1 connection that is kept and carries one request at a time: what it sends was prepared, and of what comes back
// it reads no more than it must, so that the load generator is not what is measured.
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export type Answer = { readonly status: number; readonly body: string };

export type Connection = {
  /** `onAnswer` gets null when the connection is lost. */
  send(request: Buffer, onAnswer: (answer: Answer | null) => void): void;
  close(): void;
};

/** Resolves when connected. */
export function openConnection({ host, port }: { readonly host: string; readonly port: number }): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(connectionOn(socket));
    });
  });
}

function connectionOn(socket: Socket): Connection {
  let unread = '';
  let waiting: ((answer: Answer | null) => void) | null = null;
  const settle = (answer: Answer | null): void => {
    const onAnswer = waiting;
    waiting = null;
    onAnswer?.(answer);
  };
  socket.setEncoding('latin1'); // one character is one byte
  socket.on('data', (text: string) => {
    unread += text;
    const answer = readAnswer(unread);
    if (answer === null) return;
    unread = '';
    settle(answer);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => settle(null));
  return {
    send: (request, onAnswer) => {
      waiting = onAnswer;
      if (socket.destroyed) settle(null);
      else socket.write(request);
    },
    close: () => socket.destroy(),
  };
}

/** The answer that a text holds, or null where it is not complete. */
export function readAnswer(text: string): Answer | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return null;
  const head = text.slice(0, headEnd);
  const rest = text.slice(headEnd + 4);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) {
    if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, body: '' };
    const body = joinChunks(rest);
    return body === null ? null : { status, body };
  }
  return rest.length < Number(length) ? null : { status, body: rest };
}

function joinChunks(text: string): string | null {
  let body = '';
  for (let place = 0; ;) {
    const lineEnd = text.indexOf('\r\n', place);
    if (lineEnd === -1) return null;
    const length = parseInt(text.slice(place, lineEnd), 16);
    const end = lineEnd + 2 + length;
    if (text.length < end + 2) return null;
    if (length === 0) return body;
    body += text.slice(lineEnd + 2, end);
    place = end + 2;
  }
}
