/** The way back from the app that runs to the start that asked it: a pipe of the asker, by a name that only they know. Its end says that the app has gone. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { answerOf, type HandedAnswer } from './handed.js';

/** Built from an id alone: what is handed on never leads to another PC, or to a file. */
const addressOf = (id: string): string =>
  process.platform === 'win32' ? `\\\\.\\pipe\\hypernest-answer-${id}` : path.join(os.tmpdir(), `hypernest-${id}.sock`);

export interface AnswerLine {
  say(answer: HandedAnswer): void;
  /** Nothing more is said. */
  close(): void;
  /** The asker has gone, or there never was one. */
  readonly gone: Promise<void>;
}

export function openLine(id: string): AnswerLine {
  const socket = net.connect(addressOf(id));
  const gone = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  socket.on('error', () => undefined); // the close says it
  socket.resume();
  return {
    say: (answer) => void socket.write(`${JSON.stringify(answer)}\n`),
    close: () => void socket.end(),
    gone,
  };
}

interface Asked {
  /** What the app says, one after the other, until it goes or has nothing more to say. */
  readonly answers: AsyncIterable<HandedAnswer>;
  /** Resolves to whether the app has called within these milliseconds. */
  readonly reached: (milliseconds: number) => Promise<boolean>;
  readonly close: () => void;
}

/** Listens before anybody is asked. One app answers: another connection is closed. */
export async function listenFor(id: string): Promise<Asked> {
  const address = addressOf(id);
  const server = net.createServer();
  const connected = new Promise<net.Socket>((resolve) => {
    server.on('connection', (socket) => {
      server.removeAllListeners('connection').on('connection', (other) => void other.destroy());
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(address, resolve));
  async function* answers(): AsyncGenerator<HandedAnswer> {
    const socket = await connected;
    for await (const line of createInterface({ input: socket })) {
      const answer = answerOf(line);
      if (answer) yield answer;
    }
  }
  return {
    answers: answers(),
    reached: (milliseconds) =>
      new Promise((resolve) => {
        const late = setTimeout(() => resolve(false), milliseconds);
        void connected.then(() => {
          clearTimeout(late);
          resolve(true);
        });
      }),
    close: () => {
      server.close();
      void connected.then((socket) => socket.destroy());
      if (process.platform !== 'win32') fs.rmSync(address, { force: true });
    },
  };
}
